/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels that split a huge page by migration entries, as the oracle looks at them: see
 * CMM/oracle/interface.h.  A folio counts the entries that map the whole of it, each page
 * the ptes that map it.
 */
#ifndef GENERATION_NAMES_H
#define GENERATION_NAMES_H

#include <generated/mmrace-features.h>

#define RAW_PAGE_SPLITTING	0
#define RAW_PAGE_NUMA		0
/* A migration or swap entry maps nothing. */
#define RAW_MAPS(entry)		(((entry) & (_PAGE_PRESENT | _PAGE_PROTNONE)) != 0)
#define RAW_COUNT		_refcount
#define RAW_MMAP_LOCK		mmap_lock
#define RAW_TABLES_OF_MM	pgtables_bytes
#define RAW_VMAS		MMRACE_VMAS
#ifdef MMRACE_HAS_PTDESC
#define RAW_TABLE		ptdesc
#else
#define RAW_TABLE		page
#endif
#define RAW_ANON_PAGES		NR_ANON_MAPPED
#define RAW_ANON_THP		NR_ANON_THPS
#define RAW_BATCH		folio_batch
#define RAW_BATCH_PAGES		folios
#define raw_pageset		per_cpu_pages
#define RAW_PIN_BIAS		GUP_PIN_COUNTING_BIAS
#ifdef MMRACE_HAS_SPLIT_TO_ORDER
#define RAW_SPLIT_TO_ORDER	(1u << CMM_SPLIT_TO_ORDER)
#else
#define RAW_SPLIT_TO_ORDER	0
#endif
#ifdef CONFIG_MEMORY_FAILURE
#define RAW_POISON		(1u << CMM_POISON)
#define RAW_POISON_NAME		[PG_hwpoison] = "hwpoison",
#else
#define RAW_POISON		0
#define RAW_POISON_NAME
#endif
#define RAW_OPERATIONS		((CMM_FOLIO_OPERATIONS & ~(1u << CMM_SPLIT_TO_ORDER | \
				  1u << CMM_POISON)) | RAW_SPLIT_TO_ORDER | RAW_POISON)
#define RAW_GENERATION_FLAG_NAMES	\
	RAW_EXCLUSIVE_NAME RAW_PARTIALLY_MAPPED_NAME RAW_POISON_NAME
/* Another flag's bit: in each page of an anonymous folio, and in the second page of a folio. */
#ifdef MMRACE_HAS_ANON_EXCLUSIVE
#define RAW_EXCLUSIVE_NAME	[PG_anon_exclusive] = "anon_exclusive",
#else
#define RAW_EXCLUSIVE_NAME
#endif
#ifdef MMRACE_HAS_PARTIALLY_MAPPED
#define RAW_PARTIALLY_MAPPED_NAME	[PG_partially_mapped] = "partially_mapped",
#else
#define RAW_PARTIALLY_MAPPED_NAME
#endif

#include <CMM/oracle/raw.h>

/* The folio of a head; in a tree without folios, a page. */
#ifdef MMRACE_HAS_FOLIO
#define RAW_FOLIO(head)		((const struct folio *)(head))
#endif

INSPECTS struct vm_area_struct *raw_vma(const struct mm_struct *mm)
{
	return mmrace_vma(mm);
}

/* An array of percpu_counters, of which the first word counts here, or of such words. */
INSPECTS const long *raw_rss(const struct mm_struct *mm, unsigned kind)
{
	if (__builtin_types_compatible_p(__typeof__(mm->rss_stat),
					 struct percpu_counter[NR_MM_COUNTERS]))
		return (const long *)&((const struct percpu_counter *)&mm->rss_stat)[kind].count;
	return &((const atomic_long_t *)&mm->rss_stat)[kind].counter;
}

/* The rest of the bytes is of the tables above, of which there is one of each level at most. */
INSPECTS long raw_nr_ptes(const struct mm_struct *mm)
{
	long bytes = mm->pgtables_bytes.counter;
	struct raw_walk walk;

	raw_walk(mm, &walk);
	if (walk.pgd && *walk.pgd)
		bytes -= PTRS_PER_PUD * sizeof(pud_t);
	if (walk.pud && *walk.pud)
		bytes -= PTRS_PER_PMD * sizeof(pmd_t);
	return bytes / (long)(PTRS_PER_PTE * sizeof(pte_t));
}

