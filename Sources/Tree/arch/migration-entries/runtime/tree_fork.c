/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree's own kernel/fork.c, where it has dup_mmap() or makes the VMAs.  The linker
 * discards the rest, and runtime/fork.c stands for what is weak.
 */
#include <generated/mmrace-features.h>

#if !defined(MMRACE_HAS_DUP_MMAP) || !defined(MMRACE_HAS_VMA_STATE_INIT)
#pragma weak __mmdrop
#pragma weak dup_mm_exe_file
#pragma weak mm_alloc
#pragma weak mmlist_lock
#pragma weak mmput

#include "kernel/fork.c"
#include "runtime/memory.h"
#include "runtime/vma.h"
#endif

#ifndef MMRACE_HAS_DUP_MMAP
int mmrace_dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	return dup_mmap(mm, oldmm);
}
#endif

#ifndef MMRACE_HAS_VMA_STATE_INIT
/* Makes the caches of proc_caches_init() that are of VMAs. */
void vma_state_init(void)
{
	vm_area_cachep = mmrace_cache_create("vm_area_struct", sizeof(struct vm_area_struct));
#ifdef MMRACE_HAS_VMA_RWSEM
	vma_lock_cachep = mmrace_cache_create("vma_lock", sizeof(struct vma_lock));
#endif
}
#endif
