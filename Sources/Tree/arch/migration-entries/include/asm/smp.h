/* SPDX-License-Identifier: GPL-2.0-only */
/* The number of this virtual CPU. */
#ifndef _MMRACE_SMP_H
#define _MMRACE_SMP_H

#include_next <asm/smp.h>
#include "vcpu.h"

#undef raw_smp_processor_id
#undef __smp_processor_id
#define raw_smp_processor_id()	vcpu_id()
#define __smp_processor_id()	vcpu_id()

#endif
