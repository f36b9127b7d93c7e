/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of objects and of values, for reports. */
#include <linux/rmap.h>
#include <stdio.h>
#include <world/inspect.h>

struct field {
	size_t offset, size;
	const char *name;
};

#define FIELD(type, member, name) \
	{ offsetof(type, member), sizeof(((type *)0)->member), name }

static const struct field page_fields[] = {
	FIELD(struct page, flags, "flags"),
	FIELD(struct page, mapping, "mapping"),
	FIELD(struct page, index, "index"),
	FIELD(struct page, _mapcount, "_mapcount"),
	FIELD(struct page, _count, "_count"),
	FIELD(struct page, lru.next, "lru.next"),
	FIELD(struct page, lru.prev, "lru.prev"),
	FIELD(struct page, private, "private"),
	{ 0, 0, NULL },
};

static const struct field mm_fields[] = {
	FIELD(struct mm_struct, mmap, "mmap"),
	FIELD(struct mm_struct, pgd, "pgd"),
	FIELD(struct mm_struct, mm_users, "mm_users"),
	FIELD(struct mm_struct, mm_count, "mm_count"),
	FIELD(struct mm_struct, nr_ptes, "nr_ptes"),
	FIELD(struct mm_struct, pmd_huge_pte, "pmd_huge_pte"),
	FIELD(struct mm_struct, map_count, "map_count"),
	FIELD(struct mm_struct, page_table_lock, "page_table_lock"),
	FIELD(struct mm_struct, mmap_sem, "mmap_sem"),
	FIELD(struct mm_struct, rss_stat.count[MM_FILEPAGES], "rss_stat.count[MM_FILEPAGES]"),
	FIELD(struct mm_struct, rss_stat.count[MM_ANONPAGES], "rss_stat.count[MM_ANONPAGES]"),
	FIELD(struct mm_struct, rss_stat.count[MM_SWAPENTS], "rss_stat.count[MM_SWAPENTS]"),
	{ 0, 0, NULL },
};

static const struct field vma_fields[] = {
	FIELD(struct vm_area_struct, vm_start, "vm_start"),
	FIELD(struct vm_area_struct, vm_end, "vm_end"),
	FIELD(struct vm_area_struct, vm_next, "vm_next"),
	FIELD(struct vm_area_struct, vm_prev, "vm_prev"),
	FIELD(struct vm_area_struct, vm_mm, "vm_mm"),
	FIELD(struct vm_area_struct, vm_page_prot, "vm_page_prot"),
	FIELD(struct vm_area_struct, vm_flags, "vm_flags"),
	FIELD(struct vm_area_struct, anon_vma_chain, "anon_vma_chain"),
	FIELD(struct vm_area_struct, anon_vma, "anon_vma"),
	FIELD(struct vm_area_struct, vm_pgoff, "vm_pgoff"),
	{ 0, 0, NULL },
};

static const struct field avc_fields[] = {
	FIELD(struct anon_vma_chain, vma, "vma"),
	FIELD(struct anon_vma_chain, anon_vma, "anon_vma"),
	FIELD(struct anon_vma_chain, same_vma, "same_vma"),
	FIELD(struct anon_vma_chain, rb.__rb_parent_color, "rb.__rb_parent_color"),
	FIELD(struct anon_vma_chain, rb.rb_right, "rb.rb_right"),
	FIELD(struct anon_vma_chain, rb.rb_left, "rb.rb_left"),
	FIELD(struct anon_vma_chain, rb_subtree_last, "rb_subtree_last"),
	{ 0, 0, NULL },
};

static const struct field anon_vma_fields[] = {
	FIELD(struct anon_vma, root, "root"),
	FIELD(struct anon_vma, rwsem, "rwsem"),
	FIELD(struct anon_vma, refcount, "refcount"),
	FIELD(struct anon_vma, degree, "degree"),
	FIELD(struct anon_vma, parent, "parent"),
	FIELD(struct anon_vma, rb_root, "rb_root.rb_node"),
	{ 0, 0, NULL },
};

