/* SPDX-License-Identifier: GPL-2.0-only */
static inline void mmu_notifier_mm_init(struct mm_struct *mm)
{
	mm->mmu_notifier_mm = NULL;
}
