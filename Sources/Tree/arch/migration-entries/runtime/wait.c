/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of kernel/sched and of those who wake: a task sleeps while its state is not
 * TASK_RUNNING.  To the machine the state is a semaphore that is taken for as long.
 */
#include <linux/mm.h>
#include <linux/rcuwait.h>
#include <linux/sched.h>
#include <generated/mmrace-features.h>

/* The writer of a VMA waits so for the readers that its lock counts. */
#ifdef MMRACE_HAS_VMA_REFCNT
asmlinkage void schedule(void)
{
	vcpu_rwsem *asleep = (vcpu_rwsem *)&current->__state;

	vcpu_down_write(asleep);
	vcpu_up_write(asleep);
}

int rcuwait_wake_up(struct rcuwait *wait)
{
	struct task_struct *task;

	rcu_read_lock();
	task = rcu_dereference(wait->task);
	if (task)
		vcpu_set((int *)&task->__state, TASK_RUNNING);
	rcu_read_unlock();
	return task != NULL;
}

void finish_rcuwait(struct rcuwait *wait)
{
	rcu_assign_pointer(wait->task, NULL);
	__set_current_state(TASK_RUNNING);
}
#endif
