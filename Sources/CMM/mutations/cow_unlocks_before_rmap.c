/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: do_huge_pmd_wp_page() releases the ptl before page_remove_rmap(). */
#define MMRACE_MUTATION_COW_UNLOCKS_BEFORE_RMAP
#define CMM_SUBJECT		cmm_mutant_cow_unlocks_before_rmap
#define CMM_SUBJECT_ID		"cow_unlocks_before_rmap"
#define CMM_SUBJECT_TITLE	"do_huge_pmd_wp_page() releases the ptl before page_remove_rmap()."
#include "port/subject.c"
