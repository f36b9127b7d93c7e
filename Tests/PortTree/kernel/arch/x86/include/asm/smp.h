/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_SMP_H
#define _ASM_X86_SMP_H

/* %gs has it. */
#define raw_smp_processor_id()						\
	({ int __cpu; __asm__("movl %%gs:0, %0" : "=r" (__cpu)); __cpu; })

#endif
