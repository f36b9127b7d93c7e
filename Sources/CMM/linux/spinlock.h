/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  Interrupts do not exist, so the _irq forms are the same. */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/types.h>
#include <linux/bug.h>

typedef struct { vcpu_spinlock rlock; } spinlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->rlock.owner = 0;
}

static inline void spin_lock(spinlock_t *lock)
{
	vcpu_spin_lock(&lock->rlock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	vcpu_spin_unlock(&lock->rlock);
}

static inline int spin_is_locked(const spinlock_t *lock)
{
	return vcpu_spin_is_locked(&lock->rlock);
}

#define spin_lock_nested(lock, subclass)	spin_lock(lock)
#define spin_lock_irq(lock)			spin_lock(lock)
#define spin_unlock_irq(lock)			spin_unlock(lock)
#define assert_spin_locked(lock)		BUG_ON(!spin_is_locked(lock))

#endif
