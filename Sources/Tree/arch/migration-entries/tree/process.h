/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel tree, as operations drive it: see CMM/oracle/interface.h.  This does what
 * the system calls do around the functions of mm.
 */
#ifndef WORLD_PROCESS_H
#define WORLD_PROCESS_H

#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlbflush.h>
#include "mm/internal.h"
#include "tree/inspect.h"
#include "runtime/kernel.h"
#include "runtime/vma.h"
#ifdef MMRACE_HAS_FOLIO_WALK
#include <linux/pagewalk.h>
#endif

#define dup_mmap	mmrace_dup_mmap

int mmrace_mmap(struct mm_struct *mm, unsigned long start, unsigned long end);

static int mmap_anonymous(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	return mmrace_mmap(mm, start, end);
}

static int fault_in(struct mm_struct *mm, unsigned long address)
{
	return handle_mm_fault(mmrace_vma(mm), address, FAULT_FLAG_WRITE, NULL);
}

static struct page *follow(struct mm_struct *mm, unsigned long address)
{
#ifdef MMRACE_HAS_FOLIO_WALK
	struct vm_area_struct *vma = mmrace_vma(mm);
	struct folio_walk walk;
	struct folio *folio = folio_walk_start(&walk, vma, address, 0);
	struct page *page;

	if (!folio)
		return NULL;
	page = walk.page;
	folio_get(folio);
	folio_walk_end(&walk, vma);
	return page;
#else
	return follow_page(mmrace_vma(mm), address, FOLL_GET);
#endif
}

static int gup_fast(unsigned long address, struct page **page)
{
	return get_user_pages_fast_only(address, 1, 0, page);
}

static void zap(struct vm_area_struct *vma, unsigned long start, unsigned long bytes)
{
#ifdef MMRACE_HAS_ZAP_VMA
	zap_vma_range(vma, start, bytes);
#elif defined(MMRACE_HAS_ZAP_SINGLE)
	zap_page_range_single(vma, start, bytes, NULL);
#else
	zap_page_range(vma, start, bytes);
#endif
}

#endif
