/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small programs for tests of the search: a few operations per CPU over a few
 * shared variables and locks, interpreted on the machine's primitives.
 */
#ifndef LITMUS_H
#define LITMUS_H

#include "vcpu_machine.h"

enum litmus_kind {
	LITMUS_LOAD,		/* register = variable */
	LITMUS_STORE,		/* variable = value */
	LITMUS_STORE_REGISTER,	/* variable = register + value */
	LITMUS_ADD,		/* atomic: register = variable += value */
	LITMUS_LOCK,
	LITMUS_UNLOCK,
	LITMUS_TRYLOCK,		/* on failure the next `value` operations are skipped */
	LITMUS_IS_LOCKED,	/* register = lock is held */
	LITMUS_READ_LOCK,
	LITMUS_READ_UNLOCK,
	LITMUS_WRITE_LOCK,
	LITMUS_WRITE_UNLOCK,
	LITMUS_SET_BIT,		/* bit `value` of variable */
	LITMUS_TEST_BIT,	/* register = bit `value` of variable */
	LITMUS_BIT_LOCK,	/* bit 63 of variable */
	LITMUS_BIT_UNLOCK,
	LITMUS_BUG_IF,		/* BUG when register == value */
	LITMUS_ASSERT_NOT,	/* fusable assertion: variable != value */
	LITMUS_ASSERT_EQUAL,	/* fusable assertion over two variables: equal */
	LITMUS_RCU_LOCK,
	LITMUS_RCU_UNLOCK,
	LITMUS_SYNCHRONIZE_RCU,
	LITMUS_IRQS_OFF,	/* in the address space of that number */
	LITMUS_IRQS_ON,
	LITMUS_INTERRUPT,	/* the others in that address space */
	LITMUS_FREE,		/* poison `value` words (at least 1), the first of them variable: the
				 * locks come behind the variables */
	LITMUS_WILD,		/* a store through a null pointer */
	LITMUS_MIGHT_SLEEP,
	LITMUS_SPIN_UNTIL,	/* reads until variable == value */
	LITMUS_SPIN_LOCK,	/* a trylock that is tried again until it succeeds */
	LITMUS_SPIN_LOCKS,	/* both locks, the second with a trylock: else from the start */
	LITMUS_SPIN_GET,	/* adds 1 unless the variable is 0, until it is not */
	LITMUS_POLL,		/* reads under the lock `other` until variable == value */
	LITMUS_COUNT_UNTIL,	/* reads until variable == value, at most `other` times */
	LITMUS_HANG,		/* a loop that touches no memory */
	LITMUS_TURN,		/* writes `value` numbers to the variable, which no CPU reads */
	LITMUS_FLAKY,		/* not a function of the arena: differs from run to run */
	LITMUS_CMPXCHG,		/* register = variable, which becomes `value` if it was `other` */
	LITMUS_EXCHANGE,	/* register = variable, which becomes `value` */
	LITMUS_ADD_UNLESS,	/* half-word variable += 1 unless it is `value`; register = whether */
	LITMUS_CLEAR_BIT,	/* bit `value` of variable */
	LITMUS_TEST_AND_SET_BIT,	/* register = bit `value` of variable, which is set */
	LITMUS_TEST_AND_CLEAR_BIT,
	LITMUS_BIT_TRYLOCK,	/* bit 63; on failure the next `value` operations are skipped */
	LITMUS_SLEEPING_BIT_LOCK,	/* bit 62 of variable */
	LITMUS_SLEEPING_BIT_UNLOCK,
	LITMUS_READ_TRYLOCK,	/* on failure the next `value` operations are skipped */
	LITMUS_SEMAPHORE_IS_LOCKED,	/* register = semaphore is held */
	LITMUS_SKIP_IF,		/* the next `other` operations, when register == value */
	LITMUS_LOAD_INDEXED,	/* register = the variable that bit 0 of the register names */
	LITMUS_LOAD_BYTES,	/* register = `value` bytes at byte `variable` of the variables */
	LITMUS_STORE_BYTES,	/* those bytes = register + other */
	LITMUS_COPY,		/* memcpy() of `value` bytes from byte `other` to byte `variable` */
	LITMUS_MOVE,		/* memmove() */
	LITMUS_FILL,		/* memset() of `value` bytes at byte `variable` to `other` */
	LITMUS_ASSERT_BYTES,	/* fusable assertion: `value` bytes at byte `variable` are not `other` */
	LITMUS_ASSERT_INDEXED,	/* fusable: the variable that bit 0 of variable names is not value */
	LITMUS_REUSE,		/* freed words are in use again; operands as of LITMUS_FREE */
	LITMUS_REPORT_IF,	/* a finding that does not stop the CPU when register == value */
	/* The same for the lower half of a variable, and for a half-word one with register =
	 * what it was. */
	LITMUS_CMPXCHG32,
	LITMUS_EXCHANGE32,
	LITMUS_FETCH_ADD_UNLESS,
	LITMUS_COUNT_BY_CMPXCHG32,	/* variable += 1, once it is as it was read */
	LITMUS_WARN_NOT,	/* fusable assertion after which the CPU goes on: variable != value */
	LITMUS_KINDS,
};

struct litmus_operation {
	uint8_t kind;		/* enum litmus_kind */
	uint8_t variable;	/* or lock */
	uint8_t other;		/* second variable */
	int8_t value;
};

#define LITMUS_VARIABLES 8
#define LITMUS_LOCKS 4

/* The contents of the arena. */
struct litmus_world {
	union {
		uint64_t variable[LITMUS_VARIABLES];
		/* Half-word variables 8 to 15: two share an 8-byte word. */
		uint32_t half[2 * LITMUS_VARIABLES];
		unsigned char byte[8 * LITMUS_VARIABLES];
	};
	vcpu_spinlock lock[LITMUS_LOCKS];	/* two to a word, on purpose */
	vcpu_rwsem semaphore[LITMUS_LOCKS];
	uint64_t result[VCPU_MAX];		/* each CPU's register at its end */
	struct litmus_oracle {
		uint8_t variable;
		int8_t value;			/* that the variable must not have; 0: none */
	} oracle;
};

struct litmus_program {
	const struct litmus_operation *operations;
	uint32_t count;
};

/**
 * Takes two locks, each CPU its own first: a deadlock, sooner or later.  The
 * locks are in the last 16 bytes of the arena, whatever it holds; the argument
 * is not looked at.
 */
void litmus_crossed_locks(const void *ignored);

/** Does nothing, but for a BUG in one of a hundred calls on CPU 0. */
void litmus_rare_bug(const void *ignored);

/** An oracle: variable 0 must not be 99. */
const struct vcpu_site *litmus_end_check(bool whole);

/** The site that litmus_end_check() reports. */
const struct vcpu_site *litmus_end_check_site(void);

/** The oracle of the world, asked on the way. */
const struct vcpu_site *litmus_invariant(bool whole);
/** The same question, asked at the end: a finding of another site. */
const struct vcpu_site *litmus_end_oracle(bool whole);

/** The name of an enum litmus_kind in this header. */
const char *litmus_name(unsigned kind);

#endif
