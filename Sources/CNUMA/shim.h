/* SPDX-License-Identifier: GPL-2.0-only */
/* libnuma: the placement of memory on nodes. */
#include <numa.h>
#include <numaif.h>

/** Writes a byte to itself, which the compiler keeps: a read would map the zero page. */
static inline void cnuma_touch(void *byte)
{
	volatile unsigned char *at = byte;
	*at = *at;
}
