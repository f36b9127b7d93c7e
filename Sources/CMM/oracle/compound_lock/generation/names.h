/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels that split a huge page under compound_lock, as the oracle looks at them: see
 * oracle/interface.h.  Both sides have this generation, the port and trees.
 */
#ifndef ORACLE_COMPOUND_LOCK_NAMES_H
#define ORACLE_COMPOUND_LOCK_NAMES_H

#define RAW_PAGE_SPLITTING	_PAGE_SPLITTING
#define RAW_PAGE_NUMA		_PAGE_NUMA
#define RAW_MAPS(entry)		((entry) != 0)
#define RAW_COUNT		_count
#define RAW_MMAP_LOCK		mmap_sem
#define RAW_TABLES_OF_MM	nr_ptes
#define RAW_VMAS		mmap
#define RAW_TABLE		page
#define RAW_ANON_PAGES		NR_ANON_PAGES
#define RAW_ANON_THP		NR_ANON_TRANSPARENT_HUGEPAGES
#define RAW_BATCH		pagevec
#define RAW_BATCH_PAGES		pages
#define raw_pageset		per_cpu_pageset

/* No operation takes a pin of a device. */
#define RAW_PIN_BIAS		0
#define RAW_OPERATIONS		CMM_ALL_OPERATIONS
#define RAW_GENERATION_FLAG_NAMES						\
	[PG_error] = "error", [PG_slab] = "slab", [PG_mappedtodisk] = "mappedtodisk",	\
	[PG_compound_lock] = "compound_lock",

#include <CMM/oracle/raw.h>

INSPECTS struct vm_area_struct *raw_vma(const struct mm_struct *mm)
{
	return mm->mmap;
}

INSPECTS const long *raw_rss(const struct mm_struct *mm, unsigned kind)
{
	return &mm->rss_stat.count[kind].counter;
}

INSPECTS long raw_nr_ptes(const struct mm_struct *mm)
{
	return mm->nr_ptes.counter;
}

INSPECTS int raw_mapcount(const struct page *page)
{
	return page->_mapcount.counter + 1;
}

/* No split makes compound pages that are smaller. */
INSPECTS unsigned raw_pages(const struct page *head)
{
	return world_subpages();
}

/* A head's is that of the whole page; a tail's are its pins. */
INSPECTS int raw_entire_mapcount(const struct page *head)
{
	return raw_mapcount(head);
}

INSPECTS bool raw_is_mapped(const struct page *head)
{
	return raw_mapcount(head) > 0;
}

INSPECTS const struct list_head *raw_free_list(const struct raw_pageset *pageset, unsigned type)
{
	return &pageset->pcp.lists[type];
}

INSPECTS const struct list_head *raw_lru(void)
{
	return world_zone()->lruvec.lists;
}

INSPECTS unsigned raw_lru_lists(void)
{
	return NR_LRU_LISTS;
}

INSPECTS const spinlock_t *raw_lru_lock(void)
{
	return &world_zone()->lru_lock;
}

INSPECTS const long *raw_statistic(unsigned index)
{
	return &world_zone()->vm_stat[index].counter;
}

INSPECTS struct cmm_counters raw_statistics_of(unsigned cpu)
{
	const struct raw_pageset *pageset = world_pageset(cpu);

	return (struct cmm_counters) {
		.first = pageset->vm_stat_diff,
		.count = sizeof(pageset->vm_stat_diff) / sizeof(pageset->vm_stat_diff[0]),
		.threshold = pageset->stat_threshold,
	};
}

#endif
