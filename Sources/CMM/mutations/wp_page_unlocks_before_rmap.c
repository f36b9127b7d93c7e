/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutation: do_wp_page() releases the lock of the pte before page_remove_rmap(). */
#define MMRACE_MUTATION_WP_PAGE_UNLOCKS_BEFORE_RMAP
#define CMM_SUBJECT		cmm_mutant_wp_page_unlocks_before_rmap
#define CMM_SUBJECT_ID		"wp_page_unlocks_before_rmap"
#define CMM_SUBJECT_TITLE	"do_wp_page() releases the lock of the pte before page_remove_rmap()."
#include "port/subject.c"
