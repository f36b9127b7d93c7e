/* SPDX-License-Identifier: GPL-2.0-only */
/* As in the kernel, with the members that the tree's files use. */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <asm/pgtable_types.h>

#define USE_SPLIT_PTE_PTLOCKS	1
/* The lock of a pmd is in the page of its table, and so are its deposits. */
#define USE_SPLIT_PMD_PTLOCKS	MMRACE_COMMIT(e009bb30c8df)

struct address_space;
struct anon_vma;
struct mmu_notifier_mm;

struct page {
	unsigned long flags;
	struct address_space *mapping;
	pgoff_t index;
	atomic_t _mapcount;
	atomic_t _count;
	union {
		struct list_head lru;
		pgtable_t pmd_huge_pte;
	};
	union {
		unsigned long private;
		spinlock_t ptl;
		struct page *first_page;
	};
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct vm_area_struct *vm_next, *vm_prev;
	struct rb_node vm_rb;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	struct list_head anon_vma_chain;
	struct anon_vma *anon_vma;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
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
	struct rb_root mm_rb;
	unsigned long task_size;
	pgd_t *pgd;
	atomic_t mm_users;
	atomic_t mm_count;
	atomic_long_t nr_ptes;
	/* The deposits of all, unless each pmd table has its own. */
	pgtable_t pmd_huge_pte;
	int map_count;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_sem;
	struct list_head mmlist;
	unsigned long hiwater_rss;
	unsigned long total_vm;
	struct mm_rss_stat rss_stat;
	unsigned long flags;
	struct mmu_notifier_mm *mmu_notifier_mm;
};

#endif
