/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Branch hints and barriers for one compiler, one memory model. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")
#define ACCESS_ONCE(x)	(*(volatile __typeof__(x) *)&(x))
#define __maybe_unused	__attribute__((unused))

/* For what is not part of the kernel's behaviour: bookkeeping of the world. */
#define __uninstrumented __attribute__((no_sanitize("thread")))

/* Execution is sequentially consistent, so that these need only bind the compiler. */
#define smp_mb()	barrier()
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()

#endif
