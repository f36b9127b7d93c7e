/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl. */
#define MMRACE_MUTATION_RMAP_BEFORE_CLEAR
#define CMM_SUBJECT		cmm_mutant_rmap_before_clear
#define CMM_SUBJECT_ID		"rmap_before_clear"
#define CMM_SUBJECT_TITLE	"zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl."
#include "port/subject.c"
