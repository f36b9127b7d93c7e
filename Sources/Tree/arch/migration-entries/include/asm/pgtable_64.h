/* SPDX-License-Identifier: GPL-2.0-only */
/* A bad entry of a table is a finding: a kernel prints it, and forgets what was mapped. */
#ifndef _MMRACE_ASM_PGTABLE_64_H
#define _MMRACE_ASM_PGTABLE_64_H

#include_next <asm/pgtable_64.h>

#ifndef __ASSEMBLY__
#include <asm/bug.h>

#undef pmd_ERROR
#define pmd_ERROR(entry) do {						\
	VCPU_SITE(VCPU_BAD_STATE, "bad pmd");				\
	vcpu_report(&__site);						\
} while (0)
#endif

#endif
