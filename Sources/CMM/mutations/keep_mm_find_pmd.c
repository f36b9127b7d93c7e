/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: page_check_address_pmd() still looks at the pmd before it takes the ptl. */
#define MMRACE_MUTATION_KEEP_MM_FIND_PMD
#define CMM_SUBJECT		cmm_mutant_keep_mm_find_pmd
#define CMM_SUBJECT_ID		"keep_mm_find_pmd"
#define CMM_SUBJECT_TITLE	"page_check_address_pmd() still looks at the pmd before it takes the ptl."
#include "port/subject.c"
