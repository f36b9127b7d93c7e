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
#define RAW_PAGE_SPLITTING	_PAGE_SPLITTING
#define RAW_PAGE_NUMA		_PAGE_NUMA
#define RAW_HEAD_MEMBER		first_page
#define RAW_HAS_PAGE_DEPOSIT	1
#define RAW_HAS_DEGREE		MMRACE_COMMIT(7a3ef208e662)
#define RAW_MM_FIELDS		FIELD(struct mm_struct, pmd_huge_pte),
#define RAW_VMA_FIELDS
#define RAW_ANON_VMA_FIELDS	\
	FIELD(struct anon_vma, degree), FIELD(struct anon_vma, parent),
#define RAW_FLAG_NAMES		\
	[PG_tail] = "tail", [PG_uncached] = "uncached", [PG_hwpoison] = "hwpoison",

#include "oracle/interface.h"

INSPECTS struct mm_struct *world_process(unsigned i)
{
	return world()->process[i];
}

INSPECTS struct page *world_pin(unsigned i)
{
	return world()->pin[i];
}

INSPECTS struct page *world_reported_page(void)
{
	return world()->reported_page;
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

/* The gap that aligns the huge pages. */
INSPECTS bool world_page_is_nobodys(unsigned pfn)
{
	const struct world_geometry *g = &world()->geometry;

	return pfn >= g->single_end && pfn < g->huge_pfn;
}

INSPECTS size_t world_memory_bytes(void)
{
	return (size_t)world()->geometry.table_pages * PAGE_SIZE;
}

INSPECTS const struct per_cpu_pageset *world_pageset(unsigned cpu)
{
	return &world_cpu(cpu)->pageset;
}

INSPECTS const struct pagevec *world_pagevec(unsigned cpu)
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

INSPECTS struct page *raw_page(unsigned long entry)
{
	return world_mem_map() + ((entry & PTE_PFN_MASK) >> PAGE_SHIFT);
}

INSPECTS unsigned long *raw_table(unsigned long entry)
{
	return (unsigned long *)(world_memory() + (entry & PTE_PFN_MASK));
}

INSPECTS struct page *raw_page_of(const void *content)
{
	return world_mem_map() +
	       (((const char *)content - world_memory()) >> PAGE_SHIFT);
}

INSPECTS unsigned long *raw_entry(unsigned long *table,
							unsigned shift)
{
	return table + (SCENARIO_ADDRESS >> shift & (PTRS_PER_TABLE - 1));
}

INSPECTS bool raw_walk(const struct mm_struct *mm,
					     struct raw_walk *walk)
{
	walk->pgd = walk->pud = walk->pmd = NULL;
	if (!mm || !mm->mmap || !mm->pgd)
		return false;
	walk->pgd = raw_entry((unsigned long *)mm->pgd, PGDIR_SHIFT);
	if (!*walk->pgd)
		return false;
	walk->pud = raw_entry(raw_table(*walk->pgd), PUD_SHIFT);
	if (!*walk->pud)
		return false;
	walk->pmd = raw_entry(raw_table(*walk->pud), PMD_SHIFT);
	return true;
}

INSPECTS bool raw_flag(const struct page *page, unsigned flag)
{
	return page->flags >> flag & 1;
}

INSPECTS int raw_mapcount(const struct page *page)
{
	return page->_mapcount.counter + 1;
}

INSPECTS bool raw_tail(const struct page *page)
{
	return raw_flag(page, PG_tail);
}

INSPECTS const struct page *raw_head(const struct page *tail)
{
	return tail->first_page;
}

INSPECTS bool raw_locked(const spinlock_t *lock)
{
	return lock->rlock.owner != 0;
}

INSPECTS bool raw_sem_locked(const struct rw_semaphore *sem)
{
	return sem->state.count != 0;
}

INSPECTS const spinlock_t *raw_pmd_lock(const struct mm_struct *mm,
							      const unsigned long *pmd)
{
	if (MMRACE_COMMIT(e009bb30c8df))
		return &raw_page_of(pmd)->ptl;
	return &mm->page_table_lock;
}

INSPECTS const spinlock_t *raw_pte_lock(unsigned long pmd)
{
	return &raw_page(pmd)->ptl;
}

INSPECTS struct page *raw_deposit(const struct mm_struct *mm,
							const unsigned long *pmd)
{
	if (MMRACE_COMMIT(e009bb30c8df))
		return raw_page_of(pmd)->pmd_huge_pte;
	return mm->pmd_huge_pte;
}

INSPECTS long raw_nr_ptes(const struct mm_struct *mm)
{
	return mm->nr_ptes.counter;
}

INSPECTS unsigned raw_degree(const struct anon_vma *anon_vma)
{
	return anon_vma->degree;
}

INSPECTS const struct anon_vma *raw_parent(const struct anon_vma *child)
{
	return child->parent;
}

INSPECTS enum world_level raw_level(const struct page *page,
							  unsigned *mm)
{
	for (*mm = 0; *mm < CMM_MM_MAX; ++*mm)
		if (world_process(*mm) == world_tag_mm(page))
			break;
	return page->tag & WORLD_TAG_LEVEL;
}

#endif
