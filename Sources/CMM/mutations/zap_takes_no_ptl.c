/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: zap_huge_pmd() clears the pmd and drops the mapcount without its ptl. */
#define MMRACE_MUTATION_ZAP_TAKES_NO_PTL
#define CMM_SUBJECT		cmm_mutant_zap_takes_no_ptl
#define CMM_SUBJECT_ID		"zap_takes_no_ptl"
#define CMM_SUBJECT_TITLE	"zap_huge_pmd() clears the pmd and drops the mapcount without its ptl."
#include "port/subject.c"
