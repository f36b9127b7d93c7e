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

#define mb()								\
	__asm__ __volatile__("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define rmb()				barrier()
#define wmb()				barrier()
#define dma_rmb()			barrier()
#define dma_wmb()			barrier()
#define smp_mb()			mb()
#define smp_rmb()			barrier()
#define smp_wmb()			barrier()
#define read_barrier_depends()		do { } while (0)
#define smp_read_barrier_depends()	do { } while (0)
#define smp_mb__before_atomic()		barrier()
#define smp_mb__after_atomic()		barrier()
#define smp_mb__before_atomic_dec()	barrier()
#define smp_mb__after_atomic_dec()	barrier()
#define smp_mb__before_atomic_inc()	barrier()
#define smp_mb__after_atomic_inc()	barrier()
#define smp_mb__before_clear_bit()	barrier()
#define smp_mb__after_clear_bit()	barrier()
#define barrier_nospec()		barrier()
#define rdtsc_barrier()			barrier()

/* Plain volatile accesses, as xchg() would look like more than it is. */
#define set_mb(var, value)						\
	do { *(volatile __typeof__(var) *)&(var) = (value); mb(); } while (0)
#define smp_store_mb(var, value)	set_mb(var, value)
#define smp_store_release(p, v)						\
	do { barrier(); *(volatile __typeof__(*(p)) *)(p) = (v); } while (0)
#define smp_load_acquire(p) ({						\
	__typeof__(*(p)) __value = *(volatile __typeof__(*(p)) *)(p);	\
	barrier();							\
	__value;							\
})

#endif
