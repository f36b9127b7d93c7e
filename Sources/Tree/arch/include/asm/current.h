/* SPDX-License-Identifier: GPL-2.0-only */
/* The task that runs on this virtual CPU. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#include <linux/compiler.h>

struct task_struct;

extern struct task_struct *mmrace_current(void);

#define get_current()	mmrace_current()
#define current		get_current()

#endif
