/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks, bit locks, rw semaphores.  A lock is its exact word and bits in the
 * arena: two locks that share a word never alias.
 */
#include "lock.h"

#include "operations.h"

#define PC __builtin_return_address(0)

const struct vcpu_site vcpu_site_not_held = {
	VCPU_LOCK_MISUSE, "unlock of a lock that this CPU does not hold", NULL, NULL, 0
};

static bool replace(void *word, uint32_t value)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n((uint32_t *)word, &free, value, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

bool lock_try(enum wait_kind kind, void *lock, uint64_t bits, uint32_t cpu)
{
	int32_t *count = &((vcpu_rwsem *)lock)->count, now;

	switch (kind) {
	case WAIT_SPIN:
		return replace(lock, 1 + cpu);
	case WAIT_WRITE:
		return replace(lock, (uint32_t)(-1 - (int32_t)cpu));
	case WAIT_READ:
		now = __atomic_load_n(count, __ATOMIC_RELAXED);
		while (now >= 0)
			if (__atomic_compare_exchange_n(count, &now, now + 1, false,
							__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return true;
		return false;
	default:
		return !(__atomic_fetch_or((unsigned long *)lock, bits, __ATOMIC_ACQUIRE) & bits);
	}
}

static bool try_to_take(void *lock, enum wait_kind kind, const void *pc)
{
	cpu_operations->look(lock, true, false, pc);
	if (!lock_try(kind, lock, 0, (uint32_t)vcpu_id()))
		return false;
	cpu_operations->taken(lock, 0, kind, pc);
	return true;
}

static bool is_locked(const uint32_t *lock, enum wait_kind kind, const void *pc)
{
	cpu_operations->look(lock, false, lock_is_held(kind, lock, 0, (uint32_t)vcpu_id()), pc);
	return __atomic_load_n(lock, __ATOMIC_RELAXED) != 0;
}

/* A release of what the CPU does not hold ends it. */
static void check_release(const void *lock, uint64_t bits, enum wait_kind kind, const void *pc)
{
	if (unlikely(!cpu_operations->release(lock, bits, kind, pc)))
		cpu_operations->fail(&vcpu_site_not_held, pc);
}

void vcpu_spin_lock(vcpu_spinlock *l)
{
	cpu_operations->acquire(l, 0, WAIT_SPIN, PC);
}

void vcpu_spin_unlock(vcpu_spinlock *l)
{
	check_release(l, 0, WAIT_SPIN, PC);
	__atomic_store_n(&l->owner, 0, __ATOMIC_RELEASE);
}

bool vcpu_spin_trylock(vcpu_spinlock *l)
{
	return try_to_take(l, WAIT_SPIN, PC);
}

bool vcpu_spin_is_locked(const vcpu_spinlock *l)
{
	return is_locked(&l->owner, WAIT_SPIN, PC);
}

void vcpu_down_read(vcpu_rwsem *s)
{
	cpu_operations->acquire(s, 0, WAIT_READ, PC);
}

void vcpu_up_read(vcpu_rwsem *s)
{
	check_release(s, 0, WAIT_READ, PC);
	__atomic_fetch_sub(&s->count, 1, __ATOMIC_RELEASE);
}

bool vcpu_down_read_trylock(vcpu_rwsem *s)
{
	return try_to_take(s, WAIT_READ, PC);
}

void vcpu_down_write(vcpu_rwsem *s)
{
	cpu_operations->acquire(s, 0, WAIT_WRITE, PC);
}

void vcpu_up_write(vcpu_rwsem *s)
{
	check_release(s, 0, WAIT_WRITE, PC);
	__atomic_store_n(&s->count, 0, __ATOMIC_RELEASE);
}

bool vcpu_rwsem_is_locked(const vcpu_rwsem *s)
{
	return is_locked((const uint32_t *)&s->count, WAIT_WRITE, PC);
}

void vcpu_bit_lock(unsigned nr, unsigned long *p)
{
	cpu_operations->acquire(p, 1ul << nr, WAIT_BIT, PC);
}

void vcpu_bit_unlock(unsigned nr, unsigned long *p)
{
	check_release(p, 1ul << nr, WAIT_BIT, PC);
	__atomic_fetch_and(p, ~(1ul << nr), __ATOMIC_RELEASE);
}
