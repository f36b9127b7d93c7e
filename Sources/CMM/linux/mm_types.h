/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  The structures of the kernel with the members that the port
 * uses.  struct page has the kernel's layout, 64 bytes.
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <asm/atomic.h>
#include <asm/pgtable_types.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

struct address_space;
struct anon_vma;

struct page {
	unsigned long flags;
	/* An anon_vma with PAGE_MAPPING_ANON added, for an anonymous page. */
	struct address_space *mapping;
	pgoff_t index;
	/* Mappings - 1; in a tail of a compound page: pins - 1. */
	atomic_t _mapcount;
	atomic_t _count;
	union {
		struct list_head lru;
		/* First deposited pte table, in the page of a pmd table. */
		pgtable_t pmd_huge_pte;
	};
	union {
		unsigned long private;
		/* In the page of a pmd table or of a pte table. */
		spinlock_t ptl;
		/* In a tail page. */
		struct page *first_page;
	};
	/* Padding in the kernel.  The table that the page was last allocated as, for names. */
	unsigned long tag;
} __attribute__((aligned(2 * sizeof(unsigned long))));

_Static_assert(sizeof(struct page) == 64, "struct page is 64 bytes");

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct vm_area_struct *vm_next, *vm_prev;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	struct list_head anon_vma_chain;
	struct anon_vma *anon_vma;
	unsigned long vm_pgoff;
};

enum {
	MM_FILEPAGES,
	MM_ANONPAGES,
	MM_SWAPENTS,
	NR_MM_COUNTERS
};

struct mm_rss_stat {
	atomic_long_t count[NR_MM_COUNTERS];
};

struct mm_struct {
	struct vm_area_struct *mmap;
	pgd_t *pgd;
	atomic_t mm_users;
	atomic_t mm_count;
	/* A plain number before e1f56c89b040. */
	atomic_long_t nr_ptes;
	/* First deposited pte table; in the pmd table's page since e009bb30c8df. */
	pgtable_t pmd_huge_pte;
	int map_count;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_sem;
	struct mm_rss_stat rss_stat;
};

#endif
