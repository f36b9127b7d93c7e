/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables of x86-64, after arch/x86/mm/pgtable.c and asm/pgalloc.h. */
#include <asm/tlb.h>

#define PGALLOC_GFP	(GFP_KERNEL | __GFP_ZERO)

static pgtable_t pte_alloc_one(struct mm_struct *mm,
			       unsigned long address)
{
	struct page *pte = alloc_pages(PGALLOC_GFP, 0);

	if (!pte)
		return NULL;
	world_tag_page(pte, LEVEL_PTE, mm);
	if (!pgtable_page_ctor(pte)) {
		__free_page(pte);
		return NULL;
	}
	return pte;
}

static pmd_t *pmd_alloc_one(struct mm_struct *mm,
			    unsigned long address)
{
	struct page *page = alloc_pages(PGALLOC_GFP, 0);

	if (!page)
		return NULL;
	world_tag_page(page, LEVEL_PMD, mm);
	if (!pgtable_pmd_page_ctor(page)) {
		__free_page(page);
		return NULL;
	}
	return (pmd_t *)page_address(page);
}

static void pmd_free(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_pmd_page_dtor(virt_to_page(pmd));
	free_page((unsigned long)pmd);
}

static pud_t *pud_alloc_one(struct mm_struct *mm,
			    unsigned long address)
{
	pud_t *pud = (pud_t *)__get_free_page(PGALLOC_GFP);

	if (pud)
		world_tag_page(virt_to_page(pud), LEVEL_PUD, mm);
	return pud;
}

static void pud_free(struct mm_struct *mm, pud_t *pud)
{
	free_page((unsigned long)pud);
}

static pgd_t *pgd_alloc(struct mm_struct *mm)
{
	pgd_t *pgd = (pgd_t *)__get_free_page(PGALLOC_GFP);

	if (pgd)
		world_tag_page(virt_to_page(pgd), LEVEL_PGD, mm);
	return pgd;
}

static void pgd_free(struct mm_struct *mm, pgd_t *pgd)
{
	free_page((unsigned long)pgd);
}

static void ___pte_free_tlb(struct mmu_gather *tlb, struct page *pte)
{
	pgtable_page_dtor(pte);
	tlb_remove_page(tlb, pte);
}

static void ___pmd_free_tlb(struct mmu_gather *tlb, pmd_t *pmd)
{
	struct page *page = virt_to_page(pmd);

	pgtable_pmd_page_dtor(page);
	tlb_remove_page(tlb, page);
}

static void ___pud_free_tlb(struct mmu_gather *tlb, pud_t *pud)
{
	tlb_remove_page(tlb, virt_to_page(pud));
}

static int ptep_set_access_flags(struct vm_area_struct *vma,
				 unsigned long address,
				 pte_t *ptep, pte_t entry, int dirty)
{
	int changed = !pte_same(*ptep, entry);

	if (changed && dirty)
		*ptep = entry;
	return changed;
}

static int pmdp_set_access_flags(struct vm_area_struct *vma,
				 unsigned long address, pmd_t *pmdp,
				 pmd_t entry, int dirty)
{
	int changed = !pmd_same(*pmdp, entry);

	VM_BUG_ON(address & ~PMD_MASK);

	if (changed && dirty)
		set_pmd(pmdp, entry);
	return changed;
}

/* Holds off fast gup and every walker that takes the pmd's lock. */
static void pmdp_splitting_flush(struct vm_area_struct *vma,
				 unsigned long address,
				 pmd_t *pmdp)
{
	int set;

	VM_BUG_ON(address & ~PMD_MASK);
	set = MMRACE_MUTATION(splitting_bit_not_set) ||
	      !test_and_set_bit(_PAGE_BIT_SPLITTING, &pmdp->pmd);
	/* Not for the TLB: it ends every walk without locks that saw no bit. */
	if (set && !MMRACE_MUTATION(splitting_not_flushed))
		flush_tlb_range(vma, address, address + PMD_SIZE);
}
