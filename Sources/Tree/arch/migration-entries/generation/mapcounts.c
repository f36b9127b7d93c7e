/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapcounts of kernels with migration entries: a folio counts all entries that map it, and
 * each page its ptes. */
#include <CMM/oracle/mappings.h>

__uninstrumented static void watch_folio(const struct page *head)
{
	vcpu_watch(raw_entire_word(head), sizeof(int));
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
	vcpu_watch(&RAW_FOLIO(head)->_large_mapcount, sizeof(int));
#endif
}

/* Says what the invariants read of the folios that a split has made of one, but the first. */
__uninstrumented static void watch_parts(const struct page *head)
{
	unsigned i;

	for (i = raw_pages_from(head); i < world_subpages(); i += raw_pages_from(&head[i]))
		if (raw_flag(&head[i], PG_head)) {
			watch_folio(&head[i]);
			vcpu_watch(&head[i]._refcount, sizeof(head[i]._refcount));
		}
}

/* Says what of this generation the invariants depend on.  An order is stored with all flags of
 * the second page, some of which are watched. */
__uninstrumented static void watch_generation(const struct page *head)
{
	vcpu_watch_guard(raw_lru_lock(), 0);
	watch_folio(head);
#ifdef MMRACE_HAS_DOUBLE_MAP
	vcpu_watch_bits(&RAW_FLAGS(head + 1), 1ul << PG_double_map);
#endif
}

/* Returns whether a lock holder is entitled to have the folio in pieces. */
__uninstrumented static bool page_in_flux(const struct page *head)
{
	return raw_locked(raw_lru_lock());
}

/* Returns the number of entries that map a folio, over all processes: a huge pmd is one.  It is
 * the huge page of a head, or a part of it. */
__uninstrumented static int mappings_of_all(const struct page *folio, const struct page *head)
{
	unsigned first = folio - head, end = first + raw_pages(folio);
	struct raw_walk walk;
	int count = 0;
	unsigned p, i;

	for (p = 0; p < CMM_MM_MAX; p++) {
		if (!raw_walk(world_process(p), &walk) || !*walk.pmd)
			continue;
		if (*walk.pmd & _PAGE_PSE) {
			count += raw_page(*walk.pmd) == folio;
			continue;
		}
		for (i = first; i < end && i < world_subpages(); i++)
			count += RAW_MAPS(raw_table(*walk.pmd)[i]) &&
				 raw_page(raw_table(*walk.pmd)[i]) == head + i;
	}
	return count;
}

__uninstrumented static const struct vcpu_site *folio_mapcount_breaks(const struct page *folio,
								      const struct page *head,
								      bool entitled)
{
	int mapcount = raw_folio_mapcount(folio), entries = mappings_of_all(folio, head);

	if (mapcount != entries) {
		concern_mappings(folio, head);
		vcpu_concern(raw_entire_word(folio));
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
		vcpu_concern(&RAW_FOLIO(folio)->_large_mapcount);
#endif
	}
	BREAKS_IF(mapcount != entries, "folio_mapcount(folio) != entries that map the folio",
		  NULL, "folio_mapcount is %d, %d %s the folio", mapcount, entries,
		  entries == 1 ? "entry maps" : "entries map");
	return NULL;
}

__uninstrumented static const struct vcpu_site *mapcounts_break(const struct page *head,
								bool whole, bool entitled)
{
	const struct vcpu_site *site;
	unsigned i;

	for (i = 0; i < (whole ? world_subpages() : 1); i += raw_pages_from(&head[i])) {
		int mapcount = raw_mapcount(&head[i]), entries = mappings_of(&head[i], head);

		if (raw_flag(&head[i], PG_head)) {
			site = folio_mapcount_breaks(&head[i], head, entitled);
			if (site)
				return site;
			continue;
		}
		if (mapcount != entries)
			concern_mappings(&head[i], head);
		BREAKS_IF(mapcount != entries,
			  "page_mapcount(page + i) != entries that map page + i",
			  NULL, "page_mapcount of page[%u] is %d, %d %s it", i, mapcount, entries,
			  entries == 1 ? "entry maps" : "entries map");
	}
	return NULL;
}
