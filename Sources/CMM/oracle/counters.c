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
	struct cmm_counters counters = raw_statistics_of(cpu);

	counters.change = 2 * world_subpages() + 16;
	return counters;
}
