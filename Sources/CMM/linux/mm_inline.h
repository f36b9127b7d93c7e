/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The LRU list that a page belongs to, and its way there. */
#ifndef _LINUX_MM_INLINE_H
#define _LINUX_MM_INLINE_H

#include <linux/huge_mm.h>
#include <linux/vmstat.h>

static inline int page_is_file_cache(struct page *page)
{
	return !PageSwapBacked(page);
}

static inline void add_page_to_lru_list(struct page *page,
					struct lruvec *lruvec, enum lru_list lru)
{
	int nr_pages = hpage_nr_pages(page);

	list_add(&page->lru, &lruvec->lists[lru]);
	__mod_zone_page_state(lruvec_zone(lruvec), NR_LRU_BASE + lru, nr_pages);
}

static inline void del_page_from_lru_list(struct page *page,
					  struct lruvec *lruvec, enum lru_list lru)
{
	int nr_pages = hpage_nr_pages(page);

	list_del(&page->lru);
	__mod_zone_page_state(lruvec_zone(lruvec), NR_LRU_BASE + lru, -nr_pages);
}

static inline enum lru_list page_lru_base_type(struct page *page)
{
	return page_is_file_cache(page) ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
}

/* Returns the list that a page is on, and clears the flags that say so. */
static inline enum lru_list page_off_lru(struct page *page)
{
	enum lru_list lru;

	if (PageUnevictable(page)) {
		__ClearPageUnevictable(page);
		return LRU_UNEVICTABLE;
	}
	lru = page_lru_base_type(page);
	if (PageActive(page)) {
		__ClearPageActive(page);
		lru += LRU_ACTIVE;
	}
	return lru;
}

static inline enum lru_list page_lru(struct page *page)
{
	enum lru_list lru;

	if (PageUnevictable(page))
		return LRU_UNEVICTABLE;
	lru = page_lru_base_type(page);
	if (PageActive(page))
		lru += LRU_ACTIVE;
	return lru;
}

#endif
