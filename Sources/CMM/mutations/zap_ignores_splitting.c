/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: __pmd_trans_huge_lock() does not wait for a split. */
#define MMRACE_MUTATION_ZAP_IGNORES_SPLITTING
#define CMM_SUBJECT		cmm_mutant_zap_ignores_splitting
#define CMM_SUBJECT_ID		"zap_ignores_splitting"
#define CMM_SUBJECT_TITLE	"__pmd_trans_huge_lock() does not wait for a split."
#include "port/subject.c"
