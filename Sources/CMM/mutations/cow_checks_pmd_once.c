/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: do_huge_pmd_wp_page() does not look at the pmd again after the copy. */
#define MMRACE_MUTATION_COW_CHECKS_PMD_ONCE
#define CMM_SUBJECT		cmm_mutant_cow_checks_pmd_once
#define CMM_SUBJECT_ID		"cow_checks_pmd_once"
#define CMM_SUBJECT_TITLE	"do_huge_pmd_wp_page() does not look at the pmd again after the copy."
#include "port/subject.c"
