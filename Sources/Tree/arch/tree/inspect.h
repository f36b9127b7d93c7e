/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel tree, as oracles and reports look at it: see CMM/oracle/interface.h.  Only
 * files without hooks may use this while CPUs run.
 */
#ifndef WORLD_INSPECT_H
#define WORLD_INSPECT_H

#include <linux/mm.h>
#include <linux/pagevec.h>
#include <linux/rmap.h>
#include <linux/vmstat.h>
#include <generated/mmrace-features.h>
#include "world.h"

#define WORLD_CPUS		MMRACE_CPUS
#define WORLD_HUGE_AREA		HPAGE_PMD_ORDER

#ifdef _PAGE_SPLITTING
#define RAW_PAGE_SPLITTING	_PAGE_SPLITTING
#else
#define RAW_PAGE_SPLITTING	0
#endif
#ifdef _PAGE_NUMA
#define RAW_PAGE_NUMA		_PAGE_NUMA
#else
#define RAW_PAGE_NUMA		0
#endif

#ifdef MMRACE_PAGE_HAS_COMPOUND_HEAD
#define RAW_HAS_COMPOUND_HEAD	1
#define RAW_FLAG_NAMES
#else
#define RAW_HAS_COMPOUND_HEAD	0
#define RAW_FLAG_NAMES		[PG_tail] = "tail",
#endif

/* Since 7a3ef208e662. */
#ifdef MMRACE_ANON_VMA_HAS_DEGREE
#define RAW_HAS_DEGREE		1
#define RAW_DEGREE(object)	((object)->degree)
#define RAW_PARENT(object)	((object)->parent)
#define RAW_ANON_VMA_FIELDS	\
	FIELD(struct anon_vma, degree), FIELD(struct anon_vma, parent),
#else
#define RAW_HAS_DEGREE		0
#define RAW_DEGREE(object)	0u
#define RAW_PARENT(object)	((const struct anon_vma *)NULL)
#define RAW_ANON_VMA_FIELDS
#endif

#if USE_SPLIT_PMD_PTLOCKS
#define RAW_HAS_PAGE_DEPOSIT	1
#define RAW_DEPOSIT_FIELD
#else
#define RAW_HAS_PAGE_DEPOSIT	0
#define RAW_DEPOSIT_FIELD	FIELD(struct mm_struct, pmd_huge_pte),
#endif
#define RAW_SPLIT_PMD_LOCKS	RAW_HAS_PAGE_DEPOSIT
#define RAW_MM_FIELDS		RAW_DEPOSIT_FIELD \
	FIELD(struct mm_struct, mm_rb), FIELD(struct mm_struct, hiwater_rss), \
	FIELD(struct mm_struct, total_vm), FIELD(struct mm_struct, flags), \
	FIELD(struct mm_struct, mmu_notifier_mm),
#define RAW_VMA_FIELDS		\
	FIELD(struct vm_area_struct, vm_rb), FIELD(struct vm_area_struct, vm_ops), \
	FIELD(struct vm_area_struct, vm_file),

#include <CMM/oracle/raw.h>

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

INSPECTS const struct per_cpu_pageset *world_pageset(unsigned cpu)
{
	return mmrace_pageset(cpu);
}

/* The tree has the variable static, or has none; see tree.lds. */
extern const char mmrace_lru_add_pvec[], mmrace_lru_add_pvec_end[];

INSPECTS const struct pagevec *world_pagevec(unsigned cpu)
{
	if (mmrace_lru_add_pvec == mmrace_lru_add_pvec_end)
		return NULL;
	return (const void *)(mmrace_lru_add_pvec + per_cpu_offset(cpu));
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
	return sem->count != 0;
}

INSPECTS unsigned world_used_pages_at(unsigned free_pages)
{
	return mmrace_pages_at_boot - free_pages;
}

/* True of the gap that aligns huge pages, and of the pools of CPUs that the world lacks. */
INSPECTS bool world_page_is_nobodys(unsigned pfn)
{
	const struct page *page = &mmrace_map[pfn];

	return (pfn >= SINGLE_END && pfn < HUGE_PFN) ||
	       (pfn < SINGLE_END && page->lru.next == &page->lru &&
		!page->_count.counter);
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

INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd)
{
#if USE_SPLIT_PMD_PTLOCKS
	return raw_page_of(pmd)->pmd_huge_pte;
#else
	return mm->pmd_huge_pte;
#endif
}

INSPECTS enum world_level raw_level(const struct page *page, const struct mm_struct **mm)
{
	const struct mmrace_table *table = &mmrace_table[page - mmrace_map];

	if (page >= mmrace_map + SINGLE_PFN)
		return LEVEL_NONE;
	*mm = table->mm;
	return table->level;
}

#endif
