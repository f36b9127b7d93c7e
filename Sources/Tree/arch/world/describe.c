/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of objects, for reports: those that the port gives them, as scenarios
 * choose by them what a diagram shows.  A member that is not in a table here is
 * named by where it is.
 */
#include <linux/mm.h>
#include <linux/pagevec.h>
#include <linux/rmap.h>
#include "world.h"

struct field {
	size_t offset, size;
	const char *name;
};

#define FIELD(type, member)		FIELD_AS(type, member, #member)
#define FIELD_AS(type, member, name)	\
	{ offsetof(type, member), sizeof(((type *)0)->member), name }

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
	FIELD(struct mm_struct, mm_rb),
	FIELD(struct mm_struct, pgd),
	FIELD(struct mm_struct, mm_users),
	FIELD(struct mm_struct, mm_count),
	FIELD(struct mm_struct, nr_ptes),
#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && !USE_SPLIT_PMD_PTLOCKS
	FIELD(struct mm_struct, pmd_huge_pte),
#endif
	FIELD(struct mm_struct, map_count),
	FIELD(struct mm_struct, page_table_lock),
	FIELD(struct mm_struct, mmap_sem),
	FIELD(struct mm_struct, hiwater_rss),
	FIELD(struct mm_struct, total_vm),
	FIELD(struct mm_struct, flags),
	FIELD(struct mm_struct, mmu_notifier_mm),
	FIELD(struct mm_struct, rss_stat.count[MM_FILEPAGES]),
	FIELD(struct mm_struct, rss_stat.count[MM_ANONPAGES]),
	FIELD(struct mm_struct, rss_stat.count[MM_SWAPENTS]),
	{ 0, 0, NULL },
};

static const struct field vma_fields[] = {
	FIELD(struct vm_area_struct, vm_start),
	FIELD(struct vm_area_struct, vm_end),
	FIELD(struct vm_area_struct, vm_next),
	FIELD(struct vm_area_struct, vm_prev),
	FIELD(struct vm_area_struct, vm_rb),
	FIELD(struct vm_area_struct, vm_mm),
	FIELD(struct vm_area_struct, vm_page_prot),
	FIELD(struct vm_area_struct, vm_flags),
	FIELD(struct vm_area_struct, anon_vma_chain),
	FIELD(struct vm_area_struct, anon_vma),
	FIELD(struct vm_area_struct, vm_ops),
	FIELD(struct vm_area_struct, vm_pgoff),
	FIELD(struct vm_area_struct, vm_file),
	{ 0, 0, NULL },
};

static const struct field avc_fields[] = {
	FIELD(struct anon_vma_chain, vma),
	FIELD(struct anon_vma_chain, anon_vma),
	FIELD(struct anon_vma_chain, same_vma),
	FIELD(struct anon_vma_chain, rb.__rb_parent_color),
	FIELD(struct anon_vma_chain, rb.rb_right),
	FIELD(struct anon_vma_chain, rb.rb_left),
	FIELD(struct anon_vma_chain, rb_subtree_last),
	{ 0, 0, NULL },
};

