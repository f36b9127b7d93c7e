/* SPDX-License-Identifier: GPL-2.0-only */
/* Without optimisation an assembler does not take the constants of these alternatives. */
#ifndef _MMRACE_PAGE_64_H
#define _MMRACE_PAGE_64_H

#ifndef __ASSEMBLY__
extern void clear_page(void *page);
extern void clear_pages(void *page, unsigned int pages);
#endif

#define clear_page	__tree_clear_page
#define clear_pages	__tree_clear_pages
#define task_size_max	__tree_task_size_max
#include_next <asm/page_64.h>
#undef clear_page
#undef task_size_max

/* A tree that has clear_pages() says so to linux/mm.h by a macro of that name, which stays. */
#define __tree_clear_pages 1
#if clear_pages
#undef clear_pages
#endif
#undef __tree_clear_pages

#define task_size_max()	((1ul << 47) - PAGE_SIZE)

#endif
