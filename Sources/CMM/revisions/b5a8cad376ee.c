/* SPDX-License-Identifier: GPL-2.0-only */
/* The race is closed: the pmd is looked at under its lock only. */
#define MMRACE_COMMIT_117b0791ac42 1
#define MMRACE_COMMIT_b5a8cad376ee 1
#define CMM_SUBJECT		cmm_subject_b5a8cad376ee
#define CMM_SUBJECT_ID		"b5a8cad376ee"
#define CMM_SUBJECT_VERSION	"v3.15"
#define CMM_SUBJECT_TITLE	"thp: close race between split and zap huge pages"
#include "world/subject.c"
