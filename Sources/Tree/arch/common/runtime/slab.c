/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of mm/slab.c: caches of a fixed number of objects, a stack of free
 * ones per CPU, and a shared one behind a lock for a CPU whose own is empty.
 */
#include <linux/slab.h>
#include "memory.h"

/* Its older name says the same. */
#ifndef SLAB_TYPESAFE_BY_RCU
#define SLAB_TYPESAFE_BY_RCU	SLAB_DESTROY_BY_RCU
#endif

/* The functions that allocate have another name in trees that profile allocations. */
#ifdef kmem_cache_alloc
#define ALLOC			kmem_cache_alloc_noprof
#define KMALLOC			__kmalloc_noprof
#else
#define ALLOC			kmem_cache_alloc
#define KMALLOC			__kmalloc
#endif

/* The objects of every cache; sizes that nothing here asks for take no room. */
#define CACHE_POOLS	FORK_CHAINS(MMRACE_PROCESSES) + MMRACE_PROCESSES + 2, MMRACE_PROCESSES + 2, \
			FORK_CHAINS(MMRACE_PROCESSES)
#define KMALLOC_POOLS	2, 2, 2

enum {
	OBJECTS = POOLS_TOTAL(MMRACE_CPUS, CACHE_POOLS),
	/* kmalloc: for the list of subpages that a fallback makes. */
	KMALLOC_SIZE = MMRACE_SUBPAGES * sizeof(void *) > 256 ?
		       MMRACE_SUBPAGES * sizeof(void *) : 256,
	KMALLOC_OBJECTS = POOLS_TOTAL(MMRACE_CPUS, KMALLOC_POOLS),
	HEAP_BYTES = OBJECTS * (sizeof(struct mm_struct) + 8 * 320) +
		     KMALLOC_OBJECTS * KMALLOC_SIZE +
		     CACHES_MAX * (MMRACE_CPUS + 1) * OBJECTS * sizeof(void *),
};

struct mmrace_cache mmrace_cache[CACHES_MAX];
unsigned mmrace_caches;
static char heap[HEAP_BYTES] __attribute__((aligned(64)));
static size_t heap_used;
static struct mmrace_cache *kmalloc_cache;

__attribute__((no_sanitize("thread")))
static void *heap_take(size_t bytes)
{
	void *at = heap + heap_used;

	heap_used += (bytes + 63) & ~63ul;
	BUG_ON(heap_used > HEAP_BYTES);
	return at;
}

/* Runs before any CPU does, so that nothing of it is an event. */
__attribute__((no_sanitize("thread")))
static struct mmrace_cache *cache_create(const char *name, size_t size, unsigned long flags,
					 void (*ctor)(void *), struct pool_sizes pools)
{
	struct mmrace_cache *cache = &mmrace_cache[mmrace_caches++];
	unsigned object = 0, cpu, i;

	BUG_ON(mmrace_caches > CACHES_MAX);
	cache->name = name;
	cache->size = (size + 15) & ~15ul;
	cache->flags = flags;
	cache->total = POOLS_TOTAL(MMRACE_CPUS, pools.first, pools.other, pools.shared);
	cache->objects = heap_take(cache->total * cache->size);
	spin_lock_init(&cache->lock);
	for (cpu = 0; cpu <= MMRACE_CPUS; cpu++) {
		struct mmrace_stack *stack = cpu < MMRACE_CPUS ? &cache->cpu[cpu] :
					     &cache->shared;
		unsigned count = cpu == MMRACE_CPUS ? pools.shared :
				 cpu ? pools.other : pools.first;

		/* A stack can hold every object: nothing ever overflows. */
		stack->object = heap_take(cache->total * sizeof(void *));
		stack->free = count;
		/* The lowest address on top, so that it is used first. */
		for (i = 0; i < count; i++)
			stack->object[count - 1 - i] =
				cache->objects + object++ * cache->size;
	}
	for (i = 0; ctor && i < cache->total; i++)
		ctor(cache->objects + i * cache->size);
	return cache;
}

struct kmem_cache *mmrace_cache_create_with(const char *name, size_t size, unsigned long flags,
					   void (*ctor)(void *))
{
	return (void *)cache_create(name, size, flags, ctor, (struct pool_sizes) { CACHE_POOLS });
}

struct kmem_cache *mmrace_cache_create(const char *name, size_t size)
{
	return mmrace_cache_create_with(name, size, 0, NULL);
}

unsigned mmrace_cache_index(const struct kmem_cache *which, const void *object)
{
	const struct mmrace_cache *cache = (const void *)which;

	return ((const char *)object - cache->objects) / cache->size;
}

void mmrace_boot_slab(void)
{
	kmalloc_cache = cache_create("kmalloc", KMALLOC_SIZE, 0, NULL,
				     (struct pool_sizes) { KMALLOC_POOLS });
}

/*
 * A cache that is destroyed by RCU keeps its objects' type: a CPU that holds a pointer
 * from before may look, and may see the next user.
 */
void *ALLOC(struct kmem_cache *which, gfp_t gfp)
{
	struct mmrace_cache *cache = (void *)which;
	struct mmrace_stack *own = &cache->cpu[vcpu_id()];
	void *object = NULL;

	if (own->free) {
		object = own->object[--own->free];
	} else {
		spin_lock(&cache->lock);
		if (cache->shared.free)
			object = cache->shared.object[--cache->shared.free];
		spin_unlock(&cache->lock);
	}
	if (!object)
		return NULL;
	if (!(cache->flags & (unsigned long)SLAB_TYPESAFE_BY_RCU))
		vcpu_unpoison(object, cache->size);
	if (gfp & __GFP_ZERO)
		vcpu_clear(object, cache->size);
	return object;
}

/* The object that was freed last is the next one to be used again. */
void kmem_cache_free(struct kmem_cache *which, void *object)
{
	struct mmrace_cache *cache = (void *)which;
	struct mmrace_stack *own = &cache->cpu[vcpu_id()];

	if (!(cache->flags & (unsigned long)SLAB_TYPESAFE_BY_RCU))
		vcpu_poison(object, cache->size);
	own->object[own->free++] = object;
}

void *KMALLOC(size_t size, gfp_t gfp)
{
	BUG_ON(size > KMALLOC_SIZE);
	return ALLOC((void *)kmalloc_cache, gfp);
}

void kfree(const void *object)
{
	if (object)
		kmem_cache_free((void *)kmalloc_cache, (void *)object);
}
