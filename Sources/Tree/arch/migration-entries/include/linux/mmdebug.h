/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CONFIG_DEBUG_VM's assertions become blocks that the machine may evaluate later, up to
 * the CPU's next event.  They have no effects: a kernel without CONFIG_DEBUG_VM does not
 * evaluate them at all.  One that warns lets the CPU go on, with a value of false.  CPUs of
 * the host evaluate them at once.
 */
#ifndef _MMRACE_LINUX_MMDEBUG_H
#define _MMRACE_LINUX_MMDEBUG_H

#include_next <linux/mmdebug.h>
#include <linux/bug.h>

#ifdef CONFIG_DEBUG_VM
#ifndef MMRACE_HOST_CPUS
#define __MMRACE_ASSERT(kind, condition, text) do {			\
	VCPU_SITE(kind, text);						\
	vcpu_assert_not(^{ return (bool)!!(condition); }, &__site);	\
} while (0)
#else
#define __MMRACE_ASSERT(kind, condition, text) do {			\
	VCPU_SITE(kind, text);						\
	if (__builtin_expect(!!(condition), 0)) {			\
		if ((kind) == VCPU_BAD_STATE)				\
			vcpu_report(&__site);				\
		else							\
			vcpu_bug(&__site);				\
	}								\
} while (0)
#endif
#define __MMRACE_ASSERT_NOT(condition, text)				\
	__MMRACE_ASSERT(VCPU_VM_BUG_ON, condition, text)
#define __MMRACE_VM_WARN(condition, text)				\
	({ __MMRACE_ASSERT(VCPU_BAD_STATE, condition, text); 0; })

#undef VM_BUG_ON
#undef VM_BUG_ON_PAGE
#undef VM_BUG_ON_FOLIO
#undef VM_BUG_ON_VMA
#undef VM_BUG_ON_MM
#define VM_BUG_ON(condition)		__MMRACE_ASSERT_NOT(condition, #condition)
/* The report shows the object by its name; the kernel would dump it. */
#define VM_BUG_ON_PAGE(condition, page)	__MMRACE_ASSERT_NOT(condition, #condition)
#define VM_BUG_ON_FOLIO(condition, folio)	__MMRACE_ASSERT_NOT(condition, #condition)
#define VM_BUG_ON_VMA(condition, vma)	__MMRACE_ASSERT_NOT(condition, #condition)
#define VM_BUG_ON_MM(condition, mm)	__MMRACE_ASSERT_NOT(condition, #condition)

#undef VM_WARN_ON
#undef VM_WARN_ON_ONCE
#undef VM_WARN_ON_PAGE
#undef VM_WARN_ON_ONCE_PAGE
#undef VM_WARN_ON_FOLIO
#undef VM_WARN_ON_ONCE_FOLIO
#undef VM_WARN_ON_ONCE_MM
#undef VM_WARN_ON_ONCE_VMA
#undef VM_WARN_ON_VMG
#undef VM_WARN_ONCE
#undef VM_WARN
#define VM_WARN_ON(condition)		__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_ONCE(condition)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_PAGE(condition, page)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_ONCE_PAGE(condition, page)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_FOLIO(condition, folio)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_ONCE_FOLIO(condition, folio)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_ONCE_MM(condition, mm)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_ONCE_VMA(condition, vma)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ON_VMG(condition, vmg)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN_ONCE(condition, ...)	__MMRACE_VM_WARN(condition, #condition)
#define VM_WARN(condition, ...)		__MMRACE_VM_WARN(condition, #condition)
#endif

#endif
