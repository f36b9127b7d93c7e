/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: stub.  No notifier is registered; each call leaves a mark. */
#ifndef _LINUX_MMU_NOTIFIER_H
#define _LINUX_MMU_NOTIFIER_H

#include <linux/mm_types.h>
#include "cmm.h"

static inline void mmu_notifier_invalidate_range_start(
		struct mm_struct *mm __maybe_unused,
		unsigned long start __maybe_unused,
		unsigned long end __maybe_unused)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RANGE_START);
}

static inline void mmu_notifier_invalidate_range_end(
		struct mm_struct *mm __maybe_unused,
		unsigned long start __maybe_unused,
		unsigned long end __maybe_unused)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RANGE_END);
}

static inline void mmu_notifier_release(struct mm_struct *mm __maybe_unused)
{
	vcpu_mark(CMM_MARK_NOTIFIER_RELEASE);
}

#endif
