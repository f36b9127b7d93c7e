/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The atomic operations touch one bit and nothing else; those that begin with
 * two underscores load and store a whole word, and can lose an update.
 */
#ifndef _ASM_X86_BITOPS_H
#define _ASM_X86_BITOPS_H

#ifndef _LINUX_BITOPS_H
#error only <linux/bitops.h> can be included directly
#endif

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include "vcpu.h"

static inline int test_bit(long nr, const volatile unsigned long *addr)
{
	return vcpu_test_bit(nr, addr);
}

static inline void set_bit(long nr, volatile unsigned long *addr)
{
	vcpu_set_bit(nr, addr);
}

static inline void clear_bit(long nr, volatile unsigned long *addr)
{
	vcpu_clear_bit(nr, addr);
}

static inline int test_and_set_bit(long nr, volatile unsigned long *addr)
{
	return vcpu_test_and_set_bit(nr, addr);
}

static inline int test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	return vcpu_test_and_clear_bit(nr, addr);
}

static inline void change_bit(long nr, volatile unsigned long *addr)
{
	if (vcpu_test_bit(nr, addr))
		vcpu_clear_bit(nr, addr);
	else
		vcpu_set_bit(nr, addr);
}

#define test_and_set_bit_lock(nr, addr)	test_and_set_bit(nr, addr)
#define clear_bit_unlock(nr, addr)	clear_bit(nr, addr)
#define __clear_bit_unlock(nr, addr)	clear_bit(nr, addr)

#define __MMRACE_WORD(nr, addr)	((unsigned long *)(addr) + (nr) / 64)
#define __MMRACE_BIT(nr)	(1UL << ((nr) % 64))

static inline void __set_bit(long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) |= __MMRACE_BIT(nr);
}

static inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) &= ~__MMRACE_BIT(nr);
}

static inline void __change_bit(long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) ^= __MMRACE_BIT(nr);
}

static inline int __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	unsigned long old = *__MMRACE_WORD(nr, addr);

	*__MMRACE_WORD(nr, addr) = old | __MMRACE_BIT(nr);
	return (old & __MMRACE_BIT(nr)) != 0;
}

static inline int __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	unsigned long old = *__MMRACE_WORD(nr, addr);

	*__MMRACE_WORD(nr, addr) = old & ~__MMRACE_BIT(nr);
	return (old & __MMRACE_BIT(nr)) != 0;
}

#include <asm-generic/bitops/builtin-__ffs.h>
#include <asm-generic/bitops/builtin-ffs.h>
#include <asm-generic/bitops/builtin-__fls.h>
#include <asm-generic/bitops/builtin-fls.h>
#include <asm-generic/bitops/ffz.h>
#include <asm-generic/bitops/fls64.h>
#include <asm-generic/bitops/find.h>
#include <asm-generic/bitops/sched.h>
#include <asm-generic/bitops/hweight.h>
#include <asm-generic/bitops/le.h>

#endif
