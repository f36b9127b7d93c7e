/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  From an anonymous page to the mappings of it. */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>
#include <linux/rcupdate.h>

struct anon_vma {
	/* The one whose lock is used for the whole tree of a family. */
	struct anon_vma *root;
	struct rw_semaphore rwsem;
	atomic_t refcount;
	/*
	 * Since 7a3ef208e662: the VMAs that call this one their own, and the
	 * anon_vmas whose parent it is (a root is its own parent).  Under the
	 * root's lock.
	 */
	unsigned degree;
	struct anon_vma *parent;
	/* The anon_vma_chains, as an interval tree over page offsets. */
	struct rb_root rb_root;
};

struct anon_vma_chain {
	struct vm_area_struct *vma;
	struct anon_vma *anon_vma;
	struct list_head same_vma;
	struct rb_node rb;
	unsigned long rb_subtree_last;
};

static void __put_anon_vma(struct anon_vma *anon_vma);
static int anon_vma_prepare(struct vm_area_struct *vma);
static int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma);
static void unlink_anon_vmas(struct vm_area_struct *vma);
static struct anon_vma *page_get_anon_vma(struct page *page);
static void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
				   unsigned long address);
static void page_move_anon_rmap(struct page *page, struct vm_area_struct *vma,
				unsigned long address);
static void page_remove_rmap(struct page *page);
static unsigned long vma_address(struct page *page, struct vm_area_struct *vma);
static pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long address);

static void anon_vma_interval_tree_insert(struct anon_vma_chain *node,
					  struct rb_root *root);
static void anon_vma_interval_tree_remove(struct anon_vma_chain *node,
					  struct rb_root *root);
static struct anon_vma_chain *anon_vma_interval_tree_iter_first(
		struct rb_root *root, unsigned long first, unsigned long last);
static struct anon_vma_chain *anon_vma_interval_tree_iter_next(
		struct anon_vma_chain *node, unsigned long first,
		unsigned long last);

#define anon_vma_interval_tree_foreach(avc, root, first, last)		\
	for (avc = anon_vma_interval_tree_iter_first(root, first, last);	\
	     avc; avc = anon_vma_interval_tree_iter_next(avc, first, last))

static inline void get_anon_vma(struct anon_vma *anon_vma)
{
	atomic_inc(&anon_vma->refcount);
}

static inline void put_anon_vma(struct anon_vma *anon_vma)
{
	if (atomic_dec_and_test(&anon_vma->refcount))
		__put_anon_vma(anon_vma);
}

static inline void anon_vma_lock_write(struct anon_vma *anon_vma)
{
	down_write(&anon_vma->root->rwsem);
}

static inline void anon_vma_unlock_write(struct anon_vma *anon_vma)
{
	up_write(&anon_vma->root->rwsem);
}

static inline void page_dup_rmap(struct page *page)
{
	atomic_inc(&page->_mapcount);
}

#endif
