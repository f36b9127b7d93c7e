/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * References on pages that a process maps, without any lock, after
 * arch/x86/mm/gup.c.  Pages and tables stay in place meanwhile because
 * interrupts are off: a CPU that takes one away flushes the TLBs first, which needs
 * this CPU to take an interrupt.
 */
#include <linux/huge_mm.h>
#include <linux/irqflags.h>
#include <linux/sched.h>
#include "mm/internal.h"

static int gup_pte_range(pmd_t pmd, unsigned long addr, unsigned long end, int write,
			 struct page **pages, int *nr)
{
	unsigned long mask = _PAGE_PRESENT | _PAGE_USER;
	pte_t *ptep;

	if (write)
		mask |= _PAGE_RW;
	ptep = pte_offset_map(&pmd, addr);
	do {
		pte_t pte = ACCESS_ONCE(*ptep);
		struct page *page;

		if (pte_numa(pte))
			return 0;
		if ((pte_flags(pte) & mask) != mask)
			return 0;
		page = pte_page(pte);
		get_page(page);
		SetPageReferenced(page);
		pages[(*nr)++] = page;
	} while (ptep++, addr += PAGE_SIZE, addr != end);
	return 1;
}

static void get_head_page_multiple(struct page *page, int nr)
{
	VM_BUG_ON_PAGE(page != compound_head(page), page);
	VM_BUG_ON_PAGE(page_count(page) == 0, page);
	atomic_add(nr, &page->_count);
	SetPageReferenced(page);
}

static int gup_huge_pmd(pmd_t pmd, unsigned long addr, unsigned long end, int write,
			struct page **pages, int *nr)
{
	unsigned long mask = _PAGE_PRESENT | _PAGE_USER;
	struct page *head, *page;
	int refs = 0;

	if (write)
		mask |= _PAGE_RW;
	if ((pmd_flags(pmd) & mask) != mask)
		return 0;

	head = pmd_page(pmd);
	page = head + ((addr & ~PMD_MASK) >> PAGE_SHIFT);
	do {
		VM_BUG_ON_PAGE(compound_head(page) != head, page);
		pages[(*nr)++] = page;
		if (PageTail(page))
			get_huge_page_tail(page);
		page++;
		refs++;
	} while (addr += PAGE_SIZE, addr != end);
	/* The head last: a tail's pin is one on the head, too. */
	get_head_page_multiple(head, refs);
	return 1;
}

static int gup_pmd_range(pud_t pud, unsigned long addr, unsigned long end, int write,
			 struct page **pages, int *nr)
{
	unsigned long next;
	pmd_t *pmdp;

	pmdp = pmd_offset(&pud, addr);
	do {
		pmd_t pmd = *pmdp;

		next = pmd_addr_end(addr, end);
		/*
		 * A split sets its bit and then flushes: a walk that has not seen the
		 * bit here is done before the split goes on.
		 */
		if (pmd_none(pmd) || pmd_trans_splitting(pmd))
			return 0;
		if (unlikely(pmd_large(pmd))) {
			if (pmd_numa(pmd))
				return 0;
			if (!gup_huge_pmd(pmd, addr, next, write, pages, nr))
				return 0;
		} else {
			if (!gup_pte_range(pmd, addr, next, write, pages, nr))
				return 0;
		}
	} while (pmdp++, addr = next, addr != end);
	return 1;
}

static int gup_pud_range(pgd_t pgd, unsigned long addr, unsigned long end, int write,
			 struct page **pages, int *nr)
{
	unsigned long next;
	pud_t *pudp;

	pudp = pud_offset(&pgd, addr);
	do {
		pud_t pud = *pudp;

		next = pud_addr_end(addr, end);
		if (pud_none(pud))
			return 0;
		if (!gup_pmd_range(pud, addr, next, write, pages, nr))
			return 0;
	} while (pudp++, addr = next, addr != end);
	return 1;
}

/*
 * Returns the number of the pages that it got; it never sleeps, and never looks at what it
 * would have to wait for.
 */
static int __get_user_pages_fast(unsigned long start, int nr_pages, int write,
				 struct page **pages)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr, end, next, flags;
	pgd_t *pgdp;
	int nr = 0;

	start &= PAGE_MASK;
	addr = start;
	end = start + ((unsigned long)nr_pages << PAGE_SHIFT);

	local_irq_save(flags);
	pgdp = pgd_offset(mm, addr);
	do {
		pgd_t pgd = *pgdp;

		next = pgd_addr_end(addr, end);
		if (pgd_none(pgd))
			break;
		if (!gup_pud_range(pgd, addr, next, write, pages, &nr))
			break;
	} while (pgdp++, addr = next, addr != end);
	local_irq_restore(flags);
	return nr;
}
