/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <linux/compiler.h>

typedef signed char s8, int8_t;
typedef unsigned char u8, uint8_t;
typedef int s32, int32_t;
typedef unsigned int u32, uint32_t;
typedef unsigned short u16, uint16_t;
typedef long s64, int64_t;
typedef unsigned long u64, uint64_t, uintptr_t, size_t;
typedef _Bool bool;

typedef unsigned int gfp_t;
typedef unsigned long pgoff_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic64_t;

struct list_head {
	struct list_head *next, *prev;
};

#include <linux/stddef.h>

#endif
