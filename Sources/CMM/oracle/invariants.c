/* SPDX-License-Identifier: GPL-2.0-only */
/* The invariants: they hold at every scheduling point, unless a lock holder is at work. */
#include "raw.h"

/* Returns the number of entries that map one page, over all processes. */
__uninstrumented static int mappings_of(const struct page *page, const struct page *head)
{
	unsigned long i = page - head, pte;
	struct raw_walk walk;
	int count = 0;
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++) {
		if (!raw_walk(world_process(p), &walk) || !*walk.pmd)
			continue;
		if (*walk.pmd & _PAGE_PSE) {
			count += raw_page(*walk.pmd) == head;
		} else {
			pte = raw_table(*walk.pmd)[i];
			count += pte && raw_page(pte) == page;
		}
	}
	return count;
}

/* Names a page's mapcount, the entries that differ, and the locks that these change under. */
__uninstrumented static void concern_mappings(const struct page *page, const struct page *head)
{
	struct raw_walk walk;
	unsigned p;

	vcpu_concern(&page->_mapcount);
	for (p = 0; p < CMM_MM_MAX; p++) {
		if (!raw_walk(world_process(p), &walk))
			continue;
		vcpu_concern(walk.pmd);
		vcpu_concern(raw_pmd_lock(world_process(p), walk.pmd));
		if (!*walk.pmd || (*walk.pmd & _PAGE_PSE))
			continue;
		vcpu_concern(&raw_table(*walk.pmd)[page - head]);
		vcpu_concern(raw_pte_lock(*walk.pmd));
	}
}

/* Returns whether a lock holder is entitled to have an entry and its mapcount differ. */
__uninstrumented static bool tables_in_flux(void)
{
	struct raw_walk walk;
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++) {
		struct mm_struct *mm = world_process(p);

		if (!mm)
			continue;
		if (raw_locked(&mm->page_table_lock))
			return true;
		if (!raw_walk(mm, &walk))
			continue;
		if (raw_locked(raw_pmd_lock(mm, walk.pmd)))
			return true;
		if (*walk.pmd && !(*walk.pmd & _PAGE_PSE) &&
		    raw_locked(raw_pte_lock(*walk.pmd)))
			return true;
	}
	return false;
}

/*
 * A difference is a finding, unless the holder of a lock is entitled to it: then it
 * is explained alone, to tell since when it is there.
 */
#define BREAKS_IF(condition, text, ...) do {				\
	if (condition) {						\
		vcpu_explain(__VA_ARGS__);				\
		return entitled ? NULL : RAW_SITE(VCPU_INVARIANT, text);	\
	}								\
} while (0)

__uninstrumented static const struct vcpu_site *structure_breaks(const struct page *head,
								 bool entitled)
{
	bool compound = raw_flag(head, PG_head);
	unsigned i;

	for (i = 1; i < world_subpages(); i++) {
		bool tail = raw_tail(&head[i]);
		const struct page *named = raw_head(&head[i]);

		if (tail == compound && (!compound || named == head))
			continue;
		vcpu_concern(&head[i].flags);
		vcpu_concern(&head->flags);
		BREAKS_IF(tail != compound, "PageTail(page + i) != PageHead(page)",
			  NULL, "PageTail(page + %u) is %d, PageHead(page) is %d", i, tail, compound);
		BREAKS_IF(named != head, "compound_head(page + i) != page",
			  &head[i].RAW_HEAD_MEMBER, "{} is page %ld, the head is page %ld",
			  (long)(named - world_mem_map()), (long)(head - world_mem_map()));
	}
	return NULL;
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

__uninstrumented static const struct vcpu_site *world_invariant(bool whole)
{
	const struct page *head = world_reported_page();
	const struct vcpu_site *site = NULL;
	bool entitled;

	if (!head)
		return NULL;
	if (vcpu_watches())
		watch_all(head);
	entitled = raw_locked(&world_zone()->lru_lock) || raw_flag(head, PG_compound_lock);
	if (entitled && !vcpu_explains())
		return NULL;
	/* A mapped page is all one or all single pages. */
	if (whole && raw_mapcount(head) > 0)
		site = structure_breaks(head, entitled);
	if (site)
		return site;
	entitled |= tables_in_flux();
	if (entitled && !vcpu_explains())
		return NULL;
	return mapcounts_break(head, whole, entitled);
}
