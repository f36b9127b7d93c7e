/* SPDX-License-Identifier: GPL-2.0-only */
/* The place where a kernel finds its task: mmrace has another. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

struct task_struct;
extern struct task_struct *current_task;

static inline struct task_struct *get_current(void)
{
	return current_task;
}

#define current get_current()

#endif
