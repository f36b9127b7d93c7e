/* SPDX-License-Identifier: GPL-2.0-only */
/* One event to take the lock of a page, instead of a try and then a queue. */
#ifndef _MMRACE_LINUX_PAGEMAP_H
#define _MMRACE_LINUX_PAGEMAP_H

#include "vcpu.h"

#define lock_page	__tree_lock_page
#include_next <linux/pagemap.h>
#undef lock_page

static inline void lock_page(struct page *page)
{
	might_sleep();
	vcpu_bit_lock(PG_locked, &page->flags);
}

#endif
