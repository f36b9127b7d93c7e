/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_TLBFLUSH_H
#define _ASM_X86_TLBFLUSH_H

#include <linux/mm_types.h>

extern void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start,
			       unsigned long end, unsigned long flags);

extern void flush_tlb_page(struct vm_area_struct *vma, unsigned long address);

#define flush_tlb_mm(mm)	flush_tlb_mm_range(mm, 0, -1UL, 0)
#define flush_tlb_range(vma, start, end) \
	flush_tlb_mm_range((vma)->vm_mm, start, end, 0)

#endif
