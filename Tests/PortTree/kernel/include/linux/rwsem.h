/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/spinlock.h>

struct lock_class_key {
};

struct rw_semaphore {
	long count;
};

extern void __init_rwsem(struct rw_semaphore *sem, const char *name,
			 struct lock_class_key *key);
extern void down_read(struct rw_semaphore *sem);
extern int down_read_trylock(struct rw_semaphore *sem);
extern void up_read(struct rw_semaphore *sem);
extern void down_write(struct rw_semaphore *sem);
extern void up_write(struct rw_semaphore *sem);

#define init_rwsem(sem)				__init_rwsem(sem, #sem, NULL)
#define down_write_nested(sem, subclass)	down_write(sem)

static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return sem->count != 0;
}

#endif
