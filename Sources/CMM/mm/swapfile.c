/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells whether a page is still needed by others, after mm/swapfile.c. */
#include <linux/mm.h>

/* There is no KSM, and no swap cache that could share a page with its one mapping. */
static int reuse_swap_page(struct page *page)
{
	/* Under the lock of the page, no mapping is added by way of swap. */
	VM_BUG_ON_PAGE(!PageLocked(page), page);
	return page_mapcount(page) <= 1;
}
