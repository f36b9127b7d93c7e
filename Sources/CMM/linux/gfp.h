/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Flags of an allocation, and the short forms of the allocator. */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/mmzone.h>

#define __GFP_MOVABLE	0x08u
#define __GFP_WAIT	0x10u
#define __GFP_NOWARN	0x200u
#define __GFP_COMP	0x4000u
#define __GFP_ZERO	0x8000u
#define GFP_NOWAIT	0u
#define GFP_KERNEL	__GFP_WAIT
#define GFP_HIGHUSER_MOVABLE	(__GFP_WAIT | __GFP_MOVABLE)
#define GFP_TRANSHUGE	(__GFP_WAIT | __GFP_MOVABLE | __GFP_COMP)

static void __free_pages(struct page *page, unsigned int order);

#define __get_free_page(gfp_mask)	__get_free_pages(gfp_mask, 0)
#define __free_page(page)		__free_pages(page, 0)
#define free_page(address)		free_pages(address, 0)

#endif
