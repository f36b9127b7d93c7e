/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of a world.  Sizes are constants of the object: a driver compiles it
 * for so many subpages, processes and CPUs, and a world may have fewer of the
 * latter two.
 */
#ifndef MMRACE_RUNTIME_MEMORY_H
#define MMRACE_RUNTIME_MEMORY_H

#include <linux/mm.h>
#include <linux/mmzone.h>
#include <CMM/oracle/pools.h>

/* A fork copies the pages of a folio that is pinned. */
#define MMRACE_SINGLE_POOLS	SINGLE_POOLS(MMRACE_PROCESSES) + MMRACE_SUBPAGES

enum {
	/* Page 0 is never used: an entry of 0 is empty. */
	TABLE_PFN = 1,
	/* Pages below this one have content. */
	SINGLE_PFN = TABLE_PFN + POOLS_TOTAL(MMRACE_CPUS, TABLE_POOLS(MMRACE_PROCESSES)),
	SINGLE_END = SINGLE_PFN + POOLS_TOTAL(MMRACE_CPUS, MMRACE_SINGLE_POOLS),
	HUGE_PFN = (SINGLE_END + MMRACE_SUBPAGES - 1) / MMRACE_SUBPAGES * MMRACE_SUBPAGES,
	BLOCKS = HUGE_BLOCKS(MMRACE_PROCESSES, MMRACE_CPUS),
	PAGES = HUGE_PFN + BLOCKS * MMRACE_SUBPAGES,
	/* Most that one CPU has of what DEFINE_PER_CPU declares. */
	PERCPU_BYTES = 8192,
};

extern char mmrace_memory[SINGLE_PFN * PAGE_SIZE];
extern struct page mmrace_map[PAGES];
/* The number of pages that the allocator had at boot. */
extern unsigned mmrace_pages_at_boot;
extern struct zone *const mmrace_zone;

static inline bool page_has_content(const struct page *page)
{
	return page - mmrace_map < SINGLE_PFN;
}

/* The lists of free pages of a CPU, by the profile. */
#include "runtime/pageset.h"

/* Free lists: of single pages with content, without, and of huge pages. */
#define LIST_TABLES	MIGRATE_UNMOVABLE
#define LIST_USER	MIGRATE_MOVABLE

/* A cache of a fixed number of objects; what the tree calls kmem_cache. */
struct mmrace_stack {
	unsigned free;
	void **object;
};

struct mmrace_cache {
	const char *name;
	char *objects;
	size_t size;
	unsigned total;
	unsigned long flags;
	spinlock_t lock;
	struct mmrace_stack shared;
	struct mmrace_stack cpu[MMRACE_CPUS];
};

enum { CACHES_MAX = 24 };
extern struct mmrace_cache mmrace_cache[CACHES_MAX];
extern unsigned mmrace_caches;

void mmrace_boot_slab(void);
struct kmem_cache;
/* Makes a cache, for which memory is there at boot only. */
struct kmem_cache *mmrace_cache_create(const char *name, size_t size);
struct kmem_cache *mmrace_cache_create_with(const char *name, size_t size, unsigned long flags,
					    void (*ctor)(void *));
/* Returns the number of an object in its cache. */
unsigned mmrace_cache_index(const struct kmem_cache *which, const void *object);
void mmrace_boot_memory(unsigned cpus);

#endif
