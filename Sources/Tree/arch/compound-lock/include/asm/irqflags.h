/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts by which other CPUs flush a TLB: runtime/kernel.c.  Only code that saves
 * and restores is under test; spinlocks do not rely on it.
 */
#ifndef _X86_IRQFLAGS_H_
#define _X86_IRQFLAGS_H_

#include <linux/compiler.h>

#define arch_local_save_flags()		0UL
extern unsigned long mmrace_irq_save(void);
extern void mmrace_irq_restore(unsigned long flags);

#define arch_local_irq_save()		mmrace_irq_save()
#define arch_local_irq_restore(flags)	mmrace_irq_restore(flags)
#define arch_local_irq_disable()	do { } while (0)
#define arch_local_irq_enable()		do { } while (0)
#define arch_safe_halt()		do { } while (0)
#define halt()				do { } while (0)
#define arch_irqs_disabled_flags(flags)	((void)(flags), 0)
#define arch_irqs_disabled()		0

#endif
