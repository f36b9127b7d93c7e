/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented. */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include "vcpu.h"

static inline void rcu_read_lock(void)
{
	vcpu_rcu_read_lock();
}

static inline void rcu_read_unlock(void)
{
	vcpu_rcu_read_unlock();
}

#endif
