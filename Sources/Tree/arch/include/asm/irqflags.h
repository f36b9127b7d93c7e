/* SPDX-License-Identifier: GPL-2.0-only */
/* There are no interrupts. */
#ifndef _X86_IRQFLAGS_H_
#define _X86_IRQFLAGS_H_

#include <linux/compiler.h>

#define arch_local_save_flags()		0UL
#define arch_local_irq_save()		0UL
#define arch_local_irq_restore(flags)	do { (void)(flags); } while (0)
#define arch_local_irq_disable()	do { } while (0)
#define arch_local_irq_enable()		do { } while (0)
#define arch_safe_halt()		do { } while (0)
#define halt()				do { } while (0)
#define arch_irqs_disabled_flags(flags)	((void)(flags), 0)
#define arch_irqs_disabled()		0

#endif
