/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  The page flags in the kernel's order, with PG_head and PG_tail
 * apart (CONFIG_PAGEFLAGS_EXTENDED).
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <asm/bitops.h>

enum pageflags {
	PG_locked, PG_error, PG_referenced, PG_uptodate, PG_dirty, PG_lru,
	PG_active, PG_slab, PG_owner_priv_1, PG_arch_1, PG_reserved, PG_private,
	PG_private_2, PG_writeback, PG_head, PG_tail, PG_swapcache,
	PG_mappedtodisk, PG_reclaim, PG_swapbacked, PG_unevictable, PG_mlocked,
	PG_uncached, PG_hwpoison, PG_compound_lock,
	__NR_PAGEFLAGS
};

/* The accessors that the port uses: by their names, each with what it does to the flag. */
#define PAGE_FLAG(type, name, operation, flag)				\
static inline type name(const struct page *page)			\
{									\
	return operation(PG_##flag, (unsigned long *)&page->flags);	\
}

PAGE_FLAG(int, PageLocked, test_bit, locked)
PAGE_FLAG(void, SetPageReferenced, set_bit, referenced)
PAGE_FLAG(int, PageDirty, test_bit, dirty)
PAGE_FLAG(int, PageLRU, test_bit, lru)
PAGE_FLAG(void, SetPageLRU, set_bit, lru)
PAGE_FLAG(void, __ClearPageLRU, __clear_bit, lru)
PAGE_FLAG(int, PageActive, test_bit, active)
PAGE_FLAG(void, SetPageActive, set_bit, active)
PAGE_FLAG(void, __ClearPageActive, __clear_bit, active)
PAGE_FLAG(int, PageSlab, test_bit, slab)
PAGE_FLAG(int, PageSwapBacked, test_bit, swapbacked)
PAGE_FLAG(void, SetPageSwapBacked, set_bit, swapbacked)
PAGE_FLAG(int, PageUnevictable, test_bit, unevictable)
PAGE_FLAG(void, __ClearPageUnevictable, __clear_bit, unevictable)
PAGE_FLAG(int, PageHead, test_bit, head)
PAGE_FLAG(void, ClearPageHead, clear_bit, head)
PAGE_FLAG(void, __SetPageHead, __set_bit, head)
PAGE_FLAG(void, __ClearPageHead, __clear_bit, head)
PAGE_FLAG(int, PageTail, test_bit, tail)
PAGE_FLAG(void, __SetPageTail, __set_bit, tail)
PAGE_FLAG(void, __ClearPageTail, __clear_bit, tail)
#undef PAGE_FLAG

static inline int PageUptodate(const struct page *page)
{
	int ret = test_bit(PG_uptodate, &page->flags);

	if (ret)
		smp_rmb();
	return ret;
}

static inline void __SetPageUptodate(struct page *page)
{
	smp_wmb();
	__set_bit(PG_uptodate, &page->flags);
}

/* A plain read of the whole word: it conflicts with a change of any flag. */
static inline int PageCompound(const struct page *page)
{
	return (page->flags & ((1UL << PG_head) | (1UL << PG_tail))) != 0;
}

static inline void ClearPageCompound(struct page *page)
{
	BUG_ON(!PageHead(page));
	ClearPageHead(page);
}

static inline int PageTransHuge(const struct page *page)
{
	VM_BUG_ON_PAGE(PageTail(page), page);
	return PageHead(page);
}

#define __PG_HWPOISON	(1UL << PG_hwpoison)

/* The flags that a page must not have when it is freed. */
#define PAGE_FLAGS_CHECK_AT_FREE					\
	(1UL << PG_lru | 1UL << PG_locked | 1UL << PG_private |		\
	 1UL << PG_private_2 | 1UL << PG_writeback | 1UL << PG_reserved | \
	 1UL << PG_slab | 1UL << PG_swapcache | 1UL << PG_active |	\
	 1UL << PG_unevictable | 1UL << PG_mlocked | __PG_HWPOISON |	\
	 1UL << PG_compound_lock)

/* The flags that a page must not have when it is allocated: all. */
#define PAGE_FLAGS_CHECK_AT_PREP	((1UL << __NR_PAGEFLAGS) - 1)

#endif
