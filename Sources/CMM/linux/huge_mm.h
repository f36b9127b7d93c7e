/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Transparent huge pages; there is no huge zero page. */
#ifndef _LINUX_HUGE_MM_H
#define _LINUX_HUGE_MM_H

#include <asm/pgtable.h>
#include <linux/mm.h>
#include <linux/rmap.h>

#define HPAGE_PMD_SHIFT	PMD_SHIFT
#define HPAGE_PMD_SIZE	(1UL << HPAGE_PMD_SHIFT)
#define HPAGE_PMD_MASK	(~(HPAGE_PMD_SIZE - 1))
#define HPAGE_PMD_ORDER	(HPAGE_PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR	(1 << HPAGE_PMD_ORDER)

enum page_check_address_pmd_flag {
	PAGE_CHECK_ADDRESS_PMD_FLAG,
	PAGE_CHECK_ADDRESS_PMD_NOTSPLITTING_FLAG,
	PAGE_CHECK_ADDRESS_PMD_SPLITTING_FLAG,
};

struct mmu_gather;

static int do_huge_pmd_anonymous_page(struct mm_struct *mm,
				      struct vm_area_struct *vma,
				      unsigned long address, pmd_t *pmd,
				      unsigned int flags);
static void huge_pmd_set_accessed(struct mm_struct *mm,
				  struct vm_area_struct *vma,
				  unsigned long address, pmd_t *pmd,
				  pmd_t orig_pmd, int dirty);
static int do_huge_pmd_wp_page(struct mm_struct *mm, struct vm_area_struct *vma,
			       unsigned long address, pmd_t *pmd, pmd_t orig_pmd);
static int copy_huge_pmd(struct mm_struct *dst_mm, struct mm_struct *src_mm,
			 pmd_t *dst_pmd, pmd_t *src_pmd, unsigned long addr,
			 struct vm_area_struct *vma);
static struct page *follow_trans_huge_pmd(struct vm_area_struct *vma,
					  unsigned long addr, pmd_t *pmd,
					  unsigned int flags);
static int zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma,
			pmd_t *pmd, unsigned long addr);
static int split_huge_page_to_list(struct page *page, struct list_head *list);
static void __split_huge_page_pmd(struct vm_area_struct *vma,
				  unsigned long address, pmd_t *pmd);

static inline int split_huge_page(struct page *page)
{
	return split_huge_page_to_list(page, NULL);
}

static inline void split_huge_page_pmd(struct vm_area_struct *vma,
				       unsigned long address, pmd_t *pmd)
{
	if (unlikely(pmd_trans_huge(*pmd)))
		__split_huge_page_pmd(vma, address, pmd);
}

/* A split holds the anon_vma's lock from the first pmd to the last. */
static inline void wait_split_huge_page(struct anon_vma *anon_vma, pmd_t *pmd)
{
	anon_vma_lock_write(anon_vma);
	anon_vma_unlock_write(anon_vma);
	BUG_ON(pmd_trans_splitting(*pmd) || pmd_trans_huge(*pmd));
}

static inline int hpage_nr_pages(struct page *page)
{
	if (unlikely(PageTransHuge(page)))
		return HPAGE_PMD_NR;
	return 1;
}

#endif
