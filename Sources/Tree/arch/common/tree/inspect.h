/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel tree, as oracles and reports look at it: see CMM/oracle/interface.h.  Only
 * files without hooks may use this while CPUs run.
 */
#ifndef WORLD_INSPECT_H
#define WORLD_INSPECT_H

#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/vmstat.h>
#include "world.h"

#define WORLD_CPUS		MMRACE_CPUS
#define WORLD_HUGE_AREA		HPAGE_PMD_ORDER

#include "tree/names.h"

INSPECTS struct world_scenario *world_scenario(void)
{
	return &mmrace_scenario;
}

INSPECTS unsigned world_subpages(void)
{
	return MMRACE_SUBPAGES;
}

INSPECTS struct page *world_mem_map(void)
{
	return mmrace_map;
}

INSPECTS unsigned world_pages(void)
{
	return PAGES;
}

INSPECTS char *world_memory(void)
{
	return mmrace_memory;
}

INSPECTS size_t world_memory_bytes(void)
{
	return sizeof(mmrace_memory);
}

INSPECTS struct zone *world_zone(void)
{
	return mmrace_zone;
}

INSPECTS const struct raw_pageset *world_pageset(unsigned cpu)
{
	return mmrace_pageset(cpu);
}

INSPECTS unsigned world_caches(void)
{
	return mmrace_caches;
}

INSPECTS bool raw_locked(const spinlock_t *lock)
{
	return lock->rlock.raw_lock.owner != 0;
}

INSPECTS bool raw_sem_locked(const struct rw_semaphore *sem)
{
	return ((const vcpu_rwsem *)&sem->count)->count != 0;
}

INSPECTS unsigned world_used_pages_at(unsigned free_pages)
{
	return mmrace_pages_at_boot - free_pages;
}

/* The tree has the variable static, or has none; see tree.lds. */
extern const char mmrace_batch[], mmrace_batch_end[];

INSPECTS const struct RAW_BATCH *world_batch(unsigned cpu)
{
	if (mmrace_batch == mmrace_batch_end)
		return NULL;
	return (const void *)(mmrace_batch + per_cpu_offset(cpu));
}

/* True of the gap that aligns huge pages, and of the pools of CPUs that the world lacks. */
INSPECTS bool world_page_is_nobodys(unsigned pfn)
{
	const struct page *page = &mmrace_map[pfn];

	return (pfn >= SINGLE_END && pfn < HUGE_PFN) ||
	       (pfn < SINGLE_END && page->lru.next == &page->lru &&
		!page->RAW_COUNT.counter);
}

INSPECTS struct raw_cache raw_cache_at(unsigned i)
{
	static const char *const names[WORLD_CACHES] = {
		[CACHE_MM] = "mm_struct", [CACHE_VMA] = "vm_area_struct",
		[CACHE_AVC] = "anon_vma_chain", [CACHE_ANON_VMA] = "anon_vma",
	};
	const struct mmrace_cache *cache = &mmrace_cache[i];
	enum world_cache kind;

	for (kind = 0; kind < WORLD_CACHES; kind++)
		if (!strcmp(names[kind], cache->name))
			break;
	return (struct raw_cache) {
		.name = cache->name, .kind = kind, .objects = cache->objects,
		.size = cache->size, .total = cache->total, .lock = &cache->lock,
		.self = cache, .self_bytes = sizeof(*cache),
	};
}

INSPECTS unsigned world_cache(enum world_cache kind)
{
	unsigned i;

	for (i = 0; i < mmrace_caches; i++)
		if (raw_cache_at(i).kind == kind)
			break;
	return i;
}

INSPECTS unsigned raw_cache_live(unsigned i)
{
	const struct mmrace_cache *cache = &mmrace_cache[i];
	unsigned live = cache->total - cache->shared.free, cpu;

	for (cpu = 0; cpu < MMRACE_CPUS; cpu++)
		live -= cache->cpu[cpu].free;
	return live;
}

/* Finds the table by the way to it: trees differ in whether all of them can be noted. */
INSPECTS enum world_level raw_level_on_the_way(const struct page *page,
					       const struct mm_struct **mm)
{
	struct raw_walk walk;
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++) {
		*mm = world_process(p);
		raw_walk(*mm, &walk);
		if (walk.pgd && *walk.pgd && raw_page(*walk.pgd) == page)
			return LEVEL_PUD;
		if (walk.pud && *walk.pud && raw_page(*walk.pud) == page)
			return LEVEL_PMD;
	}
	return LEVEL_NONE;
}

INSPECTS enum world_level raw_level(const struct page *page, const struct mm_struct **mm)
{
	const struct mmrace_table *table = &mmrace_table[page - mmrace_map];

	if (page >= mmrace_map + SINGLE_PFN)
		return LEVEL_NONE;
	*mm = table->mm;
	return table->level != LEVEL_NONE ? table->level : raw_level_on_the_way(page, mm);
}

#endif
