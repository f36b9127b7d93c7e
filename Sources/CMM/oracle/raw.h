/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking at objects and page tables from outside, in the same way on both sides. */
#ifndef ORACLE_RAW_H
#define ORACLE_RAW_H

#include "interface.h"

/* The text of a macro's value. */
#define QUOTED(macro)	QUOTED_(macro)
#define QUOTED_(macro)	#macro

/* The place in the source at which an oracle fails, for the finding to name. */
#define RAW_SITE(kind, text)	({ VCPU_SITE(kind, text); &__site; })

/** Returns the mm of process i, or NULL. */
INSPECTS struct mm_struct *world_process(unsigned i)
{
	return world_scenario()->process[i];
}

/** Returns reference i that the scenario owns, or NULL. */
INSPECTS struct page *world_pin(unsigned i)
{
	return world_scenario()->pin[i];
}

/** Returns the head of the first huge page, of which reports speak, or NULL. */
INSPECTS struct page *world_reported_page(void)
{
	return world_scenario()->reported_page;
}

/* The flags of a page: an unsigned long, or since v6.18 a struct of one. */
#define RAW_FLAGS(page)		(*(const unsigned long *)&(page)->flags)

/** Returns whether a flag of a page is set, by its number. */
INSPECTS bool raw_flag(const struct page *page, unsigned flag)
{
	return RAW_FLAGS(page) >> flag & 1;
}

#if RAW_HAS_COMPOUND_HEAD
#ifndef RAW_HEAD_MEMBER
#define RAW_HEAD_MEMBER		compound_head
#endif
#define RAW_COMPOUND_FLAGS	(1ul << PG_head)

/** Returns PageTail(). */
INSPECTS bool raw_tail(const struct page *page)
{
	return page->RAW_HEAD_MEMBER & 1;
}

/** Returns the page that a tail names as its head. */
INSPECTS const struct page *raw_head(const struct page *tail)
{
	return (const struct page *)(tail->RAW_HEAD_MEMBER - 1);
}
#else
#define RAW_HEAD_MEMBER		first_page
#define RAW_COMPOUND_FLAGS	(1ul << PG_head | 1ul << PG_tail)

INSPECTS bool raw_tail(const struct page *page)
{
	return raw_flag(page, PG_tail);
}

INSPECTS const struct page *raw_head(const struct page *tail)
{
	return tail->first_page;
}
#endif

/** Returns whether a page is a file's, by the mapping of its head; one without is not. */
INSPECTS bool raw_is_of_file(const struct page *page)
{
	const struct page *head = raw_tail(page) ? raw_head(page) : page;
	unsigned long i = head - world_mem_map(), mapping;

	mapping = i < world_pages() ? (unsigned long)head->mapping : 0;
	return mapping && !(mapping & 1);
}

/** Returns the number of pages of the compound page of a head, or 1. */
INSPECTS unsigned raw_pages_from(const struct page *page)
{
	return raw_flag(page, PG_head) ? raw_pages(page) : 1;
}

/** Returns the number of pages of an entry of a list of the zone's free_area. */
INSPECTS unsigned raw_area_pages(unsigned area)
{
	return area == WORLD_HUGE_AREA ? world_subpages() : 1u << area;
}

/** Returns the page that a page-table entry points to. */
INSPECTS struct page *raw_page(unsigned long entry)
{
	return world_mem_map() + ((entry & PTE_PFN_MASK) >> PAGE_SHIFT);
}

/** Returns the page that has this content. */
INSPECTS struct page *raw_page_of(const void *content)
{
	return world_mem_map() + (((const char *)content - world_memory()) >> PAGE_SHIFT);
}

/** Returns the table that an entry points to. */
INSPECTS unsigned long *raw_table(unsigned long entry)
{
	return (unsigned long *)(world_memory() + (entry & PTE_PFN_MASK));
}

/** Returns the lock of a pmd. */
INSPECTS const spinlock_t *raw_pmd_lock(const struct mm_struct *mm, const unsigned long *pmd)
{
	if (!RAW_SPLIT_PMD_LOCKS)
		return &mm->page_table_lock;
	return (const void *)&((const struct RAW_TABLE *)raw_page_of(pmd))->ptl;
}

/** Returns the lock of the table that a pmd points to. */
INSPECTS const spinlock_t *raw_pte_lock(unsigned long pmd)
{
	return (const void *)&((const struct RAW_TABLE *)raw_page(pmd))->ptl;
}

/** Returns the number of the process whose mm it is, or CMM_MM_MAX. */
INSPECTS unsigned raw_process_of(const struct mm_struct *mm)
{
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++)
		if (world_process(p) == mm)
			break;
	return p;
}

/** The entries on the way to a process's VMA; NULL from where there is no table. */
struct raw_walk {
	unsigned long *pgd, *pud, *pmd;
};

/* A table is a page of entries. */
INSPECTS unsigned long *raw_entry(unsigned long *table, unsigned shift)
{
	return table + (SCENARIO_ADDRESS >> shift) % (PAGE_SIZE / sizeof(*table));
}

/** Walks to the VMA of an mm, which may be NULL; returns true if there is a pmd. */
INSPECTS bool raw_walk(const struct mm_struct *mm, struct raw_walk *walk)
{
	walk->pgd = walk->pud = walk->pmd = NULL;
	if (!mm || !raw_vma(mm) || !mm->pgd)
		return false;
	walk->pgd = raw_entry((unsigned long *)mm->pgd, PGDIR_SHIFT);
	if (!*walk->pgd)
		return false;
	walk->pud = raw_entry(raw_table(*walk->pgd), PUD_SHIFT);
	if (!*walk->pud)
		return false;
	walk->pmd = raw_entry(raw_table(*walk->pud), PMD_SHIFT);
	return true;
}

#endif
