/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything mutable, in one structure at the start of the arena.  There are no
 * globals, so that an execution is undone by restoring the arena.
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include <linux/mm_types.h>
#include <linux/mmzone.h>
#include <linux/pagevec.h>
#include <linux/slab.h>

/* Constant after boot; sizes are numbers of pages, offsets are in the arena. */
struct world_geometry {
	struct cmm_config config;
	uint32_t order;		/* of a huge page */
	uint32_t table_pages;	/* have content; page 0 is never used */
	uint32_t huge_blocks;	/* physically contiguous, aligned, no content */
	uint32_t huge_pfn;	/* first page of the first block */
	uint32_t pages;		/* entries of mem_map */
	size_t mem_map_offset;
	size_t slab_offset;
	size_t memory_offset;
	size_t bytes;
};

/* What a page was last allocated as; only reports look at it. */
enum page_tag_kind {
	PAGE_TAG_NONE,
	PAGE_TAG_PGD,
	PAGE_TAG_PUD,
	PAGE_TAG_PMD,
	PAGE_TAG_PTE,
};

/* What the kernel declares with DEFINE_PER_CPU. */
struct world_cpu {
	struct pagevec lru_add_pvec;
	struct per_cpu_pageset pageset;
};

enum world_cache {
	CACHE_MM,
	CACHE_VMA,
	CACHE_AVC,
	CACHE_ANON_VMA,
	WORLD_CACHES
};

/* One process of the scenario. */
struct world_process {
	struct mm_struct *mm;
};

struct world {
	struct world_geometry geometry;
	struct world_process process[CMM_MM_MAX];
	/* What CMM_PIN took: one reference, which the scenario owns. */
	struct page *pin;
	/* The first huge page of the scenario: the one that reports speak of. */
	struct page *subject_page;
	struct kmem_cache cache[WORLD_CACHES];
	struct zone zone;
	struct world_cpu cpu[CMM_CPU_MAX];
};

__uninstrumented static inline struct world *world(void)
{
	return vcpu_arena();
}

__uninstrumented static inline uint32_t world_subpages(void)
{
	return world()->geometry.config.subpages;
}

/* What MMRACE_COMMITS is where it is no constant; asking for it is no event. */
__uninstrumented static inline uint32_t world_commits(void)
{
	return world()->geometry.config.commits;
}

__uninstrumented static inline uint32_t world_order(void)
{
	return world()->geometry.order;
}

__uninstrumented static inline char *world_memory(void)
{
	return (char *)world() + world()->geometry.memory_offset;
}

__uninstrumented static inline struct page *world_mem_map(void)
{
	return (struct page *)((char *)world() + world()->geometry.mem_map_offset);
}

__uninstrumented static inline struct zone *world_zone(void)
{
	return &world()->zone;
}

__uninstrumented static inline struct world_cpu *world_cpu(int cpu)
{
	return &world()->cpu[cpu];
}

__uninstrumented static inline bool world_page_has_content(const struct page *page)
{
	return page - world_mem_map() < (long)world()->geometry.table_pages;
}

/* Which process has this mm; CMM_MM_MAX for none. */
__uninstrumented static inline unsigned world_mm_index(const struct mm_struct *mm)
{
	unsigned i;

	for (i = 0; i < CMM_MM_MAX; i++)
		if (world()->process[i].mm == mm)
			break;
	return i;
}

/*
 * Instrumented, as every write after boot must be: the machine restores the
 * arena from the writes that it saw.  Only oracles and reports read this.
 */
static inline void world_tag_page(struct page *page, enum page_tag_kind kind,
				  const struct mm_struct *mm)
{
	page->tag.kind = kind;
	page->tag.mm = world_mm_index(mm);
}

#define mm_cachep		(&world()->cache[CACHE_MM])
#define vm_area_cachep		(&world()->cache[CACHE_VMA])
#define anon_vma_chain_cachep	(&world()->cache[CACHE_AVC])
#define anon_vma_cachep		(&world()->cache[CACHE_ANON_VMA])

#endif
