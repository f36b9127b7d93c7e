/* SPDX-License-Identifier: GPL-2.0-only */
/* The newest without what the compile flags revert; nothing if they do not. */
#include "revisions/flags.h"

#if MMRACE_REVERTS
#define NAME(id, ...)		MMRACE_IF(MMRACE_REVERT_##id, "-" #id, "")
#define CMM_TARGET		cmm_target_reverted
#define CMM_TARGET_ID		"revert" MMRACE_HISTORY(NAME)
#define CMM_TARGET_TITLE	"the newest without what the compile flags revert"
#undef MMRACE_COMMITS
#define MMRACE_COMMITS		MMRACE_LEFT
#include "port/target.c"
#endif
