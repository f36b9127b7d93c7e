/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The few helpers and error numbers that the port uses. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/types.h>
#include <linux/bug.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min(a, b)	((a) < (b) ? (a) : (b))

/* Not from <errno.h>: that includes the system's own <linux/errno.h>. */
#ifndef EAGAIN
#define EAGAIN	11
#define ENOMEM	12
#endif

#define KERN_ERR ""
#define printk(...)	vcpu_printk(__VA_ARGS__)

#define might_sleep() do {						\
	VCPU_SITE(VCPU_SLEEP_IN_ATOMIC, "might_sleep()");		\
	vcpu_might_sleep(&__site);					\
} while (0)
#define cond_resched()	do { } while (0)

#endif
