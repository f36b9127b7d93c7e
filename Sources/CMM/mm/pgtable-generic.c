/* SPDX-License-Identifier: GPL-2.0-only */
/* Page-table helpers that most architectures share, after mm/pgtable-generic.c. */
#include <linux/mm.h>
#include <asm/tlb.h>

static void pgd_clear_bad(pgd_t *pgd)
{
	REPORT_BAD("pgd_bad(*pgd)");
	pgd_clear(pgd);
}

static void pud_clear_bad(pud_t *pud)
{
	REPORT_BAD("pud_bad(*pud)");
	pud_clear(pud);
}

static void pmd_clear_bad(pmd_t *pmd)
{
	REPORT_BAD("pmd_bad(*pmd)");
	pmd_clear(pmd);
}

/* Returns the list: c389a250ab4c asks for it, before it was always in the mm. */
static inline pgtable_t *deposits(struct mm_struct *mm, pmd_t *pmdp)
{
	if (MMRACE_COMMIT(c389a250ab4c))
		return &pmd_huge_pte(mm, pmdp);
	return &mm->pmd_huge_pte;
}

/* The pte table that a split will need is set aside when the huge pmd is made. */
static void pgtable_trans_huge_deposit(struct mm_struct *mm, pmd_t *pmdp,
				       pgtable_t pgtable)
{
	pgtable_t *first = deposits(mm, pmdp);

	if (MMRACE_COMMIT(c4088ebdca64))
		assert_spin_locked(pmd_lockptr(mm, pmdp));
	else
		assert_spin_locked(&mm->page_table_lock);

	if (!*first)
		INIT_LIST_HEAD(&pgtable->lru);
	else
		list_add(&pgtable->lru, &(*first)->lru);
	*first = pgtable;
}

/* First in, first out; the list is threaded through the pages themselves. */
static pgtable_t pgtable_trans_huge_withdraw(struct mm_struct *mm, pmd_t *pmdp)
{
	pgtable_t pgtable, *first = deposits(mm, pmdp);

	if (MMRACE_COMMIT(c4088ebdca64))
		assert_spin_locked(pmd_lockptr(mm, pmdp));
	else
		assert_spin_locked(&mm->page_table_lock);

	pgtable = *first;
	if (list_empty(&pgtable->lru)) {
		*first = NULL;
	} else {
		*first = list_entry(pgtable->lru.next, struct page, lru);
		list_del(&pgtable->lru);
	}
	return pgtable;
}

static pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long address,
			      pte_t *ptep)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t pte;

	pte = ptep_get_and_clear(mm, address, ptep);
	if (pte_accessible(mm, pte))
		flush_tlb_page(vma, address);
	return pte;
}

static pmd_t pmdp_clear_flush(struct vm_area_struct *vma, unsigned long address,
			      pmd_t *pmdp)
{
	pmd_t pmd;

	VM_BUG_ON(address & ~PMD_MASK);
	pmd = pmdp_get_and_clear(vma->vm_mm, address, pmdp);
	flush_tlb_range(vma, address, address + PMD_SIZE);
	return pmd;
}

static void pmdp_invalidate(struct vm_area_struct *vma, unsigned long address,
			    pmd_t *pmdp)
{
	set_pmd_at(vma->vm_mm, address, pmdp, pmd_mknotpresent(*pmdp));
	flush_tlb_range(vma, address, address + (1UL << PMD_SHIFT));
}
