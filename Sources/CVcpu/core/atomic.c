/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic operations: one access, then the operation, with nothing between for a CPU
 * that is explored.
 */
#include "operations.h"

#define PC __builtin_return_address(0)
#define SEQUENTIAL __ATOMIC_SEQ_CST

/* The operands of the operation that comes next are part of the CPU's state. */
static void operands(uint64_t first, uint64_t second)
{
	struct vcpu_machine *m = vcpu_current;

	if (m->running < 0)
		return;
	running_cpu(m)->operand[0] = first;
	running_cpu(m)->operand[1] = second;
}

/* So is the value of a store, and so are the bits of an operation on bits.  They do not tell
 * one round of a loop from the next: it is not by these that a CPU waits. */
static void value(uint64_t value)
{
	struct vcpu_machine *m = vcpu_current;

	if (m->running >= 0)
		running_cpu(m)->value = value;
}

int vcpu_add_return(int *p, int i)
{
	operands((uint64_t)(int64_t)i, 0);
	cpu_operations->access(p, 4, 0, true, VCPU_RMW, PC);
	return __atomic_add_fetch(p, i, SEQUENTIAL);
}

long vcpu_add_return_long(long *p, long i)
{
	operands((uint64_t)i, 0);
	cpu_operations->access(p, 8, 0, true, VCPU_RMW, PC);
	return __atomic_add_fetch(p, i, SEQUENTIAL);
}

void vcpu_set(int *p, int i)
{
	value((uint64_t)(int64_t)i);
	cpu_operations->access(p, 4, 0, true, VCPU_WRITE, PC);
	__atomic_store_n(p, i, __ATOMIC_RELAXED);
}

/* Inline, so that the CPU waits in the function that states know. */
static inline __attribute__((always_inline)) int add_unless(int *p, int i, int unless, const void *pc)
{
	int now;

	operands((uint64_t)(int64_t)i, (uint64_t)(int64_t)unless);
	cpu_operations->access(p, 4, 0, true, VCPU_RMW, pc);
	now = __atomic_load_n(p, __ATOMIC_RELAXED);
	while (now != unless)
		if (__atomic_compare_exchange_n(p, &now, now + i, false, SEQUENTIAL,
						__ATOMIC_RELAXED))
			break;
	return now;
}

bool vcpu_add_unless(int *p, int i, int unless)
{
	return add_unless(p, i, unless, PC) != unless;
}

int vcpu_fetch_add_unless(int *p, int i, int unless)
{
	return add_unless(p, i, unless, PC);
}

uint32_t vcpu_exchange32(uint32_t *p, uint32_t value)
{
	operands(value, 0);
	cpu_operations->access(p, 4, 0, true, VCPU_RMW, PC);
	return __atomic_exchange_n(p, value, SEQUENTIAL);
}

uint32_t vcpu_cmpxchg32(uint32_t *p, uint32_t expected, uint32_t value)
{
	operands(expected, value);
	cpu_operations->access(p, 4, 0, true, VCPU_RMW, PC);
	__atomic_compare_exchange_n(p, &expected, value, false, SEQUENTIAL, SEQUENTIAL);
	return expected;
}

uint64_t vcpu_exchange64(uint64_t *p, uint64_t value)
{
	operands(value, 0);
	cpu_operations->access(p, 8, 0, true, VCPU_RMW, PC);
	return __atomic_exchange_n(p, value, SEQUENTIAL);
}

uint64_t vcpu_cmpxchg64(uint64_t *p, uint64_t expected, uint64_t value)
{
	operands(expected, value);
	cpu_operations->access(p, 8, 0, true, VCPU_RMW, PC);
	__atomic_compare_exchange_n(p, &expected, value, false, SEQUENTIAL, SEQUENTIAL);
	return expected;
}

/* Bit numbers above 63 lead to later words, as in the kernel. */
#define WORD(nr, p) ((unsigned long *)(p) + (nr) / 64)
#define BIT(nr) (1ul << ((nr) % 64))

bool vcpu_test_bit(unsigned nr, const volatile unsigned long *p)
{
	value(BIT(nr));
	cpu_operations->access(WORD(nr, p), 8, BIT(nr), false, VCPU_READ, PC);
	return __atomic_load_n(WORD(nr, p), __ATOMIC_RELAXED) & BIT(nr);
}

void vcpu_set_bit(unsigned nr, volatile unsigned long *p)
{
	value(BIT(nr));
	cpu_operations->access(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	__atomic_fetch_or(WORD(nr, p), BIT(nr), SEQUENTIAL);
}

void vcpu_clear_bit(unsigned nr, volatile unsigned long *p)
{
	value(BIT(nr));
	cpu_operations->access(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	__atomic_fetch_and(WORD(nr, p), ~BIT(nr), SEQUENTIAL);
}

bool vcpu_test_and_set_bit(unsigned nr, volatile unsigned long *p)
{
	value(BIT(nr));
	cpu_operations->access(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	return __atomic_fetch_or(WORD(nr, p), BIT(nr), SEQUENTIAL) & BIT(nr);
}

bool vcpu_test_and_clear_bit(unsigned nr, volatile unsigned long *p)
{
	value(BIT(nr));
	cpu_operations->access(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	return __atomic_fetch_and(WORD(nr, p), ~BIT(nr), SEQUENTIAL) & BIT(nr);
}
