/* SPDX-License-Identifier: GPL-2.0-only */
#include "litmus.h"

/* Plain accesses go through the hooks, as instrumented code's do. */
#ifndef VCPU_NO_HOOKS
void __tsan_read8(void *p);
void __tsan_write8(void *p);
void __tsan_read4(void *p);
void __tsan_write4(void *p);
#else
#define __tsan_read8(p)		((void)(p))
#define __tsan_write8(p)	((void)(p))
#define __tsan_read4(p)		((void)(p))
#define __tsan_write4(p)	((void)(p))
#endif

static struct litmus_world *world(void)
{
	return vcpu_arena();
}

static uint64_t load(unsigned v)
{
	if (v >= LITMUS_VARIABLES) {
		volatile uint32_t *p = &world()->half[v];

		__tsan_read4((void *)p);
		return *p;
	}
	__tsan_read8(&world()->variable[v]);
	return *(volatile uint64_t *)&world()->variable[v];
}

static void store(unsigned v, uint64_t value)
{
	if (v >= LITMUS_VARIABLES) {
		volatile uint32_t *p = &world()->half[v];

		__tsan_write4((void *)p);
		*p = (uint32_t)value;
		return;
	}
	__tsan_write8(&world()->variable[v]);
	*(volatile uint64_t *)&world()->variable[v] = value;
}

static const struct vcpu_site bug_if = {
	VCPU_BUG_ON, "register == value", "litmus_run", "litmus.c", 1
};
static const struct vcpu_site assert_not = {
	VCPU_VM_BUG_ON, "variable == value", "litmus_run", "litmus.c", 2
};
static const struct vcpu_site assert_equal = {
	VCPU_VM_BUG_ON, "variable != other", "litmus_run", "litmus.c", 3
};
static const struct vcpu_site end_check = {
	VCPU_LEAK, "variable 0 is 99", "litmus_end_check", "litmus.c", 4
};

static const struct vcpu_site might_sleep = {
	VCPU_SLEEP_IN_ATOMIC, "might_sleep()", "litmus_run", "litmus.c", 5
};
static unsigned flaky;

/*
 * Code that the machine watches for loops keeps nothing in registers over a call, as
 * instrumented code does.
 */
