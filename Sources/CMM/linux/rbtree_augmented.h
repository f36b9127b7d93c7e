/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The functions by which a tree keeps each node's summary of its subtree. */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

#include <linux/rbtree.h>

struct rb_augment_callbacks {
	/* Recomputes from node upwards to (not including) stop. */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* new takes the place of old. */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* new was rotated into the place of old, which is now its child. */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

static void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
				const struct rb_augment_callbacks *augment);
static void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			       const struct rb_augment_callbacks *augment);

#endif
