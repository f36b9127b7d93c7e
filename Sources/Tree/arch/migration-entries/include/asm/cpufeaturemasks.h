/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's build generates it: no feature is required, and none is disabled. */
#ifndef _ASM_X86_CPUFEATUREMASKS_H
#define _ASM_X86_CPUFEATUREMASKS_H

#define REQUIRED_MASK_BIT_SET(bit)	0
#define DISABLED_MASK_BIT_SET(bit)	0

#endif
