/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: pmdp_splitting_flush() sets the splitting bit and does not flush. */
#define MMRACE_MUTATION_SPLITTING_NOT_FLUSHED
#define CMM_SUBJECT		cmm_mutant_splitting_not_flushed
#define CMM_SUBJECT_ID		"splitting_not_flushed"
#define CMM_SUBJECT_TITLE	"pmdp_splitting_flush() sets the splitting bit and does not flush."
#include "port/subject.c"
