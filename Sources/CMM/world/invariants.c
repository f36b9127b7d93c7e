/* SPDX-License-Identifier: GPL-2.0-only */
/* What holds at every scheduling point, unless a lock holder is at work. */
#include <world/inspect.h>

/* Entries that map one page, over all processes. */
__uninstrumented static int mappings_of(const struct page *page,
					const struct page *head)
{
	unsigned long subpages = world_subpages(), i = (unsigned long)(page - head);
	int count = 0;
	unsigned p;

	for (p = 0; p < world()->geometry.config.processes; p++) {
		pgd_t *pgd;
		pud_t *pud;
		pmd_t *pmd = raw_pmd(world()->process[p].mm, &pgd, &pud);

		if (!pmd || !pmd->pmd)
			continue;
		if (pmd->pmd & _PAGE_PSE) {
			count += raw_page(pmd->pmd) == head;
		} else if (i < subpages) {
			unsigned long pte = raw_table(pmd->pmd)[i];

			count += pte && raw_page(pte) == page;
		}
	}
	return count;
}

/* Someone is entitled to have an entry and its mapcount differ. */
__uninstrumented static bool tables_in_flux(void)
{
	unsigned p;

	for (p = 0; p < world()->geometry.config.processes; p++) {
		struct mm_struct *mm = world()->process[p].mm;
		pgd_t *pgd;
		pud_t *pud;
		pmd_t *pmd;

		if (!mm)
			continue;
		if (mm->page_table_lock.rlock.owner)
			return true;
		pmd = raw_pmd(mm, &pgd, &pud);
		if (!pmd)
			continue;
		if (raw_pmd_lock(mm, pmd)->rlock.owner)
			return true;
		if (pmd->pmd && !(pmd->pmd & _PAGE_PSE) &&
		    raw_page(pmd->pmd)->ptl.rlock.owner)
			return true;
	}
	return false;
}

__uninstrumented static const struct vcpu_site *subject_invariant(bool whole)
{
	struct page *head = world()->subject_page;
	uint32_t subpages = world_subpages(), i;
	bool compound, splitting;

	if (!head)
		return NULL;
	splitting = world()->zone.lru_lock.rlock.owner ||
		    raw_flag(head, PG_compound_lock);
	if (splitting)
		return NULL;
	compound = raw_flag(head, PG_head);

	/* A mapped page is all one or all single pages. */
	if (whole && head->_mapcount.counter >= 0) {
		for (i = 1; i < subpages; i++) {
			if (raw_flag(&head[i], PG_tail) != compound)
				return RAW_SITE(VCPU_INVARIANT,
					"PageTail(page + i) == PageHead(page)");
			if (compound && head[i].first_page != head)
				return RAW_SITE(VCPU_INVARIANT,
					"page[i].first_page == page");
		}
	}

	if (tables_in_flux())
		return NULL;
	if (head->_mapcount.counter + 1 != mappings_of(head, head))
		return RAW_SITE(VCPU_INVARIANT,
			"page_mapcount(page) == entries that map page");
	/* In a compound page, a tail's _mapcount is its pins. */
	for (i = 1; whole && i < subpages && !compound; i++)
		if (head[i]._mapcount.counter + 1 != mappings_of(&head[i], head))
			return RAW_SITE(VCPU_INVARIANT,
				"page_mapcount(page + i) == entries that map page + i");
	return NULL;
}
