/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A failing check is reported to the machine with its place in the tree.  The
 * condition of BUG_ON() may have effects, so it is evaluated once, where it stands;
 * compare VM_BUG_ON() in linux/mmdebug.h.
 */
#ifndef _ASM_X86_BUG_H
#define _ASM_X86_BUG_H

/* Files of some trees rely on getting them from here. */
#include <linux/stringify.h>
#include <linux/instrumentation.h>
#include <linux/objtool.h>
#include "vcpu.h"

#define HAVE_ARCH_BUG
#define BUG() do {							\
	VCPU_SITE(VCPU_BUG_ON, "BUG()");				\
	vcpu_bug(&__site);						\
} while (0)

#define HAVE_ARCH_BUG_ON
#define BUG_ON(condition) do {						\
	VCPU_SITE(VCPU_BUG_ON, #condition);				\
	if (__builtin_expect(!!(condition), 0))				\
		vcpu_bug(&__site);					\
} while (0)

/* Reported, but the CPU goes on. */
#define __MMRACE_WARN(condition, text) ({				\
	int __bad = !!(condition);					\
	VCPU_SITE(VCPU_BAD_STATE, text);				\
	if (__builtin_expect(__bad, 0))					\
		vcpu_report(&__site);					\
	__bad;								\
})

#define HAVE_ARCH_WARN_ON
#define WARN_ON(condition)		__MMRACE_WARN(condition, #condition)

#include <asm-generic/bug.h>

/* Each execution is a boot of its own: once is always. */
#undef WARN_ON_ONCE
#undef WARN
#undef WARN_ONCE
#undef WARN_TAINT
#undef WARN_TAINT_ONCE
#define WARN_ON_ONCE(condition)		__MMRACE_WARN(condition, #condition)
#define WARN(condition, ...)		__MMRACE_WARN(condition, #condition)
#define WARN_ONCE(condition, ...)	__MMRACE_WARN(condition, #condition)
#define WARN_TAINT(condition, ...)	__MMRACE_WARN(condition, #condition)
#define WARN_TAINT_ONCE(condition, ...)	__MMRACE_WARN(condition, #condition)

#endif
