/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Without optimisation BUILD_BUG_ON() does not compile where a kernel's compiler
 * finds that it is never reached.  So it is a call of a symbol that nothing
 * defines: none where the condition is a constant 0, nor in code that is left out.
 */
#ifndef _MMRACE_LINUX_BUG_H
#define _MMRACE_LINUX_BUG_H

#include_next <linux/bug.h>

#ifndef __ASSEMBLY__
extern void mmrace_build_bug(void);
#undef BUILD_BUG_ON
#define BUILD_BUG_ON(condition)						\
	do { if (condition) mmrace_build_bug(); } while (0)
#endif

#endif