static const struct field anon_vma_fields[] = {
	FIELD(struct anon_vma, root),
	FIELD(struct anon_vma, rwsem),
	FIELD(struct anon_vma, refcount),
#if ANON_VMA_HAS_DEGREE
	FIELD(struct anon_vma, degree),
	FIELD(struct anon_vma, parent),
#endif
	FIELD_AS(struct anon_vma, rb_root, "rb_root.rb_node"),
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

static const struct field no_fields[] = { { 0, 0, NULL } };

static bool within(const void *address, const void *start, size_t size)
{
	return (uintptr_t)address - (uintptr_t)start < size;
}

/* "OBJECT->MEMBER" */
static bool put_field(char *name, size_t bytes, const char *object,
		      const struct field *fields, size_t offset)
{
	for (; fields->name; fields++) {
		if (offset - fields->offset < fields->size) {
			snprintf(name, bytes, "%s->%s", object, fields->name);
			return true;
		}
	}
	snprintf(name, bytes, "%s+%zu", object, offset);
	return true;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 3, 0)
#define HEAD_MEMBER compound_head
#else
#define HEAD_MEMBER first_page
#endif
#define NAME(macro)	NAME_(macro)
#define NAME_(macro)	#macro

/* The subpages of the page that reports speak of. */
static bool describe_subject(const struct page *page, size_t offset, char *name, size_t bytes)
{
	long i = page - mmrace_world.subject_page;
	char object[24];

	if (i == 0)
		return put_field(name, bytes, "page", page_fields, offset);
	snprintf(object, sizeof(object), "page[%ld]", i);
	if (offset - offsetof(struct page, HEAD_MEMBER) >= sizeof(page->HEAD_MEMBER) ||
	    !raw_tail(page))
		return put_field(name, bytes, object, page_fields, offset);
	snprintf(name, bytes, "%s->%s", object, NAME(HEAD_MEMBER));
	return true;
}

/* What only the page of a table has. */
static bool describe_table_page(const struct mmrace_table *table, size_t offset, char *name,
				size_t bytes)
{
	static const char *const names[] = {
		[LEVEL_PGD] = "pgd", [LEVEL_PUD] = "pud", [LEVEL_PMD] = "pmd",
		[LEVEL_PTE] = "pte",
	};
	char object[40];

#if USE_SPLIT_PTE_PTLOCKS
	if (offset - offsetof(struct page, ptl) < sizeof(spinlock_t) &&
	    (table->level == LEVEL_PMD || table->level == LEVEL_PTE)) {
		snprintf(name, bytes, "ptl of mm %u's %s", table->mm,
			 table->level == LEVEL_PMD ? "pmd" : "ptes");
		return true;
	}
#endif
#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && USE_SPLIT_PMD_PTLOCKS
	if (offset - offsetof(struct page, pmd_huge_pte) < sizeof(pgtable_t) &&
	    table->level == LEVEL_PMD) {
		snprintf(name, bytes, "deposited pte table of mm %u's pmd", table->mm);
		return true;
	}
#endif
	snprintf(object, sizeof(object), "%s table of mm %u: page", names[table->level],
		 table->mm);
	return put_field(name, bytes, object, page_fields, offset);
}

/* An address in mem_map. */
static bool describe_page(const void *address, char *name, size_t bytes)
{
	size_t at = (const char *)address - (const char *)mmrace_map;
	size_t pfn = at / sizeof(struct page), offset = at % sizeof(struct page);
	const struct page *page = &mmrace_map[pfn], *head = mmrace_world.subject_page;
	char object[24];

	if (head && page >= head && page < head + MMRACE_SUBPAGES)
		return describe_subject(page, offset, name, bytes);
	if (pfn < SINGLE_PFN && mmrace_table[pfn].level != LEVEL_NONE)
		return describe_table_page(&mmrace_table[pfn], offset, name, bytes);
	snprintf(object, sizeof(object), "page %zu", pfn);
	return put_field(name, bytes, object, page_fields, offset);
}

/* An address in the content of a page. */
static bool describe_entry(const void *address, char *name, size_t bytes)
{
	size_t offset = (const char *)address - mmrace_memory;
	size_t pfn = offset >> PAGE_SHIFT, index = (offset & ~PAGE_MASK) / 8;
	const struct mmrace_table *table = &mmrace_table[pfn];

	switch (table->level) {
	case LEVEL_PTE:
		snprintf(name, bytes, "pte %zu of mm %u", index, table->mm);
		return true;
	case LEVEL_PMD:
		snprintf(name, bytes, "pmd of mm %u", table->mm);
		return true;
	case LEVEL_PUD:
		snprintf(name, bytes, "pud of mm %u", table->mm);
		return true;
	case LEVEL_PGD:
		snprintf(name, bytes, "pgd of mm %u", table->mm);
		return true;
	}
	snprintf(name, bytes, "word %zu of page %zu", index, pfn);
	return true;
}

/* The process that an object is of, or CMM_MM_MAX. */
static unsigned process_of_vma(const void *vma)
{
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++) {
		const struct mm_struct *mm = mmrace_world.process[p];

		if (mm && mm->mmap == vma)
			break;
	}
	return p;
}

