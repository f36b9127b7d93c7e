/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of a tree with compound_lock, for tree/inspect.h. */
#ifndef MMRACE_TREE_NAMES_H
#define MMRACE_TREE_NAMES_H

#include <linux/pagevec.h>
#include <generated/mmrace-features.h>

/* Trees without NUMA balancing have no such bit. */
#ifndef _PAGE_SPLITTING
#define _PAGE_SPLITTING		0
#endif
#ifndef _PAGE_NUMA
#define _PAGE_NUMA		0
#endif

#ifdef MMRACE_PAGE_HAS_COMPOUND_HEAD
#define RAW_HAS_COMPOUND_HEAD	1
#define RAW_FLAG_NAMES
#else
#define RAW_HAS_COMPOUND_HEAD	0
#define RAW_FLAG_NAMES		[PG_tail] = "tail",
#endif

/* Since 7a3ef208e662. */
#ifdef MMRACE_ANON_VMA_HAS_DEGREE
#define RAW_HAS_DEGREE		1
#define RAW_DEGREE(object)	((object)->degree)
#define RAW_PARENT(object)	((object)->parent)
#define RAW_ANON_VMA_FIELDS	\
	FIELD(struct anon_vma, degree), FIELD(struct anon_vma, parent),
#else
#define RAW_HAS_DEGREE		0
#define RAW_DEGREE(object)	0u
#define RAW_PARENT(object)	((const struct anon_vma *)NULL)
#define RAW_ANON_VMA_FIELDS
#endif

#if USE_SPLIT_PMD_PTLOCKS
#define RAW_HAS_PAGE_DEPOSIT	1
#define RAW_DEPOSIT_FIELD
#else
#define RAW_HAS_PAGE_DEPOSIT	0
#define RAW_DEPOSIT_FIELD	FIELD(struct mm_struct, pmd_huge_pte),
#endif
#define RAW_SPLIT_PMD_LOCKS	RAW_HAS_PAGE_DEPOSIT
#define RAW_MM_FIELDS		RAW_DEPOSIT_FIELD \
	FIELD(struct mm_struct, mm_rb), FIELD(struct mm_struct, hiwater_rss), \
	FIELD(struct mm_struct, total_vm), FIELD(struct mm_struct, flags), \
	FIELD(struct mm_struct, mmu_notifier_mm),
#define RAW_VMA_FIELDS		\
	FIELD(struct vm_area_struct, vm_rb), FIELD(struct vm_area_struct, vm_ops), \
	FIELD(struct vm_area_struct, vm_file),

#include <generation/names.h>

INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd)
{
#if USE_SPLIT_PMD_PTLOCKS
	return raw_page_of(pmd)->pmd_huge_pte;
#else
	return mm->pmd_huge_pte;
#endif
}

#endif
