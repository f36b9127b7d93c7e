/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One subject: all of the port, compiled with the settings of the file that
 * includes this one.  That file defines
 *
 *	MMRACE_COMMIT_<id>	0 or 1 for each commit the port knows
 *	CMM_SUBJECT		the name of the structure
 *	CMM_SUBJECT_ID, _VERSION, _TITLE	its strings
 *
 * Everything else is static, so that all subjects live in one program.
 */
#include "cmm.h"

#include <world/world.h>

#include "lib/rbtree.c"
#include "mm/interval_tree.c"
#include "mm/slab.c"
#include "mm/page_alloc.c"
#include "mm/swap.c"
#include "mm/pgtable-generic.c"
#include "arch/x86/mm/pgtable.c"
#include "mm/rmap.c"
#include "mm/huge_memory.c"
#include "mm/mmu_gather.c"
#include "mm/memory.c"
#include "mm/gup.c"
#include "mm/mmap.c"

#include "world/inspect.h"
#include "world/boot.c"
#include "world/operations.c"
#include "world/invariants.c"
#include "world/end_check.c"
#include "world/census.c"
#include "world/describe.c"

extern const struct cmm_subject CMM_NAME(CMM_SUBJECT);

const struct cmm_subject CMM_NAME(CMM_SUBJECT) = {
	.id = CMM_SUBJECT_ID,
	.version = CMM_SUBJECT_VERSION,
	.subject = CMM_SUBJECT_TITLE,
	.arena_bytes = subject_arena_bytes,
	.boot = subject_boot,
	.run = subject_run,
	.invariant = subject_invariant,
	.end_check = subject_end_check,
	.census = subject_census,
	.describe = subject_describe,
	.describe_value = subject_describe_value,
};
