/* SPDX-License-Identifier: GPL-2.0-only */
/* Oracles of litmus programs, and the names of their operations. */
#include "hooks.h"

static const struct vcpu_site end_check = {
	VCPU_LEAK, "variable 0 is 99", "litmus_end_check", "litmus.c", 4
};
static const struct vcpu_site invariant = {
	VCPU_INVARIANT, "oracle", "litmus_invariant", "litmus.c", 9
};
static const struct vcpu_site end_oracle = {
	VCPU_LEAK, "oracle", "litmus_end_oracle", "litmus.c", 10
};

const struct vcpu_site *litmus_end_check(bool whole)
{
	(void)whole;
	return world()->variable[0] == 99 ? &end_check : NULL;
}

const struct vcpu_site *litmus_end_check_site(void)
{
	return &end_check;
}

static bool oracle_fails(void)
{
	const struct litmus_oracle *oracle = &world()->oracle;

	return oracle->value && world()->variable[oracle->variable] == (uint64_t)oracle->value;
}

const struct vcpu_site *litmus_invariant(bool whole)
{
	(void)whole;
	vcpu_watch(&world()->variable[world()->oracle.variable], 8);
	return oracle_fails() ? &invariant : NULL;
}

const struct vcpu_site *litmus_end_oracle(bool whole)
{
	(void)whole;
	return oracle_fails() ? &end_oracle : NULL;
}

#define NAME(kind) [LITMUS_##kind] = "LITMUS_" #kind

const char *litmus_name(unsigned kind)
{
	static const char *const names[LITMUS_KINDS] = {
		NAME(LOAD), NAME(STORE), NAME(STORE_REGISTER), NAME(ADD), NAME(LOCK), NAME(UNLOCK),
		NAME(TRYLOCK), NAME(IS_LOCKED), NAME(READ_LOCK), NAME(READ_UNLOCK),
		NAME(WRITE_LOCK), NAME(WRITE_UNLOCK), NAME(SET_BIT), NAME(TEST_BIT),
		NAME(BIT_LOCK), NAME(BIT_UNLOCK), NAME(BUG_IF), NAME(ASSERT_NOT),
		NAME(ASSERT_EQUAL), NAME(RCU_LOCK), NAME(RCU_UNLOCK), NAME(SYNCHRONIZE_RCU),
		NAME(IRQS_OFF), NAME(IRQS_ON), NAME(INTERRUPT), NAME(FREE), NAME(WILD),
		NAME(MIGHT_SLEEP), NAME(SPIN_UNTIL), NAME(FLAKY), NAME(CMPXCHG), NAME(EXCHANGE),
		NAME(ADD_UNLESS), NAME(CLEAR_BIT), NAME(TEST_AND_SET_BIT),
		NAME(TEST_AND_CLEAR_BIT), NAME(BIT_TRYLOCK), NAME(SLEEPING_BIT_LOCK),
		NAME(SLEEPING_BIT_UNLOCK), NAME(READ_TRYLOCK), NAME(SEMAPHORE_IS_LOCKED),
		NAME(SKIP_IF), NAME(LOAD_INDEXED), NAME(LOAD_BYTES), NAME(STORE_BYTES),
		NAME(COPY), NAME(MOVE), NAME(FILL), NAME(ASSERT_BYTES), NAME(ASSERT_INDEXED),
		NAME(REUSE), NAME(REPORT_IF), NAME(CMPXCHG32), NAME(EXCHANGE32),
		NAME(FETCH_ADD_UNLESS), NAME(COUNT_BY_CMPXCHG32),
	};

	return kind < LITMUS_KINDS ? names[kind] : "?";
}
