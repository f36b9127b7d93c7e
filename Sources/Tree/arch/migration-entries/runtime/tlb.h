/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One entry of the TLB of one thread, writable and older than the race.  It is all that there
 * is of TLBs: every other access looks at the page tables.  And of the content of users'
 * pages there is what that thread stores through the entry, and what copies take of it.
 */
#ifndef MMRACE_RUNTIME_TLB_H
#define MMRACE_RUNTIME_TLB_H

#include "runtime/memory.h"

/* Bits of the word of a page. */
enum mmrace_content {
	MMRACE_CACHED,		/* the TLB has the entry, which is of this page */
	MMRACE_STORED,		/* what the thread stored is in the page */
};

struct mmrace_tlb {
	/* The entry is of this address, and its page; NULL where a scenario has no such thread. */
	const struct mm_struct *mm;
	unsigned long address, pfn;
	bool stored;		/* the thread has stored through the entry */
	/* One word has entry and content, as a store comes either before a flush or after it. */
	unsigned long content[PAGES];
};

extern struct mmrace_tlb mmrace_tlb;

void mmrace_tlb_fill(const struct mm_struct *mm, unsigned long address, const struct page *page);
/* Stores through the entry, unless it was flushed. */
void mmrace_tlb_store(void);
void mmrace_tlb_flush(const struct mm_struct *mm, unsigned long start, unsigned long end);
/* Copies a page's content, by the addresses of the pages. */
void mmrace_tlb_copy(const void *to, const void *from);

#endif
