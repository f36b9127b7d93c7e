/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a world that the kernel does not have. */
#ifndef MMRACE_WORLD_WORLD_H
#define MMRACE_WORLD_WORLD_H

#include <linux/mm.h>
#include <CMM/oracle/types.h>
#include "runtime/memory.h"

/* For files with hooks: functions whose accesses are not events. */
#define __uninstrumented	__attribute__((no_sanitize("thread")))

extern struct world_scenario mmrace_scenario;

/* The table that a page with content was last allocated as, and of which mm. */
struct mmrace_table {
	unsigned level;			/* enum world_level */
	const struct mm_struct *mm;
};

extern struct mmrace_table mmrace_table[SINGLE_PFN];

/* Every process has its VMA here: forks keep the address. */
#define SCENARIO_ADDRESS	(4 * PMD_SIZE)

void mmrace_boot(const struct cmm_config *config);
void mmrace_run(const struct cmm_operation *operation);

/* Functions of the host's libc. */
extern int snprintf(char *to, size_t bytes, const char *format, ...);
extern void *calloc(size_t count, size_t bytes);
extern void free(void *memory);

#endif
