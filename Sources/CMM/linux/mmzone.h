/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  One node, one zone, per-CPU lists that are never drained. */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/mm_types.h>

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
	NR_INACTIVE_ANON = NR_LRU_BASE,
	NR_ACTIVE_ANON,
	NR_INACTIVE_FILE,
	NR_ACTIVE_FILE,
	NR_UNEVICTABLE,
	NR_ANON_PAGES,
	NR_PAGETABLE,
	NR_ANON_TRANSPARENT_HUGEPAGES,
	NR_VM_ZONE_STAT_ITEMS
};

/* Table pages are unmovable and have content; user pages are movable. */
enum { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_PCPTYPES };

struct zone_reclaim_stat {
	unsigned long recent_rotated[2];
	unsigned long recent_scanned[2];
};

struct lruvec {
	struct list_head lists[NR_LRU_LISTS];
	struct zone_reclaim_stat reclaim_stat;
};

struct free_area {
	struct list_head free_list[MIGRATE_PCPTYPES];
};

struct per_cpu_pages {
	int count;
	struct list_head lists[MIGRATE_PCPTYPES];
};

struct per_cpu_pageset {
	struct per_cpu_pages pcp;
	s8 stat_threshold;
	s8 vm_stat_diff[NR_VM_ZONE_STAT_ITEMS];
};

struct zone {
	spinlock_t lock;
	/* Order 0, and the order of a huge page: nothing else is allocated. */
	struct free_area free_area[2];
	spinlock_t lru_lock;
	struct lruvec lruvec;
	atomic_long_t vm_stat[NR_VM_ZONE_STAT_ITEMS];
};

#endif
