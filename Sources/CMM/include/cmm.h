/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port as its user sees it: a list of targets (revisions of the mm code),
 * each the same set of operations.  All state of a world lives in the arena of
 * the machine that is current on the calling thread (see vcpu.h).
 */
#ifndef CMM_H
#define CMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vcpu.h"

/** The most processes that a world has room for. */
#define CMM_MM_MAX 8

/** The most references to pages that a scenario can hold. */
#define CMM_PIN_MAX 4

/**
 * Indexes of vcpu_mark(): calls of stubs, and vm events.  A test may ask for
 * their numbers; they are not part of the memory under test.
 */
enum cmm_mark {
	CMM_MARK_NOTIFIER_RANGE_START,
	CMM_MARK_NOTIFIER_RANGE_END,
	CMM_MARK_NOTIFIER_RELEASE,
	CMM_MARK_FLUSH_TLB,
	CMM_MARK_MEMCG_CHARGE,
	CMM_MARK_MEMCG_UNCHARGE,
	CMM_MARK_MEMCG_SPLIT_HUGE_FIXUP,
	CMM_MARK_CLEAR_HUGE_PAGE,
	CMM_MARK_THP_FAULT_ALLOC,
	CMM_MARK_THP_FAULT_FALLBACK,
	CMM_MARK_THP_SPLIT,
	CMM_MARK_COPY_HUGE_PAGE,
	CMM_MARK_COPY_PAGE,
	CMM_MARK_NOTIFIER_CHANGE_PTE,
};

/** The size of a world. */
struct cmm_config {
	uint32_t subpages;	/**< HPAGE_PMD_NR: a power of two, 2 to 512 */
	uint32_t processes;	/**< mm_structs that may exist, 1 to CMM_MM_MAX */
	uint32_t cpus;		/**< virtual CPUs, for per-CPU lists */
	uint32_t commits;	/**< for cmm_target_any_commits; no other looks at it */
};

/** The operations of a process; see cmm_target.run. */
enum cmm_operation_code {
	/** New process `mm` with one huge-page-aligned anonymous VMA. */
	CMM_MMAP = 1,
	/** Write fault of `mm` at its VMA: do_huge_pmd_anonymous_page(). */
	CMM_FAULT,
	/** `other` becomes a child of `mm`: dup_mmap() of the VMA. */
	CMM_FORK,
	/** Takes a reference on subpage `subpage` of the page that `mm` maps, as
	 *  follow_page(FOLL_GET) does. */
	CMM_PIN,
	/** put_page() of what CMM_PIN took. */
	CMM_UNPIN,
	/** Drains this CPU's lru_add pagevec. */
	CMM_LRU_DRAIN,
	/** lock_page, split_huge_page of the head of the pinned page, unlock_page.
	 *  The pin is kept. */
	CMM_SPLIT,
	/** MADV_DONTNEED of `mm`'s whole VMA under mmap_sem for reading. */
	CMM_ZAP,
	/** exit_mmap() of `mm`: zap, free page tables, unlink_anon_vmas. */
	CMM_EXIT,
	/** Write fault of `mm` at subpage `subpage` of what is mapped for reading:
	 *  do_huge_pmd_wp_page(), or after a split do_wp_page(). */
	CMM_COW,
	/** Another reference on subpage `subpage` of what `mm` maps, without a lock:
	 *  __get_user_pages_fast(); none if that finds nothing to take. */
	CMM_GUP_FAST,
	/** put_page() of what CMM_GUP_FAST took, if anything. */
	CMM_PUT,

	/* Those of kernels that can map a huge page by ptes. */

