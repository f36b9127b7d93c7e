/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>

#define SLAB_DESTROY_BY_RCU	0x00080000UL

struct kmem_cache;

extern struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
					    unsigned long flags, void (*ctor)(void *));
extern void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
extern void kmem_cache_free(struct kmem_cache *cache, void *object);

extern struct kmem_cache *vm_area_cachep;

#endif
