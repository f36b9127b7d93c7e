/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that are needed before the headers which define them can be used. */
#define __GENERATING_BOUNDS_H
#include <linux/page-flags.h>
#include <linux/mmzone.h>

#define BOUND(name, value) \
	__asm__ volatile("\n->" #name " %0 " #value : : "i" (value))

void bounds(void)
{
	BOUND(NR_PAGEFLAGS, __NR_PAGEFLAGS);
	BOUND(MAX_NR_ZONES, __MAX_NR_ZONES);
}
