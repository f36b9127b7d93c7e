/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's rw_semaphore lies in the count of the kernel's.  To its holder it
 * looks locked in every order, and the machine knows that.
 */
#ifndef _MMRACE_LINUX_RWSEM_H
#define _MMRACE_LINUX_RWSEM_H

#include "vcpu.h"

#define rwsem_is_locked			__tree_rwsem_is_locked
#define rwsem_assert_held		__tree_rwsem_assert_held
#define rwsem_assert_held_write		__tree_rwsem_assert_held_write
#define rwsem_assert_held_nolockdep	__tree_rwsem_assert_held_nolockdep
#define rwsem_assert_held_write_nolockdep	__tree_rwsem_assert_held_write_nolockdep
#include_next <linux/rwsem.h>
#undef rwsem_is_locked
#undef rwsem_assert_held
#undef rwsem_assert_held_write
#undef rwsem_assert_held_nolockdep
#undef rwsem_assert_held_write_nolockdep

static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return vcpu_rwsem_is_locked((const vcpu_rwsem *)&sem->count);
}

static inline void rwsem_assert_held(const struct rw_semaphore *sem)
{
	const vcpu_rwsem *state = (const vcpu_rwsem *)&sem->count;
	VCPU_SITE(VCPU_VM_BUG_ON, "rwsem_assert_held()");

	vcpu_assert_not(^{ return (bool)!vcpu_rwsem_is_locked(state); }, &__site);
}

/* Coarser than the kernel's: a reader that claims to write is not noticed. */
#define rwsem_assert_held_write			rwsem_assert_held
#define rwsem_assert_held_nolockdep		rwsem_assert_held
#define rwsem_assert_held_write_nolockdep	rwsem_assert_held

#endif
