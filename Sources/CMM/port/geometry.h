/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where things are in the arena and how large a huge page is.  These are chosen
 * at boot and then constant; reading them is not an event.
 */
#ifndef WORLD_GEOMETRY_H
#define WORLD_GEOMETRY_H

#include <stdint.h>
#include "cmm.h"

/* Virtual CPUs that a world has room for. */
#define CMM_CPU_MAX 8

struct page;
struct world_cpu;
struct zone;

static inline uint32_t world_subpages(void);
static inline uint32_t world_order(void);
static inline char *world_memory(void);
static inline struct page *world_mem_map(void);
static inline struct zone *world_zone(void);
static inline struct world_cpu *world_cpu(int cpu);

#define mem_map world_mem_map()

#endif
