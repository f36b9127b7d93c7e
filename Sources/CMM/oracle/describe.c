/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of objects, for reports; scenarios choose by them what a diagram shows.
 * A member that is not in a table here, or in the generation's fields.c, which is included
 * before, is named by its offset.
 */
#include "fields.h"

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
	RAW_ANON_VMA_FIELDS
	FIELD_AS(struct anon_vma, rb_root, "rb_root.rb_node"),
	{ 0, 0, NULL },
};

static const struct field no_fields[] = { { 0, 0, NULL } };

__uninstrumented static bool within(const void *address, const void *start, size_t size)
{
	return (uintptr_t)address - (uintptr_t)start < size;
}

/* Writes "OBJECT->MEMBER", or "OBJECT+OFFSET". */
__uninstrumented static bool put_field(char *name, size_t bytes, const char *object,
				       const struct field *fields, size_t offset)
{
	if (!put_member(name, bytes, object, fields, offset))
		snprintf(name, bytes, "%s+%zu", object, offset);
	return true;
}

/* Names the subpages of the page that reports speak of. */
__uninstrumented static bool describe_subpage(const struct page *page, size_t offset,
					      char *name, size_t bytes)
{
	long i = page - world_reported_page();
	char object[24];

	if (i == 0)
		return put_field(name, bytes, "page", page_fields, offset);
	snprintf(object, sizeof(object), "page[%ld]", i);
	return (raw_tail(page) && describe_tail(i, offset, object, name, bytes)) ||
	       put_field(name, bytes, object, page_fields, offset);
}

static const char *const level_names[] = {
	[LEVEL_PGD] = "pgd", [LEVEL_PUD] = "pud", [LEVEL_PMD] = "pmd", [LEVEL_PTE] = "pte",
};

/* Names the members that only the page of a table has. */
__uninstrumented static bool describe_table_page(enum world_level level, unsigned mm,
						 size_t offset, char *name, size_t bytes)
{
	char object[40];

	if (offset - offsetof(struct RAW_TABLE, ptl) < sizeof(spinlock_t) &&
	    (level == LEVEL_PMD || level == LEVEL_PTE)) {
		snprintf(name, bytes, "ptl of mm %u's %s", mm,
			 level == LEVEL_PMD ? "pmd" : "ptes");
		return true;
	}
#if RAW_HAS_PAGE_DEPOSIT
	if (offset - offsetof(struct RAW_TABLE, pmd_huge_pte) < sizeof(pgtable_t) &&
	    level == LEVEL_PMD) {
		snprintf(name, bytes, "deposited pte table of mm %u's pmd", mm);
		return true;
	}
#endif
	snprintf(object, sizeof(object), "%s table of mm %u: page", level_names[level],
		 mm);
	return put_field(name, bytes, object, page_fields, offset);
}

/* Names an address in mem_map. */
__uninstrumented static bool describe_page(const void *address, char *name, size_t bytes)
{
	size_t at = (const char *)address - (const char *)world_mem_map();
	size_t pfn = at / sizeof(struct page), offset = at % sizeof(struct page);
	const struct page *page = &world_mem_map()[pfn], *head = world_reported_page();
	const struct mm_struct *mm;
	enum world_level level;
	char object[24];

	if (head && page >= head && page < head + world_subpages())
		return describe_subpage(page, offset, name, bytes);
	level = raw_level(page, &mm);
	if (level != LEVEL_NONE)
		return describe_table_page(level, raw_process_of(mm), offset, name, bytes);
	snprintf(object, sizeof(object), "page %zu", pfn);
	return put_field(name, bytes, object, page_fields, offset);
}

/* Names an address in the content of a page. */
__uninstrumented static bool describe_entry(const void *address, char *name, size_t bytes)
{
	size_t offset = (const char *)address - world_memory();
	size_t pfn = offset >> PAGE_SHIFT, index = (offset & ~PAGE_MASK) / 8;
	const struct mm_struct *mm;
	enum world_level level = raw_level(&world_mem_map()[pfn], &mm);

	if (level == LEVEL_NONE)
		snprintf(name, bytes, "word %zu of page %zu", index, pfn);
	else if (level == LEVEL_PTE)
		snprintf(name, bytes, "pte %zu of mm %u", index, raw_process_of(mm));
	else
		snprintf(name, bytes, "%s of mm %u", level_names[level], raw_process_of(mm));
	return true;
}

