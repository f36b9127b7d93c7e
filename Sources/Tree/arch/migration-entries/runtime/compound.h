/* SPDX-License-Identifier: GPL-2.0-only */
/* Compound pages, as page_alloc.c makes and frees them. */
#ifndef MMRACE_RUNTIME_COMPOUND_H
#define MMRACE_RUNTIME_COMPOUND_H

#include <linux/mm.h>
#include "runtime/folio.h"

/* Reports what the kernel's allocator calls a bad page. */
#define BAD(page, condition) ({						\
	bool __is_bad = !!(condition);					\
	VCPU_SITE(VCPU_BAD_STATE, #condition);				\
	if (__is_bad) {							\
		vcpu_report(&__site);					\
		atomic_set(&(page)->_mapcount, -1);			\
	}								\
	__is_bad;							\
})

/* The bits at the bottom of page->mapping: PAGE_MAPPING_FLAGS, which later trees lack. */
#define FOLIO_MAPPING_FLAGS(page)	((unsigned long)(page)->mapping & 3)

/* Takes a compound page apart that goes back to its free list. */
void mmrace_unmake_compound(struct page *head, unsigned order);
/* Gives a page of that order back, to which there are no references. */
void mmrace_free_order(struct page *page, unsigned int order);
/* Prepares the list of folios that wait to be split; NULL stays NULL. */
struct folio *mmrace_large_folio(struct page *page);

#endif
