/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions around mm that have none of the kernel's names. */
#ifndef MMRACE_RUNTIME_KERNEL_H
#define MMRACE_RUNTIME_KERNEL_H

#include <linux/mm.h>

void mmrace_boot_fork(void);
/* Sets what a running kernel's user would: huge pages on every fault. */
void mmrace_boot_huge_pages(void);
/* Copies the one VMA of a process; returns 0 or -ENOMEM. */
int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm);
/* Notes that a page was allocated as a table of this enum world_level; tree/tables.c. */
void mmrace_note_table(const struct page *page, unsigned level, const struct mm_struct *mm);

#endif
