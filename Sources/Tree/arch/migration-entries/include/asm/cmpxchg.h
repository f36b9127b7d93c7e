/* SPDX-License-Identifier: GPL-2.0-only */
/* xchg() and cmpxchg() of words of four and of eight bytes: one event each. */
#ifndef ASM_X86_CMPXCHG_H
#define ASM_X86_CMPXCHG_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "vcpu.h"

/* This has no definition: another size is an unresolved symbol. */
extern unsigned long mmrace_bad_exchange_size(void);

static inline unsigned long __mmrace_xchg(volatile void *p, unsigned long new, int size)
{
	switch (size) {
	case 4:
		return vcpu_exchange32((void *)p, new);
	case 8:
		return vcpu_exchange64((void *)p, new);
	}
	return mmrace_bad_exchange_size();
}

static inline unsigned long __mmrace_cmpxchg(volatile void *p, unsigned long old,
					     unsigned long new, int size)
{
	switch (size) {
	case 4:
		return vcpu_cmpxchg32((void *)p, old, new);
	case 8:
		return vcpu_cmpxchg64((void *)p, old, new);
	}
	return mmrace_bad_exchange_size();
}

/* A struct of one word can be exchanged, too: pmdp_establish() does. */
#define arch_xchg(ptr, v) ({						\
	union { unsigned long word; __typeof__(*(ptr)) value; } __x = { 0 };	\
	__x.value = (v);						\
	__x.word = __mmrace_xchg((ptr), __x.word, sizeof(*(ptr)));	\
	__x.value;							\
})
#define arch_cmpxchg(ptr, o, n)						\
	((__typeof__(*(ptr)))__mmrace_cmpxchg((ptr), (unsigned long)(o),	\
					      (unsigned long)(n), sizeof(*(ptr))))
#define arch_try_cmpxchg(ptr, expected, new) ({				\
	__typeof__(*(ptr)) *__expected = (void *)(expected), __old = *__expected, __seen;	\
	__seen = arch_cmpxchg((ptr), __old, (new));			\
	if (__seen != __old)						\
		*__expected = __seen;					\
	__seen == __old;						\
})
/* The architecture's own rw_semaphore uses it, which the machine's replaces: unresolved. */
extern long mmrace_xadd(volatile void *p, long i);
#define xadd(ptr, i)		((__typeof__(*(ptr)))mmrace_xadd((ptr), (i)))
#define arch_sync_cmpxchg	arch_cmpxchg
#define arch_cmpxchg_local	arch_cmpxchg
#define arch_cmpxchg64		arch_cmpxchg
#define arch_cmpxchg64_local	arch_cmpxchg
#define arch_try_cmpxchg_local	arch_try_cmpxchg
#define arch_try_cmpxchg64	arch_try_cmpxchg
#define arch_try_cmpxchg64_local	arch_try_cmpxchg
#define system_has_cmpxchg_double()	0

#endif
