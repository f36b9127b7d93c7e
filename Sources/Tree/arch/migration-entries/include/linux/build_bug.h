/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Without optimisation BUILD_BUG() is compiled where a kernel's compiler finds that it is
 * never reached; what follows it may return nothing, and so it ends there.
 */
#ifndef _MMRACE_LINUX_BUILD_BUG_H
#define _MMRACE_LINUX_BUILD_BUG_H

#include_next <linux/build_bug.h>

#undef BUILD_BUG
#define BUILD_BUG()	__builtin_trap()

#endif
