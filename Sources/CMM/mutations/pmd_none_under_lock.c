/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: page_check_address_pmd() tests pmd_none() in place of !pmd_present() under the ptl. */
#define MMRACE_MUTATION_PMD_NONE_UNDER_LOCK
#define CMM_SUBJECT		cmm_mutant_pmd_none_under_lock
#define CMM_SUBJECT_ID		"pmd_none_under_lock"
#define CMM_SUBJECT_TITLE	"page_check_address_pmd() tests pmd_none() in place of !pmd_present() under the ptl."
#include "port/subject.c"
