/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table's page is noted as what it is and whose, for reports: the tree's own
 * functions do not say it where it could be found later.  Those of the tree run
 * as they are; that of pte tables is not an inline one, see tree/tables.c.
 */
#ifndef _MMRACE_PGALLOC_H
#define _MMRACE_PGALLOC_H

#define pud_alloc_one	mmrace_own_pud_alloc_one
#define pmd_alloc_one	mmrace_own_pmd_alloc_one
#include_next <asm/pgalloc.h>
#undef pud_alloc_one
#undef pmd_alloc_one

void mmrace_note_pud_table(void *table, const struct mm_struct *mm);
void mmrace_note_pmd_table(void *table, const struct mm_struct *mm);

static inline pud_t *pud_alloc_one(struct mm_struct *mm, unsigned long address)
{
	pud_t *pud = mmrace_own_pud_alloc_one(mm, address);

	mmrace_note_pud_table(pud, mm);
	return pud;
}

static inline pmd_t *pmd_alloc_one(struct mm_struct *mm, unsigned long address)
{
	pmd_t *pmd = mmrace_own_pmd_alloc_one(mm, address);

	mmrace_note_pmd_table(pmd, mm);
	return pmd;
}

#endif
