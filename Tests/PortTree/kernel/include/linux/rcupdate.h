/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_RCUPDATE_H
#define __LINUX_RCUPDATE_H

extern void __rcu_read_lock(void);
extern void __rcu_read_unlock(void);

static inline void rcu_read_lock(void)
{
	__rcu_read_lock();
}

static inline void rcu_read_unlock(void)
{
	__rcu_read_unlock();
}

#endif
