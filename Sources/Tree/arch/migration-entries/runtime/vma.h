/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMAs of an mm: the one that there is, as the root of a maple tree or a list's head. */
#ifndef MMRACE_RUNTIME_VMA_H
#define MMRACE_RUNTIME_VMA_H

#include <linux/mm.h>
#include <generated/mmrace-features.h>

#ifdef MMRACE_HAS_MAPLE_TREE
#define MMRACE_VMAS		mm_mt.ma_root
#else
#define MMRACE_VMAS		mmap
#endif

static inline struct vm_area_struct *mmrace_vma(const struct mm_struct *mm)
{
	return (struct vm_area_struct *)mm->MMRACE_VMAS;
}

static inline void mmrace_set_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	*(struct vm_area_struct *volatile *)&mm->MMRACE_VMAS = vma;
}

/* Makes the caches that the tree's vm_area_alloc() takes from; some trees have it. */
void vma_state_init(void);
/* Calls the tree's dup_mmap(), which is static in some. */
int mmrace_dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm);

#endif
