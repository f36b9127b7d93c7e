/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  A lock in one bit of a word: PG_compound_lock. */
#ifndef _LINUX_BIT_SPINLOCK_H
#define _LINUX_BIT_SPINLOCK_H

#include "vcpu.h"

static inline void bit_spin_lock(int nr, unsigned long *word)
{
	vcpu_bit_lock((unsigned)nr, word);
}

static inline void bit_spin_unlock(int nr, unsigned long *word)
{
	vcpu_bit_unlock((unsigned)nr, word);
}

#endif
