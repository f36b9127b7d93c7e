/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_GFP_H
#define __LINUX_GFP_H

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

struct zonelist;
typedef struct {
	unsigned long bits[1];
} nodemask_t;

extern struct page *__alloc_pages_nodemask(gfp_t gfp, unsigned int order,
					   struct zonelist *zonelist,
					   nodemask_t *nodemask);
extern unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
extern unsigned long get_zeroed_page(gfp_t gfp);
extern void __free_pages(struct page *page, unsigned int order);
extern void free_pages(unsigned long address, unsigned int order);
extern void free_hot_cold_page(struct page *page, int cold);
extern void free_hot_cold_page_list(struct list_head *list, int cold);

static inline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return __alloc_pages_nodemask(gfp, order, NULL, NULL);
}

#define __get_free_page(gfp)	__get_free_pages(gfp, 0)
#define __free_page(page)	__free_pages(page, 0)
#define free_page(address)	free_pages(address, 0)

#endif
