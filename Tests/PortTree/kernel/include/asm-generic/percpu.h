/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_GENERIC_PERCPU_H_
#define _ASM_GENERIC_PERCPU_H_

#define SHIFT_PERCPU_PTR(pointer, offset) \
	((__typeof__(*(pointer)) *)((unsigned long)(pointer) + (offset)))

#define DEFINE_PER_CPU_SECTION(type, name, sec) \
	__attribute__((section(".data..percpu" sec))) __typeof__(type) name

#endif
