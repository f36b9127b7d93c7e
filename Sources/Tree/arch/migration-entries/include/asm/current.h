/* SPDX-License-Identifier: GPL-2.0-only */
/* The task that runs on this virtual CPU. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/cache.h>
#include <asm/percpu.h>

struct task_struct;
extern struct task_struct *mmrace_current(void);

#define get_current()	mmrace_current()
#define current		get_current()

/* Inline functions of some trees mention it. */
struct pcpu_hot {
	struct task_struct *current_task;
	int preempt_count, cpu_number;
	unsigned long top_of_stack;
	void *hardirq_stack_ptr;
	u16 softirq_pending;
	bool hardirq_stack_inuse;
};

DECLARE_PER_CPU(struct pcpu_hot, pcpu_hot);
#define const_pcpu_hot	pcpu_hot

#endif
