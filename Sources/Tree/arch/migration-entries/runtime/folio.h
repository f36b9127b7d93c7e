/* SPDX-License-Identifier: GPL-2.0-only */
/* In a tree without folios a folio is the head of a compound page. */
#ifndef MMRACE_RUNTIME_FOLIO_H
#define MMRACE_RUNTIME_FOLIO_H

#include <generated/mmrace-features.h>

#ifndef MMRACE_HAS_FOLIO
#define folio			page
#define page_folio(of)		compound_head(of)
#define folio_mapped(of)	page_mapped(of)
#define folio_batch		pagevec
#define folios			pages
#define __folio_lock		__lock_page
#define folio_unlock		unlock_page
#define folio_mark_dirty	set_page_dirty
#define folio_test_dirty(of)	PageDirty(of)
#define folio_test_set_dirty(of)	TestSetPageDirty(of)
#define folio_test_clear_lru(of)	TestClearPageLRU(of)
#define folio_ref_count(of)	page_count(of)
#define folio_get(of)		get_page(of)
#define folio_put(of)		put_page(of)
#define folio_lock(of)		lock_page(of)
#define folio_add_lru(of)	lru_cache_add(of)
#define folio_lruvec_lock_irq(of)	lock_page_lruvec_irq(of)
#define lruvec_del_folio(lruvec, of)	del_page_from_lru_list(of, lruvec)
#define folio_referenced	page_referenced
#define folio_get_anon_vma	page_get_anon_vma
#define VM_BUG_ON_FOLIO(condition, of)	VM_BUG_ON_PAGE(condition, of)
#endif

/* The flags of a page or of a folio: an unsigned long, or a struct of one. */
#define FLAGS_OF(of)		(*(unsigned long *)&((struct page *)(of))->flags)

#endif
