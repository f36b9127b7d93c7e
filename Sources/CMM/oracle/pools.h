/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages and objects lie in pools, so that an address does not depend on the order in
 * which CPUs run: those that the first CPU starts with, because it builds the scene;
 * those of each other CPU; and those that all share.
 */
#ifndef ORACLE_POOLS_H
#define ORACLE_POOLS_H

/** The sizes of the pools of one kind of pages or objects. */
struct pool_sizes {
	unsigned first, other, shared;
};

/** The number of pages or objects in all pools of these sizes. */
#define POOLS_TOTAL(cpus, ...)			POOLS_TOTAL_(cpus, __VA_ARGS__)
#define POOLS_TOTAL_(cpus, first, other, shared)	((first) + (other) * ((cpus) - 1) + (shared))

/** The pages of tables: pgd, pud, pmd and pte table of each process, and one in transit. */
#define TABLE_POOLS(processes)	4 * (processes) + 2, 3, 2 * (processes) + 2
/** The single pages of users: copies on write. */
#define SINGLE_POOLS(processes)	(processes) + 1, 2, (processes)
/** The blocks of huge pages: a page and a copy of it for each, and one in transit per CPU. */
#define HUGE_BLOCKS(processes, cpus)	((processes) + 1 + (cpus))
/** The anon_vma_chains of a chain of forks, in which process k has k + 1. */
#define FORK_CHAINS(processes)	((processes) * ((processes) + 1) / 2)

#endif
