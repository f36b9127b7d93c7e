/* SPDX-License-Identifier: GPL-2.0-only */
/* The revisions as data, and the target that the compile flags select. */
#include "cmm.h"
#include "revisions/flags.h"

#define DECLARE(id, ...)	extern const struct cmm_target CMM_NAME(cmm_target_##id);
MMRACE_REVISIONS(DECLARE)
DECLARE(reverted)

#define REVISION(id, release, title, what, needs, fails_in)	\
	{ &CMM_NAME(cmm_target_##id), what, needs, fails_in },

static const struct cmm_revision revisions[] = {
	MMRACE_REVISIONS(REVISION)
	{ NULL, NULL, 0, NULL }
};

const struct cmm_revision *cmm_revision_list(void)
{
	return revisions;
}

_Static_assert(MMRACE_COMMIT_COUNT <= 32, "a set of commits has 32 bits");

#define IF_ONLY(id, ...)	\
	MMRACE_IF(MMRACE_ONLY_UP_TO_##id, return &CMM_NAME(cmm_target_##id);, )

const struct cmm_target *cmm_target_under_test(void)
{
#if MMRACE_REVERTS
	return &CMM_NAME(cmm_target_reverted);
#endif
	MMRACE_REVISIONS(IF_ONLY)
	return revisions[MMRACE_COMMIT_COUNT].target;
}
