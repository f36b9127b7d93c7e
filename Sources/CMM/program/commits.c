/* SPDX-License-Identifier: GPL-2.0-only */
/* The history, for who chooses among it. */
#include "cmm_program.h"
#include "revisions/history.h"

#define COMMIT(id, version, subject, what, needs)	\
	{ #id, version, subject, what, needs },

static const struct cmm_commit commits[] = { MMRACE_HISTORY(COMMIT) };

_Static_assert(MMRACE_COMMIT_COUNT <= 32, "a set of commits has 32 bits");

const struct cmm_commit *cmm_commit_list(void)
{
	return commits;
}

uint32_t cmm_commit_count(void)
{
	return MMRACE_COMMIT_COUNT;
}

const struct cmm_subject *cmm_any_commits(void)
{
	return &cmm_subject_any_commits;
}

uint32_t cmm_commits_missing(uint32_t set)
{
	uint32_t missing = 0;

	for (unsigned i = 0; i < MMRACE_COMMIT_COUNT; i++)
		if (set >> i & 1)
			missing |= commits[i].requires & ~set;
	return missing;
}
