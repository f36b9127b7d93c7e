/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking a reference on a page that a process maps.  In mm/memory.c at the time
 * of these versions; a file of its own in later ones.
 */
#include <linux/huge_mm.h>
#include "internal.h"

/* Returns the page at address, with a reference under FOLL_GET; NULL if there is none. */
static struct page *follow_page_mask(struct vm_area_struct *vma,
				     unsigned long address, unsigned int flags)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = NULL;
	spinlock_t *ptl;
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *ptep, pte;

	pgd = pgd_offset(mm, address);
	if (pgd_none(*pgd) || unlikely(pgd_bad(*pgd)))
		return NULL;
	pud = pud_offset(pgd, address);
	if (pud_none(*pud) || unlikely(pud_bad(*pud)))
		return NULL;
	pmd = pmd_offset(pud, address);
	if (pmd_none(*pmd))
		return NULL;
	if ((flags & FOLL_NUMA) && pmd_numa(*pmd))
		return NULL;
	if (pmd_trans_huge(*pmd)) {
		if (MMRACE_COMMIT(c4088ebdca64))
			ptl = pmd_lock(mm, pmd);
		else
			spin_lock(ptl = &mm->page_table_lock);
		if (likely(pmd_trans_huge(*pmd))) {
			if (unlikely(pmd_trans_splitting(*pmd))) {
				spin_unlock(ptl);
				wait_split_huge_page(vma->anon_vma, pmd);
			} else {
				page = follow_trans_huge_pmd(vma, address, pmd,
							     flags);
				spin_unlock(ptl);
				return page;
			}
		} else {
			spin_unlock(ptl);
		}
	}
	if (unlikely(pmd_bad(*pmd)))
		return NULL;

	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
	pte = *ptep;
	if (!pte_present(pte))
		goto unlock;
	if ((flags & FOLL_NUMA) && pte_numa(pte))
		goto unlock;
	if ((flags & FOLL_WRITE) && !pte_write(pte))
		goto unlock;
	page = pte_page(pte);
	if (flags & FOLL_GET)
		get_page_foll(page);
unlock:
	pte_unmap_unlock(ptep, ptl);
	return page;
}

static struct page *follow_page(struct vm_area_struct *vma, unsigned long address,
				unsigned int foll_flags)
{
	return follow_page_mask(vma, address, foll_flags);
}
