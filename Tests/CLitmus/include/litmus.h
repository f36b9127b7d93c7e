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
	LITMUS_FREE,		/* poison the variable */
	LITMUS_WILD,		/* a store through a null pointer */
	LITMUS_MIGHT_SLEEP,
	LITMUS_SPIN_UNTIL,	/* reads until variable == value */
	LITMUS_SPIN_LOCK,	/* a trylock that is tried again until it succeeds */
	LITMUS_SPIN_LOCKS,	/* both locks, the second with a trylock: else from the start */
	LITMUS_SPIN_GET,	/* adds 1 unless the variable is 0, until it is not */
	LITMUS_POLL,		/* reads under the lock `other` until variable == value */
	LITMUS_COUNT_UNTIL,	/* reads until variable == value, at most `other` times */
	LITMUS_HANG,		/* a loop that touches no memory */
	LITMUS_TURN,		/* writes `value` numbers to the variable, for nobody */
	LITMUS_FLAKY,		/* not a function of the arena: differs from run to run */
};

struct litmus_operation {
	uint8_t kind;		/* enum litmus_kind */
	uint8_t variable;	/* or lock */
	uint8_t other;		/* second variable */
	int8_t value;
};

#define LITMUS_VARIABLES 8
#define LITMUS_LOCKS 4

/* What the arena holds. */
struct litmus_world {
	union {
		uint64_t variable[LITMUS_VARIABLES];
		/* Half-word variables 8 to 15: two share an 8-byte word. */
		uint32_t half[2 * LITMUS_VARIABLES];
	};
	vcpu_spinlock lock[LITMUS_LOCKS];	/* two to a word, on purpose */
	vcpu_rwsem semaphore[LITMUS_LOCKS];
	uint64_t result[VCPU_MAX];		/* each CPU's register at its end */
};

struct litmus_program {
	const struct litmus_operation *operations;
	uint32_t count;
};

/** Runs a struct litmus_program: the body of a virtual CPU. */
void litmus_run(void *program);

/**
 * Takes two locks, each CPU its own first: a deadlock, sooner or later.  The
 * locks are in the last 16 bytes of the arena, whatever it holds; the argument
 * is not looked at.
 */
void litmus_crossed_locks(const void *ignored);

/** An oracle: variable 0 must not be 99. */
const struct vcpu_site *litmus_end_check(bool whole);

#endif
