/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each read-modify-write is one event of the machine.  A read is a volatile load, which
 * is an event as every load is.  linux/atomic.h makes the rest of the family of these, by
 * the names that are macros, too.
 */
#ifndef _ASM_X86_ATOMIC_H
#define _ASM_X86_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>

/* Without it, headers up to v5.13 do not look for the arch_ names. */
#define ARCH_ATOMIC
#define ATOMIC64_INIT(i)	{ (i) }

static __always_inline int arch_atomic_read(const atomic_t *v)
{
	return *(const volatile int *)&v->counter;
}

static __always_inline void arch_atomic_set(atomic_t *v, int i)
{
	vcpu_set(&v->counter, i);
}
#define arch_atomic_set_release		arch_atomic_set

static inline int arch_atomic_add_return(int i, atomic_t *v)
{
	return vcpu_add_return(&v->counter, i);
}

static inline int arch_atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	return vcpu_fetch_add_unless(&v->counter, a, u);
}
#define arch_atomic_fetch_add_unless	arch_atomic_fetch_add_unless

static inline bool arch_atomic_add_unless(atomic_t *v, int a, int u)
{
	return vcpu_add_unless(&v->counter, a, u);
}
#define arch_atomic_add_unless		arch_atomic_add_unless

static inline bool arch_atomic_inc_not_zero(atomic_t *v)
{
	return vcpu_add_unless(&v->counter, 1, 0);
}
#define arch_atomic_inc_not_zero	arch_atomic_inc_not_zero

static __always_inline s64 arch_atomic64_read(const atomic64_t *v)
{
	return *(const volatile s64 *)&v->counter;
}

static __always_inline void arch_atomic64_set(atomic64_t *v, s64 i)
{
	vcpu_exchange64((void *)&v->counter, i);
}
#define arch_atomic64_set_release	arch_atomic64_set

static inline s64 arch_atomic64_add_return(s64 i, atomic64_t *v)
{
	return vcpu_add_return_long((long *)&v->counter, i);
}

/* Both families, in terms of the above. */
#define __MMRACE_FAMILY(prefix, type, word)				\
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
	static inline word prefix##_fetch_add(word i, type *v)		\
	{ return prefix##_add_return(i, v) - i; }			\
	static inline word prefix##_fetch_sub(word i, type *v)		\
	{ return prefix##_add_return(-i, v) + i; }			\
	static inline bool prefix##_sub_and_test(word i, type *v)	\
	{ return prefix##_add_return(-i, v) == 0; }			\
	static inline bool prefix##_dec_and_test(type *v)		\
	{ return prefix##_add_return(-1, v) == 0; }			\
	static inline bool prefix##_inc_and_test(type *v)		\
	{ return prefix##_add_return(1, v) == 0; }			\
	static inline bool prefix##_add_negative(word i, type *v)	\
	{ return prefix##_add_return(i, v) < 0; }			\
	static inline word prefix##_cmpxchg(type *v, word old, word new)	\
	{ return arch_cmpxchg(&v->counter, old, new); }			\
	static inline bool prefix##_try_cmpxchg(type *v, word *old, word new)	\
	{ return arch_try_cmpxchg(&v->counter, old, new); }		\
	static inline word prefix##_xchg(type *v, word new)		\
	{ return arch_xchg(&v->counter, new); }

__MMRACE_FAMILY(arch_atomic, atomic_t, int)
__MMRACE_FAMILY(arch_atomic64, atomic64_t, s64)
#undef __MMRACE_FAMILY

/* The old value is what the loop goes on with: it must be of the same event. */
#define __MMRACE_BITWISE(prefix, type, word, name, operator)		\
	static inline word prefix##_fetch_##name(word i, type *v)	\
	{								\
		word old = prefix##_read(v), seen;			\
									\
		while ((seen = prefix##_cmpxchg(v, old, old operator i)) != old)	\
			old = seen;					\
		return old;						\
	}								\
	static inline void prefix##_##name(word i, type *v)		\
	{ prefix##_fetch_##name(i, v); }

__MMRACE_BITWISE(arch_atomic, atomic_t, int, and, &)
__MMRACE_BITWISE(arch_atomic, atomic_t, int, or, |)
__MMRACE_BITWISE(arch_atomic, atomic_t, int, xor, ^)
__MMRACE_BITWISE(arch_atomic64, atomic64_t, s64, and, &)
__MMRACE_BITWISE(arch_atomic64, atomic64_t, s64, or, |)
__MMRACE_BITWISE(arch_atomic64, atomic64_t, s64, xor, ^)
#undef __MMRACE_BITWISE

/* Without these, an addition would be a loop of two events. */
#define arch_atomic_add_return		arch_atomic_add_return
#define arch_atomic_sub_return		arch_atomic_sub_return
#define arch_atomic_fetch_add		arch_atomic_fetch_add
#define arch_atomic_fetch_sub		arch_atomic_fetch_sub
#define arch_atomic_fetch_and		arch_atomic_fetch_and
#define arch_atomic_fetch_or		arch_atomic_fetch_or
#define arch_atomic_fetch_xor		arch_atomic_fetch_xor
#define arch_atomic_inc			arch_atomic_inc
#define arch_atomic_dec			arch_atomic_dec
#define arch_atomic_sub_and_test	arch_atomic_sub_and_test
#define arch_atomic_dec_and_test	arch_atomic_dec_and_test
#define arch_atomic_inc_and_test	arch_atomic_inc_and_test
#define arch_atomic_add_negative	arch_atomic_add_negative
#define arch_atomic_cmpxchg		arch_atomic_cmpxchg
#define arch_atomic_try_cmpxchg		arch_atomic_try_cmpxchg
#define arch_atomic_xchg		arch_atomic_xchg
#define arch_atomic64_add_return	arch_atomic64_add_return
#define arch_atomic64_sub_return	arch_atomic64_sub_return
#define arch_atomic64_fetch_add		arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub		arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and		arch_atomic64_fetch_and
#define arch_atomic64_fetch_or		arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor		arch_atomic64_fetch_xor
#define arch_atomic64_inc		arch_atomic64_inc
#define arch_atomic64_dec		arch_atomic64_dec
#define arch_atomic64_sub_and_test	arch_atomic64_sub_and_test
#define arch_atomic64_dec_and_test	arch_atomic64_dec_and_test
#define arch_atomic64_inc_and_test	arch_atomic64_inc_and_test
#define arch_atomic64_add_negative	arch_atomic64_add_negative
#define arch_atomic64_cmpxchg		arch_atomic64_cmpxchg
#define arch_atomic64_try_cmpxchg	arch_atomic64_try_cmpxchg
#define arch_atomic64_xchg		arch_atomic64_xchg

#endif
