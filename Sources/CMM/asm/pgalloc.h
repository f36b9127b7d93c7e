/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Allocating, freeing and linking page tables. */
#ifndef _ASM_PGALLOC_H
#define _ASM_PGALLOC_H

#include <linux/mm.h>

static pgtable_t pte_alloc_one(struct mm_struct *mm, unsigned long address);

static inline void pte_free(struct mm_struct *mm, pgtable_t pte)
{
	pgtable_page_dtor(pte);
	__free_page(pte);
}

static inline void pmd_populate(struct mm_struct *mm, pmd_t *pmd, pgtable_t pte)
{
	set_pmd(pmd, __pmd(page_to_pfn(pte) << PAGE_SHIFT | _PAGE_TABLE));
}

static inline void pud_populate(struct mm_struct *mm, pud_t *pud, pmd_t *pmd)
{
	set_pud(pud, (pud_t) { _PAGE_TABLE | __pa(pmd) });
}

static inline void pgd_populate(struct mm_struct *mm, pgd_t *pgd, pud_t *pud)
{
	set_pgd(pgd, (pgd_t) { _PAGE_TABLE | __pa(pud) });
}

#endif
