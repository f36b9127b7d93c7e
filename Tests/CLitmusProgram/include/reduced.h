/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split against zap of one huge page, reduced to what Linux 3.14 did wrong: a page table
 * entry and its lock for each mapping, the lock of the reverse mapping, and two words of
 * the page.  The same model is Benchmarks/reduced.pml, for Spin.
 */
#ifndef REDUCED_H
#define REDUCED_H

#include "vcpu.h"

/** The most mappings, each with a CPU that zaps it, beside the one that splits. */
#define REDUCED_MAPPINGS_MAX 7

/** Values of a page table entry; 0 is none. */
#define REDUCED_PRESENT 1u
#define REDUCED_SPLITTING 2u

/** The contents of the arena. */
struct reduced_world {
	vcpu_spinlock anon_vma;
	vcpu_spinlock ptl[REDUCED_MAPPINGS_MAX];
	uint32_t pmd[REDUCED_MAPPINGS_MAX];
	int32_t mapcount;
	uint32_t is_head;
};

/** The operation of one CPU. */
struct reduced_thread {
	uint32_t mapping;		/**< that is zapped */
	uint32_t mappings;		/**< that are split */
	bool is_buggy;			/**< the split looks at an entry before it takes its lock */
};

/** Splits the page of all mappings: the body of a CPU; takes a struct reduced_thread. */
void reduced_split(void *thread);

/** Zaps one mapping of it: the body of a CPU; takes a struct reduced_thread. */
void reduced_zap(void *thread);

#endif
