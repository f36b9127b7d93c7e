/* SPDX-License-Identifier: GPL-2.0-only */
/* Layout of the arena, and a world in which nothing has happened yet. */
#include <port/world.h>
#include <linux/rmap.h>
#include "oracle/pools.h"

/* Counters are folded into the zone at this difference, as on a small machine. */
#define STAT_THRESHOLD 125

__uninstrumented static size_t round_up_to(size_t size, size_t alignment)
{
	return (size + alignment - 1) & ~(alignment - 1);
}

__uninstrumented static struct pool_sizes cache_pools(const struct cmm_config *config,
						      enum world_cache which)
{
	uint32_t n = config->processes, chains = FORK_CHAINS(n);

	switch (which) {
	case CACHE_AVC:
		return (struct pool_sizes) { chains + 2, n + 2, chains };
	case CACHE_ANON_VMA:
		return (struct pool_sizes) { n + 2, 2, n };
	default:
		return (struct pool_sizes) { n, 1, n };
	}
}

__uninstrumented static uint32_t pools_total(struct pool_sizes pools, uint32_t cpus)
{
	return POOLS_TOTAL(cpus, pools.first, pools.other, pools.shared);
}

__uninstrumented static size_t cache_object_size(enum world_cache which)
{
	static const size_t sizes[WORLD_CACHES] = {
		[CACHE_MM] = sizeof(struct mm_struct),
		[CACHE_VMA] = sizeof(struct vm_area_struct),
		[CACHE_AVC] = sizeof(struct anon_vma_chain),
		[CACHE_ANON_VMA] = sizeof(struct anon_vma),
	};

	return round_up_to(sizes[which], 16);
}

__uninstrumented static struct world_geometry world_layout(const struct cmm_config *config)
{
	struct world_geometry g = { .config = *config };
	size_t offset;
	unsigned i;

	while ((1u << g.order) < config->subpages)
		g.order++;
	g.table_pages = 1 + POOLS_TOTAL(config->cpus, TABLE_POOLS(config->processes));
	g.huge_blocks = HUGE_BLOCKS(config->processes, config->cpus);
	g.single_end = g.table_pages +
		       POOLS_TOTAL(config->cpus, SINGLE_POOLS(config->processes));
	g.huge_pfn = (uint32_t)round_up_to(g.single_end, config->subpages);
	g.pages = g.huge_pfn + g.huge_blocks * config->subpages;

	offset = round_up_to(sizeof(struct world), 64);
	g.mem_map_offset = offset;
	offset += g.pages * sizeof(struct page);
	g.slab_offset = offset;
	for (i = 0; i < WORLD_CACHES; i++) {
		uint32_t total = pools_total(cache_pools(config, i), config->cpus);

		/* A list can hold every object: nothing ever overflows. */
		offset += total * cache_object_size(i);
		offset += (size_t)(config->cpus + 1) * total * sizeof(void *);
		offset = round_up_to(offset, 64);
	}
	g.memory_offset = round_up_to(offset, 4096);
	g.bytes = g.memory_offset + (size_t)g.table_pages * 4096;
	return g;
}

__uninstrumented static size_t target_arena_bytes(const struct cmm_config *config)
{
	return world_layout(config).bytes;
}

__uninstrumented static void boot_list(struct list_head *list)
{
	list->next = list->prev = list;
}

__uninstrumented static void boot_list_add_tail(struct list_head *entry,
						struct list_head *list)
{
	entry->prev = list->prev;
	entry->next = list;
	list->prev->next = entry;
	list->prev = entry;
}

