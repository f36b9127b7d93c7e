/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a state; private to CVcpu. */
#ifndef VCPU_PRIVATE_STATES_H
#define VCPU_PRIVATE_STATES_H

#include "../core/machine.h"

/* Returns the bytes of the CPU's stack, from its pointer to the top; 0 of one that has
 * ended. */
static inline size_t stack_bytes(const struct cpu *c)
{
	if (c->state != CPU_RUNNING)
		return 0;
	return (size_t)(c->fibre.stack + FIBRE_STACK_BYTES - (unsigned char *)c->fibre.stack_pointer);
}

/* The places in a name of parts that do not lie in the arena, and of parts of one CPU. */
#define PLACE_POISON	(1ull << 40)
#define PLACE_BUG	(2ull << 40)
#define PLACE_CUT	(3ull << 40)
#define PLACE_COUNTER	(4ull << 40)
#define PLACE_CPU(i)	((uint64_t)((i) + 1) << 44)
#define PLACE_STATE	0
#define PLACE_PENDING	16
#define PLACE_SECTION	64
#define PLACE_AWAITED	96
#define PLACE_TAKEN	128
#define PLACE_PART	1024
#define PLACE_READ	(1u << 12)
#define PLACE_CLOSURE	(1u << 16)
#define PLACE_RECORD	(1u << 18)
#define PLACE_STACK	(1u << 20)

static inline uint64_t folded(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Adds a value at its place to a name. */
static inline void add(struct vcpu_state_name *n, uint64_t place, uint64_t value)
{
	uint64_t at = (place + 1) * 0x9e3779b97f4a7c15u;

	n->low += folded(value ^ at ^ 0xa0761d6478bd642fu, at ^ 0xe7037ed1a0b428dbu);
	n->high += folded(value ^ (at + 0x8ebc6af09c88c6e3u), at ^ 0x589965cc75374cc3u);
}

/* region.c: returns the region that an address lies in; one without a tag if there is none. */
const struct region *region_of(struct vcpu_machine *m, uint64_t address);

/* Adds a value that may be an address: by what it points into, so that names are the same in
 * each run. */
static inline void add_value(struct vcpu_machine *m, struct vcpu_state_name *n,
			     uint64_t place, uint64_t value)
{
	const struct region *r = &m->region[REGION_MEMORY];
	bool is_in_memory = value - r->first <= r->bytes;

	if (unlikely(!is_in_memory && value - m->region_low <= m->region_high - m->region_low)) {
		r = region_of(m, value);
		is_in_memory = true;
	}
	add(n, is_in_memory ? place + r->tag : place, is_in_memory ? value - r->first : value);
}

/* name.c: gives the blocks that were touched their names. */
void name_touched(struct vcpu_machine *m);
static inline void name_arena(struct vcpu_machine *m)
{
	if (m->touched_count)
		name_touched(m);
}

/* stack.c: adds the stack of a CPU that waits, and the record that stands for parts of it;
 * `place` is that of the CPU. */
void name_stack(struct vcpu_machine *m, const struct cpu *c, uint64_t place,
		struct vcpu_state_name *n);

/* counters.c: adds the counters of a block to its name, and makes them what they are in the
 * snapshot in a copy of it. */
void counters_name(struct vcpu_machine *m, uint32_t block, unsigned char *bytes,
		   struct vcpu_state_name *n);

/* spoil.c: spoils what a CPU's name leaves out. */
void spoil_cpu(struct vcpu_machine *m, unsigned cpu);
/* Returns whether names leave out what is freed. */
bool spoils_freed(const struct vcpu_machine *m);

#endif
