/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/types.h>
#include <linux/printk.h>
#include <linux/bug.h>
#include <linux/string.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min(a, b)	((a) < (b) ? (a) : (b))

#define EAGAIN		11
#define ENOMEM		12
#define IS_ERR(pointer)	((unsigned long)(pointer) >= -4095UL)

/* A function that sleeps says so itself. */
#define might_sleep()	do { } while (0)

extern int _cond_resched(void);
#define cond_resched()	_cond_resched()

#endif
