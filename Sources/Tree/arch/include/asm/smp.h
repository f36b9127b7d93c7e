/* SPDX-License-Identifier: GPL-2.0-only */
/* Which virtual CPU this is. */
#ifndef _MMRACE_SMP_H
#define _MMRACE_SMP_H

#include_next <asm/smp.h>
#include "vcpu.h"

#undef raw_smp_processor_id
#define raw_smp_processor_id()	vcpu_id()

#endif
