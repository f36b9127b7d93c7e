/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of mutations, with what is expected of each. */
#include "cmm_mutations.h"

#define MUTATION(name, expected, text)					\
	extern const struct cmm_subject CMM_NAME(cmm_mutant_##name);		\
	static const struct cmm_mutation name = {			\
		.subject = &CMM_NAME(cmm_mutant_##name),				\
		.survives = expected,					\
		.what = text,						\
	}

MUTATION(zap_unlocks_before_rmap, false,
	 "zap_huge_pmd() releases the ptl before page_remove_rmap().");
MUTATION(zap_takes_no_ptl, false,
	 "zap_huge_pmd() clears the pmd and drops the mapcount without its ptl.");
MUTATION(splitting_bit_not_set, false,
	 "pmdp_splitting_flush() does not set the splitting bit.");
MUTATION(zap_ignores_splitting, false,
	 "__pmd_trans_huge_lock() does not wait for a split.");
MUTATION(tail_pin_not_counted, false,
	 "__split_huge_page_refcount() forgets the pins of a tail.");
MUTATION(keep_mm_find_pmd, false,
	 "page_check_address_pmd() still looks at the pmd before it takes the ptl.");
MUTATION(degree_dropped_unlocked, false,
	 "unlink_anon_vmas() drops the degree of the VMA's own anon_vma without the root's lock.");
MUTATION(cow_checks_pmd_once, false,
	 "do_huge_pmd_wp_page() does not look at the pmd again after the copy.");
MUTATION(cow_unlocks_before_rmap, false,
	 "do_huge_pmd_wp_page() releases the ptl before page_remove_rmap().");
MUTATION(wp_page_unlocks_before_rmap, false,
	 "do_wp_page() releases the lock of the pte before page_remove_rmap().");
MUTATION(splitting_not_flushed, false,
	 "pmdp_splitting_flush() sets the splitting bit and does not flush.");
MUTATION(gather_not_flushed, false,
	 "tlb_flush_mmu() frees the pages that it gathered without a flush.");
MUTATION(split_takes_no_compound_lock, false,
	 "__split_huge_page_refcount() does not take the compound lock.");
MUTATION(pmd_none_under_lock, true,
	 "page_check_address_pmd() tests pmd_none() in place of !pmd_present() under the ptl.");
MUTATION(rmap_before_clear, true,
	 "zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl.");

const struct cmm_mutation *const cmm_mutations[] = {
	&zap_unlocks_before_rmap,
	&zap_takes_no_ptl,
	&splitting_bit_not_set,
	&zap_ignores_splitting,
	&tail_pin_not_counted,
	&keep_mm_find_pmd,
	&degree_dropped_unlocked,
	&cow_checks_pmd_once,
	&cow_unlocks_before_rmap,
	&wp_page_unlocks_before_rmap,
	&splitting_not_flushed,
	&gather_not_flushed,
	&split_takes_no_compound_lock,
	&pmd_none_under_lock,
	&rmap_before_clear,
	NULL,
};
