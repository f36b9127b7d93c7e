/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_THREAD_INFO_H
#define _ASM_X86_THREAD_INFO_H

struct task_struct;

struct thread_info {
	struct task_struct *task;
};

#endif