/* Caches by name, as the kernel calls its variables, and what is in them. */
static const struct kind {
	const char *cache, *variable, *object;
	const struct field *fields;
} kinds[] = {
	{ "mm_struct", "mm_cachep", "mm_struct", mm_fields },
	{ "vm_area_struct", "vm_area_cachep", "vma", vma_fields },
	{ "anon_vma_chain", "anon_vma_chain_cachep", "avc", avc_fields },
	{ "anon_vma", "anon_vma_cachep", "anon_vma", anon_vma_fields },
};

static bool describe_object(const struct mmrace_cache *cache, const struct kind *kind,
			    const void *address, char *name, size_t bytes)
{
	size_t index = ((const char *)address - cache->objects) / cache->size;
	const char *start = cache->objects + index * cache->size;
	const struct field *fields = kind ? kind->fields : no_fields;
	char object[40];
	unsigned p;

	snprintf(object, sizeof(object), "%s #%zu", kind ? kind->object : cache->name, index);
	if (fields == mm_fields) {
		p = mmrace_process_of((const void *)start);
		if (p < CMM_MM_MAX)
			snprintf(object, sizeof(object), "mm %u", p);
	} else if (fields == vma_fields) {
		p = process_of_vma(start);
		if (p < CMM_MM_MAX)
			snprintf(object, sizeof(object), "vma of mm %u", p);
	} else if (fields == avc_fields || (fields == anon_vma_fields && index)) {
		snprintf(object, sizeof(object), "%s %zu", kind->object, index);
	} else if (fields == anon_vma_fields) {
		snprintf(object, sizeof(object), "anon_vma");
	}
	return put_field(name, bytes, object, fields, (const char *)address - start);
}

static bool describe_cache(const struct mmrace_cache *cache, const void *address, char *name,
			   size_t bytes)
{
	const struct kind *kind = NULL;
	const char *variable = cache->name;
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].cache, cache->name))
			kind = &kinds[i];
	if (kind)
		variable = kind->variable;
	if (within(address, cache->objects, cache->total * cache->size))
		return describe_object(cache, kind, address, name, bytes);
	if (within(address, &cache->lock, sizeof(cache->lock))) {
		snprintf(name, bytes, "%s->list_lock", variable);
		return true;
	}
	if (within(address, cache, sizeof(*cache))) {
		snprintf(name, bytes, "%s", variable);
		return true;
	}
	return false;
}

/* What each CPU has for itself. */
static bool describe_cpu(int cpu, const void *address, char *name, size_t bytes)
{
	const struct per_cpu_pageset *pageset = mmrace_pageset(cpu);
	const struct pagevec *waiting = raw_pagevec(cpu);
	char object[24];

	if (waiting && within(address, waiting, sizeof(*waiting))) {
		snprintf(name, bytes, "lru_add_pvec of cpu %d", cpu);
		return true;
	}
	if (!within(address, pageset, sizeof(*pageset)))
		return false;
	snprintf(object, sizeof(object), "pageset of cpu %d", cpu);
	return put_field(name, bytes, object, pageset_fields,
			 (const char *)address - (const char *)pageset);
}

bool mmrace_describe(const void *address, char *name, size_t bytes)
{
	unsigned i;

	if (within(address, mmrace_map, sizeof(mmrace_map)))
		return describe_page(address, name, bytes);
	if (within(address, mmrace_memory, sizeof(mmrace_memory)))
		return describe_entry(address, name, bytes);
	if (within(address, mmrace_zone, sizeof(*mmrace_zone)))
		return put_field(name, bytes, "zone", zone_fields,
				 (const char *)address - (const char *)mmrace_zone);
	for (i = 0; i < MMRACE_CPUS; i++)
		if (describe_cpu(i, address, name, bytes))
			return true;
	for (i = 0; i < mmrace_caches; i++)
		if (describe_cache(&mmrace_cache[i], address, name, bytes))
			return true;
	return false;
}