	/** Maps the huge page of `mm` by ptes: split_huge_pmd_address(). */
	CMM_SPLIT_PMD,
	/** MADV_DONTNEED of subpage `subpage` of `mm`'s VMA. */
	CMM_ZAP_PAGE,
	/** Splits the folio of the pinned page to pages, as CMM_SPLIT does; with `other` 1 as
	 *  reclaim does, isolated from the LRU and to a list, whose pages then go back. */
	CMM_SPLIT_FOLIO,
	/** A pin of `mm` for writing on subpage `subpage`: pin_user_pages_fast(). */
	CMM_PIN_FAST,
	/** unpin_user_page() of what CMM_PIN_FAST took, if anything. */
	CMM_UNPIN_FAST,
	/** Migration entries for all mappings of the locked folio of the pinned page, and back:
	 *  try_to_migrate(), remove_migration_ptes(). */
	CMM_MIGRATE,
	/** Asks whether the folio of the pinned page was used: folio_referenced(). */
	CMM_REFERENCED,
	/** Splits the folios that wait for it: the shrinker of the deferred split queue. */
	CMM_DEFERRED_SCAN,
	/** Access of a thread of `mm` to subpage `subpage`, of the kind `other` (enum cmm_access),
	 *  as the processor's fault handles it: under the VMA's own lock where that can be had,
	 *  or under mmap_lock. */
	CMM_USER_FAULT,
	/** MADV_NOHUGEPAGE of `mm`'s VMA. */
	CMM_NO_HUGE_PAGE,
	/** Another thread of `mm` has a writable entry of subpage `subpage` in its TLB from now on. */
	CMM_TLB_FILL,
	/** A store of that thread through the entry, if no flush has removed it. */
	CMM_TLB_STORE,
	/** `mm`'s VMA maps a file from now on, of which nothing is mapped yet, for reading; `other`
	 *  is bits of enum cmm_file. */
	CMM_MAP_FILE,
	/** CMM_FORK while the subpages of `mm` below `subpage` have MADV_DONTFORK: the child's VMA
	 *  begins behind them.  For a set-up: no other CPU may use `mm` meanwhile. */
	CMM_FORK_PART,
	/** CMM_SPLIT_FOLIO to folios of the order `subpage`, above 0. */
	CMM_SPLIT_TO_ORDER,
	/** The first step of memory_failure() on subpage `subpage` of the first huge page, as the
	 *  machine reports it: by its number, without a reference or a lock. */
	CMM_POISON,
	/** A huge page of the pages that a table of `mm` maps: MADV_COLLAPSE of its VMA, or where
	 *  the kernel has none, a scan of its khugepaged. */
	CMM_COLLAPSE,
};

/** The kinds of a thread's access to memory: see CMM_USER_FAULT. */
enum cmm_access {
	/** A write that faults, whatever is mapped. */
	CMM_ACCESS_WRITE_FAULT,
	/** A write that faults unless the page table lets it through, as the processor does it. */
	CMM_ACCESS_WRITE,
	/** A read that faults, whatever is mapped. */
	CMM_ACCESS_READ_FAULT,
};

/** The file of CMM_MAP_FILE: it has one folio, which is in the page cache. */
enum cmm_file {
	CMM_FILE_HUGE = 1,	/**< the folio is a huge page */
	CMM_FILE_SHARED = 2,	/**< the mapping is shared, not private */
};

/** A bit for each operation that every kernel has: see cmm_target.operations. */
#define CMM_ALL_OPERATIONS	((2u << CMM_PUT) - (1u << CMM_MMAP))
/** And those of kernels that can map a huge page by ptes. */
#define CMM_FOLIO_OPERATIONS	((2u << CMM_COLLAPSE) - (1u << CMM_MMAP))

/** One operation with its arguments; plain data, and nothing between: a copy of it lies on a
 *  CPU's stack, where all bytes are part of a state. */
struct cmm_operation {
	uint16_t code;		/**< enum cmm_operation_code */
	uint8_t mm;		/**< index of the process */
	uint8_t other;		/**< second process, where there is one */
	uint32_t subpage;	/**< index of a subpage, where there is one */
};

