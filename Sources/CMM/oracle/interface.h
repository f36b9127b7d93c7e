/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The things that either side, the port and a kernel tree, provides to the oracle:
 * constants, and functions whose prototypes are here, so that the compiler compares
 * them with the definitions.  The oracle uses nothing else of a side but the
 * kernel's own names.  CMM/port and Tree/arch/tree are the sides; each defines the
 * constants in its inspect.h, then includes raw.h and with it this file, then
 * defines the functions there, but for those of operations: in its process.h.
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
 * RAW_HEAD_MEMBER	the member of struct page by which a tail names its head
 * RAW_HAS_PAGE_DEPOSIT	1 if struct page has pmd_huge_pte, else 0
 * RAW_HAS_DEGREE	true if anon_vma->degree is counted
 */
#if !defined(SCENARIO_ADDRESS) || !defined(WORLD_CPUS) || !defined(WORLD_HUGE_AREA) ||	\
	!defined(RAW_PAGE_SPLITTING) || !defined(RAW_PAGE_NUMA) ||			\
	!defined(RAW_HEAD_MEMBER) || !defined(RAW_HAS_PAGE_DEPOSIT) || !defined(RAW_HAS_DEGREE)
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

/* These look from outside: loads that are no events, and no locks. */
#define INSPECTS	__uninstrumented static inline

/* ---- the world ------------------------------------------------------------- */

/** Returns where the mm of process i is kept. */
INSPECTS struct mm_struct **world_process_slot(unsigned i);
/** Returns where reference i that the scenario owns is kept. */
INSPECTS struct page **world_pin_slot(unsigned i);
/** Returns where the head of the first huge page, of which reports speak, is kept. */
INSPECTS struct page **world_reported_page_slot(void);
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
/** Returns PageTail(). */
INSPECTS bool raw_tail(const struct page *page);
/** Returns the page that a tail names as its head. */
INSPECTS const struct page *raw_head(const struct page *tail);
/** Returns whether a CPU holds the lock. */
INSPECTS bool raw_locked(const spinlock_t *lock);
/** Returns whether a CPU holds the semaphore, for reading or for writing. */
INSPECTS bool raw_sem_locked(const struct rw_semaphore *sem);
/** Returns the lock of a pmd. */
INSPECTS const spinlock_t *raw_pmd_lock(const struct mm_struct *mm, const unsigned long *pmd);
/** Returns the first page table that is deposited for a pmd, or NULL. */
INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd);
/** Returns anon_vma->degree; 0 where there is none. */
INSPECTS unsigned raw_degree(const struct anon_vma *anon_vma);
/** Returns the parent of an anon_vma; NULL where it has no such member. */
INSPECTS const struct anon_vma *raw_parent(const struct anon_vma *child);
/** Returns the table that a page was last allocated as, and the process in *mm. */
INSPECTS enum world_level raw_level(const struct page *page, unsigned *mm);

/* ---- operations, in process.h ------------------------------------------------- */

/** Maps private anonymous memory; returns 0 or -ENOMEM. */
static int world_mmap(struct mm_struct *mm, unsigned long start, unsigned long end);
/** Copies the mappings of a parent to its new child; returns 0 or -ENOMEM. */
static int world_dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm);
/** Does what madvise(MADV_DONTNEED) does, under mmap_sem. */
static void world_zap(struct vm_area_struct *vma, unsigned long start, unsigned long size);

#pragma clang diagnostic pop

#endif
