/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface that the object gives its host: see cmm.h.  Without hooks. */
#include "inspect.h"
#include <CMM/oracle/state.c>
#include <generation/mapcounts.c>
#include <CMM/oracle/watch.c>
#include <CMM/oracle/counters.c>
#include <CMM/oracle/invariants.c>
#include <CMM/oracle/check_process.c>
#include <generation/check_compound.c>
#include <CMM/oracle/end_check.c>
#include <generation/fields.c>
#include <CMM/oracle/describe_value.c>

extern char mmrace_tree_arena_begin[], mmrace_tree_arena_end[];

/* The same for every configuration: sizes were chosen when this was compiled. */
static size_t arena_bytes(const struct cmm_config *config)
{
	return mmrace_tree_arena_end - mmrace_tree_arena_begin;
}

const struct cmm_target mmrace_tree_target = {
	.id = "tree",
	.release = MMRACE_TREE_VERSION,
	.title = "the tree's own files",
	.operations = RAW_OPERATIONS,
	.arena_bytes = arena_bytes,
	.boot = mmrace_boot,
	.run = mmrace_run,
	.invariant = world_invariant,
	.end_check = world_end_check,
	.state = world_state,
	.counters = world_counters,
	.describe = world_describe,
	.describe_value = world_describe_value,
};
