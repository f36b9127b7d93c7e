/* SPDX-License-Identifier: GPL-2.0-only */
/* Before the split pmd locks: one page_table_lock per mm covers the whole check. */
#define MMRACE_COMMIT_117b0791ac42 0
#define MMRACE_COMMIT_b5a8cad376ee 0
#define CMM_SUBJECT		cmm_subject_v3_12
#define CMM_SUBJECT_ID		"v3.12"
#define CMM_SUBJECT_VERSION	"v3.12"
#define CMM_SUBJECT_TITLE	"Linux 3.12"
#include "world/subject.c"
