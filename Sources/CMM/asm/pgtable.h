/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  Reading, changing and walking page tables of x86-64, including
 * the asm-generic helpers.  The atomic changes are events of the machine.
 */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <asm/pgtable_types.h>
#include <asm/bitops.h>
#include <linux/bug.h>
#include <linux/mm_types.h>

#define __HELPERS(level)						\
static inline unsigned long level##_flags(level##_t entry)		\
{									\
	return level##_val(entry) & PTE_FLAGS_MASK;			\
}									\
static inline struct page *level##_page(level##_t entry)		\
{									\
	return pfn_to_page((level##_val(entry) & PTE_PFN_MASK) >> PAGE_SHIFT); \
}									\
static inline int level##_none(level##_t entry)				\
{									\
	return level##_val(entry) == 0;					\
}

__HELPERS(pte)
__HELPERS(pmd)
__HELPERS(pud)
__HELPERS(pgd)
#undef __HELPERS

/* A test of bits, of which one at least must be set. */
#define __TEST(level, name, bits)					\
static inline int level##_##name(level##_t entry)			\
{									\
	return (level##_val(entry) & (bits)) != 0;			\
}

__TEST(pte, write, _PAGE_RW)
__TEST(pmd, write, _PAGE_RW)
__TEST(pmd, young, _PAGE_ACCESSED)
__TEST(pgd, present, _PAGE_PRESENT)
__TEST(pud, present, _PAGE_PRESENT)
/* Also true while pmdp_invalidate() has cleared PRESENT: PSE is left. */
__TEST(pmd, present, _PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE | _PAGE_NUMA)
__TEST(pte, present, _PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_NUMA)
__TEST(pmd, trans_huge, _PAGE_PSE)
__TEST(pmd, large, _PAGE_PSE)
__TEST(pmd, trans_splitting, _PAGE_SPLITTING)
#undef __TEST

/* Returns whether a TLB may have it.  No change of protection is ever pending. */
static inline bool pte_accessible(struct mm_struct *mm, pte_t pte)
{
	return (pte_flags(pte) & _PAGE_PRESENT) != 0;
}

/* A copy of an entry without some bits, and with others. */
#define __CHANGE(level, name, without, with)				\
static inline level##_t level##_##name(level##_t entry)			\
{									\
	level##_val(entry) &= ~(without);				\
	level##_val(entry) |= (with);					\
	return entry;							\
}

__CHANGE(pmd, mkhuge, 0UL, _PAGE_PSE)
__CHANGE(pmd, mknotpresent, _PAGE_PRESENT, 0UL)

/* The parts that huge pages and base pages have in common. */
#define __ENTRY_HELPERS(level)						\
__CHANGE(level, mkold, _PAGE_ACCESSED, 0UL)				\
__CHANGE(level, mkyoung, 0UL, _PAGE_ACCESSED)				\
__CHANGE(level, wrprotect, _PAGE_RW, 0UL)				\
__CHANGE(level, mkwrite, 0UL, _PAGE_RW)					\
__CHANGE(level, mkdirty, 0UL, _PAGE_DIRTY)				\
__CHANGE(level, mknuma, _PAGE_PRESENT, _PAGE_NUMA)			\
static inline int level##_same(level##_t a, level##_t b)		\
{									\
	return level##_val(a) == level##_val(b);			\
}									\
/* CONFIG_NUMA_BALANCING: a hinting fault is an entry without PRESENT. */ \
static inline int level##_numa(level##_t entry)				\
{									\
	return (level##_flags(entry) & (_PAGE_NUMA | _PAGE_PRESENT)) ==	\
	       _PAGE_NUMA;						\
}

__ENTRY_HELPERS(pte)
__ENTRY_HELPERS(pmd)
#undef __ENTRY_HELPERS
#undef __CHANGE

static inline int pgd_bad(pgd_t pgd)
{
	return (pgd_flags(pgd) & ~_PAGE_USER) != _KERNPG_TABLE;
}

static inline int pud_bad(pud_t pud)
{
	return (pud_flags(pud) & ~_PAGE_USER) != _KERNPG_TABLE;
}

static inline int pmd_bad(pmd_t pmd)
{
	if (pmd_numa(pmd))
		return 0;
	return (pmd_flags(pmd) & ~_PAGE_USER) != _KERNPG_TABLE;
}

static inline pte_t mk_pte(struct page *page, pgprot_t protection)
{
	return __pte(page_to_pfn(page) << PAGE_SHIFT | pgprot_val(protection));
}

static inline pmd_t mk_pmd(struct page *page, pgprot_t protection)
{
	return __pmd(page_to_pfn(page) << PAGE_SHIFT | pgprot_val(protection));
}

#define pmd_pgtable(pmd)	pmd_page(pmd)

/* ---- walking ------------------------------------------------------------- */

static inline pgd_t *pgd_offset(struct mm_struct *mm, unsigned long address)
{
	return mm->pgd + ((address >> PGDIR_SHIFT) & (PTRS_PER_TABLE - 1));
}

static inline pud_t *pud_offset(pgd_t *pgd, unsigned long address)
{
	return (pud_t *)page_address(pgd_page(*pgd)) +
	       ((address >> PUD_SHIFT) & (PTRS_PER_TABLE - 1));
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long address)
{
	return (pmd_t *)page_address(pud_page(*pud)) +
	       ((address >> PMD_SHIFT) & (PTRS_PER_TABLE - 1));
}

static inline pte_t *pte_offset_map(pmd_t *pmd, unsigned long address)
{
	return (pte_t *)page_address(pmd_page(*pmd)) +
	       ((address >> PAGE_SHIFT) & (PTRS_PER_PTE - 1));
}

#define pte_unmap(pte)	((void)(pte))

/* Returns the end of what one entry covers, or end if that comes first. */
#define __ADDR_END(level, SIZE, MASK)					\
static inline unsigned long level##_addr_end(unsigned long address,	\
					     unsigned long end)		\
{									\
	unsigned long boundary = (address + SIZE) & MASK;		\
									\
	return boundary - 1 < end - 1 ? boundary : end;			\
}

__ADDR_END(pgd, PGDIR_SIZE, PGDIR_MASK)
__ADDR_END(pud, PUD_SIZE, PUD_MASK)
__ADDR_END(pmd, PMD_SIZE, PMD_MASK)
#undef __ADDR_END

/* ---- changing ------------------------------------------------------------ */

static inline void set_pte_at(struct mm_struct *mm, unsigned long address,
			      pte_t *ptep, pte_t pte)
{
	*ptep = pte;
}

static inline void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	*pmdp = pmd;
}

static inline void set_pmd_at(struct mm_struct *mm, unsigned long address,
			      pmd_t *pmdp, pmd_t pmd)
{
	set_pmd(pmdp, pmd);
}

static inline void set_pud(pud_t *pudp, pud_t pud)
{
	*pudp = pud;
}

static inline void set_pgd(pgd_t *pgdp, pgd_t pgd)
{
	*pgdp = pgd;
}

static inline void pmd_clear(pmd_t *pmd)
{
	set_pmd(pmd, __pmd(0));
}

static inline void pud_clear(pud_t *pud)
{
	set_pud(pud, (pud_t) { 0 });
}

static inline void pgd_clear(pgd_t *pgd)
{
	set_pgd(pgd, (pgd_t) { 0 });
}

static inline pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long address,
				       pte_t *ptep)
{
	return __pte(vcpu_exchange64((uint64_t *)&ptep->pte, 0));
}

/* An mm in which no CPU runs any more needs no atomic operation. */
static inline pte_t ptep_get_and_clear_full(struct mm_struct *mm,
					    unsigned long address,
					    pte_t *ptep, int full)
{
	pte_t pte;

	if (!full)
		return ptep_get_and_clear(mm, address, ptep);
	pte = *ptep;
	set_pte_at(mm, address, ptep, __pte(0));
	return pte;
}

static inline void ptep_set_wrprotect(struct mm_struct *mm, unsigned long address,
				      pte_t *ptep)
{
	clear_bit(_PAGE_BIT_RW, &ptep->pte);
}

static inline pmd_t pmdp_get_and_clear(struct mm_struct *mm, unsigned long address,
				       pmd_t *pmdp)
{
	return __pmd(vcpu_exchange64((uint64_t *)&pmdp->pmd, 0));
}

static inline void pmdp_set_wrprotect(struct mm_struct *mm, unsigned long address,
				      pmd_t *pmdp)
{
	clear_bit(_PAGE_BIT_RW, &pmdp->pmd);
}

static int ptep_set_access_flags(struct vm_area_struct *vma,
				 unsigned long address, pte_t *ptep,
				 pte_t entry, int dirty);
static pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long address,
			      pte_t *ptep);
