/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/atomic.h>

#define atomic_inc_not_zero(v)		(__atomic_add_unless(v, 1, 0) != 0)

typedef atomic64_t atomic_long_t;
#define atomic_long_read(v)		atomic64_read(v)
#define atomic_long_add(i, v)		atomic64_add(i, v)
#define atomic_long_inc(v)		atomic64_inc(v)
#define atomic_long_dec(v)		atomic64_dec(v)

#endif
