/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commits that the port knows, oldest first, in the order in which mainline
 * applied them.  Every file that compiles the port says which of them it has:
 *
 *	MMRACE_REVISION		that commit and all before it (v3_7: none), or
 *	MMRACE_COMMITS		a mask; it may be one that is known at run time only
 *
 * and has all of them if it says nothing.  In the port, MMRACE_COMMIT_<id> is 1
 * or 0; where it is a constant the compiler drops what is not applied.
 */
#ifndef MMRACE_HISTORY_H
#define MMRACE_HISTORY_H

/*
 * _(id, first release, subject line, what it changes in the port, what it needs)
 *
 * The id is the first twelve digits of the commit's.  A patch that is not in
 * mainline has a name in its place, of small letters, digits and underscores, and
 * UNRELEASED for its release; it comes after all that is.
 *
 * Needed is what the code would be wrong without, or would not compile without;
 * not what the patch merely touches.
 */
#define MMRACE_HISTORY(_)						\
	_(6219049ae1ce, "v3.8", "mm: introduce mm_find_pmd()",		\
	  "page_check_address_pmd() walks with mm_find_pmd(), which looks at the pmd itself", \
	  0)								\
	_(e1f56c89b040, "v3.13", "mm: convert mm->nr_ptes to atomic_long_t", \
	  "mm->nr_ptes is counted atomically, whatever lock is held",	\
	  0)								\
	_(bf929152e9f6, "v3.13",					\
	  "mm, thp: change pmd_trans_huge_lock() to return taken lock",	\
	  "__pmd_trans_huge_lock() says which lock it took; the zap drops that one", \
	  0)								\
	_(117b0791ac42, "v3.13",					\
	  "mm, thp: move ptl taking inside page_check_address_pmd()",	\
	  "the split takes the pmd's lock after the walk, no longer around it", \
	  0)								\
	_(c389a250ab4c, "v3.13",					\
	  "mm, thp: do not access mm->pmd_huge_pte directly",		\
	  "deposited pte tables are found by way of the pmd",		\
	  0)								\
	_(c4088ebdca64, "v3.13",					\
	  "mm: convert the rest to new page table lock api",		\
	  "faults, fork, gup and __pte_alloc() ask for the pmd's lock",	\
	  0)								\
	_(e009bb30c8df, "v3.13",					\
	  "mm: implement split page table lock for PMD level",		\
	  "each pmd table has a lock and a list of deposits of its own, in its struct page", \
	  NEEDS(e1f56c89b040) | NEEDS(bf929152e9f6) |			\
	  NEEDS(117b0791ac42) | NEEDS(c389a250ab4c) |			\
	  NEEDS(c4088ebdca64))						\
	_(b5a8cad376ee, "v3.15",					\
	  "thp: close race between split and zap huge pages",		\
	  "page_check_address_pmd() does not look at the pmd before it has the lock", \
	  NEEDS(117b0791ac42))						\
	_(f72e7dcdd252, "v3.16",					\
	  "mm: let mm_find_pmd fix buggy race with THP fault",		\
	  "mm_find_pmd() decides on one look at the pmd, and does not return a huge one", \
	  NEEDS(6219049ae1ce))						\
	_(7a3ef208e662, "v3.19",					\
	  "mm: prevent endless growth of anon_vma hierarchy",		\
	  "a child takes over an ancestor's anon_vma that no VMA calls its own", \
	  0)

#define MMRACE_COMMIT_6219049ae1ce	MMRACE_APPLIED(6219049ae1ce)
#define MMRACE_COMMIT_e1f56c89b040	MMRACE_APPLIED(e1f56c89b040)
#define MMRACE_COMMIT_bf929152e9f6	MMRACE_APPLIED(bf929152e9f6)
#define MMRACE_COMMIT_117b0791ac42	MMRACE_APPLIED(117b0791ac42)
#define MMRACE_COMMIT_c389a250ab4c	MMRACE_APPLIED(c389a250ab4c)
#define MMRACE_COMMIT_c4088ebdca64	MMRACE_APPLIED(c4088ebdca64)
#define MMRACE_COMMIT_e009bb30c8df	MMRACE_APPLIED(e009bb30c8df)
#define MMRACE_COMMIT_b5a8cad376ee	MMRACE_APPLIED(b5a8cad376ee)
#define MMRACE_COMMIT_f72e7dcdd252	MMRACE_APPLIED(f72e7dcdd252)
#define MMRACE_COMMIT_7a3ef208e662	MMRACE_APPLIED(7a3ef208e662)

#define MMRACE_NEWEST			7a3ef208e662

/* ---- nothing below changes with a commit -------------------------------- */

#define UNRELEASED	"unreleased"

#define NEEDS(id)		(1u << MMRACE_BIT_##id)
#define MMRACE_APPLIED(id)	((MMRACE_COMMITS) >> MMRACE_BIT_##id & 1)

#define MMRACE_BIT(id, ...)	MMRACE_BIT_##id,
enum { MMRACE_BIT_v3_7 = -1, MMRACE_HISTORY(MMRACE_BIT) MMRACE_COMMIT_COUNT };

/* A name with the revision's id at its end. */
#define MMRACE_PASTE(name, id)	MMRACE_PASTE_(name, id)
#define MMRACE_PASTE_(name, id)	name##id

_Static_assert(MMRACE_PASTE(MMRACE_BIT_, MMRACE_NEWEST) == MMRACE_COMMIT_COUNT - 1,
	       "MMRACE_NEWEST is not the last of MMRACE_HISTORY");

/* How many commits the revision has, or the newest before it is changed. */
#ifdef MMRACE_REVISION
#define MMRACE_DEPTH	(MMRACE_PASTE(MMRACE_BIT_, MMRACE_REVISION) + 1)
#else
#define MMRACE_DEPTH	MMRACE_COMMIT_COUNT
#endif

#ifndef MMRACE_COMMITS
#define MMRACE_COMMITS	((1u << MMRACE_DEPTH) - 1)
#endif

#endif
