/* SPDX-License-Identifier: GPL-2.0-only */
/* The scenario's bookkeeping, as operations use it. */
#ifndef ORACLE_SCENE_H
#define ORACLE_SCENE_H

#include "raw.h"

/* An operation ran out of objects or of pages, or its process is not there. */
#define OPERATION_NEEDS(condition) do {					\
	VCPU_SITE(VCPU_BUG_ON, "the operation needs " #condition);	\
	if (!(condition))						\
		vcpu_bug(&__site);					\
} while (0)

/* The code under test has no part in the scenario's bookkeeping: reading it is not an event. */
__uninstrumented static struct mm_struct *process(unsigned index)
{
	return index < CMM_MM_MAX ? world_process(index) : NULL;
}

/*
 * The writes of the bookkeeping are events, as the machine restores what it saw
 * written.  They conflict with nothing, as no read of it is an event.
 */
static void set_process(unsigned index, struct mm_struct *mm)
{
	world_scenario()->process[index] = mm;
}

static void set_pin(unsigned slot, struct page *page)
{
	world_scenario()->pin[slot] = page;
}

static unsigned long address_of(const struct cmm_operation *operation)
{
	return SCENARIO_ADDRESS + ((unsigned long)operation->subpage << PAGE_SHIFT);
}

#endif
