/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of revisions, and the one that the compile flags select. */
#include "cmm.h"

extern const struct cmm_subject CMM_NAME(cmm_subject_v3_12);
extern const struct cmm_subject CMM_NAME(cmm_subject_117b0791ac42);
extern const struct cmm_subject CMM_NAME(cmm_subject_b5a8cad376ee);

const struct cmm_subject *const cmm_revisions[] = {
	&CMM_NAME(cmm_subject_v3_12),
	&CMM_NAME(cmm_subject_117b0791ac42),
	&CMM_NAME(cmm_subject_b5a8cad376ee),
	NULL,
};

#ifndef CMM_NATIVE
const struct cmm_subject *const cmm_subject_under_test =
#ifdef MMRACE_REVERT_b5a8cad376ee
	&CMM_NAME(cmm_subject_117b0791ac42);
#else
	&CMM_NAME(cmm_subject_b5a8cad376ee);
#endif
#endif
