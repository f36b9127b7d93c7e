/* SPDX-License-Identifier: GPL-2.0-only */
/* Spinlocks and rwlocks of the machine. */
#ifndef _ASM_X86_SPINLOCK_H
#define _ASM_X86_SPINLOCK_H

#include <linux/compiler.h>
#include <asm/processor.h>
#include <asm/spinlock_types.h>

#define arch_spin_lock(lock)		vcpu_spin_lock(lock)
#define arch_spin_lock_flags(lock, flags)	vcpu_spin_lock(lock)
#define arch_spin_trylock(lock)		vcpu_spin_trylock(lock)
#define arch_spin_unlock(lock)		vcpu_spin_unlock(lock)
#define arch_spin_is_locked(lock)	vcpu_spin_is_locked(lock)
#define arch_spin_value_unlocked(lock)	((lock).owner == 0)
/* There is no queue. */
static inline int arch_spin_is_contended(arch_spinlock_t *lock)
{
	return 0;
}
#define arch_spin_is_contended		arch_spin_is_contended
/* A CPU that has had it has waited for the one that held it. */
#define arch_spin_unlock_wait(lock)					\
	do { vcpu_spin_lock(lock); vcpu_spin_unlock(lock); } while (0)

#define arch_read_lock(lock)		vcpu_down_read(lock)
#define arch_read_lock_flags(lock, flags)	vcpu_down_read(lock)
#define arch_read_trylock(lock)		vcpu_down_read_trylock(lock)
#define arch_read_unlock(lock)		vcpu_up_read(lock)
#define arch_read_can_lock(lock)	(*(volatile int *)&(lock)->count >= 0)
#define arch_write_lock(lock)		vcpu_down_write(lock)
#define arch_write_lock_flags(lock, flags)	vcpu_down_write(lock)
#define arch_write_unlock(lock)		vcpu_up_write(lock)
#define arch_write_can_lock(lock)	(!vcpu_rwsem_is_locked(lock))

/* Not used by mm: an unresolved symbol. */
extern int mmrace_write_trylock(arch_rwlock_t *lock);
#define arch_write_trylock(lock)	mmrace_write_trylock(lock)

#endif
