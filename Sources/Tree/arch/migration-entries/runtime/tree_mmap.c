/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree's own mm/mmap.c, for its dup_mmap(), in trees that do not have that in
 * kernel/fork.c.  The linker discards the rest, and runtime/fork.c stands for what is weak.
 */
#include <generated/mmrace-features.h>

#ifdef MMRACE_HAS_DUP_MMAP
#pragma weak find_extend_vma
#pragma weak find_vma

#include "mm/mmap.c"
#include "runtime/vma.h"

int mmrace_dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	return dup_mmap(mm, oldmm);
}
#endif
