/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MMRACE_RUNTIME_COLLAPSE_H
#define MMRACE_RUNTIME_COLLAPSE_H

#include <linux/mm_types.h>

/* Makes a huge page of the pages of the one VMA of an mm, if the tree's functions agree:
 * madvise(MADV_COLLAPSE), or where the tree has none, a scan of its khugepaged. */
void mmrace_collapse(struct mm_struct *mm);

#endif
