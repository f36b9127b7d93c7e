/* SPDX-License-Identifier: GPL-2.0-only */
/* Plain accesses go through the hooks, as instrumented code's do. */
#ifndef LITMUS_HOOKS_H
#define LITMUS_HOOKS_H

#include <string.h>

#include "litmus.h"

#ifndef VCPU_NO_HOOKS
void __tsan_read8(void *p);
void __tsan_write8(void *p);
void __tsan_read4(void *p);
void __tsan_write4(void *p);
void __tsan_unaligned_read2(void *p);
void __tsan_unaligned_write2(void *p);
void __tsan_unaligned_read16(void *p);
void __tsan_unaligned_write16(void *p);
void __tsan_unaligned_read4(void *p);
void __tsan_unaligned_write4(void *p);
void __tsan_unaligned_read8(void *p);
void __tsan_unaligned_write8(void *p);
void *__tsan_memcpy(void *to, const void *from, size_t bytes);
void *__tsan_memmove(void *to, const void *from, size_t bytes);
void *__tsan_memset(void *to, int value, size_t bytes);
#else
#define __tsan_read8(p)		((void)(p))
#define __tsan_write8(p)	((void)(p))
#define __tsan_read4(p)		((void)(p))
#define __tsan_write4(p)	((void)(p))
#define __tsan_unaligned_read2(p)	((void)(p))
#define __tsan_unaligned_write2(p)	((void)(p))
#define __tsan_unaligned_read4(p)	((void)(p))
#define __tsan_unaligned_write4(p)	((void)(p))
#define __tsan_unaligned_read8(p)	((void)(p))
#define __tsan_unaligned_write8(p)	((void)(p))
#define __tsan_unaligned_read16(p)	((void)(p))
#define __tsan_unaligned_write16(p)	((void)(p))
#define __tsan_memcpy		memcpy
#define __tsan_memmove		memmove
#define __tsan_memset		memset
#endif

static inline struct litmus_world *world(void)
{
	return vcpu_arena();
}

#endif
