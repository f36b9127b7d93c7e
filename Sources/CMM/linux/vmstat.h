/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  Zone counters as per-CPU differences, folded at a threshold. */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/mmzone.h>
#include <linux/percpu.h>
#include "cmm.h"

static inline void zone_page_state_add(long x, struct zone *zone,
				       enum zone_stat_item item)
{
	atomic_long_add(x, &zone->vm_stat[item]);
}

static inline void __mod_zone_page_state(struct zone *zone,
					 enum zone_stat_item item, int delta)
{
	struct per_cpu_pageset *pcp = &__get_cpu_var(pageset);
	s8 *difference = &pcp->vm_stat_diff[item];
	long x = delta + *difference;
	long threshold = pcp->stat_threshold;

	if (unlikely(x > threshold || x < -threshold)) {
		zone_page_state_add(x, zone, item);
		x = 0;
	}
	*difference = (s8)x;
}

static inline void __inc_zone_page_state(struct page *page,
					 enum zone_stat_item item)
{
	__mod_zone_page_state(page_zone(page), item, 1);
}

static inline void __dec_zone_page_state(struct page *page,
					 enum zone_stat_item item)
{
	__mod_zone_page_state(page_zone(page), item, -1);
}

/* These differ from the __ forms by disabling interrupts, which do not exist. */
#define inc_zone_page_state(page, item)	__inc_zone_page_state(page, item)
#define dec_zone_page_state(page, item)	__dec_zone_page_state(page, item)

/* Events are counted by the machine, outside the memory under test. */
#define count_vm_event(event)	vcpu_mark(CMM_MARK_##event)

#endif