__uninstrumented static char *boot_cache(enum world_cache which, char *memory,
					 uint32_t cpus)
{
	struct kmem_cache *cache = &world()->cache[which];
	struct pool_sizes pools = cache_pools(&world()->geometry.config, which);
	uint32_t object = 0, cpu, i;

	cache->object_size = cache_object_size(which);
	cache->total = pools_total(pools, cpus);
	cache->flags = which == CACHE_ANON_VMA ? SLAB_DESTROY_BY_RCU : 0;
	cache->objects = memory;
	memory += cache->total * cache->object_size;
	for (cpu = 0; cpu <= cpus; cpu++) {
		struct array_cache *ac = cpu < cpus ? &cache->cpu[cpu] : &cache->node;
		uint32_t count = cpu == cpus ? pools.shared :
				 cpu == 0 ? pools.first : pools.other;

		ac->entry = (void **)memory;
		memory += cache->total * sizeof(void *);
		ac->avail = count;
		/* The lowest address on top, so that it is used first. */
		for (i = 0; i < count; i++)
			ac->entry[count - 1 - i] =
				cache->objects + object++ * cache->object_size;
	}
	/* Memory of the arena is zeroed, which is what the constructor leaves. */
	return (char *)world() + round_up_to((size_t)(memory - (char *)world()), 64);
}

/* Puts single pages of one kind, from pfn on, onto the lists; returns the next pfn. */
__uninstrumented static uint32_t boot_pools(uint32_t pfn, struct pool_sizes pools,
					    int migratetype)
{
	struct world *w = world();
	struct page *map = world_mem_map();
	uint32_t cpu, i;

	for (cpu = 0; cpu < w->geometry.config.cpus; cpu++) {
		struct per_cpu_pages *pcp = &w->cpu[cpu].pageset.pcp;
		uint32_t count = cpu == 0 ? pools.first : pools.other;

		for (i = 0; i < count; i++)
			boot_list_add_tail(&map[pfn++].lru, &pcp->lists[migratetype]);
		pcp->count += (int)count;
	}
	for (i = 0; i < pools.shared; i++)
		boot_list_add_tail(&map[pfn++].lru,
				   &w->zone.free_area[0].free_list[migratetype]);
	w->zone.vm_stat[NR_FREE_PAGES].counter += pools.shared;
	return pfn;
}

__uninstrumented static void boot_pages(void)
{
	struct world *w = world();
	struct world_geometry *g = &w->geometry;
	struct page *map = world_mem_map();
	uint32_t n = g->config.processes, pfn, i;

	for (i = 0; i < g->pages; i++)
		map[i]._mapcount.counter = -1;
	/* Page 0 is never allocated: an entry of 0 is empty. */
	map[0].flags = 1UL << PG_reserved;

	pfn = boot_pools(1, (struct pool_sizes) { TABLE_POOLS(n) }, MIGRATE_UNMOVABLE);
	boot_pools(pfn, (struct pool_sizes) { SINGLE_POOLS(n) }, MIGRATE_MOVABLE);
	for (i = 0; i < g->huge_blocks; i++)
		boot_list_add_tail(&map[g->huge_pfn + i * g->config.subpages].lru,
			&w->zone.free_area[1].free_list[MIGRATE_MOVABLE]);
	w->zone.vm_stat[NR_FREE_PAGES].counter += g->huge_blocks * g->config.subpages;
}

__uninstrumented static void target_boot(const struct cmm_config *config)
{
	struct world *w = vcpu_arena();
	char *memory;
	unsigned i, j;

	w->geometry = world_layout(config);
	memory = (char *)w + w->geometry.slab_offset;
	for (i = 0; i < WORLD_CACHES; i++)
		memory = boot_cache(i, memory, config->cpus);
	for (i = 0; i < 2; i++)
		for (j = 0; j < MIGRATE_PCPTYPES; j++)
			boot_list(&w->zone.free_area[i].free_list[j]);
	for (i = 0; i < NR_LRU_LISTS; i++)
		boot_list(&w->zone.lruvec.lists[i]);
	for (i = 0; i < CMM_CPU_MAX; i++) {
		struct per_cpu_pageset *pageset = &w->cpu[i].pageset;

		for (j = 0; j < MIGRATE_PCPTYPES; j++)
			boot_list(&pageset->pcp.lists[j]);
		pageset->stat_threshold = STAT_THRESHOLD;
	}
	boot_pages();
}
