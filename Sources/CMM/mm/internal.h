/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The functions that the files of mm share among each other only. */
#ifndef __MM_INTERNAL_H
#define __MM_INTERNAL_H

#include <linux/mm.h>

static inline void set_page_count(struct page *page, int count)
{
	atomic_set(&page->_count, count);
}

/* A page that was free has its first user. */
static inline void set_page_refcounted(struct page *page)
{
	VM_BUG_ON_PAGE(PageTail(page), page);
	VM_BUG_ON_PAGE(atomic_read(&page->_count), page);
	set_page_count(page, 1);
}

static inline void __get_page_tail_foll(struct page *page, bool get_page_head)
{
	VM_BUG_ON_PAGE(atomic_read(&page->first_page->_count) <= 0, page);
	if (get_page_head)
		atomic_inc(&page->first_page->_count);
	get_huge_page_tail(page);
}

/*
 * For a page found in a page table, with the table's lock held: a split of it
 * cannot get past that lock, so that a tail stays a tail.
 */
static inline void get_page_foll(struct page *page)
{
	if (unlikely(PageTail(page))) {
		__get_page_tail_foll(page, true);
		return;
	}
	VM_BUG_ON_PAGE(atomic_read(&page->_count) <= 0, page);
	atomic_inc(&page->_count);
}

#endif
