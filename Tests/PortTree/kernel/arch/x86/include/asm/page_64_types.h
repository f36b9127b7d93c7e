/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_PAGE_64_DEFS_H
#define _ASM_X86_PAGE_64_DEFS_H

#define __PAGE_OFFSET	0xffff880000000000UL

#endif
