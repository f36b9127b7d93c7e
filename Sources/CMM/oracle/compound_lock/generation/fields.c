/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the members of objects in kernels with compound_lock. */
#include <CMM/oracle/fields.h>

#define BATCH_NAME	"lru_add_pvec"

static const struct field page_fields[] = {
	FIELD(struct page, flags),
	FIELD(struct page, mapping),
	FIELD(struct page, index),
	FIELD(struct page, _mapcount),
	FIELD(struct page, _count),
	FIELD(struct page, lru.next),
	FIELD(struct page, lru.prev),
	FIELD(struct page, private),
	{ 0, 0, NULL },
};

static const struct field mm_fields[] = {
	FIELD(struct mm_struct, mmap),
	FIELD(struct mm_struct, pgd),
	FIELD(struct mm_struct, mm_users),
	FIELD(struct mm_struct, mm_count),
	FIELD(struct mm_struct, nr_ptes),
	FIELD(struct mm_struct, map_count),
	FIELD(struct mm_struct, page_table_lock),
	FIELD(struct mm_struct, mmap_sem),
	FIELD(struct mm_struct, rss_stat.count[MM_FILEPAGES]),
	FIELD(struct mm_struct, rss_stat.count[MM_ANONPAGES]),
	FIELD(struct mm_struct, rss_stat.count[MM_SWAPENTS]),
	RAW_MM_FIELDS
	{ 0, 0, NULL },
};

static const struct field vma_fields[] = {
	FIELD(struct vm_area_struct, vm_start),
	FIELD(struct vm_area_struct, vm_end),
	FIELD(struct vm_area_struct, vm_next),
	FIELD(struct vm_area_struct, vm_prev),
	FIELD(struct vm_area_struct, vm_mm),
	FIELD(struct vm_area_struct, vm_page_prot),
	FIELD(struct vm_area_struct, vm_flags),
	FIELD(struct vm_area_struct, anon_vma_chain),
	FIELD(struct vm_area_struct, anon_vma),
	FIELD(struct vm_area_struct, vm_pgoff),
	RAW_VMA_FIELDS
	{ 0, 0, NULL },
};

static const struct field zone_fields[] = {
	FIELD(struct zone, lock),
	FIELD(struct zone, free_area),
	FIELD(struct zone, lru_lock),
	FIELD(struct zone, lruvec.lists),
	FIELD(struct zone, lruvec.reclaim_stat),
	FIELD(struct zone, vm_stat),
	{ 0, 0, NULL },
};

static const struct field pageset_fields[] = {
	FIELD(struct per_cpu_pageset, pcp),
	FIELD(struct per_cpu_pageset, stat_threshold),
	FIELD(struct per_cpu_pageset, vm_stat_diff),
	{ 0, 0, NULL },
};

/* The members of a tail whose names differ from those of any other page. */
static const struct field tail_fields[] = {
	FIELD(struct page, RAW_HEAD_MEMBER),
	{ 0, 0, NULL },
};

/* Names a word of subpage i that has another name while it is a tail. */
__uninstrumented static bool describe_tail(unsigned i, size_t offset, const char *object,
					   char *name, size_t bytes)
{
	return put_member(name, bytes, object, tail_fields, offset);
}

/* Names what only this generation has: nothing. */
__uninstrumented static bool describe_generation(const void *address, char *name, size_t bytes)
{
	return false;
}

/* Says what the value of a word of describe_generation() means: of none. */
__uninstrumented static bool describe_generation_value(const void *address, uint64_t value,
						       char *text, size_t bytes)
{
	return false;
}
