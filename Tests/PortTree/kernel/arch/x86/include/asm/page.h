/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_PAGE_H
#define _ASM_X86_PAGE_H

#include <asm/page_64_types.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PAGE_CACHE_SHIFT	PAGE_SHIFT

#define __va(physical)		((void *)(__PAGE_OFFSET + (physical)))
#define __pa(address)		((unsigned long)(address) - __PAGE_OFFSET)
#define page_to_pfn(page)	((unsigned long)((page) - mem_map))
#define pfn_to_page(pfn)	(mem_map + (pfn))
#define page_address(page)	__va(page_to_pfn(page) << PAGE_SHIFT)
#define virt_to_page(address)	pfn_to_page(__pa(address) >> PAGE_SHIFT)

/* There is only an array of pages. */
extern struct page *mem_map;

#endif