static const struct field zone_fields[] = {
	FIELD(struct zone, lock, "lock"),
	FIELD(struct zone, free_area, "free_area"),
	FIELD(struct zone, lru_lock, "lru_lock"),
	FIELD(struct zone, lruvec.lists, "lruvec.lists"),
	FIELD(struct zone, lruvec.reclaim_stat, "lruvec.reclaim_stat"),
	FIELD(struct zone, vm_stat, "vm_stat"),
	{ 0, 0, NULL },
};

static const struct field cpu_fields[] = {
	FIELD(struct world_cpu, lru_add_pvec, "lru_add_pvec"),
	FIELD(struct world_cpu, pageset.pcp, "pageset.pcp"),
	FIELD(struct world_cpu, pageset.stat_threshold, "pageset.stat_threshold"),
	FIELD(struct world_cpu, pageset.vm_stat_diff, "pageset.vm_stat_diff"),
	{ 0, 0, NULL },
};

__uninstrumented static const char *field_name(const struct field *fields, size_t offset)
{
	for (; fields->name; fields++)
		if (offset >= fields->offset && offset < fields->offset + fields->size)
			return fields->name;
	return NULL;
}

__uninstrumented static bool within(const void *address, const void *start, size_t size)
{
	return (uintptr_t)address - (uintptr_t)start < size;
}

__uninstrumented static bool is_subject_page(const struct page *page)
{
	const struct page *head = world()->subject_page;

	return head && page >= head && page < head + world_subpages();
}

static const char *const tag_names[] = {
	[PAGE_TAG_NONE] = "page",
	[PAGE_TAG_PGD] = "pgd table",
	[PAGE_TAG_PUD] = "pud table",
	[PAGE_TAG_PMD] = "pmd table",
	[PAGE_TAG_PTE] = "pte table",
};

/* An address in mem_map. */
__uninstrumented static bool describe_page(const void *address, char *name, size_t bytes)
{
	const struct page *map = world_mem_map();
	size_t pfn = (size_t)((const char *)address - (const char *)map) / sizeof(*map);
	size_t offset = (size_t)((const char *)address - (const char *)&map[pfn]);
	const struct page *page = &map[pfn];
	const struct page_tag *tag = &page->tag;
	const char *field = field_name(page_fields, offset);

	if (!field)
		return false;
	if (is_subject_page(page)) {
		long i = page - world()->subject_page;

		if (i == 0)
			snprintf(name, bytes, "page->%s", field);
		else if (offset >= offsetof(struct page, first_page) &&
			 raw_flag(page, PG_tail))
			snprintf(name, bytes, "page[%ld]->first_page", i);
		else
			snprintf(name, bytes, "page[%ld]->%s", i, field);
		return true;
	}
	if (offset == offsetof(struct page, ptl) && tag->kind == PAGE_TAG_PMD) {
		snprintf(name, bytes, "ptl of mm %u's pmd", tag->mm);
	} else if (offset == offsetof(struct page, ptl) && tag->kind == PAGE_TAG_PTE) {
		snprintf(name, bytes, "ptl of mm %u's ptes", tag->mm);
	} else if (offset == offsetof(struct page, pmd_huge_pte) &&
		   tag->kind == PAGE_TAG_PMD) {
		snprintf(name, bytes, "deposited pte table of mm %u's pmd", tag->mm);
	} else if (tag->kind != PAGE_TAG_NONE) {
		snprintf(name, bytes, "%s of mm %u: page->%s",
			 tag_names[tag->kind], tag->mm, field);
	} else {
		snprintf(name, bytes, "page %zu->%s", pfn, field);
	}
	return true;
}

