/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of revisions, and the one that the compile flags select. */
#include "cmm.h"
#include "revisions/flags.h"

#define DECLARE(id, ...)	extern const struct cmm_subject CMM_NAME(cmm_subject_##id);
#define ADDRESS(id, ...)	&CMM_NAME(cmm_subject_##id),
DECLARE(v3_7) MMRACE_HISTORY(DECLARE)
DECLARE(reverted)

const struct cmm_subject *const cmm_revisions[] = {
	ADDRESS(v3_7) MMRACE_HISTORY(ADDRESS) NULL
};

#define ADDRESS_IF_ONLY(id, ...)	\
	MMRACE_IF(MMRACE_ONLY_UP_TO_##id, &CMM_NAME(cmm_subject_##id), )

const struct cmm_subject *const cmm_subject_under_test =
#if MMRACE_REVERTS
	&CMM_NAME(cmm_subject_reverted);
#elif MMRACE_ONLYS
	ADDRESS_IF_ONLY(v3_7) MMRACE_HISTORY(ADDRESS_IF_ONLY);
#else
	&CMM_NAME(MMRACE_PASTE(cmm_subject_, MMRACE_NEWEST));
#endif
