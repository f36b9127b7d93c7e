/* SPDX-License-Identifier: GPL-2.0-only */
/* A line of the log is a line of the trace, when one is recorded; without its level. */
#ifndef _MMRACE_LINUX_PRINTK_H
#define _MMRACE_LINUX_PRINTK_H

#include_next <linux/printk.h>
#include "vcpu.h"

#undef printk
#define printk(format, ...)	\
	vcpu_printk(printk_skip_level(format), ##__VA_ARGS__)

#endif
