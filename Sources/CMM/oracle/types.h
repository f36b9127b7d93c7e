/* SPDX-License-Identifier: GPL-2.0-only */
/* The types in which the port and a kernel tree describe themselves to the oracle. */
#ifndef ORACLE_TYPES_H
#define ORACLE_TYPES_H

#include "cmm.h"

struct mm_struct;
struct page;

/** The references that a scenario holds: those of CMM_PIN, CMM_GUP_FAST and CMM_PIN_FAST, and
 *  that of the page cache of CMM_MAP_FILE. */
enum world_pin_slot { PIN_OF_SPLITTER, PIN_OF_GUP, PIN_OF_DEVICE, PIN_OF_CACHE };

/** The scenario's bookkeeping, which the kernel does not have. */
struct world_scenario {
	struct mm_struct *process[CMM_MM_MAX];
	struct page *pin[CMM_PIN_MAX];	/**< references that the scenario owns */
	/** The head of the first huge page: the one that reports speak of. */
	struct page *reported_page;
	struct page *poisoned;		/**< the page of CMM_POISON, once it is done */
};

/** The table that a page was last allocated as; only reports look at it. */
enum world_level {
	LEVEL_NONE,
	LEVEL_PGD,
	LEVEL_PUD,
	LEVEL_PMD,
	LEVEL_PTE,
};

/** The caches that the oracle knows of; a tree has more. */
enum world_cache {
	CACHE_MM,
	CACHE_VMA,
	CACHE_AVC,
	CACHE_ANON_VMA,
	WORLD_CACHES,
};

/** A cache of a fixed number of objects. */
struct raw_cache {
	const char *name;
	enum world_cache kind;	/**< WORLD_CACHES for one that the oracle does not know */
	const char *objects;	/**< the first one */
	size_t size;		/**< bytes of one */
	unsigned total;
	const spinlock_t *lock;
	const void *self;	/**< the structure itself */
	size_t self_bytes;
};

#endif
