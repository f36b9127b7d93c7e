/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A variable of each virtual CPU: at boot the section is copied once per CPU.
 * The generic this_cpu operations are plain accesses, as nothing preempts.
 */
#ifndef _ASM_X86_PERCPU_H
#define _ASM_X86_PERCPU_H

#include <linux/compiler.h>
#include "vcpu.h"

/* A name that C can spell, so that the linker says where it begins and ends. */
#define PER_CPU_BASE_SECTION	"mmrace_percpu"

extern unsigned long __per_cpu_offset[];
#define per_cpu_offset(cpu)	(__per_cpu_offset[cpu])
#define __my_cpu_offset		per_cpu_offset(vcpu_id())

#include <asm-generic/percpu.h>

/* A section of its own, so that the linker script can name what is static. */
#undef DEFINE_PER_CPU_SECTION
#define DEFINE_PER_CPU_SECTION(type, name, sec)				\
	__attribute__((section(PER_CPU_BASE_SECTION "." #name))) __typeof__(type) name

#define this_cpu_read_stable(name)	(*SHIFT_PERCPU_PTR(&(name), __my_cpu_offset))

/* A variable that is read before memory is there has a copy for that; not here. */
#define DECLARE_INIT_PER_CPU(name)		extern char __mmrace_no_init_##name
#define DECLARE_EARLY_PER_CPU(type, name)	DECLARE_PER_CPU(type, name)
#define DECLARE_EARLY_PER_CPU_READ_MOSTLY(type, name)			\
	DECLARE_PER_CPU_READ_MOSTLY(type, name)
#define early_per_cpu(name, cpu)	per_cpu(name, cpu)

#define x86_this_cpu_test_bit(nr, addr)					\
	((SHIFT_PERCPU_PTR((const unsigned long *)(addr), __my_cpu_offset)	\
	  [(nr) / 64] >> ((nr) % 64)) & 1)

#endif
