/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The invariants: they hold at every scheduling point, unless a lock holder is at work.
 * Those of mapcounts are the generation's, in its mapcounts.c, which is included before.
 */
#include "mappings.h"

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

/* Returns whether the page is a tail of a part that is on its way to the allocator, which
 * takes it apart without a lock. */
__uninstrumented static bool part_is_freed(const struct page *page, const struct page *head)
{
	const struct page *first = raw_tail(page) ? raw_head(page) : head;

	return first > head && first < head + world_subpages() && !first->RAW_COUNT.counter;
}

__uninstrumented static const struct vcpu_site *structure_breaks(const struct page *head,
								 bool entitled)
{
	const struct page *first = head;
	unsigned i, next = raw_pages_from(head);

	for (i = 1; i < world_subpages(); i++) {
		bool tail = raw_tail(&head[i]), compound;
		const struct page *named = raw_head(&head[i]);

		if (i >= next) {
			first = &head[i];
			next = i + raw_pages_from(first);
		}
		compound = first != &head[i];
		if (tail == compound && (!compound || named == first))
			continue;
		if (part_is_freed(&head[i], head))
			continue;
		vcpu_concern(&head[i].flags);
		vcpu_concern(&first->flags);
		BREAKS_IF(tail != compound, "PageTail(page + i) != PageHead(page)",
			  NULL, "PageTail(page + %u) is %d, PageHead(page) is %d", i, tail, compound);
		BREAKS_IF(named != first, "compound_head(page + i) != page",
			  &head[i].RAW_HEAD_MEMBER, "{} is page %ld, the head is page %ld",
			  (long)(named - world_mem_map()), (long)(first - world_mem_map()));
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
	entitled = page_in_flux(head);
	if (entitled && !vcpu_explains())
		return NULL;
	/* A mapped page is one, or parts that are each one, or single pages. */
	if (whole && raw_is_mapped(head))
		site = structure_breaks(head, entitled);
	if (site)
		return site;
	entitled |= tables_in_flux();
	if (entitled && !vcpu_explains())
		return NULL;
	return mapcounts_break(head, whole, entitled);
}
