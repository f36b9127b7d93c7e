/* SPDX-License-Identifier: GPL-2.0-only */
/* libnuma: which nodes there are, and where memory lies. */
#include <numa.h>
#include <numaif.h>

/* Swift 6 does not let a global of C be read, as it may change at any time. */
static inline int cnuma_node_exists(int node)
{
	return numa_bitmask_isbitset(numa_nodes_ptr, node);
}

/* A write that the compiler keeps: a read would map the zero page. */
static inline void cnuma_touch(void *byte)
{
	volatile unsigned char *at = byte;
	*at = *at;
}
