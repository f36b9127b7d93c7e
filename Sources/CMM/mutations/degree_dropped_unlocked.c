/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: unlink_anon_vmas() drops the degree of the VMA's own anon_vma without the root's lock. */
#define MMRACE_MUTATION_DEGREE_DROPPED_UNLOCKED
#define CMM_SUBJECT		cmm_mutant_degree_dropped_unlocked
#define CMM_SUBJECT_ID		"degree_dropped_unlocked"
#define CMM_SUBJECT_TITLE	"unlink_anon_vmas() drops the degree of the VMA's own anon_vma without the root's lock."
#include "port/subject.c"
