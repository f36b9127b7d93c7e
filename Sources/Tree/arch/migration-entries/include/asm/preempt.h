/* SPDX-License-Identifier: GPL-2.0-only */
/* Nothing is preempted and nothing interrupts: a virtual CPU runs one task. */
#ifndef __ASM_PREEMPT_H
#define __ASM_PREEMPT_H

#include <linux/compiler.h>
#include <asm/current.h>
#include <linux/static_call_types.h>

#define PREEMPT_NEED_RESCHED		0
#define PREEMPT_ENABLED			0
#define preempt_count()			0
#define preempt_count_set(count)	do { } while (0)
#define init_task_preempt_count(task)	do { } while (0)
#define init_idle_preempt_count(task, cpu)	do { } while (0)
#define set_preempt_need_resched()	do { } while (0)
#define clear_preempt_need_resched()	do { } while (0)
#define test_preempt_need_resched()	0
#define __preempt_count_add(value)	do { (void)(value); } while (0)
#define __preempt_count_sub(value)	do { (void)(value); } while (0)
#define __preempt_count_dec_and_test()	0
#define should_resched(...)		0

#endif
