/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table's page is noted with its level and its mm, for reports: the tree's own
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

#define __MMRACE_ALLOC_ONE(level)					\
void mmrace_note_##level##_table(void *table, const struct mm_struct *mm);	\
static inline level##_t *level##_alloc_one(struct mm_struct *mm, unsigned long address)	\
{									\
	level##_t *table = mmrace_own_##level##_alloc_one(mm, address);	\
									\
	mmrace_note_##level##_table(table, mm);				\
	return table;							\
}

__MMRACE_ALLOC_ONE(pud)
__MMRACE_ALLOC_ONE(pmd)

#endif
