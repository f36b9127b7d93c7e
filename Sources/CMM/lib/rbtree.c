/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees, after lib/rbtree.c: the same cases, the same order of pointer
 * updates, written once for both sides of the tree.
 */
#include <linux/rbtree_augmented.h>

#define RB_RED		0UL
#define RB_BLACK	1UL

static inline bool rb_is_black(const struct rb_node *node)
{
	return node->__rb_parent_color & RB_BLACK;
}

static inline bool rb_is_red(const struct rb_node *node)
{
	return !rb_is_black(node);
}

static inline void rb_set_black(struct rb_node *node)
{
	node->__rb_parent_color |= RB_BLACK;
}

static inline void rb_set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & RB_BLACK) |
				  (unsigned long)parent;
}

static inline void rb_set_parent_color(struct rb_node *node,
				       struct rb_node *parent, unsigned long color)
{
	node->__rb_parent_color = (unsigned long)parent | color;
}

/* The child link on one side; the mirrored cases differ in nothing else. */
static inline struct rb_node **rb_side(struct rb_node *node, bool right)
{
	return right ? &node->rb_right : &node->rb_left;
}

static inline void __rb_change_child(struct rb_node *old, struct rb_node *new,
				     struct rb_node *parent, struct rb_root *root)
{
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
}

/* new takes old's parent and colour; old becomes its child. */
static inline void __rb_rotate_set_parents(struct rb_node *old,
					   struct rb_node *new,
					   struct rb_root *root,
					   unsigned long color)
{
	struct rb_node *parent = rb_parent(old);

	new->__rb_parent_color = old->__rb_parent_color;
	rb_set_parent_color(old, new, color);
	__rb_change_child(old, new, parent, root);
}

static void __rb_insert(struct rb_node *node, struct rb_root *root,
			void (*augment_rotate)(struct rb_node *, struct rb_node *))
{
	struct rb_node *parent = rb_parent(node), *grandparent, *uncle, *inner;
	bool right;

	for (;;) {
		if (!parent) {
			rb_set_parent_color(node, NULL, RB_BLACK);
			return;
		}
		if (rb_is_black(parent))
			return;

		/* A red parent is never the root. */
		grandparent = rb_parent(parent);
		right = parent == grandparent->rb_right;
		uncle = *rb_side(grandparent, !right);

		if (uncle && rb_is_red(uncle)) {
			rb_set_parent_color(uncle, grandparent, RB_BLACK);
			rb_set_parent_color(parent, grandparent, RB_BLACK);
			node = grandparent;
			parent = rb_parent(node);
			rb_set_parent_color(node, parent, RB_RED);
			continue;
		}

		inner = *rb_side(parent, !right);
		if (node == inner) {
			inner = *rb_side(node, right);
			*rb_side(parent, !right) = inner;
			*rb_side(node, right) = parent;
			if (inner)
				rb_set_parent_color(inner, parent, RB_BLACK);
			rb_set_parent_color(parent, node, RB_RED);
			augment_rotate(parent, node);
			parent = node;
			inner = *rb_side(node, !right);
		}

		*rb_side(grandparent, right) = inner;
		*rb_side(parent, !right) = grandparent;
		if (inner)
			rb_set_parent_color(inner, grandparent, RB_BLACK);
		__rb_rotate_set_parents(grandparent, parent, root, RB_RED);
		augment_rotate(grandparent, parent);
		return;
	}
}

/* The paths through parent's missing or shrunken child lack one black node. */
static void __rb_erase_color(struct rb_node *parent, struct rb_root *root,
			     void (*augment_rotate)(struct rb_node *, struct rb_node *))
{
	struct rb_node *node = NULL, *sibling, *outer, *inner;
	bool right;

	for (;;) {
		/* The side that the sibling is on. */
		right = node != parent->rb_right;
		sibling = *rb_side(parent, right);
		if (rb_is_red(sibling)) {
			inner = *rb_side(sibling, !right);
			*rb_side(parent, right) = inner;
			*rb_side(sibling, !right) = parent;
			rb_set_parent_color(inner, parent, RB_BLACK);
			__rb_rotate_set_parents(parent, sibling, root, RB_RED);
			augment_rotate(parent, sibling);
			sibling = inner;
		}

		outer = *rb_side(sibling, right);
		if (!outer || rb_is_black(outer)) {
			inner = *rb_side(sibling, !right);
			if (!inner || rb_is_black(inner)) {
				rb_set_parent_color(sibling, parent, RB_RED);
				if (rb_is_red(parent)) {
					rb_set_black(parent);
					return;
				}
				node = parent;
				parent = rb_parent(node);
				if (!parent)
					return;
				continue;
			}
			outer = *rb_side(inner, right);
			*rb_side(sibling, !right) = outer;
			*rb_side(inner, right) = sibling;
			*rb_side(parent, right) = inner;
			if (outer)
				rb_set_parent_color(outer, sibling, RB_BLACK);
			augment_rotate(sibling, inner);
			outer = sibling;
			sibling = inner;
		}

		inner = *rb_side(sibling, !right);
		*rb_side(parent, right) = inner;
		*rb_side(sibling, !right) = parent;
		rb_set_parent_color(outer, sibling, RB_BLACK);
		if (inner)
			rb_set_parent(inner, parent);
		__rb_rotate_set_parents(parent, sibling, root, RB_BLACK);
		augment_rotate(parent, sibling);
		return;
	}
}

/* Unlinks node; returns where rebalancing must begin, or NULL. */
static struct rb_node *__rb_erase_augmented(struct rb_node *node,
					    struct rb_root *root,
					    const struct rb_augment_callbacks *augment)
{
	struct rb_node *child = node->rb_right, *other = node->rb_left;
	struct rb_node *parent, *rebalance, *successor, *orphan;
	unsigned long color;

	if (!other || !child) {
		struct rb_node *only = other ? other : child;

		color = node->__rb_parent_color;
		parent = rb_parent(node);
		__rb_change_child(node, only, parent, root);
		rebalance = NULL;
		if (only)
			only->__rb_parent_color = color;
		else if (color & RB_BLACK)
			rebalance = parent;
		augment->propagate(parent, NULL);
		return rebalance;
	}

	successor = child;
	other = child->rb_left;
	if (!other) {
		parent = successor;
		orphan = successor->rb_right;
		augment->copy(node, successor);
	} else {
		do {
			parent = successor;
			successor = other;
			other = other->rb_left;
		} while (other);
		orphan = successor->rb_right;
		parent->rb_left = orphan;
		successor->rb_right = child;
		rb_set_parent(child, successor);
		augment->copy(node, successor);
		augment->propagate(parent, successor);
	}

	other = node->rb_left;
	successor->rb_left = other;
	rb_set_parent(other, successor);

	color = node->__rb_parent_color;
	__rb_change_child(node, successor, rb_parent(node), root);
	rebalance = NULL;
	if (orphan) {
		successor->__rb_parent_color = color;
		rb_set_parent_color(orphan, parent, RB_BLACK);
	} else {
		bool black = rb_is_black(successor);

		successor->__rb_parent_color = color;
		if (black)
			rebalance = parent;
	}
	augment->propagate(successor, NULL);
	return rebalance;
}

static void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
				const struct rb_augment_callbacks *augment)
{
	__rb_insert(node, root, augment->rotate);
}

static void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			       const struct rb_augment_callbacks *augment)
{
	struct rb_node *rebalance = __rb_erase_augmented(node, root, augment);

	if (rebalance)
		__rb_erase_color(rebalance, root, augment->rotate);
}
