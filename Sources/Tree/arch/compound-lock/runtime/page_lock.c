/* SPDX-License-Identifier: GPL-2.0-only */
/* The lock of a page is a bit of it, in the place of mm/filemap.c.  See linux/pagemap.h for
 * lock_page(). */
#include <linux/pagemap.h>

void __lock_page(struct page *page)
{
	vcpu_bit_lock(PG_locked, &page->flags);
}

void unlock_page(struct page *page)
{
	vcpu_bit_unlock(PG_locked, &page->flags);
}
