/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/mm_types.h>
#include <generated/bounds.h>

enum zone_type {
	ZONE_DMA,
	ZONE_NORMAL,
	__MAX_NR_ZONES
};

#define LRU_BASE	0
#define LRU_ACTIVE	1
#define LRU_FILE	2

enum lru_list {
	LRU_INACTIVE_ANON = LRU_BASE,
	LRU_ACTIVE_ANON = LRU_BASE + LRU_ACTIVE,
	LRU_INACTIVE_FILE = LRU_BASE + LRU_FILE,
	LRU_ACTIVE_FILE = LRU_BASE + LRU_FILE + LRU_ACTIVE,
	LRU_UNEVICTABLE,
	NR_LRU_LISTS
};

enum zone_stat_item {
	NR_FREE_PAGES,
	NR_LRU_BASE,
	NR_UNEVICTABLE = NR_LRU_BASE + LRU_UNEVICTABLE,
	NR_ANON_PAGES,
	NR_PAGETABLE,
	NR_ANON_TRANSPARENT_HUGEPAGES,
	NR_VM_ZONE_STAT_ITEMS
};

enum { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_PCPTYPES };
#define MIGRATE_TYPES	MIGRATE_PCPTYPES

#define MAX_ORDER	11

struct zone_reclaim_stat {
	unsigned long recent_rotated[2];
	unsigned long recent_scanned[2];
};

struct lruvec {
	struct list_head lists[NR_LRU_LISTS];
	struct zone_reclaim_stat reclaim_stat;
};

struct free_area {
	struct list_head free_list[MIGRATE_TYPES];
};

struct per_cpu_pages {
	struct list_head lists[MIGRATE_PCPTYPES];
};

struct per_cpu_pageset {
	struct per_cpu_pages pcp;
	s8 stat_threshold;
	s8 vm_stat_diff[NR_VM_ZONE_STAT_ITEMS];
};

struct zone {
	struct per_cpu_pageset __percpu *pageset;
	spinlock_t lock;
	struct free_area free_area[MAX_ORDER];
	spinlock_t lru_lock;
	struct lruvec lruvec;
	atomic_long_t vm_stat[NR_VM_ZONE_STAT_ITEMS];
	struct pglist_data *zone_pgdat;
	unsigned long spanned_pages, present_pages, managed_pages;
	const char *name;
};

/* kernel/bounds.c is compiled to find out how many zones there are. */
#ifndef __GENERATING_BOUNDS_H
struct pglist_data {
	struct zone node_zones[MAX_NR_ZONES];
	int nr_zones;
	unsigned long node_spanned_pages;
	struct page *node_mem_map;
};

extern struct pglist_data contig_page_data;

static inline struct zone *page_zone(const struct page *page)
{
	return &contig_page_data.node_zones[ZONE_NORMAL];
}
#endif

extern struct page *mem_map;

#endif
