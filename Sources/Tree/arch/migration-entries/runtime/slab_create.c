/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of mm/slab_common.c: caches are made as common/runtime/slab.c has them. */
#include <linux/slab.h>
#include <generated/mmrace-features.h>
#include "runtime/memory.h"

#ifdef MMRACE_HAS_CACHE_ARGS
struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int size,
					    struct kmem_cache_args *args, slab_flags_t flags)
{
	return mmrace_cache_create_with(name, size, (unsigned long)flags, args->ctor);
}
#else
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *))
{
	return mmrace_cache_create_with(name, size, (unsigned long)flags, ctor);
}
#endif
