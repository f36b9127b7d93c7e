/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  The task of each CPU, with the mm that it runs in.  Operations act
 * on a process from outside, as those of another's memory do: then it is NULL.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

struct mm_struct;

struct task_struct {
	struct mm_struct *mm;
};

#define current		(&world_cpu(vcpu_id())->task)

#endif
