/* SPDX-License-Identifier: GPL-2.0-only */
/* The port, as operations drive it: see oracle/operations.c. */
#ifndef WORLD_PROCESS_H
#define WORLD_PROCESS_H

#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <port/inspect.h>

#define world_mmap			mmap_anonymous
#define world_dup_mmap			dup_mmap
#define world_zap			zap_page_range

/* Asking for these is no event. */
__uninstrumented static inline struct mm_struct **world_process_slot(unsigned i)
{
	return &world()->process[i];
}

__uninstrumented static inline struct page **world_pin_slot(unsigned i)
{
	return &world()->pin[i];
}

__uninstrumented static inline struct page **world_subject_page_slot(void)
{
	return &world()->subject_page;
}

#endif
