/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Not in the list, and so with frames that count: reports of bugs.  So do the frames of
 * others where they wait for more than the record says: see stack.c.  Some wait
 * for assertions at more than one place, so the record says at which.
 */
#include "record.h"

#include "../include/vcpu.h"
#include "states.h"

#ifndef VCPU_NO_HOOKS
#define DECLARE(size)								\
	void __tsan_read##size(void *p);					\
	void __tsan_write##size(void *p);					\
	void __tsan_unaligned_read##size(void *p);				\
	void __tsan_unaligned_write##size(void *p);				\
	void __tsan_volatile_read##size(void *p);				\
	void __tsan_volatile_write##size(void *p);				\
	void __tsan_unaligned_volatile_read##size(void *p);			\
	void __tsan_unaligned_volatile_write##size(void *p);
DECLARE(1)
DECLARE(2)
DECLARE(4)
DECLARE(8)
DECLARE(16)

#define HOOKS(size)								\
	{ (uintptr_t)__tsan_read##size, RECORD_OFFSET },			\
	{ (uintptr_t)__tsan_write##size, RECORD_OFFSET },			\
	{ (uintptr_t)__tsan_unaligned_read##size, RECORD_OFFSET },		\
	{ (uintptr_t)__tsan_unaligned_write##size, RECORD_OFFSET },		\
	{ (uintptr_t)__tsan_volatile_read##size, RECORD_OFFSET },		\
	{ (uintptr_t)__tsan_volatile_write##size, RECORD_OFFSET },		\
	{ (uintptr_t)__tsan_unaligned_volatile_read##size, RECORD_OFFSET },	\
	{ (uintptr_t)__tsan_unaligned_volatile_write##size, RECORD_OFFSET },

void *__tsan_memcpy(void *to, const void *from, size_t bytes);
void *__tsan_memmove(void *to, const void *from, size_t bytes);
void *__tsan_memset(void *to, int value, size_t bytes);
#define COPIES									\
	{ (uintptr_t)__tsan_memmove, RECORD_COPY },				\
	{ (uintptr_t)__tsan_memcpy, RECORD_COPY },				\
	{ (uintptr_t)__tsan_memset, RECORD_COPY },
#else
#define HOOKS(size)
#define COPIES
#endif

enum record_kind record_of(uintptr_t function)
{
	const struct { uintptr_t function; enum record_kind kind; } list[] = {
		HOOKS(1) HOOKS(2) HOOKS(4) HOOKS(8) HOOKS(16) COPIES
		{ (uintptr_t)vcpu_test_bit, RECORD_VALUE },
		{ (uintptr_t)vcpu_set_bit, RECORD_VALUE },
		{ (uintptr_t)vcpu_clear_bit, RECORD_VALUE },
		{ (uintptr_t)vcpu_test_and_set_bit, RECORD_VALUE },
		{ (uintptr_t)vcpu_test_and_clear_bit, RECORD_VALUE },
		{ (uintptr_t)vcpu_set, RECORD_VALUE },
		{ (uintptr_t)vcpu_add_return, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_add_return_long, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_add_unless, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_fetch_add_unless, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_exchange32, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_cmpxchg32, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_exchange64, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_cmpxchg64, RECORD_OPERANDS },
		{ (uintptr_t)vcpu_spin_trylock, RECORD_OFFSET },
		{ (uintptr_t)vcpu_spin_is_locked, RECORD_OFFSET },
		{ (uintptr_t)vcpu_down_read_trylock, RECORD_OFFSET },
		{ (uintptr_t)vcpu_rwsem_is_locked, RECORD_OFFSET },
		{ (uintptr_t)vcpu_spin_lock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_spin_unlock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_down_read, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_up_read, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_down_write, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_up_write, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_bit_lock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_bit_unlock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_rcu_read_lock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_rcu_read_unlock, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_synchronize_rcu, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_irqs_off, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_irqs_on, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_interrupt_others, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_poison, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_unpoison, RECORD_ARGUMENTS },
		{ (uintptr_t)vcpu_assert_not, RECORD_CONDITION },
	};

	for (unsigned i = 0; function && i < sizeof(list) / sizeof(list[0]); i++)
		if (list[i].function == function)
			return list[i].kind;
	return RECORD_NONE;
}

void name_record(struct vcpu_machine *m, const struct cpu *c, enum record_kind kind,
		 uint64_t place, struct vcpu_state_name *n)
{
	if (kind != RECORD_NONE && kind != RECORD_CONDITION)
		add(n, place, c->offset);
	if (kind != RECORD_NONE && c->pending.operation == VCPU_ASSERT)
		add(n, place + 8, c->flushes);
	switch (kind) {
	case RECORD_VALUE:
		add_value(m, n, place + 1, c->value);
		break;
	case RECORD_OPERANDS:
		add_value(m, n, place + 1, c->operand[0]);
		add_value(m, n, place + 2, c->operand[1]);
		break;
	case RECORD_COPY:
		add_value(m, n, place + 1, (uintptr_t)c->copied.to);
		add_value(m, n, place + 2, (uintptr_t)c->copied.from);
		add(n, place + 3, c->copied.bytes);
		add_value(m, n, place + 4, c->copied.word);
		break;
	case RECORD_ARGUMENTS:
		add_value(m, n, place + 1, c->value);
		add(n, place + 2, c->releases_own);
		break;
	default:
		break;
	}
}
