/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking at a world from outside: raw loads that are no events and take no
 * locks.  Whoever uses these knows that a CPU may be in the middle of something.
 *
 * What is in this folder is one text for the port and for kernel trees: they
 * have the kernel's names for what they consist of.  In what else they differ,
 * each says in its own inspect.h, which includes this file and has
 *
 *	world_process(i)	mm of process i, or NULL
 *	world_pin(i)		reference i that the scenario owns, or NULL
 *	world_subject_page()	head of the page that reports speak of, or NULL
 *	world_subpages()	HPAGE_PMD_NR
 *	world_mem_map(), world_pages()	all struct pages
 *	world_used_pages_at(free)	pages in use when so many are free
 *	world_page_is_nobodys(pfn)	on no list at boot, and never used
 *	world_memory(), world_memory_bytes()	content of pages of tables
 *	world_zone(), world_pageset(cpu), world_pagevec(cpu)
 *	world_caches(), world_cache(kind)	how many; the number of one
 *	raw_cache_at(i), raw_cache_live(i)	one; its objects in use
 *	raw_walk(mm, walk)	entries on the way to its VMA; true with a pmd
 *	raw_pmd_lock(mm, pmd), raw_deposit(mm, pmd), raw_pte_lock(pmd)
 *	raw_locked(spinlock), raw_sem_locked(rwsem), raw_nr_ptes(mm)
 *	raw_tail(page), raw_head(tail), raw_degree(), raw_parent()
 *	raw_level(page, mm)	which table the page is, and whose
 *	WORLD_CPUS, WORLD_HUGE_AREA, RAW_HAS_DEGREE, RAW_HAS_PAGE_DEPOSIT,
 *	RAW_PAGE_SPLITTING, RAW_PAGE_NUMA, RAW_HEAD_MEMBER, RAW_..._FIELDS, RAW_FLAG_NAMES
 */
#ifndef WORLD_RAW_H
#define WORLD_RAW_H

/* What a page was last allocated as; only reports look at it. */
enum world_level {
	LEVEL_NONE,
	LEVEL_PGD,
	LEVEL_PUD,
	LEVEL_PMD,
	LEVEL_PTE,
};

/* The caches that oracles and reports know of; a tree has more. */
enum world_cache {
	CACHE_MM,
	CACHE_VMA,
	CACHE_AVC,
	CACHE_ANON_VMA,
	WORLD_CACHES,
};

/* A cache of a fixed number of objects. */
struct raw_cache {
	const char *name;
	enum world_cache kind;	/* WORLD_CACHES for another */
	const char *objects;
	size_t size;		/* of one */
	unsigned total;
	const spinlock_t *lock;
	const void *self;	/* the structure itself */
	size_t self_bytes;
};

/* The entries on the way to a process's VMA; NULL from where there is no table. */
struct raw_walk {
	unsigned long *pgd, *pud, *pmd;
};

#define RAW_SITE(site_kind, text) \
	({ static const struct vcpu_site __site = { \
		site_kind, text, __func__, __FILE__, __LINE__ }; &__site; })

#endif
