/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's locks: the state that inline tests look at is in the word. */
#ifndef _ASM_X86_SPINLOCK_TYPES_H
#define _ASM_X86_SPINLOCK_TYPES_H

#include <linux/types.h>
#include "vcpu.h"

typedef vcpu_spinlock arch_spinlock_t;
typedef vcpu_rwsem arch_rwlock_t;

#define __ARCH_SPIN_LOCK_UNLOCKED	{ 0 }
#define __ARCH_RW_LOCK_UNLOCKED		{ 0 }

#endif
