/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object caches in the place of mm/slab.c: a stack of free objects per CPU, and
 * a shared one behind a lock for a CPU whose own is empty.
 */
#include <linux/gfp.h>
#include <linux/slab.h>
#include <port/world.h>

static void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	struct array_cache *ac = &cache->cpu[vcpu_id()];
	void *object = NULL;

	if (ac->avail) {
		object = ac->entry[--ac->avail];
	} else {
		spin_lock(&cache->list_lock);
		if (cache->node.avail)
			object = cache->node.entry[--cache->node.avail];
		spin_unlock(&cache->list_lock);
	}
	if (object && !(cache->flags & SLAB_DESTROY_BY_RCU))
		vcpu_unpoison(object, cache->object_size);
	return object;
}

/* The most recently freed object is the next one to be used again. */
static void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct array_cache *ac = &cache->cpu[vcpu_id()];

	if (!(cache->flags & SLAB_DESTROY_BY_RCU))
		vcpu_poison(object, cache->object_size);
	ac->entry[ac->avail++] = object;
}
