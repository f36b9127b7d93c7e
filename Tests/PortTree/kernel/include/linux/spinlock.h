/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_SPINLOCK_H
#define __LINUX_SPINLOCK_H

#include <linux/kernel.h>
#include <asm/spinlock.h>

typedef struct raw_spinlock {
	arch_spinlock_t raw_lock;
} raw_spinlock_t;

typedef struct {
	struct raw_spinlock rlock;
} spinlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->rlock.raw_lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
}

static inline void spin_lock(spinlock_t *lock)
{
	arch_spin_lock(&lock->rlock.raw_lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	arch_spin_unlock(&lock->rlock.raw_lock);
}

static inline int spin_is_locked(spinlock_t *lock)
{
	return arch_spin_is_locked(&lock->rlock.raw_lock);
}

#define spin_lock_nested(lock, subclass)	spin_lock(lock)
#define spin_lock_irq(lock)			spin_lock(lock)
#define spin_unlock_irq(lock)			spin_unlock(lock)
#define assert_spin_locked(lock)		BUG_ON(!spin_is_locked(lock))

#define SINGLE_DEPTH_NESTING	1

#endif
