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

/*
 * Pages and objects lie in pools, so that an address does not depend on the
 * order in which CPUs run: those that the first CPU starts with, because it
 * builds the scene; those of each other CPU; and those that all share.
 */
struct mmrace_share {
	unsigned first, other, shared;
};

#define SHARE_TOTAL(first, other, shared) \
	((first) + (other) * (MMRACE_CPUS - 1) + (shared))

/* pgd, pud, pmd and pte table of each process, and one in transit. */
#define TABLE_FIRST	(4 * MMRACE_PROCESSES + 2)
#define TABLE_OTHER	3
#define TABLE_SHARED	(2 * MMRACE_PROCESSES + 2)
/* Single pages of users: copies on write. */
#define SINGLE_FIRST	(MMRACE_PROCESSES + 1)
#define SINGLE_OTHER	2
#define SINGLE_SHARED	MMRACE_PROCESSES

enum {
	/* Page 0 is never used: an entry of 0 is no entry. */
	TABLE_PFN = 1,
	/* Pages below this one have content. */
	SINGLE_PFN = TABLE_PFN + SHARE_TOTAL(TABLE_FIRST, TABLE_OTHER, TABLE_SHARED),
	SINGLE_END = SINGLE_PFN + SHARE_TOTAL(SINGLE_FIRST, SINGLE_OTHER, SINGLE_SHARED),
	HUGE_PFN = (SINGLE_END + MMRACE_SUBPAGES - 1) / MMRACE_SUBPAGES * MMRACE_SUBPAGES,
	/* A page and a copy of it for each, and one in transit per CPU. */
	HUGE_BLOCKS = MMRACE_PROCESSES + 1 + MMRACE_CPUS,
	PAGES = HUGE_PFN + HUGE_BLOCKS * MMRACE_SUBPAGES,
	/* Most that one CPU has of what DEFINE_PER_CPU declares. */
	PERCPU_BYTES = 8192,
};

extern char mmrace_memory[SINGLE_PFN * PAGE_SIZE];
extern struct page mmrace_map[PAGES];
/* Those that the allocator had then. */
extern unsigned mmrace_pages_at_boot;
extern struct zone *const mmrace_zone;

static inline bool page_has_content(const struct page *page)
{
	return page - mmrace_map < SINGLE_PFN;
}

static inline struct per_cpu_pageset *mmrace_pageset(int cpu)
{
	return per_cpu_ptr(mmrace_zone->pageset, cpu);
}

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
void mmrace_boot_memory(unsigned cpus);
/* Returns the pages that wait on a CPU to be put on the LRU; NULL if the tree has no such list. */
struct pagevec *mmrace_pagevec(int cpu);

#endif
