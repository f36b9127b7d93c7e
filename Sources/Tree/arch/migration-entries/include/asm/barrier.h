/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual CPUs are sequentially consistent: to them a fence is for the compiler.  Those of
 * the host need what the kernel has for them.
 */
#ifndef _ASM_X86_BARRIER_H
#define _ASM_X86_BARRIER_H

/* Files of some trees rely on getting them from here. */
#include <asm/alternative.h>
#include <asm/nops.h>

#define __mb()								\
	__asm__ __volatile__("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define mb()				__mb()
#define rmb()				barrier()
#define wmb()				barrier()
#define dma_mb()			__mb()
#define dma_rmb()			barrier()
#define dma_wmb()			barrier()
#define __smp_mb()			__mb()
#define __smp_rmb()			barrier()
#define __smp_wmb()			barrier()
#define __smp_mb__before_atomic()	barrier()
#define __smp_mb__after_atomic()	barrier()
#define smp_mb__after_switch_mm()	barrier()
#define barrier_nospec()		barrier()

/* Plain volatile accesses, as xchg() would look like more than it is. */
#define __smp_store_mb(var, value)					\
	do { *(volatile __typeof__(var) *)&(var) = (value); __mb(); } while (0)
#define __smp_store_release(p, v)					\
	do { barrier(); *(volatile __typeof__(*(p)) *)(p) = (v); } while (0)
#define __smp_load_acquire(p) ({					\
	__typeof__(*(p)) __value = *(volatile __typeof__(*(p)) *)(p);	\
	barrier();							\
	__value;							\
})

#define array_index_mask_nospec(i, size)				\
	((unsigned long)-((unsigned long)(i) < (unsigned long)(size)))

#include <asm-generic/barrier.h>

#endif