/* An address in the content of a page. */
__uninstrumented static bool describe_table(const void *address, char *name, size_t bytes)
{
	size_t offset = (size_t)((const char *)address - world_memory());
	size_t pfn = offset >> PAGE_SHIFT, index = (offset & ~PAGE_MASK) / 8;
	const struct page_tag *tag = &world_mem_map()[pfn].tag;

	switch (tag->kind) {
	case PAGE_TAG_PTE:
		snprintf(name, bytes, "pte %zu of mm %u", index, tag->mm);
		return true;
	case PAGE_TAG_PMD:
		snprintf(name, bytes, "pmd of mm %u", tag->mm);
		return true;
	case PAGE_TAG_PUD:
		snprintf(name, bytes, "pud of mm %u", tag->mm);
		return true;
	case PAGE_TAG_PGD:
		snprintf(name, bytes, "pgd of mm %u", tag->mm);
		return true;
	}
	snprintf(name, bytes, "word %zu of page %zu", index, pfn);
	return true;
}

/* An address in an object of a cache. */
__uninstrumented static bool describe_object(const void *address, enum world_cache which,
					     char *name, size_t bytes)
{
	static const struct field *const fields[WORLD_CACHES] = {
		[CACHE_MM] = mm_fields, [CACHE_VMA] = vma_fields,
		[CACHE_AVC] = avc_fields, [CACHE_ANON_VMA] = anon_vma_fields,
	};
	const struct kmem_cache *cache = &world()->cache[which];
	size_t index = (size_t)((const char *)address - cache->objects) / cache->object_size;
	const char *object = cache->objects + index * cache->object_size;
	const char *field = field_name(fields[which], (size_t)((const char *)address - object));
	unsigned p;

	if (!field)
		return false;
	switch (which) {
	case CACHE_MM:
		p = world_mm_index((const void *)object);
		if (p < CMM_MM_MAX)
			snprintf(name, bytes, "mm %u->%s", p, field);
		else
			snprintf(name, bytes, "mm_struct #%zu->%s", index, field);
		return true;
	case CACHE_VMA:
		for (p = 0; p < CMM_MM_MAX; p++) {
			const struct mm_struct *mm = world()->process[p].mm;

			if (mm && (const char *)mm->mmap == object) {
				snprintf(name, bytes, "vma of mm %u->%s", p, field);
				return true;
			}
		}
		snprintf(name, bytes, "vma #%zu->%s", index, field);
		return true;
	case CACHE_AVC:
		snprintf(name, bytes, "avc %zu->%s", index, field);
		return true;
	default:
		if (index == 0)
			snprintf(name, bytes, "anon_vma->%s", field);
		else
			snprintf(name, bytes, "anon_vma %zu->%s", index, field);
		return true;
	}
}

__uninstrumented static bool subject_describe(const void *address, char *name, size_t bytes)
{
	struct world *w = world();
	const struct world_geometry *g = &w->geometry;
	unsigned i;

	if (!within(address, w, g->bytes))
		return false;
	if (within(address, world_mem_map(), g->pages * sizeof(struct page)))
		return describe_page(address, name, bytes);
	if (within(address, world_memory(), (size_t)g->table_pages * PAGE_SIZE))
		return describe_table(address, name, bytes);
	if (within(address, &w->zone, sizeof(w->zone))) {
		const char *field = field_name(zone_fields,
			(size_t)((const char *)address - (const char *)&w->zone));

		if (field)
			snprintf(name, bytes, "zone->%s", field);
		return field != NULL;
	}
	for (i = 0; i < CMM_CPU_MAX; i++) {
		if (within(address, &w->cpu[i], sizeof(w->cpu[i]))) {
			const char *field = field_name(cpu_fields,
				(size_t)((const char *)address - (const char *)&w->cpu[i]));

			if (field)
				snprintf(name, bytes, "%s of cpu %u", field, i);
			return field != NULL;
		}
	}
	for (i = 0; i < WORLD_CACHES; i++) {
		const struct kmem_cache *cache = &w->cache[i];
		static const char *const names[WORLD_CACHES] = {
			"mm_cachep", "vm_area_cachep", "anon_vma_chain_cachep",
			"anon_vma_cachep",
		};

		if (within(address, cache->objects, cache->total * cache->object_size))
			return describe_object(address, i, name, bytes);
		if (within(address, &cache->list_lock, sizeof(cache->list_lock))) {
			snprintf(name, bytes, "%s->list_lock", names[i]);
			return true;
		}
		if (within(address, cache, sizeof(*cache))) {
			snprintf(name, bytes, "%s", names[i]);
			return true;
		}
	}
	return false;
}

