/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process of each page table.  Written by code with hooks, as every write after
 * boot must be: the machine restores the arena from the writes that it saw.
 * Only reports read it.
 */
#include <linux/mm.h>
#include <asm/pgalloc.h>
#include "runtime/kernel.h"
#include "tree/world.h"
#include <CMM/oracle/types.h>

struct mmrace_table mmrace_table[SINGLE_PFN];

void mmrace_note_table(const struct page *page, unsigned level, const struct mm_struct *mm)
{
	unsigned long pfn = page - mmrace_map;

	if (pfn >= SINGLE_PFN)
		return;
	mmrace_table[pfn].level = level;
	mmrace_table[pfn].mm = mm;
}

/* The linker has all calls of the tree's pte_alloc_one(), __pmd_alloc() and __pud_alloc()
 * come here. */
pgtable_t __real_pte_alloc_one(struct mm_struct *mm);

pgtable_t __wrap_pte_alloc_one(struct mm_struct *mm)
{
	pgtable_t page = __real_pte_alloc_one(mm);

	if (page)
		mmrace_note_table(page, LEVEL_PTE, mm);
	return page;
}
