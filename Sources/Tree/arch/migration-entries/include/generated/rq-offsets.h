/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's build generates it: nothing here keeps a task on its CPU. */
#define RQ_nr_pinned	0
