/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A huge page of MMRACE_SUBPAGES pages.  The levels above move with it, so that
 * every table has 512 entries but that of the ptes.
 */
#ifndef _MMRACE_PGTABLE_64_TYPES_H
#define _MMRACE_PGTABLE_64_TYPES_H

#include_next <asm/pgtable_64_types.h>

#if MMRACE_SUBPAGES < 2 || MMRACE_SUBPAGES > 512 || (MMRACE_SUBPAGES & (MMRACE_SUBPAGES - 1))
#error "MMRACE_SUBPAGES is a power of two from 2 to 512"
#endif
/* Its logarithm, for the preprocessor, too. */
#define __MMRACE_ORDER	(1 + (MMRACE_SUBPAGES > 2) + (MMRACE_SUBPAGES > 4) +		\
			 (MMRACE_SUBPAGES > 8) + (MMRACE_SUBPAGES > 16) +		\
			 (MMRACE_SUBPAGES > 32) + (MMRACE_SUBPAGES > 64) +		\
			 (MMRACE_SUBPAGES > 128) + (MMRACE_SUBPAGES > 256))

#undef PMD_SHIFT
#undef PUD_SHIFT
#undef PGDIR_SHIFT
#undef PTRS_PER_PTE
#define PMD_SHIFT	(12 + __MMRACE_ORDER)
#define PUD_SHIFT	(PMD_SHIFT + 9)
#define PGDIR_SHIFT	(PUD_SHIFT + 9)
#define PTRS_PER_PTE	MMRACE_SUBPAGES

#endif
