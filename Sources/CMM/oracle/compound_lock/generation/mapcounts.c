/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapcounts of kernels with compound_lock: a head counts the whole page, a tail its pins. */
#include <CMM/oracle/mappings.h>

/* Says what of this generation the invariants depend on. */
__uninstrumented static void watch_generation(const struct page *head)
{
	vcpu_watch_guard(raw_lru_lock(), 0);
	vcpu_watch_guard(&head->flags, 1ul << PG_compound_lock);
}

/* Watches what a compound page that is a part of the head's has: there are none. */
__uninstrumented static void watch_parts(const struct page *head)
{
}

/* Returns whether a lock holder is entitled to have the page in pieces. */
__uninstrumented static bool page_in_flux(const struct page *head)
{
	return raw_locked(raw_lru_lock()) || raw_flag(head, PG_compound_lock);
}

__uninstrumented static const struct vcpu_site *mapcounts_break(const struct page *head,
								bool whole, bool entitled)
{
	int mapcount = raw_mapcount(head), entries = mappings_of(head, head);
	unsigned i;

	if (mapcount != entries)
		concern_mappings(head, head);
	BREAKS_IF(mapcount != entries, "page_mapcount(page) != entries that map page",
		  NULL, "page_mapcount is %d, %d %s the page", mapcount, entries,
		  entries == 1 ? "entry maps" : "entries map");
	/* In a compound page, a tail's _mapcount is its pins. */
	for (i = 1; whole && i < world_subpages() && !raw_flag(head, PG_head); i++) {
		mapcount = raw_mapcount(&head[i]);
		entries = mappings_of(&head[i], head);
		if (mapcount != entries)
			concern_mappings(&head[i], head);
		BREAKS_IF(mapcount != entries,
			  "page_mapcount(page + i) != entries that map page + i",
			  NULL, "page_mapcount of page[%u] is %d, %d %s it", i, mapcount, entries,
			  entries == 1 ? "entry maps" : "entries map");
	}
	return NULL;
}
