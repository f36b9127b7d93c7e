/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks for the store of the thread that runtime/tlb.h speaks of: see check_compound.c, which includes this. */
#include "runtime/tlb.h"

/* Checks that what the thread stored is in the page that its process maps there, if it maps one. */
__uninstrumented static const struct vcpu_site *check_store(void)
{
	const struct mmrace_tlb *tlb = &mmrace_tlb;
	unsigned subpage = (tlb->address - SCENARIO_ADDRESS) >> PAGE_SHIFT;
	const unsigned long *entry;
	const struct page *page;
	struct raw_walk walk;
	bool store_is_lost;

	if (!tlb->stored || raw_process_of(tlb->mm) == CMM_MM_MAX || !raw_walk(tlb->mm, &walk) ||
	    !*walk.pmd)
		return NULL;
	entry = *walk.pmd & _PAGE_PSE ? walk.pmd : &raw_table(*walk.pmd)[subpage];
	if (!RAW_MAPS(*entry))
		return NULL;
	page = raw_page(*entry) + (*walk.pmd & _PAGE_PSE ? subpage : 0);
	store_is_lost = !(tlb->content[page - world_mem_map()] >> MMRACE_STORED & 1);
	if (store_is_lost) {
		vcpu_concern(&tlb->content[tlb->pfn]);
		vcpu_concern(&tlb->content[page - world_mem_map()]);
	}
	FAILS_IF(VCPU_INVARIANT, store_is_lost, entry,
		 "{} maps page %ld, which lacks what a thread stored to page %lu through its TLB",
		 (long)(page - world_mem_map()), tlb->pfn);
	return NULL;
}