/** The numbers of a state in which no CPU runs: a final state, or one of a unit test. */
struct cmm_state {
	uint32_t used_pages;	/**< pages that are not in the allocator */
	uint32_t lru_pages;	/**< entries on all LRU lists (a huge page is one) */
	uint32_t huge_pmds;	/**< huge pmds over all processes */
	uint32_t ptes;		/**< present ptes over all processes */
	uint32_t page_tables;	/**< pte tables that a pmd points to */
	uint32_t deposited;	/**< pte tables deposited for huge pmds */
	int64_t rss[CMM_MM_MAX];	/**< MM_ANONPAGES */
	int64_t nr_ptes[CMM_MM_MAX];	/**< mm->nr_ptes */
	int32_t head_mapcount;	/**< page_mapcount of the first huge page's head */
	int32_t head_count;	/**< its raw _count */
	int32_t tail_mapcount;	/**< page_mapcount of its first tail */
	int32_t tail_count;	/**< raw _count of its first tail */
	bool head_is_compound;	/**< PageHead of that page */
	int64_t anon_thp;	/**< NR_ANON_TRANSPARENT_HUGEPAGES */
	int64_t anon_pages;	/**< NR_ANON_PAGES */
	uint32_t anon_vmas;	/**< live anon_vma objects */
	uint32_t avcs;		/**< live anon_vma_chain objects */
};

/** Counters of one CPU of which only the sum over the CPUs means anything. */
struct cmm_counters {
	const int8_t *first;	/**< in the arena */
	uint32_t count;
	int32_t threshold;	/**< beyond which one is added to another and begins anew */
	uint32_t change;	/**< the most by which one operation changes one of them */
};

/** One version of the mm code. */
struct cmm_target {
	const char *id;		/**< commit or version, as --revision takes it */
	const char *release;	/**< first kernel release that has it */
	const char *title;	/**< subject line of the commit */
	uint32_t operations;	/**< bit 1 << enum cmm_operation_code: what run() can do */
	/** Bytes of arena that a world of this configuration needs; 0: it cannot be. */
	size_t (*arena_bytes)(const struct cmm_config *config);
	/** Builds an empty world in the current arena, which must be zeroed. */
	void (*boot)(const struct cmm_config *config);
	/** Runs one operation on the calling virtual CPU. */
	void (*run)(const struct cmm_operation *operation);
	/**
	 * The invariants that hold at every scheduling point: page_mapcount equals
	 * the number of page-table entries that map the page, flags of head and
	 * tails agree.  Returns NULL, or the invariant that does not hold.  Skips
	 * what a lock holder is entitled to have in flux, and the tails unless
	 * `whole`: they are looked at when a lock was released.  Never schedules.
	 */
	const struct vcpu_site *(*invariant)(bool whole);
	/**
	 * The oracles at the end, when no CPU runs: refcounts, rss, nr_ptes,
	 * deposits, free pages, leaks.  Returns NULL or the first that fails.  Always
	 * looks at everything, whatever `whole` is: it has the type of an oracle.
	 */
	const struct vcpu_site *(*end_check)(bool whole);
	/** Counts the numbers of the state.  Never schedules. */
	void (*state)(struct cmm_state *state);
	/** Returns the counters of a CPU. */
	struct cmm_counters (*counters)(unsigned cpu);
	/**
	 * Writes the name of the object at an arena address ("pmd of mm 1",
	 * "page->_mapcount", "page[1]->flags") to name; false when it has none.
	 */
	bool (*describe)(const void *address, char *name, size_t bytes);
	/** Writes the name of a flag set in words ("head|uptodate") for a value of
	 *  the object at address; false when it is not a set of flags. */
	bool (*describe_value)(const void *address, uint64_t value, char *text, size_t bytes);
};

/*
 * The port is in the program twice: CMMNative compiles the same files without
 * hooks, and gives what they export another name.
 */
#ifdef CMM_NATIVE
#define __CMM_NAME(name)	name##_native
#define cmm_revision_list	cmm_native_revision_list
#define cmm_mutation_list	cmm_native_mutation_list
#define cmm_target_under_test	cmm_native_target_under_test
#else
#define __CMM_NAME(name)	name
#endif
#define CMM_NAME(name)		__CMM_NAME(name)

/** A revision of the history: see revisions/list.h. */
struct cmm_revision {
	const struct cmm_target *target;
	const char *what;	/**< what its commit changes in the port */
	/** The commits without which it is not a version of Linux: bit i is revision i + 1. */
	uint32_t requires;
	const char *fails_in;	/**< names of scenarios, separated by blanks */
};

/** Returns all revisions, oldest first; a target of NULL ends the list. */
const struct cmm_revision *cmm_revision_list(void);

/** Returns the target that the compile flags select: see revisions/flags.h. */
const struct cmm_target *cmm_target_under_test(void);

#endif
