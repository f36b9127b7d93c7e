/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the members of objects in kernels with migration entries. */
#include <CMM/oracle/fields.h>
#include "runtime/tlb.h"

#define BATCH_NAME	"lru_add"

static const struct field page_fields[] = {
	FIELD(struct page, flags),
	FIELD(struct page, mapping),
#ifdef MMRACE_HAS_FOLIO
	FIELD(struct folio, index),
#else
	FIELD(struct page, index),
#endif
	FIELD(struct page, _mapcount),
	FIELD(struct page, _refcount),
	FIELD(struct page, lru.next),
	FIELD(struct page, lru.prev),
	FIELD(struct page, private),
	{ 0, 0, NULL },
};

/* The members that lie in the tails, by their offsets from the head. */
#ifdef MMRACE_HAS_FOLIO
#define FOLIO_FIELD(member)	FIELD(struct folio, member)
#endif
static const struct field folio_fields[] = {
#ifdef MMRACE_HAS_ENTIRE_MAPCOUNT
	FOLIO_FIELD(_entire_mapcount),
#else
	{ sizeof(struct page) + offsetof(struct page, compound_mapcount), sizeof(atomic_t),
	  "compound_mapcount" },
#endif
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
	FOLIO_FIELD(_large_mapcount),
#endif
#ifdef MMRACE_HAS_NR_PAGES_MAPPED
	FOLIO_FIELD(_nr_pages_mapped),
#endif
#ifdef MMRACE_HAS_PINCOUNT
	FOLIO_FIELD(_pincount),
#endif
#ifdef MMRACE_HAS_MM_IDS
	FOLIO_FIELD(_mm_id_mapcount),
	FOLIO_FIELD(_mm_ids),
#endif
#ifdef MMRACE_HAS_DEFERRED_LIST
	FOLIO_FIELD(_deferred_list),
#else
	{ 2 * sizeof(struct page) + offsetof(struct page, deferred_list), sizeof(struct list_head),
	  "deferred_list" },
#endif
	{ 0, 0, NULL },
};

static const struct field head_fields[] = {
	FIELD(struct page, RAW_HEAD_MEMBER),
	{ 0, 0, NULL },
};

static const struct field mm_fields[] = {
	FIELD_AS(struct mm_struct, RAW_VMAS, "vmas"),
	FIELD(struct mm_struct, pgd),
	FIELD(struct mm_struct, mm_users),
	FIELD(struct mm_struct, mm_count),
	FIELD(struct mm_struct, pgtables_bytes),
	FIELD(struct mm_struct, map_count),
	FIELD(struct mm_struct, page_table_lock),
	FIELD(struct mm_struct, mmap_lock),
	FIELD(struct mm_struct, write_protect_seq),
	FIELD(struct mm_struct, rss_stat),
	FIELD(struct mm_struct, hiwater_rss),
	FIELD(struct mm_struct, total_vm),
	FIELD(struct mm_struct, flags),
	FIELD(struct mm_struct, tlb_flush_pending),
#ifdef MMRACE_HAS_MM_LOCK_SEQ
	FIELD(struct mm_struct, mm_lock_seq),
#endif
#ifdef MMRACE_HAS_VMA_REFCNT
	FIELD(struct mm_struct, vma_writer_wait),
#endif
	{ 0, 0, NULL },
};

static const struct field vma_fields[] = {
	FIELD(struct vm_area_struct, vm_start),
	FIELD(struct vm_area_struct, vm_end),
	FIELD(struct vm_area_struct, vm_mm),
	FIELD(struct vm_area_struct, vm_page_prot),
	FIELD(struct vm_area_struct, vm_flags),
	FIELD(struct vm_area_struct, anon_vma_chain),
	FIELD(struct vm_area_struct, anon_vma),
	FIELD(struct vm_area_struct, vm_pgoff),
	FIELD(struct vm_area_struct, vm_ops),
	FIELD(struct vm_area_struct, vm_file),
#ifdef MMRACE_HAS_MM_LOCK_SEQ
	FIELD(struct vm_area_struct, vm_lock_seq),
#endif
#ifdef MMRACE_HAS_VMA_REFCNT
	FIELD(struct vm_area_struct, vm_refcnt),
#endif
	{ 0, 0, NULL },
};

static const struct field zone_fields[] = {
	FIELD(struct zone, lock),
	FIELD(struct zone, free_area),
	FIELD(struct zone, vm_stat),
	{ 0, 0, NULL },
};

static const struct field pageset_fields[] = {
	FIELD(struct per_cpu_pages, lists),
	{ 0, 0, NULL },
};

static const struct field node_fields[] = {
	FIELD_AS(struct pglist_data, __lruvec.lists, "lruvec.lists"),
#ifdef MMRACE_HAS_LRUVEC_LOCK
	FIELD_AS(struct pglist_data, __lruvec.lru_lock, "lruvec.lru_lock"),
#else
	FIELD(struct pglist_data, lru_lock),
#endif
	FIELD(struct pglist_data, deferred_split_queue.split_queue_lock),
	FIELD(struct pglist_data, deferred_split_queue.split_queue),
	FIELD(struct pglist_data, deferred_split_queue.split_queue_len),
	FIELD(struct pglist_data, vm_stat),
	{ 0, 0, NULL },
};

/* Names a word of subpage i that has another name while it is a tail. */
__uninstrumented static bool describe_tail(unsigned i, size_t offset, const char *object,
					   char *name, size_t bytes)
{
	unsigned first = raw_head(world_reported_page() + i) - world_reported_page();
	char folio[24] = "folio";

	if (first && first < i)
		snprintf(folio, sizeof(folio), "folio[%u]", first);
	else
		first = 0;
	return put_member(name, bytes, folio, folio_fields,
			  (i - first) * sizeof(struct page) + offset) ||
	       put_member(name, bytes, object, head_fields, offset);
}

/* Returns the page whose word of runtime/tlb.h lies there; PAGES and more for none. */
__uninstrumented static size_t content_of_page(const void *address)
{
	return ((uintptr_t)address - (uintptr_t)mmrace_tlb.content) / sizeof(mmrace_tlb.content[0]);
}

/* Names what only this generation has: the LRU and the statistics of a node, and what a
 * thread stores. */
__uninstrumented static bool describe_generation(const void *address, char *name, size_t bytes)
{
	const char *node = (const char *)raw_node(), *stats;
	unsigned cpu;

	if (content_of_page(address) < PAGES) {
		snprintf(name, bytes, "content of page %zu", content_of_page(address));
		return true;
	}
	if (put_member(name, bytes, "node", node_fields, (const char *)address - node))
		return true;
	for (cpu = 0; cpu < WORLD_CPUS; cpu++) {
		stats = (const char *)raw_statistics_of(cpu).first;
		if ((size_t)((const char *)address - stats) < raw_statistics_of(cpu).count) {
			snprintf(name, bytes, "statistics of cpu %u", cpu);
			return true;
		}
	}
	return false;
}

/* Says what the word of a page means. */
__uninstrumented static bool describe_generation_value(const void *address, uint64_t value,
						       char *text, size_t bytes)
{
	if (content_of_page(address) >= PAGES)
		return false;
	snprintf(text, bytes, "%s%s", value >> MMRACE_STORED & 1 ? "stored" : "old",
		 value >> MMRACE_CACHED & 1 ? ", in the TLB" : "");
	return true;
}
