/* SPDX-License-Identifier: GPL-2.0-only */
/* What holds at every scheduling point, unless a lock holder is at work. */
#include <world/inspect.h>

/* Entries that map one page, over all processes. */
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

/* Someone is entitled to have an entry and its mapcount differ. */
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

__uninstrumented static const struct vcpu_site *world_invariant(bool whole)
{
	const struct page *head = world_subject_page();
	unsigned i, subpages = world_subpages();
	bool compound;

	if (!head || raw_locked(&world_zone()->lru_lock) || raw_flag(head, PG_compound_lock))
		return NULL;
	compound = raw_flag(head, PG_head);

	/* A mapped page is all one or all single pages. */
	if (whole && raw_mapcount(head) > 0) {
		for (i = 1; i < subpages; i++) {
			if (raw_tail(&head[i]) != compound)
				return RAW_SITE(VCPU_INVARIANT,
					"PageTail(page + i) == PageHead(page)");
			if (compound && raw_head(&head[i]) != head)
				return RAW_SITE(VCPU_INVARIANT,
					"compound_head(page + i) == page");
		}
	}

	if (tables_in_flux())
		return NULL;
	if (raw_mapcount(head) != mappings_of(head, head))
		return RAW_SITE(VCPU_INVARIANT,
			"page_mapcount(page) == entries that map page");
	/* In a compound page, a tail's _mapcount is its pins. */
	for (i = 1; whole && i < subpages && !compound; i++)
		if (raw_mapcount(&head[i]) != mappings_of(&head[i], head))
			return RAW_SITE(VCPU_INVARIANT,
				"page_mapcount(page + i) == entries that map page + i");
	return NULL;
}
