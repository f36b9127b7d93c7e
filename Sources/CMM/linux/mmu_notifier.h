/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: stub.  No notifier is registered; each call leaves a mark. */
#ifndef _LINUX_MMU_NOTIFIER_H
#define _LINUX_MMU_NOTIFIER_H

#include <linux/mm_types.h>
#include "cmm.h"

static inline void mmu_notifier_invalidate_range_start(struct mm_struct *mm,
						       unsigned long start,
						       unsigned long end)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RANGE_START);
}

static inline void mmu_notifier_invalidate_range_end(struct mm_struct *mm,
						     unsigned long start,
						     unsigned long end)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RANGE_END);
}

static inline void mmu_notifier_change_pte(struct mm_struct *mm,
					   unsigned long address, pte_t pte)
{
	vcpu_mark(CMM_MARK_NOTIFIER_CHANGE_PTE);
}

#define set_pte_at_notify(mm, address, ptep, pte) do {			\
	mmu_notifier_change_pte(mm, address, pte);			\
	set_pte_at(mm, address, ptep, pte);				\
} while (0)

static inline void mmu_notifier_release(struct mm_struct *mm)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RELEASE);
}

#endif
