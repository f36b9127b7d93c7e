/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CONFIG_DEBUG_VM's assertions become blocks that the machine may evaluate
 * later, up to the CPU's next event.  They have no effects: a kernel without
 * CONFIG_DEBUG_VM does not evaluate them at all.  CPUs of the host evaluate them at once.
 */
#ifndef _MMRACE_LINUX_MMDEBUG_H
#define _MMRACE_LINUX_MMDEBUG_H

#include_next <linux/mmdebug.h>
#include <linux/bug.h>

#ifdef CONFIG_DEBUG_VM
#ifndef MMRACE_HOST_CPUS
#define __MMRACE_ASSERT_NOT(condition, text) do {			\
	VCPU_SITE(VCPU_VM_BUG_ON, text);				\
	vcpu_assert_not(^{ return (bool)!!(condition); }, &__site);	\
} while (0)
#else
#define __MMRACE_ASSERT_NOT(condition, text) do {			\
	VCPU_SITE(VCPU_VM_BUG_ON, text);				\
	if (__builtin_expect(!!(condition), 0))				\
		vcpu_bug(&__site);					\
} while (0)
#endif

#undef VM_BUG_ON
#undef VM_BUG_ON_PAGE
#undef VM_BUG_ON_VMA
#undef VM_BUG_ON_MM
#define VM_BUG_ON(condition)		__MMRACE_ASSERT_NOT(condition, #condition)
/* The report shows the object by its name; the kernel would dump it. */
#define VM_BUG_ON_PAGE(condition, page)	__MMRACE_ASSERT_NOT(condition, #condition)
#define VM_BUG_ON_VMA(condition, vma)	__MMRACE_ASSERT_NOT(condition, #condition)
#define VM_BUG_ON_MM(condition, mm)	__MMRACE_ASSERT_NOT(condition, #condition)
#endif

#endif
