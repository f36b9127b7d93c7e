/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: instrumented.  Interrupts off: no CPU gets this one to flush its TLB for
 * mm meanwhile.  In the kernel the mm is that of the current task.  Only where
 * code relies on that; a spinlock's _irq forms do not.
 */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <linux/types.h>
#include "vcpu.h"

#define local_irq_save(mm, flags) do {					\
	(flags) = 0;							\
	vcpu_irqs_off(mm);						\
} while (0)

#define local_irq_restore(flags) do {					\
	(void)(flags);							\
	vcpu_irqs_on();							\
} while (0)

#endif
