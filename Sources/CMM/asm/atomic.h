/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: instrumented.  Each read-modify-write is one event of the machine. */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <linux/types.h>
#include "vcpu.h"

typedef struct { int counter; } atomic_t;
typedef struct { long counter; } atomic_long_t;

static inline int atomic_read(const atomic_t *v)
{
	return ACCESS_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int i)
{
	vcpu_set(&v->counter, i);
}

static inline void atomic_add(int i, atomic_t *v)
{
	vcpu_add_return(&v->counter, i);
}

static inline void atomic_sub(int i, atomic_t *v)
{
	vcpu_add_return(&v->counter, -i);
}

static inline void atomic_inc(atomic_t *v)
{
	vcpu_add_return(&v->counter, 1);
}

static inline void atomic_dec(atomic_t *v)
{
	vcpu_add_return(&v->counter, -1);
}

static inline int atomic_dec_and_test(atomic_t *v)
{
	return vcpu_add_return(&v->counter, -1) == 0;
}

static inline int atomic_add_negative(int i, atomic_t *v)
{
	return vcpu_add_return(&v->counter, i) < 0;
}

static inline int atomic_inc_not_zero(atomic_t *v)
{
	return vcpu_add_unless(&v->counter, 1, 0);
}

static inline long atomic_long_read(const atomic_long_t *v)
{
	return ACCESS_ONCE(v->counter);
}

static inline void atomic_long_add(long i, atomic_long_t *v)
{
	vcpu_add_return_long(&v->counter, i);
}

static inline void atomic_long_inc(atomic_long_t *v)
{
	vcpu_add_return_long(&v->counter, 1);
}

static inline void atomic_long_dec(atomic_long_t *v)
{
	vcpu_add_return_long(&v->counter, -1);
}

#endif
