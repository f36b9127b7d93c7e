/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries that map a page, as invariants look at them. */
#ifndef ORACLE_MAPPINGS_H
#define ORACLE_MAPPINGS_H

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
			count += RAW_MAPS(pte) && raw_page(pte) == page;
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

#endif
