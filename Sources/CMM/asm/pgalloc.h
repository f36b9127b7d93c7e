/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Allocating, freeing and linking page tables. */
#ifndef _ASM_PGALLOC_H
#define _ASM_PGALLOC_H

#include <linux/mm.h>

static pgd_t *pgd_alloc(struct mm_struct *mm);
static void pgd_free(struct mm_struct *mm, pgd_t *pgd);
static pgtable_t pte_alloc_one(struct mm_struct *mm, unsigned long address);
static pmd_t *pmd_alloc_one(struct mm_struct *mm, unsigned long address);
static void pmd_free(struct mm_struct *mm, pmd_t *pmd);
static pud_t *pud_alloc_one(struct mm_struct *mm, unsigned long address);
static void pud_free(struct mm_struct *mm, pud_t *pud);

static inline void pte_free(struct mm_struct *mm __maybe_unused, pgtable_t pte)
{
	pgtable_page_dtor(pte);
	__free_page(pte);
}

static inline void pmd_populate(struct mm_struct *mm __maybe_unused, pmd_t *pmd,
				pgtable_t pte)
{
	set_pmd(pmd, __pmd(page_to_pfn(pte) << PAGE_SHIFT | _PAGE_TABLE));
}

static inline void pud_populate(struct mm_struct *mm __maybe_unused, pud_t *pud,
				pmd_t *pmd)
{
	set_pud(pud, (pud_t) { _PAGE_TABLE | __pa(pmd) });
}

static inline void pgd_populate(struct mm_struct *mm __maybe_unused, pgd_t *pgd,
				pud_t *pud)
{
	set_pgd(pgd, (pgd_t) { _PAGE_TABLE | __pa(pud) });
}

#endif
