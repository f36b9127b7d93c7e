/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory is an array of the object: see runtime/memory.c. */
#ifndef _MMRACE_PAGE_64_TYPES_H
#define _MMRACE_PAGE_64_TYPES_H

#include_next <asm/page_64_types.h>

#ifndef __ASSEMBLY__
extern char mmrace_memory[];
#undef __PAGE_OFFSET
#define __PAGE_OFFSET	((unsigned long)mmrace_memory)
#endif

#endif
