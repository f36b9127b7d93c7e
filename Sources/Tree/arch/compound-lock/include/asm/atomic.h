/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each read-modify-write is one event of the machine.  A read is a volatile load,
 * which is an event as every load is.
 */
#ifndef _ASM_X86_ATOMIC_H
#define _ASM_X86_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }

static inline int atomic_read(const atomic_t *v)
{
	return *(const volatile int *)&v->counter;
}

static inline void atomic_set(atomic_t *v, int i)
{
	vcpu_set(&v->counter, i);
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	return vcpu_add_return(&v->counter, i);
}

static inline int __atomic_add_unless(atomic_t *v, int a, int u)
{
	return vcpu_fetch_add_unless(&v->counter, a, u);
}

static inline long atomic64_read(const atomic64_t *v)
{
	return *(const volatile long *)&v->counter;
}

static inline void atomic64_set(atomic64_t *v, long i)
{
	vcpu_exchange64((void *)&v->counter, i);
}

static inline long atomic64_add_return(long i, atomic64_t *v)
{
	return vcpu_add_return_long((long *)&v->counter, i);
}

/* The old value is what the caller loops on: it must be of the same event. */
static inline int atomic64_add_unless(atomic64_t *v, long a, long u)
{
	long old = atomic64_read(v), seen;

	while (old != u) {
		seen = vcpu_cmpxchg64((void *)&v->counter, old, old + a);
		if (seen == old)
			return 1;
		old = seen;
	}
	return 0;
}

/* The rest of both families, in terms of the above. */
#define __FAMILY(prefix, type, word)					\
	static inline void prefix##_add(word i, type *v)		\
	{ prefix##_add_return(i, v); }					\
	static inline void prefix##_sub(word i, type *v)		\
	{ prefix##_add_return(-i, v); }					\
	static inline void prefix##_inc(type *v)			\
	{ prefix##_add_return(1, v); }					\
	static inline void prefix##_dec(type *v)			\
	{ prefix##_add_return(-1, v); }					\
	static inline word prefix##_sub_return(word i, type *v)		\
	{ return prefix##_add_return(-i, v); }				\
	static inline word prefix##_inc_return(type *v)			\
	{ return prefix##_add_return(1, v); }				\
	static inline word prefix##_dec_return(type *v)			\
	{ return prefix##_add_return(-1, v); }				\
	static inline int prefix##_sub_and_test(word i, type *v)	\
	{ return prefix##_add_return(-i, v) == 0; }			\
	static inline int prefix##_dec_and_test(type *v)		\
	{ return prefix##_add_return(-1, v) == 0; }			\
	static inline int prefix##_inc_and_test(type *v)		\
	{ return prefix##_add_return(1, v) == 0; }			\
	static inline int prefix##_add_negative(word i, type *v)	\
	{ return prefix##_add_return(i, v) < 0; }			\
	static inline word prefix##_cmpxchg(type *v, word old, word new)	\
	{ return cmpxchg(&v->counter, old, new); }			\
	static inline word prefix##_xchg(type *v, word new)		\
	{ return xchg(&v->counter, new); }

__FAMILY(atomic, atomic_t, int)
__FAMILY(atomic64, atomic64_t, long)
#undef __FAMILY

/* Macros too: the generic header looks for these names. */
#define atomic_inc_return	atomic_inc_return
#define atomic64_inc_not_zero(v)	atomic64_add_unless((v), 1, 0)

#define __BITWISE(prefix, type, word, name, operator)			\
	static inline void prefix##_##name(word i, type *v)		\
	{								\
		word old = prefix##_read(v), seen;			\
									\
		while ((seen = prefix##_cmpxchg(v, old, old operator i)) != old)	\
			old = seen;					\
	}

__BITWISE(atomic, atomic_t, int, and, &)
__BITWISE(atomic, atomic_t, int, or, |)
__BITWISE(atomic, atomic_t, int, xor, ^)
__BITWISE(atomic64, atomic64_t, long, and, &)
__BITWISE(atomic64, atomic64_t, long, or, |)
__BITWISE(atomic64, atomic64_t, long, xor, ^)
#undef __BITWISE
#define CONFIG_ARCH_HAS_ATOMIC_OR

#endif
