/* SPDX-License-Identifier: GPL-2.0-only */
/* The task that runs on this virtual CPU; what else the tree's has stays. */
#ifndef _MMRACE_CURRENT_H
#define _MMRACE_CURRENT_H

#define get_current	__tree_get_current
#include_next <asm/current.h>
#undef get_current
#undef current

extern struct task_struct *mmrace_current(void);

#define get_current()	mmrace_current()
#define current		get_current()

#endif