/* Appends a word, with a separator unless it is the first. */
__uninstrumented static void append(char *text, size_t bytes, const char *separator,
				    const char *word)
{
	size_t length = 0;

	while (length < bytes && text[length])
		length++;
	if (length < bytes)
		snprintf(text + length, bytes - length, "%s%s",
			 length ? separator : "", word);
}

__uninstrumented static void describe_flags(uint64_t value, char *text, size_t bytes)
{
	static const char *const names[__NR_PAGEFLAGS] = {
		"locked", "error", "referenced", "uptodate", "dirty", "lru",
		"active", "slab", "owner_priv_1", "arch_1", "reserved",
		"private", "private_2", "writeback", "head", "tail",
		"swapcache", "mappedtodisk", "reclaim", "swapbacked",
		"unevictable", "mlocked", "uncached", "hwpoison",
		"compound_lock",
	};
	unsigned i;

	text[0] = '\0';
	for (i = 0; i < __NR_PAGEFLAGS; i++)
		if (value >> i & 1)
			append(text, bytes, "|", names[i]);
	if (!text[0])
		snprintf(text, bytes, "0");
}

__uninstrumented static void describe_entry(uint64_t value, bool is_pmd, char *text,
					    size_t bytes)
{
	if (!value) {
		snprintf(text, bytes, "0 (none)");
		return;
	}
	text[0] = '\0';
	if (is_pmd && !(value & _PAGE_PSE)) {
		append(text, bytes, " ", "table");
		return;
	}
	if (is_pmd)
		append(text, bytes, " ", "huge");
	if (value & _PAGE_PRESENT)
		append(text, bytes, " ", "present");
	else
		append(text, bytes, " ", value & _PAGE_NUMA ? "numa" : "not-present");
	if (is_pmd && (value & _PAGE_SPLITTING))
		append(text, bytes, " ", "splitting");
	append(text, bytes, " ", value & _PAGE_RW ? "rw" : "ro");
}

/* A pointer to something that has a name; an address would say nothing. */
__uninstrumented static bool describe_pointer(uint64_t value, char *text, size_t bytes)
{
	char name[80];

	/* An anonymous page's mapping has a bit at its bottom. */
	if (!subject_describe((void *)(uintptr_t)(value & ~7ull), name, sizeof(name)))
		return false;
	snprintf(text, bytes, "&%s", name);
	return true;
}

__uninstrumented static bool subject_describe_value(const void *address, uint64_t value,
						    char *text, size_t bytes)
{
	const struct world_geometry *g = &world()->geometry;
	struct page *map = world_mem_map();

	if (!bytes)
		return false;
	if (within(address, map, g->pages * sizeof(struct page))) {
		size_t offset = (size_t)((const char *)address - (const char *)map) %
				sizeof(struct page);

		if (offset != offsetof(struct page, flags))
			return describe_pointer(value, text, bytes);
		describe_flags(value, text, bytes);
		return true;
	}
	if (within(address, world_memory(), (size_t)g->table_pages * PAGE_SIZE)) {
		const struct page_tag *tag =
			&raw_page_of(address)->tag;

		if (tag->kind == PAGE_TAG_NONE)
			return false;
		if (tag->kind != PAGE_TAG_PTE && tag->kind != PAGE_TAG_PMD) {
			snprintf(text, bytes, value ? "table" : "0 (none)");
			return true;
		}
		describe_entry(value, tag->kind == PAGE_TAG_PMD, text, bytes);
		return true;
	}
	return describe_pointer(value, text, bytes);
}
