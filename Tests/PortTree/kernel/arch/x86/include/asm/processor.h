/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_PROCESSOR_H
#define _ASM_X86_PROCESSOR_H

#include <linux/types.h>

#define X86_FEATURE_PSE	3
#define TASK_SIZE_MAX	((1UL << 47) - 4096)

struct cpuinfo_x86 {
	u32 x86_capability[1];
};

#endif
