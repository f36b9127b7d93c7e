/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: stub.  No memory cgroups: a charge always succeeds and leaves a mark. */
#ifndef _LINUX_MEMCONTROL_H
#define _LINUX_MEMCONTROL_H

#include <linux/mmzone.h>
#include "cmm.h"

static inline int mem_cgroup_newpage_charge(struct page *page, struct mm_struct *mm)
{
	vcpu_mark(CMM_MARK_MEMCG_CHARGE);
	return 0;
}

static inline void mem_cgroup_uncharge_page(struct page *page)
{
	vcpu_mark(CMM_MARK_MEMCG_UNCHARGE);
}

static inline void mem_cgroup_split_huge_fixup(struct page *page)
{
	vcpu_mark(CMM_MARK_MEMCG_SPLIT_HUGE_FIXUP);
}

#define mem_cgroup_page_lruvec(page, zone)	(&(zone)->lruvec)

#endif
