/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The atomic operations touch one bit and nothing else; those that begin with two
 * underscores load and store a whole word, and can lose an update.
 */
#ifndef _ASM_X86_BITOPS_H
#define _ASM_X86_BITOPS_H

#ifndef _LINUX_BITOPS_H
#error only <linux/bitops.h> can be included directly
#endif

#include <linux/compiler.h>
#include <asm/barrier.h>
#include "vcpu.h"

static __always_inline bool arch_test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return vcpu_test_bit(nr, addr);
}
#define arch_test_bit_acquire		arch_test_bit

static __always_inline void arch_set_bit(long nr, volatile unsigned long *addr)
{
	vcpu_set_bit(nr, addr);
}

static __always_inline void arch_clear_bit(long nr, volatile unsigned long *addr)
{
	vcpu_clear_bit(nr, addr);
}

static __always_inline bool arch_test_and_set_bit(long nr, volatile unsigned long *addr)
{
	return vcpu_test_and_set_bit(nr, addr);
}

static __always_inline bool arch_test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	return vcpu_test_and_clear_bit(nr, addr);
}

static __always_inline bool arch_test_and_change_bit(long nr, volatile unsigned long *addr)
{
	if (vcpu_test_and_set_bit(nr, addr)) {
		vcpu_clear_bit(nr, addr);
		return true;
	}
	return false;
}

static __always_inline void arch_change_bit(long nr, volatile unsigned long *addr)
{
	arch_test_and_change_bit(nr, addr);
}

#define arch_test_and_set_bit_lock	arch_test_and_set_bit
#define arch_clear_bit_unlock		arch_clear_bit
#define arch___clear_bit_unlock		arch_clear_bit

/* Used by folio_unlock(), which runtime/page_lock.c has: nothing defines it. */
extern bool arch_xor_unlock_is_negative_byte(unsigned long mask, volatile unsigned long *addr);
#define arch_xor_unlock_is_negative_byte	arch_xor_unlock_is_negative_byte
#define arch_clear_bit_unlock_is_negative_byte(nr, addr)		\
	({ vcpu_clear_bit(nr, addr); vcpu_test_bit(7, addr); })

#define __MMRACE_WORD(nr, addr)	((unsigned long *)(addr) + (nr) / 64)
#define __MMRACE_BIT(nr)	(1UL << ((nr) % 64))

static __always_inline void arch___set_bit(unsigned long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) |= __MMRACE_BIT(nr);
}

static __always_inline void arch___clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) &= ~__MMRACE_BIT(nr);
}

static __always_inline void arch___change_bit(unsigned long nr, volatile unsigned long *addr)
{
	*__MMRACE_WORD(nr, addr) ^= __MMRACE_BIT(nr);
}

#define __MMRACE_TEST_AND(name, operation)				\
	static __always_inline bool arch___test_and_##name##_bit(	\
		unsigned long nr, volatile unsigned long *addr)		\
	{								\
		unsigned long old = *__MMRACE_WORD(nr, addr);		\
									\
		*__MMRACE_WORD(nr, addr) = old operation __MMRACE_BIT(nr);	\
		return (old & __MMRACE_BIT(nr)) != 0;			\
	}

__MMRACE_TEST_AND(set, |)
__MMRACE_TEST_AND(clear, & ~)
__MMRACE_TEST_AND(change, ^)
#undef __MMRACE_TEST_AND

#include <asm-generic/bitops/builtin-__ffs.h>
#include <asm-generic/bitops/builtin-ffs.h>
#include <asm-generic/bitops/builtin-__fls.h>
#include <asm-generic/bitops/builtin-fls.h>
#include <asm-generic/bitops/ffz.h>
#include <asm-generic/bitops/fls64.h>
#include <asm-generic/bitops/sched.h>
#include <asm-generic/bitops/arch_hweight.h>
#include <asm-generic/bitops/const_hweight.h>
#include <asm-generic/bitops/instrumented-atomic.h>
#include <asm-generic/bitops/instrumented-non-atomic.h>
#include <asm-generic/bitops/instrumented-lock.h>
#if !__has_include(<linux/find.h>)
#include <asm-generic/bitops/find.h>
#endif
#include <asm-generic/bitops/le.h>
#include <asm-generic/bitops/ext2-atomic-setbit.h>

#endif
