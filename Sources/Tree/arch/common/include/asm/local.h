/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic one: its operations are those of atomic_long_t. */
#ifndef _ASM_X86_LOCAL_H
#define _ASM_X86_LOCAL_H

#include <asm-generic/local.h>

#endif
