/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: tlb_flush_mmu() frees the pages that it gathered without a flush. */
#define MMRACE_MUTATION_GATHER_NOT_FLUSHED
#define CMM_SUBJECT		cmm_mutant_gather_not_flushed
#define CMM_SUBJECT_ID		"gather_not_flushed"
#define CMM_SUBJECT_TITLE	"tlb_flush_mmu() frees the pages that it gathered without a flush."
#include "port/subject.c"
