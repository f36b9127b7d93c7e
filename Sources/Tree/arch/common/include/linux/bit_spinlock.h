/* SPDX-License-Identifier: GPL-2.0-only */
/* One event to take the lock, instead of a loop of test_and_set_bit(). */
#ifndef __LINUX_BIT_SPINLOCK_H
#define __LINUX_BIT_SPINLOCK_H

#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/atomic.h>
#include <linux/bug.h>

static inline void bit_spin_lock(int nr, unsigned long *addr)
{
	vcpu_bit_lock(nr, addr);
}

static inline int bit_spin_trylock(int nr, unsigned long *addr)
{
	return !vcpu_test_and_set_bit(nr, addr);
}

static inline void bit_spin_unlock(int nr, unsigned long *addr)
{
	vcpu_bit_unlock(nr, addr);
}

static inline void __bit_spin_unlock(int nr, unsigned long *addr)
{
	vcpu_bit_unlock(nr, addr);
}

static inline int bit_spin_is_locked(int nr, unsigned long *addr)
{
	return vcpu_test_bit(nr, addr);
}

#endif
