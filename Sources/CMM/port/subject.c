/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One subject: all of the port, compiled with the settings of the file that
 * includes this one.  That file defines what history.h asks for and, unless it
 * is a revision of the history,
 *
 *	CMM_SUBJECT		the name of the structure
 *	CMM_SUBJECT_ID, _TITLE	its strings
 *
 * Everything else is static, so that all subjects live in one program.
 */
#include "cmm.h"
#include "revisions/history.h"

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
#include <port/process.h>
#include "oracle/operations.c"
#include "oracle/census.c"
#include "oracle/invariants.c"
#include "oracle/end_check.c"
#include "oracle/describe_value.c"

#define SUBJECT_ID(id, ...)			#id,
#define SUBJECT_VERSION(id, version, ...)	version,
#define SUBJECT_TITLE(id, version, title, ...)	title,

/* Arrays of arrays: an element of these is a constant, a pointer's target is not. */
#define SUBJECT_FITS(id, version, title, ...)				\
	_Static_assert(sizeof(#id) <= 32 && sizeof(version) <= 16 &&	\
		       sizeof(title) <= 96, #id ": too long for its array");
MMRACE_HISTORY(SUBJECT_FITS)
static const char subject_versions[][16] = {
	"v3.7", MMRACE_HISTORY(SUBJECT_VERSION)
};

#ifndef CMM_SUBJECT
static const char subject_ids[][32] = { "v3.7", MMRACE_HISTORY(SUBJECT_ID) };
static const char subject_titles[][96] = {
	"Linux 3.7", MMRACE_HISTORY(SUBJECT_TITLE)
};
#define CMM_SUBJECT		MMRACE_PASTE(cmm_subject_, MMRACE_REVISION)
#define CMM_SUBJECT_ID		subject_ids[MMRACE_DEPTH]
#define CMM_SUBJECT_TITLE	subject_titles[MMRACE_DEPTH]
#endif

extern const struct cmm_subject CMM_NAME(CMM_SUBJECT);

const struct cmm_subject CMM_NAME(CMM_SUBJECT) = {
	.id = CMM_SUBJECT_ID,
	.version = subject_versions[MMRACE_DEPTH],
	.subject = CMM_SUBJECT_TITLE,
	.operations = CMM_ALL_OPERATIONS,
	.arena_bytes = subject_arena_bytes,
	.boot = subject_boot,
	.run = world_run,
	.invariant = world_invariant,
	.end_check = world_end_check,
	.census = world_census,
	.describe = world_describe,
	.describe_value = world_describe_value,
};
