/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The things that either side, the port and a kernel tree, provides to the oracle:
 * constants, and functions whose prototypes are here, so that the compiler compares
 * them with the definitions.  The oracle uses nothing else of a side but the
 * kernel's own names.  CMM/port and Tree/arch/common/tree are the sides; each defines
 * the constants in its inspect.h, then includes the names of its generation of kernels
 * (generation/names.h: that of compound_lock is in this folder, others are in Tree/arch),
 * and with them raw.h and this file, then defines the functions there, but for those of
 * operations.
 */
#ifndef ORACLE_INTERFACE_H
#define ORACLE_INTERFACE_H

#include "types.h"

/* ---- constants ------------------------------------------------------------ */

/*
 * SCENARIO_ADDRESS	where every process has its VMA: forks keep the address
 * WORLD_CPUS		virtual CPUs that have a pageset and a pagevec
 * WORLD_HUGE_AREA	the index of the zone's free_area of huge pages
 * RAW_HAS_COMPOUND_HEAD	1 if a tail names its head in page->compound_head, 0 if it
 *			has PG_tail and names it in page->first_page
 * RAW_HAS_PAGE_DEPOSIT	1 if struct RAW_TABLE has pmd_huge_pte, else 0
 * RAW_SPLIT_PMD_LOCKS	true if a pmd's lock is that of its table, not the mm's
 * RAW_HAS_DEGREE	true if anon_vma->degree is counted
 * RAW_DEGREE, RAW_PARENT	these members of an anon_vma; 0 where there are none
 */
#if !defined(SCENARIO_ADDRESS) || !defined(WORLD_CPUS) || !defined(WORLD_HUGE_AREA) ||	\
	!defined(RAW_HAS_COMPOUND_HEAD) || !defined(RAW_HAS_PAGE_DEPOSIT) ||		\
	!defined(RAW_SPLIT_PMD_LOCKS) || !defined(RAW_HAS_DEGREE) ||			\
	!defined(RAW_DEGREE) || !defined(RAW_PARENT)
#error "inspect.h defines a constant of oracle/interface.h too few"
#endif

/*
 * The generation defines:
 * RAW_PAGE_SPLITTING, RAW_PAGE_NUMA	bits of a pmd; 0 where there is none
 * RAW_MAPS(entry)	true if a pte maps a page, and is not a note where one was
 * RAW_COUNT, RAW_MMAP_LOCK, RAW_TABLES_OF_MM, RAW_VMAS	members of a page and of an mm, as this
 *			generation calls them: _count, mmap_sem, nr_ptes, mmap
 * RAW_TABLE		the struct, at the place of a struct page, of a page table's page
 * RAW_ANON_PAGES, RAW_ANON_THP		indexes of raw_state()
 * RAW_BATCH, RAW_BATCH_PAGES	the struct of pages that wait for the LRU, and its array
 * RAW_PIN_BIAS		the references that a device's pin of a single page is
 * RAW_OPERATIONS	the bits of the operations that it can do
 * RAW_GENERATION_FLAG_NAMES	[PG_flag] = "flag", with a comma behind each
 */
#if !defined(RAW_PAGE_SPLITTING) || !defined(RAW_PAGE_NUMA) || !defined(RAW_MAPS) ||		\
	!defined(RAW_COUNT) || !defined(RAW_MMAP_LOCK) || !defined(RAW_TABLES_OF_MM) ||		\
	!defined(RAW_VMAS) || !defined(RAW_TABLE) || !defined(RAW_ANON_PAGES) ||		\
	!defined(RAW_ANON_THP) || !defined(RAW_BATCH) || !defined(RAW_BATCH_PAGES) ||	\
	!defined(RAW_OPERATIONS) || !defined(RAW_PIN_BIAS) ||		\
	!defined(RAW_GENERATION_FLAG_NAMES)
#error "generation/names.h defines a constant of oracle/interface.h too few"
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
INSPECTS const struct raw_pageset *world_pageset(unsigned cpu);
/** Returns the pages that wait on a CPU to be put on the LRU; NULL where nothing waits. */
INSPECTS const struct RAW_BATCH *world_batch(unsigned cpu);
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

/* ---- as the generation has it --------------------------------------------------- */

/** Returns the first VMA of an mm, or NULL. */
INSPECTS struct vm_area_struct *raw_vma(const struct mm_struct *mm);
/** Returns the counter of pages of a kind (MM_ANONPAGES) of an mm. */
INSPECTS const long *raw_rss(const struct mm_struct *mm, unsigned kind);
/** Returns the number of page tables of ptes of an mm, deposited ones included. */
INSPECTS long raw_nr_ptes(const struct mm_struct *mm);
/** Returns the number of ptes that map a single page, by its own count. */
INSPECTS int raw_mapcount(const struct page *page);
/** Returns the number of entries that map the whole compound page, by its own count. */
INSPECTS int raw_entire_mapcount(const struct page *head);
/** Returns the number of pages of a compound page, HPAGE_PMD_NR at most, by its head. */
INSPECTS unsigned raw_pages(const struct page *head);
/** Returns whether a page, or the compound page of a head, is mapped, by its own counts. */
INSPECTS bool raw_is_mapped(const struct page *head);
/** Returns the free pages of a CPU by migrate type. */
INSPECTS const struct list_head *raw_free_list(const struct raw_pageset *pageset, unsigned type);
/** Returns the LRU, by enum lru_list. */
INSPECTS const struct list_head *raw_lru(void);
/** Returns the number of the LRU lists that are lists. */
INSPECTS unsigned raw_lru_lists(void);
/** Returns the lock of the LRU. */
INSPECTS const spinlock_t *raw_lru_lock(void);
/** Returns the memory's statistic of an index. */
INSPECTS const long *raw_statistic(unsigned index);
/** Returns a CPU's part of the memory's statistics, and their number and threshold. */
INSPECTS struct cmm_counters raw_statistics_of(unsigned cpu);

/* ---- operations --------------------------------------------------------------- */

/** Maps private anonymous memory; returns 0 or -ENOMEM. */
static int mmap_anonymous(struct mm_struct *mm, unsigned long start, unsigned long end);
/** Handles a write of the user of an mm, whose lock is held; returns VM_FAULT_ bits. */
static int fault_in(struct mm_struct *mm, unsigned long address);
/** Returns the page that an mm, whose lock is held, maps there, with a reference; or NULL. */
static struct page *follow(struct mm_struct *mm, unsigned long address);
/** Takes a reference on the page that the current task maps there; returns 1 if there is one. */
static int gup_fast(unsigned long address, struct page **page);
/** Unmaps a range, as madvise(MADV_DONTNEED) does, with the mm's lock held. */
static void zap(struct vm_area_struct *vma, unsigned long start, unsigned long bytes);

#pragma clang diagnostic pop

#endif
