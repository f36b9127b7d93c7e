/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_MUTEX_H
#define __LINUX_MUTEX_H

#include <linux/rwsem.h>

struct mutex {
	spinlock_t wait_lock;
};

#endif
