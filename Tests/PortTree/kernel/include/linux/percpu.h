/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_PERCPU_H
#define __LINUX_PERCPU_H

#include <linux/smp.h>
#include <asm/percpu.h>

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	DEFINE_PER_CPU_SECTION(type, name, "")

#define per_cpu_ptr(pointer, cpu)	SHIFT_PERCPU_PTR(pointer, per_cpu_offset(cpu))
#define this_cpu_ptr(pointer)		SHIFT_PERCPU_PTR(pointer, __my_cpu_offset)
#define per_cpu(name, cpu)		(*per_cpu_ptr(&(name), cpu))
#define get_cpu_var(name)		(*this_cpu_ptr(&(name)))
#define put_cpu_var(name)		do { } while (0)

#endif
