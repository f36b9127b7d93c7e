/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapcounts of kernels with migration entries: a folio counts all entries that map it, and
 * each page its ptes. */
#include <CMM/oracle/mappings.h>

/* Says what of this generation the invariants depend on. */
__uninstrumented static void watch_generation(const struct page *head)
{
	vcpu_watch_guard(raw_lru_lock(), 0);
	vcpu_watch(raw_entire_word(head), sizeof(int));
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
	vcpu_watch(&RAW_FOLIO(head)->_large_mapcount, sizeof(int));
#endif
#ifdef MMRACE_HAS_DOUBLE_MAP
	vcpu_watch_bits(&RAW_FLAGS(head + 1), 1ul << PG_double_map);
#endif
}

/* Returns whether a lock holder is entitled to have the folio in pieces. */
__uninstrumented static bool page_in_flux(const struct page *head)
{
	return raw_locked(raw_lru_lock());
}

/* Returns the number of entries that map the folio, over all processes: a huge pmd is one. */
__uninstrumented static int mappings_of_all(const struct page *head)
{
	struct raw_walk walk;
	int count = 0;
	unsigned p, i;

	for (p = 0; p < CMM_MM_MAX; p++) {
		if (!raw_walk(world_process(p), &walk) || !*walk.pmd)
			continue;
		if (*walk.pmd & _PAGE_PSE) {
			count += raw_page(*walk.pmd) == head;
			continue;
		}
		for (i = 0; i < world_subpages(); i++)
			count += RAW_MAPS(raw_table(*walk.pmd)[i]) &&
				 raw_page(raw_table(*walk.pmd)[i]) == head + i;
	}
	return count;
}

__uninstrumented static const struct vcpu_site *folio_mapcount_breaks(const struct page *head,
								      bool entitled)
{
	int mapcount = raw_folio_mapcount(head), entries = mappings_of_all(head);

	if (mapcount != entries) {
		concern_mappings(head, head);
		vcpu_concern(raw_entire_word(head));
#ifdef MMRACE_HAS_LARGE_MAPCOUNT
		vcpu_concern(&RAW_FOLIO(head)->_large_mapcount);
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
	unsigned i;

	if (raw_flag(head, PG_head))
		return folio_mapcount_breaks(head, entitled);
	for (i = 0; i < (whole ? world_subpages() : 1); i++) {
		int mapcount = raw_mapcount(&head[i]), entries = mappings_of(&head[i], head);

		if (mapcount != entries)
			concern_mappings(&head[i], head);
		BREAKS_IF(mapcount != entries,
			  "page_mapcount(page + i) != entries that map page + i",
			  NULL, "page_mapcount of page[%u] is %d, %d %s it", i, mapcount, entries,
			  entries == 1 ? "entry maps" : "entries map");
	}
	return NULL;
}
