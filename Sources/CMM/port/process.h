/* SPDX-License-Identifier: GPL-2.0-only */
/* The port, as operations drive it: see oracle/interface.h. */
#ifndef WORLD_PROCESS_H
#define WORLD_PROCESS_H

#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <port/inspect.h>

static int world_mmap(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	return mmap_anonymous(mm, start, end);
}

static int world_dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	return dup_mmap(mm, oldmm);
}

static void world_zap(struct vm_area_struct *vma, unsigned long start, unsigned long size)
{
	zap_page_range(vma, start, size);
}

#endif
