/* SPDX-License-Identifier: GPL-2.0-only */
/* The instrumentation sees builtins; it would not see a call of libc. */
#ifndef _ASM_X86_STRING_64_H
#define _ASM_X86_STRING_64_H

#include <linux/types.h>

#define memset(to, value, bytes)	__builtin_memset((to), (value), (bytes))
#define memcpy(to, from, bytes)		__builtin_memcpy((to), (from), (bytes))
#define memmove(to, from, bytes)	__builtin_memmove((to), (from), (bytes))

#define __HAVE_ARCH_MEMSET
#define __HAVE_ARCH_MEMCPY
#define __HAVE_ARCH_MEMMOVE
#define __HAVE_ARCH_MEMCMP
#define __HAVE_ARCH_STRLEN
#define __HAVE_ARCH_STRCMP

extern int memcmp(const void *a, const void *b, size_t bytes);
extern size_t strlen(const char *s);
extern int strcmp(const char *a, const char *b);

#endif
