/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of locks, the same for each kind of CPU; private to CVcpu. */
#ifndef VCPU_LOCK_H
#define VCPU_LOCK_H

#include "machine.h"

/* Returns whether a CPU could have the lock now. */
static inline bool lock_is_free(enum wait_kind kind, const void *lock, uint64_t bits)
{
	switch (kind) {
	case WAIT_SPIN:
		return !__atomic_load_n(&((const vcpu_spinlock *)lock)->owner, __ATOMIC_RELAXED);
	case WAIT_WRITE:
		return !__atomic_load_n(&((const vcpu_rwsem *)lock)->count, __ATOMIC_RELAXED);
	case WAIT_READ:
		return __atomic_load_n(&((const vcpu_rwsem *)lock)->count, __ATOMIC_RELAXED) >= 0;
	default:
		return !(__atomic_load_n((const unsigned long *)lock, __ATOMIC_RELAXED) & bits);
	}
}

/* Returns whether the CPU holds the lock; of a bit and of readers, whether any CPU does. */
static inline bool lock_is_held(enum wait_kind kind, const void *lock, uint64_t bits,
				uint32_t cpu)
{
	switch (kind) {
	case WAIT_SPIN:
		return __atomic_load_n(&((const vcpu_spinlock *)lock)->owner,
				       __ATOMIC_RELAXED) == 1 + cpu;
	case WAIT_WRITE:
		return __atomic_load_n(&((const vcpu_rwsem *)lock)->count,
				       __ATOMIC_RELAXED) == -1 - (int32_t)cpu;
	case WAIT_READ:
		return __atomic_load_n(&((const vcpu_rwsem *)lock)->count, __ATOMIC_RELAXED) > 0;
	default:
		return __atomic_load_n((const unsigned long *)lock, __ATOMIC_RELAXED) & bits;
	}
}

/* Takes the lock for a CPU, if it is free; returns whether it was. */
bool lock_try(enum wait_kind kind, void *lock, uint64_t bits, uint32_t cpu);

#endif
