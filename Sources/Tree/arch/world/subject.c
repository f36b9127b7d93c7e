/* SPDX-License-Identifier: GPL-2.0-only */
/* What the object gives its host: see cmm.h. */
#include <generated/uapi/linux/version.h>
#include "world.h"

extern char mmrace_tree_arena_begin[], mmrace_tree_arena_end[];

/* The same for every configuration: sizes were chosen when this was compiled. */
static size_t arena_bytes(const struct cmm_config *config)
{
	return mmrace_tree_arena_end - mmrace_tree_arena_begin;
}

const struct cmm_subject mmrace_tree_subject = {
	.id = "tree",
	.version = MMRACE_TREE_VERSION,
	.subject = "the tree's own files",
	.operations = (1u << (CMM_COW + 1)) - (1u << CMM_MMAP),
	.arena_bytes = arena_bytes,
	.boot = mmrace_boot,
	.run = mmrace_run,
	.invariant = mmrace_invariant,
	.end_check = mmrace_end_check,
	.census = mmrace_census,
	.describe = mmrace_describe,
	.describe_value = mmrace_describe_value,
};
