/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The revisions of the port, oldest first: the one before the first commit, then
 * each commit in the order in which mainline applied them.  This is the only place
 * that knows them; a file <id>.c beside it compiles each.
 */
#ifndef MMRACE_REVISION_LIST_H
#define MMRACE_REVISION_LIST_H

/*
 * _(id, first release, subject line, what it changes in the port, what it needs,
 *   the scenarios that fail with it and all before it)
 *
 * The id is the first twelve digits of the commit's.  A patch that is not in
 * mainline has a name in its place, of small letters, digits and underscores, and
 * UNRELEASED for its release; it comes after all that is.
 *
 * Needed is what the code would be wrong without, or would not compile without;
 * not what the patch merely touches.  The scenarios are those that fail with their
 * default parameters, separated by blanks; all others are verified.
 */
#define MMRACE_HISTORY(_)						\
	_(6219049ae1ce, "v3.8", "mm: introduce mm_find_pmd()",		\
	  "page_check_address_pmd() walks with mm_find_pmd(), which looks at the pmd itself", \
	  0, "")							\
	_(e1f56c89b040, "v3.13", "mm: convert mm->nr_ptes to atomic_long_t", \
	  "mm->nr_ptes is counted atomically, whatever lock is held",	\
	  0, "")							\
	_(bf929152e9f6, "v3.13",					\
	  "mm, thp: change pmd_trans_huge_lock() to return taken lock",	\
	  "__pmd_trans_huge_lock() says which lock it took; the zap drops that one", \
	  0, "")							\
	_(117b0791ac42, "v3.13",					\
	  "mm, thp: move ptl taking inside page_check_address_pmd()",	\
	  "the split takes the pmd's lock after the walk, no longer around it", \
	  0, SPLIT_RACE)						\
	_(c389a250ab4c, "v3.13",					\
	  "mm, thp: do not access mm->pmd_huge_pte directly",		\
	  "deposited pte tables are found by way of the pmd",		\
	  0, SPLIT_RACE)						\
	_(c4088ebdca64, "v3.13",					\
	  "mm: convert the rest to new page table lock api",		\
	  "faults, fork, gup and __pte_alloc() ask for the pmd's lock",	\
	  0, SPLIT_RACE)						\
	_(e009bb30c8df, "v3.13",					\
	  "mm: implement split page table lock for PMD level",		\
	  "each pmd table has a lock and a list of deposits of its own, in its struct page", \
	  NEEDS(e1f56c89b040) | NEEDS(bf929152e9f6) |			\
	  NEEDS(117b0791ac42) | NEEDS(c389a250ab4c) |			\
	  NEEDS(c4088ebdca64), SPLIT_RACE)				\
	_(b5a8cad376ee, "v3.15",					\
	  "thp: close race between split and zap huge pages",		\
	  "page_check_address_pmd() does not look at the pmd before it has the lock", \
	  NEEDS(117b0791ac42), "")					\
	_(f72e7dcdd252, "v3.16",					\
	  "mm: let mm_find_pmd fix buggy race with THP fault",		\
	  "mm_find_pmd() decides on one look at the pmd, and does not return a huge one", \
	  NEEDS(6219049ae1ce), "")					\
	_(7a3ef208e662, "v3.19",					\
	  "mm: prevent endless growth of anon_vma hierarchy",		\
	  "a child takes over an ancestor's anon_vma that no VMA calls its own", \
	  0, "")

/* The race of b5a8cad376ee: from the commit that opens it to the one that closes it. */
#define SPLIT_RACE	"split-vs-zap split-vs-cow"

/* The same of what was before the first commit; its id is its release. */
#define MMRACE_OLDEST(_)	_(v3_7, "v3.7", "Linux 3.7", "", 0, "")

#define MMRACE_REVISIONS(_)	MMRACE_OLDEST(_) MMRACE_HISTORY(_)

#endif
