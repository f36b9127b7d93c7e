/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The kernel's basic types on top of the freestanding C ones. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/compiler.h>

typedef int8_t s8;
typedef unsigned int gfp_t;
typedef unsigned long pgoff_t;

struct list_head {
	struct list_head *next, *prev;
};

#endif
