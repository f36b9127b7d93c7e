/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One target: all of the port, compiled with the settings of the file that
 * includes this one.  That file defines MMRACE_REVISION (see history.h) or
 * MMRACE_MUTANT (see mutation.h), or else
 *
 *	CMM_TARGET		the name of the structure
 *	CMM_TARGET_ID, _TITLE	its strings
 *
 * Everything else is static, so that all targets live in one program.
 */
#include "cmm.h"
#include "revisions/history.h"
#include "mutations/mutation.h"

#include <port/world.h>

#include "lib/rbtree.c"
#include "mm/interval_tree.c"
#include "mm/slab.c"
#include "mm/page_alloc.c"
#include "mm/swap.c"
#include "mm/swapfile.c"
#include "mm/pgtable-generic.c"
#include "arch/x86/mm/pgtable.c"
#include "mm/rmap.c"
#include "mm/huge_memory.c"
#include "mm/mmu_gather.c"
#include "mm/memory.c"
#include "mm/gup.c"
#include "arch/x86/mm/gup.c"
#include "mm/mmap.c"
#include "kernel/fork.c"

#include "port/boot.c"
#include <port/inspect.h>
#include "oracle/compound_lock/generation/calls.h"
#include "oracle/compound_lock/generation/operations.h"
#include "oracle/operations.c"
#include "oracle/state.c"
#include "oracle/compound_lock/generation/mapcounts.c"
#include "oracle/watch.c"
#include "oracle/counters.c"
#include "oracle/invariants.c"
#include "oracle/check_process.c"
#include "oracle/compound_lock/generation/check_compound.c"
#include "oracle/end_check.c"
#include "oracle/compound_lock/generation/fields.c"
#include "oracle/describe_value.c"

#define TARGET_ID(id, ...)			#id,
#define TARGET_RELEASE(id, release, ...)	release,
#define TARGET_TITLE(id, release, title, ...)	title,
#define TARGET_WHAT(id, expectation, scenario, parameters, what)	what,

/* Arrays of arrays: an element of these is a constant, a pointer's target is not. */
#define TARGET_FITS(id, release, title, ...)				\
	_Static_assert(sizeof(#id) <= 32 && sizeof(release) <= 16 &&	\
		       sizeof(title) <= 96, #id ": too long for its array");
MMRACE_REVISIONS(TARGET_FITS)
static const char target_releases[][16] = { MMRACE_REVISIONS(TARGET_RELEASE) };

#if defined(MMRACE_REVISION)
/* The oldest has its release for its id. */
static const char target_ids[][32] = {
	MMRACE_OLDEST(TARGET_RELEASE) MMRACE_HISTORY(TARGET_ID)
};
static const char target_titles[][96] = { MMRACE_REVISIONS(TARGET_TITLE) };
#define CMM_TARGET		MMRACE_PASTE(cmm_target_, MMRACE_REVISION)
#define CMM_TARGET_ID		target_ids[MMRACE_DEPTH]
#define CMM_TARGET_TITLE	target_titles[MMRACE_DEPTH]
#elif !defined(CMM_TARGET)
static const char target_ids[][32] = { MMRACE_MUTATIONS(TARGET_ID) };
static const char target_titles[][128] = { MMRACE_MUTATIONS(TARGET_WHAT) };
#define CMM_TARGET		MMRACE_PASTE(cmm_mutant_, MMRACE_MUTANT)
#define CMM_TARGET_ID		target_ids[MMRACE_PASTE(MMRACE_MUTANT_, MMRACE_MUTANT)]
#define CMM_TARGET_TITLE	target_titles[MMRACE_PASTE(MMRACE_MUTANT_, MMRACE_MUTANT)]
#endif

extern const struct cmm_target CMM_NAME(CMM_TARGET);

const struct cmm_target CMM_NAME(CMM_TARGET) = {
	.id = CMM_TARGET_ID,
	.release = target_releases[MMRACE_DEPTH],
	.title = CMM_TARGET_TITLE,
	.operations = CMM_ALL_OPERATIONS,
	.arena_bytes = target_arena_bytes,
	.boot = target_boot,
	.run = world_run,
	.invariant = world_invariant,
	.end_check = world_end_check,
	.state = world_state,
	.counters = world_counters,
	.describe = world_describe,
	.describe_value = world_describe_value,
};
