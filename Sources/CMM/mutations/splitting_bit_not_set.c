/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: pmdp_splitting_flush() does not set the splitting bit. */
#define MMRACE_COMMIT_117b0791ac42 1
#define MMRACE_COMMIT_b5a8cad376ee 1
#define MMRACE_MUTATION_SPLITTING_BIT_NOT_SET
#define CMM_SUBJECT		cmm_mutant_splitting_bit_not_set
#define CMM_SUBJECT_ID		"splitting_bit_not_set"
#define CMM_SUBJECT_VERSION	"v3.15"
#define CMM_SUBJECT_TITLE	"pmdp_splitting_flush() does not set the splitting bit."
#include "world/subject.c"
