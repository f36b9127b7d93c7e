/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU with nothing but large pages.  An asm goto of constants does not assemble at -O0. */
#ifndef _MMRACE_CPUFEATURE_H
#define _MMRACE_CPUFEATURE_H

#include_next <asm/cpufeature.h>

#undef boot_cpu_has
#undef static_cpu_has
#undef cpu_feature_enabled
#define boot_cpu_has(bit)		((bit) == X86_FEATURE_PSE)
#define static_cpu_has(bit)		boot_cpu_has(bit)
#define cpu_feature_enabled(bit)	boot_cpu_has(bit)

#endif
