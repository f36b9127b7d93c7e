/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The things that either side, the port and a kernel tree, provides to the oracle:
 * constants, and functions whose prototypes are here, so that the compiler compares
 * them with the definitions.  The oracle uses nothing else of a side but the
 * kernel's own names.  CMM/port and Tree/arch/tree are the sides; each defines the
 * constants in its inspect.h, then includes raw.h and with it this file, then
 * defines the functions there, but for those of operations.
 */
#ifndef ORACLE_INTERFACE_H
#define ORACLE_INTERFACE_H

#include "types.h"

/* ---- constants ------------------------------------------------------------ */

/*
 * SCENARIO_ADDRESS	where every process has its VMA: forks keep the address
 * WORLD_CPUS		virtual CPUs that have a pageset and a pagevec
 * WORLD_HUGE_AREA	the index of the zone's free_area of huge pages
 * RAW_PAGE_SPLITTING, RAW_PAGE_NUMA	bits of a pmd; 0 where there is none
 * RAW_HAS_COMPOUND_HEAD	1 if a tail names its head in page->compound_head, 0 if it
 *			has PG_tail and names it in page->first_page
 * RAW_HAS_PAGE_DEPOSIT	1 if struct page has pmd_huge_pte, else 0
 * RAW_SPLIT_PMD_LOCKS	true if a pmd's lock is that of its table, not the mm's
 * RAW_HAS_DEGREE	true if anon_vma->degree is counted
 * RAW_DEGREE, RAW_PARENT	these members of an anon_vma; 0 where there are none
 */
#if !defined(SCENARIO_ADDRESS) || !defined(WORLD_CPUS) || !defined(WORLD_HUGE_AREA) ||	\
	!defined(RAW_PAGE_SPLITTING) || !defined(RAW_PAGE_NUMA) ||			\
	!defined(RAW_HAS_COMPOUND_HEAD) || !defined(RAW_HAS_PAGE_DEPOSIT) ||		\
	!defined(RAW_SPLIT_PMD_LOCKS) || !defined(RAW_HAS_DEGREE) ||			\
	!defined(RAW_DEGREE) || !defined(RAW_PARENT)
#error "inspect.h defines a constant of oracle/interface.h too few"
#endif

/*
 * Names that only one side has: FIELD(struct, member), with a comma behind each,
 * and [PG_flag] = "flag", likewise.
 */
#if !defined(RAW_MM_FIELDS) || !defined(RAW_VMA_FIELDS) || !defined(RAW_ANON_VMA_FIELDS) ||	\
	!defined(RAW_FLAG_NAMES)
#error "inspect.h defines a list of oracle/interface.h too few"
#endif

/*
 * A function that is used and that a side does not define would be an unresolved
 * symbol of the tree's otherwise.
 */
#pragma clang diagnostic push
#pragma clang diagnostic error "-Wundefined-internal"
#pragma clang diagnostic error "-Wundefined-inline"

/* These look from outside: their loads are not events, and they take no locks. */
#define INSPECTS	__uninstrumented static inline

/* ---- the world ------------------------------------------------------------- */

/** Returns the scenario's bookkeeping. */
INSPECTS struct world_scenario *world_scenario(void);
/** Returns HPAGE_PMD_NR. */
INSPECTS unsigned world_subpages(void);
/** Returns the first of all struct pages. */
INSPECTS struct page *world_mem_map(void);
/** Returns their number. */
INSPECTS unsigned world_pages(void);
/** Returns the number of pages in use when so many are free. */
INSPECTS unsigned world_used_pages_at(unsigned free_pages);
/** Returns true for a page that is on no list at boot, and never used. */
INSPECTS bool world_page_is_nobodys(unsigned pfn);
/** Returns the content of page 0; that of the others follows. */
INSPECTS char *world_memory(void);
/** Returns the bytes of content that there are. */
INSPECTS size_t world_memory_bytes(void);
/** Returns the only zone. */
INSPECTS struct zone *world_zone(void);
/** Returns the lists of free pages of a CPU. */
INSPECTS const struct per_cpu_pageset *world_pageset(unsigned cpu);
/** Returns the pages that wait on a CPU to be put on the LRU; NULL where nothing waits. */
INSPECTS const struct pagevec *world_pagevec(unsigned cpu);
/** Returns the number of caches of objects. */
INSPECTS unsigned world_caches(void);
/** Returns the index of the cache of a kind. */
INSPECTS unsigned world_cache(enum world_cache kind);

/* ---- objects ---------------------------------------------------------------- */

/** Returns cache i. */
INSPECTS struct raw_cache raw_cache_at(unsigned i);
/** Returns the number of its objects that are in use. */
INSPECTS unsigned raw_cache_live(unsigned i);
/** Returns whether a CPU holds the lock. */
INSPECTS bool raw_locked(const spinlock_t *lock);
/** Returns whether a CPU holds the semaphore, for reading or for writing. */
INSPECTS bool raw_sem_locked(const struct rw_semaphore *sem);
/** Returns the first page table that is deposited for a pmd, or NULL. */
INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd);
/** Returns the table that a page was last allocated as, and whose it is in *mm. */
INSPECTS enum world_level raw_level(const struct page *page, const struct mm_struct **mm);

/* ---- operations --------------------------------------------------------------- */

/** Maps private anonymous memory; returns 0 or -ENOMEM. */
static int mmap_anonymous(struct mm_struct *mm, unsigned long start, unsigned long end);

#pragma clang diagnostic pop

#endif
