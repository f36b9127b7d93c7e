/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  There is no TLB, but a flush is an interrupt that each CPU of
 * the mm must take; and it leaves a mark.
 */
#ifndef _ASM_TLBFLUSH_H
#define _ASM_TLBFLUSH_H

#include <linux/mm_types.h>
#include "cmm.h"

static inline void flush_tlb_mm(struct mm_struct *mm)
{
	vcpu_mark(CMM_MARK_FLUSH_TLB);
	vcpu_interrupt_others(mm);
}

static inline void flush_tlb_range(struct vm_area_struct *vma, unsigned long start,
				   unsigned long end)
{
	flush_tlb_mm(vma->vm_mm);
}

static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long address)
{
	flush_tlb_mm(vma->vm_mm);
}

#endif
