/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  Caches of a fixed number of objects, with a list of free ones
 * per CPU, so that an address does not depend on what another CPU frees.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/spinlock.h>

/*
 * Memory stays of the same type: an object may be looked at after it was freed,
 * under RCU, and keeps what its constructor and its last user left in it.
 */
#define SLAB_DESTROY_BY_RCU	0x00080000UL

/* Virtual CPUs that a world has room for. */
#define CMM_CPU_MAX		8

struct array_cache {
	unsigned avail;
	void **entry;
};

struct kmem_cache {
	char *objects;
	size_t object_size;
	unsigned total;
	unsigned long flags;
	spinlock_t list_lock;
	struct array_cache node;
	struct array_cache cpu[CMM_CPU_MAX];
};

#endif
