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
#include <linux/sched.h>
#include <linux/slab.h>
#include "oracle/types.h"

/* Constant after boot; sizes are numbers of pages, offsets are in the arena. */
struct world_geometry {
	struct cmm_config config;
	uint32_t order;		/* of a huge page */
	uint32_t table_pages;	/* have content; page 0 is never used */
	uint32_t single_end;	/* from there to here: of users, no content */
	uint32_t huge_blocks;	/* physically contiguous, aligned, no content */
	uint32_t huge_pfn;	/* first page of the first block */
	uint32_t pages;		/* entries of mem_map */
	size_t mem_map_offset;
	size_t slab_offset;
	size_t memory_offset;
	size_t bytes;
};

/* The variables that the kernel declares with DEFINE_PER_CPU. */
struct world_cpu {
	struct pagevec lru_add_pvec;
	struct per_cpu_pageset pageset;
	struct task_struct task;
};

struct world {
	struct world_geometry geometry;
	struct world_scenario scenario;
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

/* The value of MMRACE_COMMITS where it is not a constant; asking for it is not an event. */
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

/*
 * The table that a page was last allocated as: its level, in the low bits of the mm
 * that it is a table of.  Instrumented, as every write after boot must be: the machine
 * restores the arena from the writes that it saw.  Only reports read this.
 */
#define WORLD_TAG_LEVEL		7UL

static inline void world_tag_page(struct page *page, enum world_level level,
				  const struct mm_struct *mm)
{
	page->tag = (unsigned long)mm | level;
}

#define mm_cachep		(&world()->cache[CACHE_MM])
#define vm_area_cachep		(&world()->cache[CACHE_VMA])
#define anon_vma_chain_cachep	(&world()->cache[CACHE_AVC])
#define anon_vma_cachep		(&world()->cache[CACHE_ANON_VMA])

#endif
