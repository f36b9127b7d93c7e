/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: __split_huge_page_refcount() forgets the pins of a tail. */
#define MMRACE_MUTATION_TAIL_PIN_NOT_COUNTED
#define CMM_SUBJECT		cmm_mutant_tail_pin_not_counted
#define CMM_SUBJECT_ID		"tail_pin_not_counted"
#define CMM_SUBJECT_TITLE	"__split_huge_page_refcount() forgets the pins of a tail."
#include "port/subject.c"
