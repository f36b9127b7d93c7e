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

/* The four kinds of accessor; each flag below has those that the port uses. */
#define PAGE_FLAG_TEST(name, flag)					\
static inline int Page##name(const struct page *page)			\
{									\
	return test_bit(PG_##flag, &page->flags);			\
}
#define PAGE_FLAG_SET(name, flag)					\
static inline void SetPage##name(struct page *page)			\
{									\
	set_bit(PG_##flag, &page->flags);				\
}
#define PAGE_FLAG_CLEAR(name, flag)					\
static inline void ClearPage##name(struct page *page)			\
{									\
	clear_bit(PG_##flag, &page->flags);				\
}
#define PAGE_FLAG_SET_NONATOMIC(name, flag)				\
static inline void __SetPage##name(struct page *page)			\
{									\
	__set_bit(PG_##flag, &page->flags);				\
}
#define PAGE_FLAG_CLEAR_NONATOMIC(name, flag)				\
static inline void __ClearPage##name(struct page *page)			\
{									\
	__clear_bit(PG_##flag, &page->flags);				\
}

PAGE_FLAG_TEST(Locked, locked)
PAGE_FLAG_SET(Referenced, referenced)
PAGE_FLAG_TEST(Dirty, dirty)
PAGE_FLAG_TEST(LRU, lru)
PAGE_FLAG_SET(LRU, lru)
PAGE_FLAG_CLEAR_NONATOMIC(LRU, lru)
PAGE_FLAG_TEST(Active, active)
PAGE_FLAG_SET(Active, active)
PAGE_FLAG_CLEAR_NONATOMIC(Active, active)
PAGE_FLAG_TEST(Slab, slab)
PAGE_FLAG_TEST(SwapBacked, swapbacked)
PAGE_FLAG_SET(SwapBacked, swapbacked)
PAGE_FLAG_TEST(Unevictable, unevictable)
PAGE_FLAG_CLEAR_NONATOMIC(Unevictable, unevictable)
PAGE_FLAG_TEST(Mlocked, mlocked)
PAGE_FLAG_TEST(Head, head)
PAGE_FLAG_CLEAR(Head, head)
PAGE_FLAG_SET_NONATOMIC(Head, head)
PAGE_FLAG_CLEAR_NONATOMIC(Head, head)
PAGE_FLAG_TEST(Tail, tail)
PAGE_FLAG_SET_NONATOMIC(Tail, tail)
PAGE_FLAG_CLEAR_NONATOMIC(Tail, tail)

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
