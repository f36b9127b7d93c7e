/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interpreter of the programs.  It is compiled as the code under test is, without
 * optimisation: the machine knows its way in the frames of such code, and watches it for
 * loops.
 */
#include "litmus_run.h"

#include "hooks.h"

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

/* Loads at once the bytes that one instruction can, wherever they lie. */
static uint64_t load_bytes(unsigned at, unsigned bytes)
{
	unsigned char *p = world()->byte + at;
	uint64_t low = 0, high = 0;

	switch (bytes) {
	case 2:
		__tsan_unaligned_read2(p);
		break;
	case 4:
		__tsan_unaligned_read4(p);
		break;
	case 8:
		__tsan_unaligned_read8(p);
		break;
	default:
		__tsan_unaligned_read16(p);
		memcpy(&high, p + 8, 8);
	}
	memcpy(&low, p, bytes < 8 ? bytes : 8);
	return low + 31 * high;
}

static void store_bytes(unsigned at, unsigned bytes, uint64_t value)
{
	unsigned char *p = world()->byte + at;

	switch (bytes) {
	case 2:
		__tsan_unaligned_write2(p);
		break;
	case 4:
		__tsan_unaligned_write4(p);
		break;
	case 8:
		__tsan_unaligned_write8(p);
		break;
	default:
		__tsan_unaligned_write16(p);
		memcpy(p + 8, &value, 8);
	}
	memcpy(p, &value, bytes < 8 ? bytes : 8);
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
static const struct vcpu_site might_sleep = {
	VCPU_SLEEP_IN_ATOMIC, "might_sleep()", "litmus_run", "litmus.c", 5
};
static const struct vcpu_site assert_bytes = {
	VCPU_VM_BUG_ON, "bytes == other", "litmus_run", "litmus.c", 6
};
static const struct vcpu_site assert_indexed = {
	VCPU_VM_BUG_ON, "variable[variable] == value", "litmus_run", "litmus.c", 7
};
static const struct vcpu_site report_if = {
	VCPU_BAD_STATE, "register == value", "litmus_run", "litmus.c", 8
};
static const struct vcpu_site warn_not = {
	VCPU_BAD_STATE, "variable == value", "litmus_run", "litmus.c", 9
};
static unsigned flaky;

/* Bytes that a free is of. */
static size_t words(const struct litmus_operation *o)
{
	return 8 * (size_t)(o->value > 0 ? o->value : 1);
}

void litmus_run(void *argument)
{
	const struct litmus_program *program = argument;
	volatile uint64_t r = 0;

	for (volatile uint32_t i = 0; i < program->count; i++) {
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
			vcpu_bit_lock(63, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BIT_UNLOCK:
			vcpu_bit_unlock(63, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BUG_IF:
			if (r == (uint64_t)value)
				vcpu_bug(&bug_if);
			break;
		case LITMUS_ASSERT_NOT:
			vcpu_assert_not(^{ return (bool)(load(v) == (uint64_t)value); },
					&assert_not);
			break;
		case LITMUS_WARN_NOT:
			vcpu_assert_not(^{ return (bool)(load(v) == (uint64_t)value); },
					&warn_not);
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
			vcpu_poison((uint64_t *)world() + v, words(o));
			break;
		case LITMUS_REUSE:
			vcpu_unpoison((uint64_t *)world() + v, words(o));
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
		case LITMUS_CMPXCHG:
			r = vcpu_cmpxchg64(&world()->variable[v], other, (uint64_t)value);
			break;
		case LITMUS_EXCHANGE:
			r = vcpu_exchange64(&world()->variable[v], (uint64_t)value);
			break;
		case LITMUS_ADD_UNLESS:
			r = vcpu_add_unless((int *)&world()->half[v], 1, value);
			break;
		case LITMUS_CMPXCHG32:
			r = vcpu_cmpxchg32((uint32_t *)&world()->variable[v], other, (uint32_t)value);
			break;
		case LITMUS_EXCHANGE32:
			r = vcpu_exchange32((uint32_t *)&world()->variable[v], (uint32_t)value);
			break;
		case LITMUS_FETCH_ADD_UNLESS:
			r = (uint64_t)vcpu_fetch_add_unless((int *)&world()->half[v], 1, value);
			break;
		case LITMUS_COUNT_BY_CMPXCHG32: {
			uint32_t *p = (uint32_t *)&world()->variable[v];
			uint32_t old = (uint32_t)load(v), seen;

			while ((seen = vcpu_cmpxchg32(p, old, old + 1)) != old)
				old = seen;
			break;
		}
		case LITMUS_CLEAR_BIT:
			vcpu_clear_bit((unsigned)value, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_TEST_AND_SET_BIT:
			r = vcpu_test_and_set_bit((unsigned)value,
						  (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_TEST_AND_CLEAR_BIT:
			r = vcpu_test_and_clear_bit((unsigned)value,
						    (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_BIT_TRYLOCK:
			if (vcpu_test_and_set_bit(63, (unsigned long *)&world()->variable[v]))
				i += (uint32_t)value;
			break;
		case LITMUS_SLEEPING_BIT_LOCK:
			vcpu_bit_lock(62, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_SLEEPING_BIT_UNLOCK:
			vcpu_bit_unlock(62, (unsigned long *)&world()->variable[v]);
			break;
		case LITMUS_READ_TRYLOCK:
			if (!vcpu_down_read_trylock(&world()->semaphore[v]))
				i += (uint32_t)value;
			break;
		case LITMUS_SEMAPHORE_IS_LOCKED:
			r = vcpu_rwsem_is_locked(&world()->semaphore[v]);
			break;
		case LITMUS_SKIP_IF:
			if (r == (uint64_t)value)
				i += other;
			break;
		case LITMUS_LOAD_INDEXED:
			r = load(r & 1);
			break;
		case LITMUS_LOAD_BYTES:
			r = load_bytes(v, (unsigned)value);
			break;
		case LITMUS_STORE_BYTES:
			store_bytes(v, (unsigned)value, r + other);
			break;
		case LITMUS_COPY:
			__tsan_memcpy(world()->byte + v, world()->byte + other, (size_t)value);
			break;
		case LITMUS_MOVE:
			__tsan_memmove(world()->byte + v, world()->byte + other, (size_t)value);
			break;
		case LITMUS_FILL:
			__tsan_memset(world()->byte + v, other, (size_t)value);
			break;
		case LITMUS_ASSERT_BYTES:
			vcpu_assert_not(^{
				return (bool)(load_bytes(v, (unsigned)value) == other);
			}, &assert_bytes);
			break;
		case LITMUS_ASSERT_INDEXED:
			vcpu_assert_not(^{ return (bool)(load(load(v) & 1) == (uint64_t)value); },
					&assert_indexed);
			break;
		case LITMUS_REPORT_IF:
			if (r == (uint64_t)value)
				vcpu_report(&report_if);
			break;
		}
	}
	__tsan_write8(&world()->result[vcpu_id()]);
	world()->result[vcpu_id()] = r;
}
