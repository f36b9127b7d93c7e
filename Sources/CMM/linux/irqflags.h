/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: instrumented.  Interrupts off: no CPU gets this one to flush its TLB for
 * current->mm meanwhile.  Only for code that relies on that; the _irq forms of a
 * spinlock do not.
 */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/mm.h>

#define local_irq_save(flags) do {					\
	(flags) = 0;							\
	vcpu_irqs_off(current->mm);					\
} while (0)

#define local_irq_restore(flags) do {					\
	(void)(flags);							\
	vcpu_irqs_on();							\
} while (0)

#endif
