/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_THREAD_INFO_H
#define _ASM_X86_THREAD_INFO_H

struct task_struct;

struct thread_info {
	struct task_struct *task;
	unsigned long addr_limit;
};

/* All addresses are a user's. */
#define USER_DS		(~0UL)

#endif
