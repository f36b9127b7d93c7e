/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: zap_huge_pmd() releases the ptl before page_remove_rmap(). */
#define MMRACE_MUTATION_ZAP_UNLOCKS_BEFORE_RMAP
#define CMM_SUBJECT		cmm_mutant_zap_unlocks_before_rmap
#define CMM_SUBJECT_ID		"zap_unlocks_before_rmap"
#define CMM_SUBJECT_TITLE	"zap_huge_pmd() releases the ptl before page_remove_rmap()."
#include "port/subject.c"
