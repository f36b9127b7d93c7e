/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no khugepaged. */
#ifndef _LINUX_KHUGEPAGED_H
#define _LINUX_KHUGEPAGED_H

#include <linux/sched.h>

static inline int khugepaged_fork(struct mm_struct *mm, struct mm_struct *oldmm)
{
	return 0;
}

static inline void khugepaged_exit(struct mm_struct *mm)
{
}

#endif
