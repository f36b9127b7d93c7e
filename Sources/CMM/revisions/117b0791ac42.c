/* SPDX-License-Identifier: GPL-2.0-only */
/* The series of split pmd locks, and with it the race. */
#define MMRACE_COMMIT_117b0791ac42 1
#define MMRACE_COMMIT_b5a8cad376ee 0
#define CMM_SUBJECT		cmm_subject_117b0791ac42
#define CMM_SUBJECT_ID		"117b0791ac42"
#define CMM_SUBJECT_VERSION	"v3.13"
#define CMM_SUBJECT_TITLE	"mm, thp: move ptl taking inside page_check_address_pmd()"
#include "world/subject.c"
