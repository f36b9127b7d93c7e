/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compile flags that select the target under test:
 *
 *	-DMMRACE_ONLY_UP_TO_<id>	a revision of the list
 *	-DMMRACE_REVERT_<id>		all commits but this one; several may go
 *	neither				the newest
 *
 * A combination that makes no sense does not compile.
 */
#ifndef MMRACE_FLAGS_H
#define MMRACE_FLAGS_H

#include "revisions/history.h"

/* The one text if a flag is given (is 1), the other if it is not. */
#define MMRACE_IF(flag, yes, no)	MMRACE_IF_(flag, yes, no)
#define MMRACE_IF_(value, yes, no)	MMRACE_SECOND(MMRACE_IF_##value yes, no, )
#define MMRACE_IF_1			,
#define MMRACE_SECOND(...)		MMRACE_SECOND_(__VA_ARGS__)
#define MMRACE_SECOND_(one, two, ...)	two

#define MMRACE_ADD_REVERT(id, ...)	+ MMRACE_IF(MMRACE_REVERT_##id, 1, 0)
#define MMRACE_ADD_ONLY(id, ...)	+ MMRACE_IF(MMRACE_ONLY_UP_TO_##id, 1, 0)
#define MMRACE_REVERTS	(0 MMRACE_HISTORY(MMRACE_ADD_REVERT))
#define MMRACE_ONLYS	(0 MMRACE_REVISIONS(MMRACE_ADD_ONLY))

#if MMRACE_ONLYS > 1
#error "MMRACE_ONLY_UP_TO_<id> is given twice: the target under test ends at one commit"
#endif
#if MMRACE_ONLYS && MMRACE_REVERTS
#error "MMRACE_REVERT_<id> is of the newest revision: not together with MMRACE_ONLY_UP_TO_<id>"
#endif

/* The commits that are left when those of the flags are reverted. */
#define MMRACE_REVERTED_BIT(id, ...)	\
	| MMRACE_IF(MMRACE_REVERT_##id, 1u, 0u) << MMRACE_BIT_##id
enum {
	MMRACE_LEFT = ((1u << MMRACE_COMMIT_COUNT) - 1) &
		      ~(0u MMRACE_HISTORY(MMRACE_REVERTED_BIT))
};

/* An #error could not say which one. */
#define MMRACE_CHECK_NEEDS(id, release, title, what, needs, ...)	\
	_Static_assert(!(MMRACE_LEFT >> MMRACE_BIT_##id & 1) ||	\
		       !((needs) & ~MMRACE_LEFT),			\
		"MMRACE_REVERT_<id>: " #id " is not reverted, but "	\
		"one that it depends on is, of " #needs);
MMRACE_HISTORY(MMRACE_CHECK_NEEDS)

#endif
