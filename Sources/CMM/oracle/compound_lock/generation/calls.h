/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's functions that operations call, as kernels with compound_lock have them. */
#ifndef ORACLE_COMPOUND_LOCK_CALLS_H
#define ORACLE_COMPOUND_LOCK_CALLS_H

#include "names.h"

static int fault_in(struct mm_struct *mm, unsigned long address)
{
	return handle_mm_fault(mm, mm->mmap, address, FAULT_FLAG_WRITE);
}

static struct page *follow(struct mm_struct *mm, unsigned long address)
{
	return follow_page(mm->mmap, address, FOLL_GET);
}

static int gup_fast(unsigned long address, struct page **page)
{
	return __get_user_pages_fast(address, 1, 0, page);
}

static void zap(struct vm_area_struct *vma, unsigned long start, unsigned long bytes)
{
	zap_page_range(vma, start, bytes, NULL);
}

#endif
