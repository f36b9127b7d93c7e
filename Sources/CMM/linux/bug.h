/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  A failing check is reported to the machine. */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include "vcpu.h"

/*
 * The condition becomes a block that the machine may evaluate later, up to the
 * CPU's next event, because a check that passes has no effect.  The compiler
 * refuses a condition that assigns to a local; none may change memory through a call.
 */
#ifndef CMM_NATIVE
#define __CHECK(kind, condition, text) do {				\
	VCPU_SITE(kind, text);						\
	vcpu_assert_not(^{ return (bool)!!(condition); }, &__site);	\
} while (0)
#else
#define __CHECK(kind, condition, text) do {				\
	VCPU_SITE(kind, text);						\
	if (__builtin_expect(!!(condition), 0))				\
		vcpu_bug(&__site);					\
} while (0)
#endif

#define BUG_ON(condition)	__CHECK(VCPU_BUG_ON, condition, #condition)

#define BUG() do {							\
	VCPU_SITE(VCPU_BUG_ON, "BUG()");				\
	vcpu_bug(&__site);						\
} while (0)

/* WARN_ON() and bad_page(): reported, but the CPU goes on. */
#define REPORT_BAD(text) do {						\
	VCPU_SITE(VCPU_BAD_STATE, text);				\
	vcpu_report(&__site);						\
} while (0)

#define WARN_ON(condition) do {						\
	if (condition)							\
		REPORT_BAD(#condition);					\
} while (0)

#endif
