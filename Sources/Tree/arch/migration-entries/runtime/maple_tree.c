/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of lib/maple_tree.c: a tree of one VMA, which is its root.  A search is
 * behind it when the range that it stands at ends where the VMA does.
 */
#include <linux/mm.h>
#include "runtime/vma.h"

#ifdef MMRACE_HAS_MAPLE_TREE
static struct vm_area_struct *root_of(const struct maple_tree *tree)
{
	return (struct vm_area_struct *)rcu_dereference_raw(tree->ma_root);
}

void *mtree_load(struct maple_tree *tree, unsigned long index)
{
	struct vm_area_struct *vma = root_of(tree);

	return vma && index >= vma->vm_start && index < vma->vm_end ? vma : NULL;
}

void *mas_walk(struct ma_state *mas)
{
	return mtree_load(mas->tree, mas->index);
}

void *mas_find(struct ma_state *mas, unsigned long max)
{
	struct vm_area_struct *vma = root_of(mas->tree);

	if (!vma || mas->last >= vma->vm_end - 1 || vma->vm_start > max)
		return NULL;
	mas->index = vma->vm_start;
	mas->last = vma->vm_end - 1;
	return vma;
}

void *mas_store(struct ma_state *mas, void *entry)
{
	struct vm_area_struct *old = root_of(mas->tree);

	rcu_assign_pointer(mas->tree->ma_root, entry);
	return old;
}

/* A store needs no nodes, and so none fails.  Some trees have this inline. */
bool mmrace_mas_is_err(struct ma_state *mas) asm("mas_is_err");
bool mmrace_mas_is_err(struct ma_state *mas)
{
	return false;
}

int mas_expected_entries(struct ma_state *mas, unsigned long entries)
{
	return 0;
}

void mas_destroy(struct ma_state *mas)
{
}

/* Both trees have the same VMA then, until the new one's is stored. */
int __mt_dup(struct maple_tree *tree, struct maple_tree *new, gfp_t gfp)
{
	rcu_assign_pointer(new->ma_root, (void *)root_of(tree));
	return 0;
}
#endif
