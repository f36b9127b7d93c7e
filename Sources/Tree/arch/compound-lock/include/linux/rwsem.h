/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's rw_semaphore lies in the count of the kernel's.  To its holder it
 * looks locked in every order, and the machine knows that.
 */
#ifndef _MMRACE_LINUX_RWSEM_H
#define _MMRACE_LINUX_RWSEM_H

#include "vcpu.h"

#define rwsem_is_locked	__tree_rwsem_is_locked
#include_next <linux/rwsem.h>
#undef rwsem_is_locked

static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return vcpu_rwsem_is_locked((const vcpu_rwsem *)&sem->count);
}

#endif
