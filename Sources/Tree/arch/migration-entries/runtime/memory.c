/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Physical memory, the variables of each CPU, and the state of all that before boot.
 * Not instrumented: everything here happens before there is anything to see it.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "runtime/batch.h"
#include <linux/sched.h>
#include "mm/internal.h"
#include "runtime/folio.h"
#include "runtime/memory.h"

#define ALIGNED(name) __attribute__((aligned(PAGE_SIZE), section(name)))

/*
 * The last thing of the arena, so that the pages that have no content lie where
 * no CPU may look (see tree.lds).
 */
char mmrace_memory[SINGLE_PFN * PAGE_SIZE] ALIGNED(".bss.0memory");
char mmrace_void[(PAGES - SINGLE_PFN) * PAGE_SIZE] ALIGNED(".bss.0void");
struct page mmrace_map[PAGES];
unsigned mmrace_pages_at_boot;

/* Some trees define these in a file that is compiled. */
struct page *mem_map __attribute__((weak));
unsigned long max_mapnr __attribute__((weak));

struct pglist_data contig_page_data;
struct zone *const mmrace_zone = &contig_page_data.node_zones[ZONE_NORMAL];
struct per_cpu_pages mmrace_pagesets[MMRACE_CPUS];
#ifdef MMRACE_HAS_ZONESTAT
#define OF_EACH_CPU	per_cpu_zonestats
static DEFINE_PER_CPU(struct per_cpu_zonestat, zonestats);
#else
/* Its lists of pages are not used: see page_alloc.c. */
#define OF_EACH_CPU	pageset
static DEFINE_PER_CPU(struct per_cpu_pageset, zonestats);
#endif
static DEFINE_PER_CPU(struct per_cpu_nodestat, nodestats);

static char percpu_area[MMRACE_CPUS][PERCPU_BYTES] __attribute__((aligned(64)));
unsigned long __per_cpu_offset[NR_CPUS];
extern char mmrace_percpu_begin[], mmrace_percpu_end[];

static struct task_struct tasks[MMRACE_CPUS];

/*
 * These tasks have no memory of their own: they act on a process from outside, as
 * get_user_pages() of another's does, and its counters are not split by task.
 */
struct task_struct *mmrace_current(void)
{
	return &tasks[vcpu_id()];
}

static void boot_percpu(void)
{
	unsigned long bytes = mmrace_percpu_end - mmrace_percpu_begin;
	int cpu;

	BUG_ON(bytes > PERCPU_BYTES);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		/* A CPU that is not there is the first, for loops over all of them. */
		int area = cpu < MMRACE_CPUS ? cpu : 0;

		memcpy(percpu_area[area], mmrace_percpu_begin, bytes);
		__per_cpu_offset[cpu] = (unsigned long)percpu_area[area] -
					(unsigned long)mmrace_percpu_begin;
	}
}

static void boot_zone(void)
{
	struct pglist_data *node = &contig_page_data;
	struct zone *zone = mmrace_zone;
	unsigned order, type;
	int cpu;

	zone->zone_pgdat = node;
	zone->name = "Normal";
	zone->OF_EACH_CPU = &zonestats;
	zone->spanned_pages = zone->present_pages = PAGES;
	atomic_long_set(&zone->managed_pages, PAGES);
	node->per_cpu_nodestats = &nodestats;
	node->nr_zones = ZONE_NORMAL + 1;
	node->node_spanned_pages = PAGES;
#ifdef MMRACE_HAS_NODE_MEM_MAP
	node->node_mem_map = mmrace_map;
#endif
	spin_lock_init(&zone->lock);
#ifndef MMRACE_HAS_LRUVEC_LOCK
	spin_lock_init(&node->lru_lock);
#endif
	lruvec_init(&node->__lruvec);
	spin_lock_init(&node->deferred_split_queue.split_queue_lock);
	INIT_LIST_HEAD(&node->deferred_split_queue.split_queue);
	for (order = 0; order < ARRAY_SIZE(zone->free_area); order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			INIT_LIST_HEAD(&zone->free_area[order].free_list[type]);
	for (cpu = 0; cpu < MMRACE_CPUS; cpu++) {
		/* Counters are folded at this difference, as on a small machine. */
		per_cpu_ptr(&zonestats, cpu)->stat_threshold = 125;
		per_cpu_ptr(&nodestats, cpu)->stat_threshold = 125;
		for (type = 0; type < MIGRATE_PCPTYPES; type++)
			INIT_LIST_HEAD(&mmrace_pageset(cpu)->lists[type]);
	}
}

static void boot_pools(unsigned pfn, unsigned cpus, struct pool_sizes pools, int type)
{
	unsigned cpu, i;

	for (cpu = 0; cpu < cpus; cpu++)
		for (i = cpu ? pools.other : pools.first; i; i--)
			list_add_tail(&mmrace_map[pfn++].lru,
				      &mmrace_pageset(cpu)->lists[type]);
	for (i = pools.shared; i; i--)
		list_add_tail(&mmrace_map[pfn++].lru,
			      &mmrace_zone->free_area[0].free_list[type]);
	mmrace_pages_at_boot += POOLS_TOTAL(cpus, pools.first, pools.other, pools.shared);
}

void mmrace_boot_memory(unsigned cpus)
{
	unsigned i;

	boot_percpu();
	boot_zone();
	mem_map = mmrace_map;
	max_mapnr = highest_memmap_pfn = max_pfn = PAGES - 1;
	/* Less than 512 MB, and transparent huge pages turn themselves off. */
	atomic_long_set(&_totalram_pages, 1UL << 20);
	for (i = 0; i < PAGES; i++) {
		atomic_set(&mmrace_map[i]._mapcount, -1);
		INIT_LIST_HEAD(&mmrace_map[i].lru);
	}
	/* A page on no list belongs to no CPU. */
	__set_bit(PG_reserved, &FLAGS_OF(&mmrace_map[0]));
	boot_pools(TABLE_PFN, cpus, (struct pool_sizes) { TABLE_POOLS(MMRACE_PROCESSES) },
		   LIST_TABLES);
	boot_pools(SINGLE_PFN, cpus, (struct pool_sizes) { MMRACE_SINGLE_POOLS },
		   LIST_USER);
	for (i = 0; i < BLOCKS; i++)
		list_add_tail(&mmrace_map[HUGE_PFN + i * MMRACE_SUBPAGES].lru,
			&mmrace_zone->free_area[HPAGE_PMD_ORDER].free_list[LIST_USER]);
	mmrace_pages_at_boot += BLOCKS * MMRACE_SUBPAGES;
}
