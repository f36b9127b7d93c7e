/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gathering of pages to be freed after a TLB flush.  In mm/memory.c at the time
 * of these versions; a file of its own in later ones.
 */
#include <asm/tlb.h>
#include "internal.h"

static int tlb_next_batch(struct mmu_gather *tlb)
{
	struct mmu_gather_batch *batch = tlb->active;

	if (batch->next) {
		tlb->active = batch->next;
		return 1;
	}
	if (tlb->batch_count == MAX_GATHER_BATCH_COUNT)
		return 0;

	batch = (void *)__get_free_pages(GFP_NOWAIT | __GFP_NOWARN, 0);
	if (!batch)
		return 0;

	tlb->batch_count++;
	batch->next = NULL;
	batch->nr = 0;
	batch->max = MAX_GATHER_BATCH;

	tlb->active->next = batch;
	tlb->active = batch;
	return 1;
}

static void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm,
			   unsigned long start, unsigned long end)
{
	tlb->mm = mm;
	/* All of the address space: the mm is going away. */
	tlb->fullmm = !(start | (end + 1));
	tlb->start = start;
	tlb->end = end;
	tlb->need_flush = 0;
	tlb->local.next = NULL;
	tlb->local.nr = 0;
	tlb->local.max = ARRAY_SIZE(tlb->__pages);
	tlb->active = &tlb->local;
	tlb->batch_count = 0;
}

static void tlb_flush_mmu(struct mmu_gather *tlb)
{
	struct mmu_gather_batch *batch;

	if (!tlb->need_flush)
		return;
	tlb->need_flush = 0;
	if (!MMRACE_MUTATION(gather_not_flushed))
		flush_tlb_mm(tlb->mm);

	for (batch = &tlb->local; batch; batch = batch->next) {
		free_pages_and_swap_cache(batch->pages, (int)batch->nr);
		batch->nr = 0;
	}
	tlb->active = &tlb->local;
}

static void tlb_finish_mmu(struct mmu_gather *tlb,
			   unsigned long start,
			   unsigned long end)
{
	struct mmu_gather_batch *batch, *next;

	tlb_flush_mmu(tlb);

	for (batch = tlb->local.next; batch; batch = next) {
		next = batch->next;
		free_pages((unsigned long)batch, 0);
	}
	tlb->local.next = NULL;
}

/* Returns the number of pages that still fit; 0 asks the caller to flush. */
static int __tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	struct mmu_gather_batch *batch;

	VM_BUG_ON(!tlb->need_flush);

	batch = tlb->active;
	batch->pages[batch->nr++] = page;
	if (batch->nr == batch->max) {
		if (!tlb_next_batch(tlb))
			return 0;
		batch = tlb->active;
	}
	VM_BUG_ON_PAGE(batch->nr > batch->max, page);
	return (int)(batch->max - batch->nr);
}
