/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of which each CPU has its own, and only the sum over the CPUs means anything. */
#include "raw.h"

/*
 * An operation is about the pages of one process: it counts each of them as one thing less
 * and as another more, at most; and a few for page tables, pages that it copies, and pages
 * that wait for a batch.
 */
__uninstrumented static struct cmm_counters world_counters(unsigned cpu)
{
	const struct per_cpu_pageset *pageset = world_pageset(cpu);

	return (struct cmm_counters) {
		.first = pageset->vm_stat_diff,
		.count = sizeof(pageset->vm_stat_diff) / sizeof(pageset->vm_stat_diff[0]),
		.threshold = pageset->stat_threshold,
		.change = 2 * world_subpages() + 16,
	};
}
