/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The LRU interface of mm/swap.c; there is no swap space. */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

#include <linux/mm_types.h>

static void lru_cache_add(struct page *page);
static void lru_add_drain(void);
static void lru_add_page_tail(struct page *page, struct page *page_tail,
			      struct lruvec *lruvec, struct list_head *list);
static int reuse_swap_page(struct page *page);
static void release_pages(struct page **pages, int nr, bool cold);

/* Nothing is ever in the swap cache, so only the releasing is left. */
static inline void free_pages_and_swap_cache(struct page **pages, int nr)
{
	lru_add_drain();
	release_pages(pages, nr, false);
}

#endif
