/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of exit_mmap() for the one VMA of an mm.  Trees give the same to
 * unmap_vmas() and free_pgtables() in different ways; one whose way is not among these
 * does not compile, for a wrong call would look like a mistake of the tree's.
 */
#ifndef MMRACE_UNMAP_H
#define MMRACE_UNMAP_H

#include <linux/mm.h>
#include <asm/tlb.h>
#include "mm/internal.h"
#include "runtime/version.h"

static void gather_all(struct mmu_gather *tlb, struct mm_struct *mm)
{
#ifdef MMRACE_HAS_GATHER_FULLMM
	tlb_gather_mmu_fullmm(tlb, mm);
#else
	tlb_gather_mmu(tlb, mm, 0, -1);
#endif
}

static void finish_all(struct mmu_gather *tlb)
{
#ifdef MMRACE_HAS_GATHER_FULLMM
	tlb_finish_mmu(tlb);
#else
	tlb_finish_mmu(tlb, 0, -1);
#endif
}

#ifdef MMRACE_HAS_UNMAP_DESC
static void unmap_all(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	VMA_ITERATOR(vmi, mm, vma->vm_end - 1);
	struct unmap_desc unmap;

	unmap_all_init(&unmap, &vmi, vma);
	vmi.mas.last = vma->vm_end - 1;
	unmap_vmas(tlb, &unmap);
}

static void free_tables(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	VMA_ITERATOR(vmi, mm, vma->vm_end - 1);
	struct unmap_desc unmap;

	unmap_all_init(&unmap, &vmi, vma);
	unmap.mm_wr_locked = true;
	unmap_pgtable_init(&unmap, &vmi);
	vmi.mas.last = vma->vm_end - 1;
	free_pgtables(tlb, &unmap);
}
#elif defined(MMRACE_HAS_MAPLE_TREE)
#define OF_TREE(...)	void (struct mmu_gather *, struct maple_tree *, struct vm_area_struct *,	\
			      unsigned long, unsigned long)
#define OF_STATE(...)	void (struct mmu_gather *, struct ma_state *, struct vm_area_struct *,		\
			      unsigned long, unsigned long, __VA_ARGS__)

static void unmap_all(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	MA_STATE(mas, &mm->mm_mt, vma->vm_end - 1, vma->vm_end - 1);

	_Static_assert(IS_FUNCTION(unmap_vmas, OF_TREE()) || IS_FUNCTION(unmap_vmas, OF_STATE(unsigned long)) ||
		       IS_FUNCTION(unmap_vmas, OF_STATE(unsigned long, bool)), "unmap_vmas() has other parameters");
	if (IS_FUNCTION(unmap_vmas, OF_TREE()))
		CALL_AS(unmap_vmas, OF_TREE())(tlb, &mm->mm_mt, vma, 0, ULONG_MAX);
	else
		/* One without the last parameter ignores it. */
		CALL_AS(unmap_vmas, OF_STATE(unsigned long, bool))(tlb, &mas, vma, 0, ULONG_MAX, ULONG_MAX, false);
}

static void free_tables(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	MA_STATE(mas, &mm->mm_mt, vma->vm_end - 1, vma->vm_end - 1);

	_Static_assert(IS_FUNCTION(free_pgtables, OF_TREE()) || IS_FUNCTION(free_pgtables, OF_STATE(bool)),
		       "free_pgtables() has other parameters");
	if (IS_FUNCTION(free_pgtables, OF_TREE()))
		CALL_AS(free_pgtables, OF_TREE())(tlb, &mm->mm_mt, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING);
	else
		CALL_AS(free_pgtables, OF_STATE(bool))
			(tlb, &mas, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING, true);
}
#else
static void unmap_all(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	unmap_vmas(tlb, vma, 0, ULONG_MAX);
}

static void free_tables(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
	free_pgtables(tlb, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING);
}
#endif

#endif
