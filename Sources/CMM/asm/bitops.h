/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  The atomic forms touch one bit; the __ forms a word. */
#ifndef _ASM_BITOPS_H
#define _ASM_BITOPS_H

#include <linux/types.h>
#include "vcpu.h"

static inline int test_bit(unsigned nr, const volatile unsigned long *word)
{
	return vcpu_test_bit(nr, word);
}

static inline void set_bit(unsigned nr, volatile unsigned long *word)
{
	vcpu_set_bit(nr, word);
}

static inline void clear_bit(unsigned nr, volatile unsigned long *word)
{
	vcpu_clear_bit(nr, word);
}

static inline int test_and_set_bit(unsigned nr, volatile unsigned long *word)
{
	return vcpu_test_and_set_bit(nr, word);
}

/* Not atomic: a load and a store of the whole word, which can lose an update. */
static inline void __set_bit(unsigned nr, unsigned long *word)
{
	*word |= 1UL << nr;
}

static inline void __clear_bit(unsigned nr, unsigned long *word)
{
	*word &= ~(1UL << nr);
}

#endif
