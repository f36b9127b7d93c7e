/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __LINUX_SMP_H
#define __LINUX_SMP_H

#include <asm/smp.h>

#define smp_processor_id()	raw_smp_processor_id()

#endif