static int pmdp_set_access_flags(struct vm_area_struct *vma,
				 unsigned long address, pmd_t *pmdp,
				 pmd_t entry, int dirty);
static void pmdp_splitting_flush(struct vm_area_struct *vma,
				 unsigned long address, pmd_t *pmdp);
static pmd_t pmdp_clear_flush(struct vm_area_struct *vma, unsigned long address,
			      pmd_t *pmdp);
static void pmdp_invalidate(struct vm_area_struct *vma, unsigned long address,
			    pmd_t *pmdp);
static void pgtable_trans_huge_deposit(struct mm_struct *mm, pmd_t *pmdp,
				       pgtable_t pgtable);
static pgtable_t pgtable_trans_huge_withdraw(struct mm_struct *mm, pmd_t *pmdp);
static void pgd_clear_bad(pgd_t *pgd);
static void pud_clear_bad(pud_t *pud);
static void pmd_clear_bad(pmd_t *pmd);

#define __NONE_OR_CLEAR_BAD(level)					\
static inline int level##_none_or_clear_bad(level##_t *entry)		\
{									\
	if (level##_none(*entry))					\
		return 1;						\
	if (unlikely(level##_bad(*entry))) {				\
		level##_clear_bad(entry);				\
		return 1;						\
	}								\
	return 0;							\
}

__NONE_OR_CLEAR_BAD(pgd)
__NONE_OR_CLEAR_BAD(pud)
__NONE_OR_CLEAR_BAD(pmd)
#undef __NONE_OR_CLEAR_BAD

/*
 * With mmap_sem held for reading only, a pmd may become huge or none at any
 * time, so that it is read once and the copy is judged.
 */
static inline int pmd_none_or_trans_huge_or_clear_bad(pmd_t *pmd)
{
	pmd_t pmdval = *pmd;

	barrier();
	if (pmd_none(pmdval) || pmd_trans_huge(pmdval))
		return 1;
	if (unlikely(pmd_bad(pmdval))) {
		pmd_clear_bad(pmd);
		return 1;
	}
	return 0;
}

#endif
