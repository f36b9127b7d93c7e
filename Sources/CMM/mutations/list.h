/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The deliberate mistakes in the newest revision, which measure the tool.  This is
 * the only place that knows them; a file <id>.c beside it compiles each.
 */
#ifndef MMRACE_MUTATION_LIST_H
#define MMRACE_MUTATION_LIST_H

/*
 * _(id, expectation, scenario, its parameters, what is changed)
 *
 * FOUND		the scenario shows it
 * FOUND_FIRST		so it does, in very many ways: the search ends with the first
 * EQUIVALENT		an equivalent mutant: no interleaving of any scenario shows it;
 *			the scenario is the largest in which it was looked for
 *
 * Parameters that are not named have their default values.
 */
#define MMRACE_MUTATIONS(_)						\
	_(zap_unlocks_before_rmap, FOUND, "split-vs-zap", "",		\
	  "zap_huge_pmd() releases the ptl before page_remove_rmap().") \
	_(zap_takes_no_ptl, FOUND, "split-vs-zap", "",			\
	  "zap_huge_pmd() clears the pmd and drops the mapcount without its ptl.") \
	_(splitting_bit_not_set, FOUND, "split-vs-zap", "",		\
	  "pmdp_splitting_flush() does not set the splitting bit.")	\
	_(zap_ignores_splitting, FOUND, "split-vs-zap", "",		\
	  "__pmd_trans_huge_lock() does not wait for a split.")		\
	_(tail_pin_not_counted, FOUND, "split-vs-zap", "pin=1",		\
	  "__split_huge_page_refcount() forgets the pins of a tail.")	\
	_(keep_mm_find_pmd, FOUND, "split-vs-zap", "",			\
	  "page_check_address_pmd() still looks at the pmd before it takes the ptl.") \
	_(degree_dropped_unlocked, FOUND, "exit-vs-fork", "",		\
	  "unlink_anon_vmas() drops the degree of the VMA's own anon_vma without the root's lock.") \
	_(cow_checks_pmd_once, FOUND, "split-vs-cow", "",		\
	  "do_huge_pmd_wp_page() does not look at the pmd again after the copy.") \
	_(cow_unlocks_before_rmap, FOUND, "split-vs-cow", "",		\
	  "do_huge_pmd_wp_page() releases the ptl before page_remove_rmap().") \
	_(wp_page_unlocks_before_rmap, FOUND, "split-vs-cow", "",	\
	  "do_wp_page() releases the lock of the pte before page_remove_rmap().") \
	_(splitting_not_flushed, FOUND, "split-vs-gup", "",		\
	  "pmdp_splitting_flush() sets the splitting bit and does not flush.") \
	_(gather_not_flushed, FOUND_FIRST, "zap-vs-gup", "",		\
	  "tlb_flush_mmu() frees the pages that it gathered without a flush.") \
	_(split_takes_no_compound_lock, FOUND, "split-vs-gup", "",	\
	  "__split_huge_page_refcount() does not take the compound lock.") \
	_(pmd_none_under_lock, EQUIVALENT, "split-vs-zap", "mappings=2", \
	  "page_check_address_pmd() tests pmd_none() in place of !pmd_present() under the ptl.") \
	_(rmap_before_clear, EQUIVALENT, "split-vs-zap", "mappings=2",	\
	  "zap_huge_pmd() drops the mapcount before it clears the pmd, but under the ptl.")

#endif
