/* SPDX-License-Identifier: GPL-2.0-only */
/* xchg() and cmpxchg() of words of four and of eight bytes: one event each. */
#ifndef ASM_X86_CMPXCHG_H
#define ASM_X86_CMPXCHG_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "vcpu.h"

#define __HAVE_ARCH_CMPXCHG 1

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

#define xchg(ptr, v)							\
	((__typeof__(*(ptr)))__mmrace_xchg((ptr), (unsigned long)(v), sizeof(*(ptr))))
#define cmpxchg(ptr, o, n)						\
	((__typeof__(*(ptr)))__mmrace_cmpxchg((ptr), (unsigned long)(o),	\
					      (unsigned long)(n), sizeof(*(ptr))))
/* The architecture's own rw_semaphore uses it, which the machine's replaces: unresolved. */
extern long mmrace_xadd(volatile void *p, long i);
#define xadd(ptr, i)		((__typeof__(*(ptr)))mmrace_xadd((ptr), (i)))
#define cmpxchg_local		cmpxchg
#define cmpxchg64		cmpxchg
#define cmpxchg64_local		cmpxchg
#define system_has_cmpxchg_double()	0

#endif
