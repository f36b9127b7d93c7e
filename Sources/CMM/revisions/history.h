/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commits of a file that compiles the port:
 *
 *	MMRACE_REVISION		that commit and all before it (the oldest: none), or
 *	MMRACE_COMMITS		a mask; it may be one that is known at run time only
 *
 * and all of them if it says nothing.  In the port, MMRACE_COMMIT(<id>) is 1 or 0;
 * where it is a constant the compiler drops what is not applied.
 */
#ifndef MMRACE_HISTORY_H
#define MMRACE_HISTORY_H

#include "revisions/list.h"

#define UNRELEASED	"unreleased"

#define NEEDS(id)		(1u << MMRACE_BIT_##id)
#define MMRACE_COMMIT(id)	((MMRACE_COMMITS) >> MMRACE_BIT_##id & 1)

#define MMRACE_NO_BIT(id, ...)	MMRACE_BIT_##id = -1,
#define MMRACE_BIT(id, ...)	MMRACE_BIT_##id,
enum { MMRACE_OLDEST(MMRACE_NO_BIT) MMRACE_HISTORY(MMRACE_BIT) MMRACE_COMMIT_COUNT };

/* A name with the revision's id at its end. */
#define MMRACE_PASTE(name, id)	MMRACE_PASTE_(name, id)
#define MMRACE_PASTE_(name, id)	name##id

/* The number of commits that the revision has, or the newest before it is changed. */
#ifdef MMRACE_REVISION
#define MMRACE_DEPTH	(MMRACE_PASTE(MMRACE_BIT_, MMRACE_REVISION) + 1)
#else
#define MMRACE_DEPTH	MMRACE_COMMIT_COUNT
#endif

#ifndef MMRACE_COMMITS
#define MMRACE_COMMITS	((1u << MMRACE_DEPTH) - 1)
#endif

#endif
