/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: __split_huge_page_refcount() does not take the compound lock. */
#define MMRACE_MUTATION_SPLIT_TAKES_NO_COMPOUND_LOCK
#define CMM_SUBJECT		cmm_mutant_split_takes_no_compound_lock
#define CMM_SUBJECT_ID		"split_takes_no_compound_lock"
#define CMM_SUBJECT_TITLE	"__split_huge_page_refcount() does not take the compound lock."
#include "port/subject.c"