__attribute__((optnone, noinline)) void litmus_run(void *argument)
{
	const struct litmus_program *program = argument;
	uint64_t r = 0;

	for (uint32_t i = 0; i < program->count; i++) {
		const struct litmus_operation *o = &program->operations[i];
		unsigned v = o->variable, other = o->other;
		int8_t value = o->value;

		switch (o->kind) {
		case LITMUS_LOAD:
			r = load(v);
			break;
		case LITMUS_STORE:
			store(v, (uint64_t)value);
			break;
		case LITMUS_STORE_REGISTER:
			store(v, r + (uint64_t)value);
			break;
		case LITMUS_ADD:
			r = (uint64_t)vcpu_add_return_long((long *)&world()->variable[v], value);
			break;
		case LITMUS_LOCK:
			vcpu_spin_lock(&world()->lock[v]);
			break;
		case LITMUS_UNLOCK:
			vcpu_spin_unlock(&world()->lock[v]);
			break;
		case LITMUS_TRYLOCK:
			if (!vcpu_spin_trylock(&world()->lock[v]))
				i += (uint32_t)value;
			break;
		case LITMUS_IS_LOCKED:
			r = vcpu_spin_is_locked(&world()->lock[v]);
			break;
		case LITMUS_READ_LOCK:
			vcpu_down_read(&world()->semaphore[v]);
			break;
		case LITMUS_READ_UNLOCK:
			vcpu_up_read(&world()->semaphore[v]);
			break;
		case LITMUS_WRITE_LOCK:
			vcpu_down_write(&world()->semaphore[v]);
			break;
		case LITMUS_WRITE_UNLOCK:
			vcpu_up_write(&world()->semaphore[v]);
			break;
		case LITMUS_SET_BIT:
			vcpu_set_bit((unsigned)value, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_TEST_BIT:
			r = vcpu_test_bit((unsigned)value, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BIT_LOCK:
			vcpu_bit_spin_lock(63, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BIT_UNLOCK:
			vcpu_bit_spin_unlock(63, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BUG_IF:
			if (r == (uint64_t)value)
				vcpu_bug(&bug_if);
			break;
		case LITMUS_ASSERT_NOT:
			vcpu_assert_not(^{ return (bool)(load(v) == (uint64_t)value); },
					&assert_not);
			break;
		case LITMUS_ASSERT_EQUAL:
			vcpu_assert_not(^{ return (bool)(load(v) != load(other)); },
					&assert_equal);
			break;
		case LITMUS_RCU_LOCK:
			vcpu_rcu_read_lock();
			break;
		case LITMUS_RCU_UNLOCK:
			vcpu_rcu_read_unlock();
			break;
		case LITMUS_SYNCHRONIZE_RCU:
			vcpu_synchronize_rcu();
			break;
		case LITMUS_IRQS_OFF:
			vcpu_irqs_off(&world()->variable[v]);
			break;
		case LITMUS_IRQS_ON:
			vcpu_irqs_on();
			break;
		case LITMUS_INTERRUPT:
			vcpu_interrupt_others(&world()->variable[v]);
			break;
		case LITMUS_FREE:
			vcpu_poison(&world()->variable[v], 8);
			break;
		case LITMUS_WILD:
			*(volatile uint64_t *)(uintptr_t)(8 * v) = 1;
			break;
		case LITMUS_MIGHT_SLEEP:
			vcpu_might_sleep(&might_sleep);
			break;
		case LITMUS_SPIN_UNTIL:
			while (load(v) != (uint64_t)value)
				;
			break;
		case LITMUS_SPIN_LOCK:
			while (!vcpu_spin_trylock(&world()->lock[v]))
				;
			break;
		case LITMUS_SPIN_LOCKS:
			for (;;) {
				vcpu_spin_lock(&world()->lock[v]);
				if (vcpu_spin_trylock(&world()->lock[other]))
					break;
				vcpu_spin_unlock(&world()->lock[v]);
			}
			break;
		case LITMUS_SPIN_GET:
			while (!vcpu_add_unless((int *)&world()->variable[v], 1, 0))
				;
			break;
		case LITMUS_POLL:
			for (;;) {
				vcpu_spin_lock(&world()->lock[other]);
				if (load(v) == (uint64_t)value)
					break;
				vcpu_spin_unlock(&world()->lock[other]);
			}
			vcpu_spin_unlock(&world()->lock[other]);
			break;
		case LITMUS_COUNT_UNTIL:
			for (unsigned n = 0; n < other && load(v) != (uint64_t)value; n++)
				;
			break;
		case LITMUS_HANG:
			for (;;)
				__asm__ volatile("");
		case LITMUS_TURN:
			for (int n = 1; n <= value; n++)
				store(v, (uint64_t)n);
			break;
		case LITMUS_FLAKY:
			if (flaky++ % 3)
				store(v, 1);
			else
				load(v);
			break;
		}
	}
	__tsan_write8(&world()->result[vcpu_id()]);
	world()->result[vcpu_id()] = r;
}

const struct vcpu_site *litmus_end_check(bool whole)
{
	(void)whole;
	return world()->variable[0] == 99 ? &end_check : NULL;
}

void litmus_crossed_locks(const void *ignored)
{
	char *end = (char *)vcpu_arena() + vcpu_arena_size();
	vcpu_spinlock *lock[] = { (vcpu_spinlock *)(end - 16), (vcpu_spinlock *)(end - 8) };
	int first = vcpu_id() & 1;

	(void)ignored;
	vcpu_spin_lock(lock[first]);
	vcpu_spin_lock(lock[!first]);
	vcpu_spin_unlock(lock[!first]);
	vcpu_spin_unlock(lock[first]);
}