/* Returns the number of the process that it is of, or CMM_MM_MAX. */
__uninstrumented static unsigned process_of_vma(const void *vma)
{
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++)
		if (world_process(p) && raw_vma(world_process(p)) == vma)
			break;
	return p;
}

/* The names of the kernel's variables, and of the objects in them. */
static const struct kind {
	const char *variable, *object;
	const struct field *fields;
} kinds[WORLD_CACHES] = {
	[CACHE_MM] = { "mm_cachep", "mm_struct", mm_fields },
	[CACHE_VMA] = { "vm_area_cachep", "vma", vma_fields },
	[CACHE_AVC] = { "anon_vma_chain_cachep", "avc", avc_fields },
	[CACHE_ANON_VMA] = { "anon_vma_cachep", "anon_vma", anon_vma_fields },
};

__uninstrumented static bool describe_object(const struct raw_cache *cache,
					     const void *address, char *name, size_t bytes)
{
	const struct kind *kind = cache->kind < WORLD_CACHES ? &kinds[cache->kind] : NULL;
	size_t index = ((const char *)address - cache->objects) / cache->size;
	const char *start = cache->objects + index * cache->size;
	unsigned p = CMM_MM_MAX;
	char object[40];

	snprintf(object, sizeof(object), "%s #%zu", kind ? kind->object : cache->name, index);
	switch (cache->kind) {
	case CACHE_MM:
		p = raw_process_of((const void *)start);
		if (p < CMM_MM_MAX)
			snprintf(object, sizeof(object), "mm %u", p);
		break;
	case CACHE_VMA:
		p = process_of_vma(start);
		if (p < CMM_MM_MAX)
			snprintf(object, sizeof(object), "vma of mm %u", p);
		break;
	case CACHE_AVC:
		snprintf(object, sizeof(object), "avc %zu", index);
		break;
	case CACHE_ANON_VMA:
		/* The first one is that of the page that reports speak of. */
		snprintf(object, sizeof(object), index ? "anon_vma %zu" : "anon_vma", index);
		break;
	case WORLD_CACHES:
		break;
	}
	return put_field(name, bytes, object, kind ? kind->fields : no_fields,
			 (const char *)address - start);
}

__uninstrumented static bool describe_cache(const struct raw_cache *cache,
					    const void *address, char *name, size_t bytes)
{
	const char *variable = cache->kind < WORLD_CACHES ? kinds[cache->kind].variable :
			       cache->name;

	if (within(address, cache->objects, cache->total * cache->size))
		return describe_object(cache, address, name, bytes);
	if (!within(address, cache->self, cache->self_bytes))
		return false;
	snprintf(name, bytes, within(address, cache->lock, sizeof(*cache->lock)) ?
			      "%s->list_lock" : "%s", variable);
	return true;
}

/* Names the lists that each CPU has for itself. */
__uninstrumented static bool describe_cpu(unsigned cpu, const void *address, char *name,
					  size_t bytes)
{
	const struct raw_pageset *pageset = world_pageset(cpu);
	const struct RAW_BATCH *waiting = world_batch(cpu);
	char object[24];

	if (waiting && within(address, waiting, sizeof(*waiting))) {
		snprintf(name, bytes, BATCH_NAME " of cpu %u", cpu);
		return true;
	}
	if (!within(address, pageset, sizeof(*pageset)))
		return false;
	snprintf(object, sizeof(object), "pageset of cpu %u", cpu);
	return put_field(name, bytes, object, pageset_fields,
			 (const char *)address - (const char *)pageset);
}

__uninstrumented static bool world_describe(const void *address, char *name, size_t bytes)
{
	struct raw_cache cache;
	unsigned i;

	if (within(address, world_mem_map(), world_pages() * sizeof(struct page)))
		return describe_page(address, name, bytes);
	if (within(address, world_memory(), world_memory_bytes()))
		return describe_entry(address, name, bytes);
	if (describe_generation(address, name, bytes))
		return true;
	if (within(address, world_zone(), sizeof(*world_zone())))
		return put_field(name, bytes, "zone", zone_fields,
				 (const char *)address - (const char *)world_zone());
	for (i = 0; i < WORLD_CPUS; i++)
		if (describe_cpu(i, address, name, bytes))
			return true;
	for (i = 0; i < world_caches(); i++) {
		cache = raw_cache_at(i);
		if (describe_cache(&cache, address, name, bytes))
			return true;
	}
	return false;
}
