/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: stub.  There is no TLB; each flush leaves a mark. */
#ifndef _ASM_TLBFLUSH_H
#define _ASM_TLBFLUSH_H

#include <linux/mm_types.h>
#include "cmm.h"

static inline void flush_tlb_range(struct vm_area_struct *vma __maybe_unused,
				   unsigned long start __maybe_unused,
				   unsigned long end __maybe_unused)
{
	vcpu_mark(CMM_MARK_FLUSH_TLB);
}

static inline void flush_tlb_mm(struct mm_struct *mm __maybe_unused)
{
	vcpu_mark(CMM_MARK_FLUSH_TLB);
}

#endif
