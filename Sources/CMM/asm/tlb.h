/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Pages wait in a gather until the TLB has been flushed. */
#ifndef _ASM_TLB_H
#define _ASM_TLB_H

#include <linux/mm.h>
#include <asm/tlbflush.h>

#define MMU_GATHER_BUNDLE	8
#define MAX_GATHER_BATCH	((PAGE_SIZE - sizeof(struct mmu_gather_batch)) / \
				 sizeof(void *))
#define MAX_GATHER_BATCH_COUNT	(10000UL / MAX_GATHER_BATCH)

struct mmu_gather_batch {
	struct mmu_gather_batch *next;
	unsigned int nr;
	unsigned int max;
	struct page *pages[0];
};

struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
	unsigned int need_flush;
	unsigned int fullmm;
	struct mmu_gather_batch *active;
	unsigned int batch_count;
	struct mmu_gather_batch local;
	struct page *__pages[MMU_GATHER_BUNDLE];
};

static void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm,
			   unsigned long start, unsigned long end);
static void tlb_flush_mmu(struct mmu_gather *tlb);
static void tlb_finish_mmu(struct mmu_gather *tlb, unsigned long start,
			   unsigned long end);
static int __tlb_remove_page(struct mmu_gather *tlb, struct page *page);
static void ___pte_free_tlb(struct mmu_gather *tlb, struct page *pte);
static void ___pmd_free_tlb(struct mmu_gather *tlb, pmd_t *pmd);
static void ___pud_free_tlb(struct mmu_gather *tlb, pud_t *pud);

static inline void tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	if (!__tlb_remove_page(tlb, page))
		tlb_flush_mmu(tlb);
}

static inline void tlb_remove_tlb_entry(struct mmu_gather *tlb, pte_t *ptep,
					unsigned long address)
{
	tlb->need_flush = 1;
}

static inline void tlb_remove_pmd_tlb_entry(struct mmu_gather *tlb, pmd_t *pmdp,
					    unsigned long address)
{
	tlb->need_flush = 1;
}

#define pte_free_tlb(tlb, pte, address) do {					\
	(void)(address);						\
	(tlb)->need_flush = 1;						\
	___pte_free_tlb(tlb, pte);					\
} while (0)

#define pmd_free_tlb(tlb, pmd, address) do {				\
	(void)(address);						\
	(tlb)->need_flush = 1;						\
	___pmd_free_tlb(tlb, pmd);					\
} while (0)

#define pud_free_tlb(tlb, pud, address) do {				\
	(void)(address);						\
	(tlb)->need_flush = 1;						\
	___pud_free_tlb(tlb, pud);					\
} while (0)

#endif
