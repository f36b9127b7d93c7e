/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  No wait queue: any waiter may be next. */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/kernel.h>

struct rw_semaphore { vcpu_rwsem state; };

static inline void init_rwsem(struct rw_semaphore *sem)
{
	sem->state.count = 0;
}

static inline void down_read(struct rw_semaphore *sem)
{
	might_sleep();
	vcpu_down_read(&sem->state);
}

static inline void up_read(struct rw_semaphore *sem)
{
	vcpu_up_read(&sem->state);
}

static inline void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	vcpu_down_write(&sem->state);
}

static inline void up_write(struct rw_semaphore *sem)
{
	vcpu_up_write(&sem->state);
}

static inline int rwsem_is_locked(const struct rw_semaphore *sem)
{
	return vcpu_rwsem_is_locked(&sem->state);
}

#define down_write_nested(sem, subclass)	down_write(sem)

#endif
