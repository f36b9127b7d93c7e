/* SPDX-License-Identifier: GPL-2.0-only */
/* The port, as oracles and reports look at it: see oracle/interface.h. */
#ifndef WORLD_INSPECT_H
#define WORLD_INSPECT_H

#include <linux/rmap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIO_ADDRESS	(4UL << (PAGE_SHIFT + world_order()))

#define WORLD_CPUS		CMM_CPU_MAX
/* The zone has two orders: single pages, and this one. */
#define WORLD_HUGE_AREA		1
#define RAW_HAS_COMPOUND_HEAD	0
#define RAW_HAS_PAGE_DEPOSIT	1
#define RAW_SPLIT_PMD_LOCKS	MMRACE_COMMIT(e009bb30c8df)
#define RAW_HAS_DEGREE		MMRACE_COMMIT(7a3ef208e662)
#define RAW_DEGREE(object)	((object)->degree)
#define RAW_PARENT(object)	((object)->parent)
#define RAW_MM_FIELDS		FIELD(struct mm_struct, pmd_huge_pte),
#define RAW_VMA_FIELDS
#define RAW_ANON_VMA_FIELDS	\
	FIELD(struct anon_vma, degree), FIELD(struct anon_vma, parent),
#define RAW_FLAG_NAMES		\
	[PG_tail] = "tail", [PG_uncached] = "uncached", [PG_hwpoison] = "hwpoison",

#include "oracle/compound_lock/generation/names.h"

INSPECTS struct world_scenario *world_scenario(void)
{
	return &world()->scenario;
}

INSPECTS unsigned world_pages(void)
{
	return world()->geometry.pages;
}

INSPECTS unsigned world_used_pages_at(unsigned free_pages)
{
	const struct world_geometry *g = &world()->geometry;

	return g->single_end - 1 + g->huge_blocks * g->config.subpages - free_pages;
}

/* True of the gap that aligns the huge pages. */
INSPECTS bool world_page_is_nobodys(unsigned pfn)
{
	const struct world_geometry *g = &world()->geometry;

	return pfn >= g->single_end && pfn < g->huge_pfn;
}

INSPECTS size_t world_memory_bytes(void)
{
	return (size_t)world()->geometry.table_pages * PAGE_SIZE;
}

INSPECTS const struct raw_pageset *world_pageset(unsigned cpu)
{
	return &world_cpu(cpu)->pageset;
}

INSPECTS const struct pagevec *world_batch(unsigned cpu)
{
	return &world_cpu(cpu)->lru_add_pvec;
}

INSPECTS unsigned world_caches(void)
{
	return WORLD_CACHES;
}

INSPECTS unsigned world_cache(enum world_cache kind)
{
	return kind;
}

INSPECTS struct raw_cache raw_cache_at(unsigned i)
{
	const struct kmem_cache *cache = &world()->cache[i];

	return (struct raw_cache) {
		.kind = i, .objects = cache->objects, .size = cache->object_size,
		.total = cache->total, .lock = &cache->list_lock,
		.self = cache, .self_bytes = sizeof(*cache),
	};
}

INSPECTS unsigned raw_cache_live(unsigned i)
{
	const struct kmem_cache *cache = &world()->cache[i];
	unsigned live = cache->total - cache->node.avail, cpu;

	for (cpu = 0; cpu < world()->geometry.config.cpus; cpu++)
		live -= cache->cpu[cpu].avail;
	return live;
}

INSPECTS bool raw_locked(const spinlock_t *lock)
{
	return lock->rlock.owner != 0;
}

INSPECTS bool raw_sem_locked(const struct rw_semaphore *sem)
{
	return sem->state.count != 0;
}

INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd)
{
	if (MMRACE_COMMIT(e009bb30c8df))
		return raw_page_of(pmd)->pmd_huge_pte;
	return mm->pmd_huge_pte;
}

INSPECTS enum world_level raw_level(const struct page *page, const struct mm_struct **mm)
{
	*mm = (const struct mm_struct *)(page->tag & ~WORLD_TAG_LEVEL);
	return page->tag & WORLD_TAG_LEVEL;
}

#endif
