/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Branch hints and barriers for one compiler, one memory model. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")
#define ACCESS_ONCE(x)	(*(volatile __typeof__(x) *)&(x))

/* For what is not part of the kernel's behaviour: bookkeeping of the world. */
#define __uninstrumented __attribute__((no_sanitize("thread")))

/*
 * Virtual CPUs are sequentially consistent, so that there a fence does nothing;
 * real ones need what the kernel has for them.
 */
#if defined(__x86_64__)
#define smp_mb()	__asm__ __volatile__("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()
#elif defined(__aarch64__)
#define smp_mb()	__asm__ __volatile__("dmb ish" : : : "memory")
#define smp_rmb()	__asm__ __volatile__("dmb ishld" : : : "memory")
#define smp_wmb()	__asm__ __volatile__("dmb ishst" : : : "memory")
#endif

#endif
