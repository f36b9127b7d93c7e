/* SPDX-License-Identifier: GPL-2.0-only */
/* A line's first two bytes are its level. */
#ifndef __KERNEL_PRINTK__
#define __KERNEL_PRINTK__

#define KERN_SOH	"\001"
#define KERN_ERR	KERN_SOH "3"

static inline const char *printk_skip_level(const char *line)
{
	return line[0] == KERN_SOH[0] && line[1] ? line + 2 : line;
}

extern int printk(const char *format, ...);

#endif
