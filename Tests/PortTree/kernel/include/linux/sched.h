/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/cpumask.h>
#include <linux/mm_types.h>
#include <asm/current.h>
#include <asm/thread_info.h>

struct task_struct {
	struct mm_struct *mm;
};

typedef struct {
	spinlock_t lock;
} wait_queue_head_t;

extern struct mm_struct *mm_alloc(void);
extern void mmput(struct mm_struct *mm);
extern void __mmdrop(struct mm_struct *mm);

static inline void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		__mmdrop(mm);
}

#endif
