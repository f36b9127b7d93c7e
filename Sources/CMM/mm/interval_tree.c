/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The anon_vma interval tree, after include/linux/interval_tree_generic.h and
 * mm/interval_tree.c: ordered by first page offset, and each node knows the
 * largest last offset of its subtree.
 */
#include <linux/rbtree_augmented.h>
#include <linux/rmap.h>

#define avc_entry(node)	rb_entry(node, struct anon_vma_chain, rb)

static inline unsigned long vma_start_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static inline unsigned long vma_last_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT) - 1;
}

static inline unsigned long avc_start_pgoff(struct anon_vma_chain *avc)
{
	return vma_start_pgoff(avc->vma);
}

static inline unsigned long avc_last_pgoff(struct anon_vma_chain *avc)
{
	return vma_last_pgoff(avc->vma);
}

static inline unsigned long
anon_vma_interval_tree_compute_subtree_last(struct anon_vma_chain *node)
{
	unsigned long last = avc_last_pgoff(node), below;

	if (node->rb.rb_left) {
		below = avc_entry(node->rb.rb_left)->rb_subtree_last;
		if (last < below)
			last = below;
	}
	if (node->rb.rb_right) {
		below = avc_entry(node->rb.rb_right)->rb_subtree_last;
		if (last < below)
			last = below;
	}
	return last;
}

static void anon_vma_interval_tree_augment_propagate(struct rb_node *rb,
						     struct rb_node *stop)
{
	while (rb != stop) {
		struct anon_vma_chain *node = avc_entry(rb);
		unsigned long last =
			anon_vma_interval_tree_compute_subtree_last(node);

		if (node->rb_subtree_last == last)
			break;
		node->rb_subtree_last = last;
		rb = rb_parent(&node->rb);
	}
}

static void anon_vma_interval_tree_augment_copy(struct rb_node *old,
						struct rb_node *new)
{
	avc_entry(new)->rb_subtree_last = avc_entry(old)->rb_subtree_last;
}

static void anon_vma_interval_tree_augment_rotate(struct rb_node *old,
						  struct rb_node *new)
{
	avc_entry(new)->rb_subtree_last = avc_entry(old)->rb_subtree_last;
	avc_entry(old)->rb_subtree_last =
		anon_vma_interval_tree_compute_subtree_last(avc_entry(old));
}

static const struct rb_augment_callbacks anon_vma_interval_tree_augment = {
	anon_vma_interval_tree_augment_propagate,
	anon_vma_interval_tree_augment_copy,
	anon_vma_interval_tree_augment_rotate,
};

static void anon_vma_interval_tree_insert(struct anon_vma_chain *node,
					  struct rb_root *root)
{
	struct rb_node **link = &root->rb_node, *rb_parent = NULL;
	unsigned long start = avc_start_pgoff(node), last = avc_last_pgoff(node);

	while (*link) {
		struct anon_vma_chain *parent;

		rb_parent = *link;
		parent = avc_entry(rb_parent);
		if (parent->rb_subtree_last < last)
			parent->rb_subtree_last = last;
		/* Equal ones go right: the newest is visited last. */
		if (start < avc_start_pgoff(parent))
			link = &parent->rb.rb_left;
		else
			link = &parent->rb.rb_right;
	}
	node->rb_subtree_last = last;
	rb_link_node(&node->rb, rb_parent, link);
	rb_insert_augmented(&node->rb, root, &anon_vma_interval_tree_augment);
}

static void anon_vma_interval_tree_remove(struct anon_vma_chain *node,
					  struct rb_root *root)
{
	rb_erase_augmented(&node->rb, root, &anon_vma_interval_tree_augment);
}

/* Returns the leftmost node below node that overlaps [start, last]. */
static struct anon_vma_chain *
anon_vma_interval_tree_subtree_search(struct anon_vma_chain *node,
				      unsigned long start, unsigned long last)
{
	for (;;) {
		if (node->rb.rb_left) {
			struct anon_vma_chain *left = avc_entry(node->rb.rb_left);

			if (start <= left->rb_subtree_last) {
				node = left;
				continue;
			}
		}
		if (avc_start_pgoff(node) > last)
			return NULL;
		if (start <= avc_last_pgoff(node))
			return node;
		if (!node->rb.rb_right)
			return NULL;
		node = avc_entry(node->rb.rb_right);
		if (start > node->rb_subtree_last)
			return NULL;
	}
}

static struct anon_vma_chain *
anon_vma_interval_tree_iter_first(struct rb_root *root, unsigned long first,
				  unsigned long last)
{
	struct anon_vma_chain *node;

	if (!root->rb_node)
		return NULL;
	node = avc_entry(root->rb_node);
	if (node->rb_subtree_last < first)
		return NULL;
	return anon_vma_interval_tree_subtree_search(node, first, last);
}

static struct anon_vma_chain *
anon_vma_interval_tree_iter_next(struct anon_vma_chain *node,
				 unsigned long first, unsigned long last)
{
	struct rb_node *rb = node->rb.rb_right, *previous;

	for (;;) {
		if (rb) {
			struct anon_vma_chain *right = avc_entry(rb);

			if (first <= right->rb_subtree_last)
				return anon_vma_interval_tree_subtree_search(
						right, first, last);
		}
		/* Up, past every ancestor that was reached from its right. */
		do {
			rb = rb_parent(&node->rb);
			if (!rb)
				return NULL;
			previous = &node->rb;
			node = avc_entry(rb);
			rb = node->rb.rb_right;
		} while (previous == rb);

		if (last < avc_start_pgoff(node))
			return NULL;
		if (first <= avc_last_pgoff(node))
			return node;
	}
}
