/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: pmdp_splitting_flush() does not set the splitting bit. */
#define MMRACE_MUTATION_SPLITTING_BIT_NOT_SET
#define CMM_SUBJECT		cmm_mutant_splitting_bit_not_set
#define CMM_SUBJECT_ID		"splitting_bit_not_set"
#define CMM_SUBJECT_TITLE	"pmdp_splitting_flush() does not set the splitting bit."
#include "port/subject.c"
