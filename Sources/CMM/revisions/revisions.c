/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of revisions, and the one that the compile flags select. */
#include "cmm.h"

extern const struct cmm_subject cmm_subject_v3_12;
extern const struct cmm_subject cmm_subject_117b0791ac42;
extern const struct cmm_subject cmm_subject_b5a8cad376ee;

const struct cmm_subject *const cmm_revisions[] = {
	&cmm_subject_v3_12,
	&cmm_subject_117b0791ac42,
	&cmm_subject_b5a8cad376ee,
	NULL,
};

const struct cmm_subject *const cmm_subject_under_test =
#ifdef MMRACE_REVERT_b5a8cad376ee
	&cmm_subject_117b0791ac42;
#else
	&cmm_subject_b5a8cad376ee;
#endif
