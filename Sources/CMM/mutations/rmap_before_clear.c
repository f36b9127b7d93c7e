/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl. */
#define MMRACE_COMMIT_117b0791ac42 1
#define MMRACE_COMMIT_b5a8cad376ee 1
#define MMRACE_MUTATION_RMAP_BEFORE_CLEAR
#define CMM_SUBJECT		cmm_mutant_rmap_before_clear
#define CMM_SUBJECT_ID		"rmap_before_clear"
#define CMM_SUBJECT_VERSION	"v3.15"
#define CMM_SUBJECT_TITLE	"zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl."
#include "world/subject.c"
