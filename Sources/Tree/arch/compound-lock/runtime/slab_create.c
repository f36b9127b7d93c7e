/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of mm/slab_common.c: caches are made as common/runtime/slab.c has them. */
#include <linux/slab.h>
#include "runtime/memory.h"

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *))
{
	return mmrace_cache_create_with(name, size, flags, ctor);
}