#ifdef MMRACE_HAS_DOUBLE_MAP
/* While ptes and a pmd map a page, each of its subpages counts one more; those of a file's
 * count each pmd. */
#define RAW_DOUBLE_MAP(page)	raw_double_map(page)

INSPECTS int raw_double_map(const struct page *page)
{
	const struct page *head = raw_tail(page) ? raw_head(page) : page;

	if (!raw_flag(head, PG_head))
		return 0;
	return raw_is_of_file(head) ? raw_entire_mapcount(head) : raw_flag(head + 1, PG_double_map);
}
#else
#define RAW_DOUBLE_MAP(page)	0
#endif

/* A page that is a table has a type there, which is far below -1. */
INSPECTS int raw_mapcount(const struct page *page)
{
	int count = page->_mapcount.counter + 1;

	return count < 0 ? 0 : count - RAW_DOUBLE_MAP(page);
}

/* The order lies at the bottom of the second page's flags, where folio_set_order() puts it. */
INSPECTS unsigned raw_order(const struct page *head)
{
#ifdef MMRACE_HAS_SPLIT_TO_ORDER
	return RAW_FLAGS(head + 1) & 0xff;
#else
	return HPAGE_PMD_ORDER;
#endif
}

INSPECTS unsigned raw_pages(const struct page *head)
{
	unsigned order = raw_order(head);

	return order < HPAGE_PMD_ORDER ? 1u << order : world_subpages();
}

INSPECTS const int *raw_entire_word(const struct page *head)
{
#ifdef MMRACE_HAS_ENTIRE_MAPCOUNT
	return &RAW_FOLIO(head)->_entire_mapcount.counter;
#else
	return &head[1].compound_mapcount.counter;
#endif
}

INSPECTS int raw_entire_mapcount(const struct page *head)
{
	return *raw_entire_word(head) + 1;
}

/* Returns the number of all entries that map a page of a folio, by its own counts. */
INSPECTS int raw_folio_mapcount(const struct page *head)
{
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
	return RAW_FOLIO(head)->_large_mapcount.counter + 1;
#else
	int count = raw_entire_mapcount(head);
	unsigned i;

	for (i = 0; i < raw_pages(head); i++)
		count += raw_mapcount(head + i);
	return count;
#endif
}

INSPECTS bool raw_is_mapped(const struct page *head)
{
	return (raw_flag(head, PG_head) ? raw_folio_mapcount(head) : raw_mapcount(head)) > 0;
}

INSPECTS const struct list_head *raw_free_list(const struct raw_pageset *pageset, unsigned type)
{
	return &pageset->lists[type];
}

/* Returns the struct page that an address lies in. */
INSPECTS const struct page *raw_page_at(const void *address)
{
	return world_mem_map() + ((const char *)address - (const char *)world_mem_map()) /
				 sizeof(struct page);
}

INSPECTS struct pglist_data *raw_node(void)
{
	return world_zone()->zone_pgdat;
}

INSPECTS const struct list_head *raw_lru(void)
{
	return raw_node()->__lruvec.lists;
}

/* The kernel poisons the last one on purpose: unevictable pages are on no list. */
INSPECTS unsigned raw_lru_lists(void)
{
	return LRU_UNEVICTABLE;
}

INSPECTS const spinlock_t *raw_lru_lock(void)
{
#ifdef MMRACE_HAS_LRUVEC_LOCK
	return &raw_node()->__lruvec.lru_lock;
#else
	return &raw_node()->lru_lock;
#endif
}

INSPECTS const long *raw_statistic(unsigned index)
{
	return &raw_node()->vm_stat[index].counter;
}

INSPECTS struct cmm_counters raw_statistics_of(unsigned cpu)
{
	const struct per_cpu_nodestat *stats = per_cpu_ptr(raw_node()->per_cpu_nodestats, cpu);

	return (struct cmm_counters) {
		.first = stats->vm_node_stat_diff,
		.count = sizeof(stats->vm_node_stat_diff) / sizeof(stats->vm_node_stat_diff[0]),
		.threshold = stats->stat_threshold,
	};
}

#endif
