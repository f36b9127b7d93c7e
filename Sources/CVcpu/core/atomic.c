/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomic operations: one event, then the operation, with nothing between. */
#include "../threads/host.h"

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

/* Waits for the event; afterwards the caller may read and write *p. */
static void atomic_event(const volatile void *p, unsigned bytes, uint64_t bits, bool write,
			 uint32_t operation, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;
	uint64_t mask;

	if (offset >= m->arena_bytes)
		return;
	mask = bits && (m->options & VCPU_EXACT_CONFLICTS) ? bits : byte_mask(m, offset, bytes);
	if (write)
		mark_dirty(m, offset, bytes);
	if (!m->executing || m->running < 0)
		return;
	access_word(m, offset, mask, write, operation, pc);
	if (unlikely(m->trace_on) && !running_cpu(m)->collecting)
		trace_add(m, !write ? VCPU_TRACE_READ :
			  operation == VCPU_WRITE ? VCPU_TRACE_WRITE : VCPU_TRACE_RMW,
			  pc, m->arena + offset, bytes, mask, NULL);
}

static bool real_add_unless(int *p, int i, int unless)
{
	int now = __atomic_load_n(p, __ATOMIC_RELAXED);

	while (now != unless)
		if (__atomic_compare_exchange_n(p, &now, now + i, false, SEQUENTIAL,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

int vcpu_add_return(int *p, int i)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		return __atomic_add_fetch(p, i, SEQUENTIAL);
	}
	operands((uint64_t)(int64_t)i, 0);
	atomic_event(p, 4, 0, true, VCPU_RMW, PC);
	return *p += i;
}

long vcpu_add_return_long(long *p, long i)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		return __atomic_add_fetch(p, i, SEQUENTIAL);
	}
	operands((uint64_t)i, 0);
	atomic_event(p, 8, 0, true, VCPU_RMW, PC);
	return *p += i;
}

void vcpu_set(int *p, int i)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		__atomic_store_n(p, i, __ATOMIC_RELAXED);
		return;
	}
	atomic_event(p, 4, 0, true, VCPU_WRITE, PC);
	*p = i;
}

bool vcpu_add_unless(int *p, int i, int unless)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		return real_add_unless(p, i, unless);
	}
	operands((uint64_t)(int64_t)i, (uint64_t)(int64_t)unless);
	atomic_event(p, 4, 0, true, VCPU_RMW, PC);
	if (*p == unless)
		return false;
	*p += i;
	return true;
}

uint64_t vcpu_exchange64(uint64_t *p, uint64_t value)
{
	uint64_t old;

	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		return __atomic_exchange_n(p, value, SEQUENTIAL);
	}
	operands(value, 0);
	atomic_event(p, 8, 0, true, VCPU_RMW, PC);
	old = *p;
	*p = value;
	return old;
}

uint64_t vcpu_cmpxchg64(uint64_t *p, uint64_t expected, uint64_t value)
{
	uint64_t old;

	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, p, PC);
		__atomic_compare_exchange_n(p, &expected, value, false, SEQUENTIAL,
					    SEQUENTIAL);
		return expected;
	}
	operands(expected, value);
	atomic_event(p, 8, 0, true, VCPU_RMW, PC);
	old = *p;
	if (old == expected)
		*p = value;
	return old;
}

/* Bit numbers above 63 lead to later words, as in the kernel. */
#define WORD(nr, p) ((unsigned long *)(p) + (nr) / 64)
#define BIT(nr) (1ul << ((nr) % 64))

bool vcpu_test_bit(unsigned nr, const volatile unsigned long *p)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, WORD(nr, p), PC);
		return __atomic_load_n(WORD(nr, p), __ATOMIC_RELAXED) & BIT(nr);
	}
	atomic_event(WORD(nr, p), 8, BIT(nr), false, VCPU_READ, PC);
	return *WORD(nr, p) & BIT(nr);
}

void vcpu_set_bit(unsigned nr, volatile unsigned long *p)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, WORD(nr, p), PC);
		__atomic_fetch_or(WORD(nr, p), BIT(nr), SEQUENTIAL);
		return;
	}
	atomic_event(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	*WORD(nr, p) |= BIT(nr);
}

void vcpu_clear_bit(unsigned nr, volatile unsigned long *p)
{
	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, WORD(nr, p), PC);
		__atomic_fetch_and(WORD(nr, p), ~BIT(nr), SEQUENTIAL);
		return;
	}
	atomic_event(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	*WORD(nr, p) &= ~BIT(nr);
}

bool vcpu_test_and_set_bit(unsigned nr, volatile unsigned long *p)
{
	bool old;

	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, WORD(nr, p), PC);
		return __atomic_fetch_or(WORD(nr, p), BIT(nr), SEQUENTIAL) & BIT(nr);
	}
	atomic_event(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	old = *WORD(nr, p) & BIT(nr);
	*WORD(nr, p) |= BIT(nr);
	return old;
}

bool vcpu_test_and_clear_bit(unsigned nr, volatile unsigned long *p)
{
	bool old;

	if (unlikely(real_cpu != NULL)) {
		real_access(real_cpu, WORD(nr, p), PC);
		return __atomic_fetch_and(WORD(nr, p), ~BIT(nr), SEQUENTIAL) & BIT(nr);
	}
	atomic_event(WORD(nr, p), 8, BIT(nr), true, VCPU_RMW, PC);
	old = *WORD(nr, p) & BIT(nr);
	*WORD(nr, p) &= ~BIT(nr);
	return old;
}
