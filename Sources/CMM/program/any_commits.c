/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port with any set of commits: which ones, its configuration says.  It is
 * for searches among sets; each revision is a target of its own, in which what
 * is not applied is not compiled.
 */
#define CMM_TARGET		cmm_target_any_commits
#define CMM_TARGET_ID		"any"
#define CMM_TARGET_TITLE	"a set of commits that need not be a revision"
#define MMRACE_COMMITS		world_commits()
#include "port/target.c"
