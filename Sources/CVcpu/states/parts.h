/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a machine by which states are named and taken back; private to CVcpu. */
#ifndef VCPU_PRIVATE_PARTS_H
#define VCPU_PRIVATE_PARTS_H

#include "../include/vcpu_machine.h"
#include "../include/vcpu_states.h"

struct live_call;

/* Counters that count as a sum: see vcpu_machine_sum_counters(). */
struct counters {
	const int8_t *first[VCPU_MAX];
	unsigned cpus;
	uint32_t count;
	int32_t limit;
};

struct poison_change { uint32_t word, count; };

/* A block that was touched since the state was named. */
struct touched {
	size_t entry;			/* where the journal has it as it was; or NOT_KEPT */
	uint32_t block;
};
#define NOT_KEPT ((size_t)-1)

/* Memory that values can point into; see states/region.c. */
struct region {
	uintptr_t first;
	size_t bytes;
	uint64_t tag;			/* by which it is known in each run */
};

/* Those that most values point into come first. */
enum {
	REGION_MEMORY,
	REGION_UNDER_TEST,		/* the object that the arena lies in, if there is one */
	REGION_PROGRAM,
	REGION_MACHINE,
	REGION_SITES,
	REGION_ARGUMENT,		/* the first CPU's */
	REGION_LIBRARY = REGION_ARGUMENT + VCPU_MAX,
	/* Libraries that are loaded later are not pointed to by code under test. */
	REGIONS_MAX = REGION_LIBRARY + 64
};
#define REGION_HINTS 64u

/* A frame of the code under test with a name that is known; see states/stack.c. */
#define FRAME_WORDS_MAX 14
struct frame_name {
	const struct live_call *call;
	const uint64_t *returns;
	struct vcpu_state_name name;
	uint64_t value[FRAME_WORDS_MAX];	/* of the live words */
	uint64_t regions_version;
};
#define FRAME_NAME_BITS 10
#define FRAME_NAMES (1u << FRAME_NAME_BITS)

/* The way back from steps that can be taken back; see states/journal.c. */
struct journal {
	unsigned char *bytes;
	size_t used, capacity;
	size_t limit;			/* the most bytes; 0 for none */
	size_t record;			/* where that of the last step begins */
	bool on;
	bool failed;			/* memory was short */
};

#endif
