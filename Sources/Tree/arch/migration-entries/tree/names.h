/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of a tree, for tree/inspect.h: there is one side of this generation only. */
#ifndef MMRACE_TREE_NAMES_H
#define MMRACE_TREE_NAMES_H

#include "runtime/batch.h"
#include <linux/mmzone.h>
#include "runtime/folio.h"
#include "runtime/vma.h"

#define RAW_HAS_COMPOUND_HEAD	1
#ifdef MMRACE_HAS_COMPOUND_INFO
#define RAW_HEAD_MEMBER		compound_info
#endif
#define RAW_FLAG_NAMES
#define RAW_HAS_PAGE_DEPOSIT	1
#define RAW_SPLIT_PMD_LOCKS	1
#define RAW_HAS_DEGREE		0
#define RAW_DEGREE(object)	0u
#define RAW_PARENT(object)	((const struct anon_vma *)NULL)
#ifdef MMRACE_HAS_NUM_CHILDREN
#define RAW_ANON_VMA_FIELDS						\
	FIELD(struct anon_vma, parent), FIELD(struct anon_vma, num_children),	\
	FIELD(struct anon_vma, num_active_vmas),
#else
#define RAW_ANON_VMA_FIELDS						\
	FIELD(struct anon_vma, parent), FIELD(struct anon_vma, degree),
#endif
#define RAW_MM_FIELDS
#define RAW_VMA_FIELDS

#include <generation/names.h>

INSPECTS struct page *raw_deposit(const struct mm_struct *mm, const unsigned long *pmd)
{
	return (struct page *)((const struct RAW_TABLE *)raw_page_of(pmd))->pmd_huge_pte;
}

#endif
