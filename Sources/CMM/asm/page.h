/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  Pages of 4 KiB.  The number of them that make a huge page is chosen
 * at run time, so the geometry of the tables is too.
 */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_CACHE_SHIFT PAGE_SHIFT

#define mem_map			world_mem_map()

#define page_to_pfn(page)	((unsigned long)((page) - mem_map))
#define pfn_to_page(pfn)	(mem_map + (pfn))
/* Only pages of tables and batches have content; those of users have none. */
#define __va(physical)		((void *)(world_memory() + (physical)))
#define __pa(address)		((unsigned long)((char *)(address) - world_memory()))
#define page_address(page)	__va(page_to_pfn(page) << PAGE_SHIFT)
#define virt_to_page(address)	pfn_to_page(__pa(address) >> PAGE_SHIFT)

#endif
