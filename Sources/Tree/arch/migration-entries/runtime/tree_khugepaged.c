/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree's own mm/khugepaged.c, for what makes a huge page of a table of pages.  Its thread
 * never runs: the linker discards it, and runtime/kernel.c stands for what is weak.
 */
#include <generated/mmrace-features.h>

#pragma weak __khugepaged_enter
#pragma weak __khugepaged_exit
#pragma weak khugepaged_destroy
#pragma weak khugepaged_enter_vma
#pragma weak khugepaged_init
#pragma weak khugepaged_min_free_kbytes_update
#pragma weak start_stop_khugepaged
#ifdef MMRACE_HAS_MAX_PTES_NONE
#pragma weak khugepaged_max_ptes_none
#endif

/* The inline function takes a constant size from a cache of it, if it is optimised; there is one
 * cache here.  Its function has another name in trees that profile allocations. */
#include <linux/slab.h>
#undef kmalloc
#ifdef kmem_cache_alloc
#define kmalloc(size, gfp)	__kmalloc_noprof(size, gfp)
#else
#define kmalloc(size, gfp)	__kmalloc(size, gfp)
#endif

#include "mm/khugepaged.c"
#include "runtime/collapse.h"
#include "runtime/version.h"
#include "runtime/vma.h"

#ifdef MMRACE_HAS_MADVISE_COLLAPSE
#define WITH_PREVIOUS	int (struct vm_area_struct *, struct vm_area_struct **, unsigned long, unsigned long)
#define WITH_DROPPED	int (struct vm_area_struct *, unsigned long, unsigned long, bool *)

/* Says by its last or second argument whether it let go of mmap_lock, and has it again. */
static void collapse(struct vm_area_struct *vma)
{
	struct vm_area_struct *previous;
	bool dropped = false;

	_Static_assert(IS_FUNCTION(madvise_collapse, WITH_PREVIOUS) || IS_FUNCTION(madvise_collapse, WITH_DROPPED),
		       "madvise_collapse() has other parameters");
	if (IS_FUNCTION(madvise_collapse, WITH_PREVIOUS))
		CALL_AS(madvise_collapse, WITH_PREVIOUS)(vma, &previous, vma->vm_start, vma->vm_end);
	else
		CALL_AS(madvise_collapse, WITH_DROPPED)(vma, vma->vm_start, vma->vm_end, &dropped);
}

void mmrace_collapse(struct mm_struct *mm)
{
	mmap_read_lock(mm);
	collapse(mmrace_vma(mm));
	mmap_read_unlock(mm);
}
#else
/* As khugepaged_init() sets it. */
static unsigned int khugepaged_max_ptes_none = HPAGE_PMD_NR - 1;

/* Does what the thread does for each mm, with the huge page that it has ready. */
void mmrace_collapse(struct mm_struct *mm)
{
	struct page *huge = NULL;
	bool wait = true;

	if (!khugepaged_prealloc_page(&huge, &wait))
		return;
	mmap_read_lock(mm);
	if (!khugepaged_scan_pmd(mm, mmrace_vma(mm), mmrace_vma(mm)->vm_start, &huge))
		mmap_read_unlock(mm);
	if (!IS_ERR_OR_NULL(huge))
		put_page(huge);
}
#endif
