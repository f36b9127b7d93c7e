/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters that count as a sum.  The name of a state is a sum, too: so each counter adds a
 * constant of its own to it, as many times as its value says.  Which CPU's it is does not
 * matter then.
 */
#include <string.h>

#include "states.h"

bool vcpu_machine_sum_counters(struct vcpu_machine *m, const int8_t *const *first, unsigned cpus,
			       uint32_t count, int32_t limit)
{
	pages_unmap(m->counted, blocks(m));
	m->counted = NULL;
	if (!cpus)
		return true;
	m->counted = pages_map(blocks(m));
	if (!m->counted)
		return false;
	m->counters = (struct counters){ .cpus = cpus, .count = count, .limit = limit };
	for (unsigned cpu = 0; cpu < cpus; cpu++) {
		uintptr_t offset = (uintptr_t)first[cpu] - (uintptr_t)m->arena;

		m->counters.first[cpu] = first[cpu];
		for (uint32_t i = 0; i < count; i++)
			m->counted[(offset + i) >> BLOCK_SHIFT] = 1;
	}
	return true;
}

static void add_counter(struct vcpu_machine *m, uint32_t index, int then, int now,
			struct vcpu_state_name *n)
{
	struct vcpu_state_name one = { 0, 0 };
	uint64_t times = (uint64_t)(int64_t)(now - then);

	if (now > m->counters.limit || now < -m->counters.limit) {
		pages_unmap(m->counted, blocks(m));
		m->counted = NULL;
		m->generation++;
		return;
	}
	/* An odd number, so that no multiple but one of 2^64 is 0. */
	add(&one, PLACE_COUNTER + index, 1);
	n->low += times * (one.low | 1);
	n->high += times * (one.high | 1);
}

void counters_name(struct vcpu_machine *m, uint32_t block, unsigned char *bytes,
		   struct vcpu_state_name *n)
{
	size_t offset = (size_t)block << BLOCK_SHIFT;

	for (unsigned cpu = 0; cpu < m->counters.cpus && m->counted; cpu++) {
		uintptr_t first = (uintptr_t)m->counters.first[cpu] - (uintptr_t)m->arena;
		uintptr_t at = first > offset ? first : offset;
		uintptr_t end = first + m->counters.count;

		if (end > offset + BLOCK_BYTES)
			end = offset + BLOCK_BYTES;
		for (; at < end && m->counted; at++) {
			int then = (int8_t)m->snapshot[at], now = (int8_t)m->arena[at];

			if (now == then)
				continue;
			add_counter(m, (uint32_t)(at - first), then, now, n);
			bytes[at - offset] = (unsigned char)then;
		}
	}
}
