/* SPDX-License-Identifier: GPL-2.0-only */
/* The record of one execution, for diagrams; off while searching. */
#include "../core/machine.h"

#include <stdlib.h>
#include <string.h>

static uint64_t load_word(struct vcpu_machine *m, const void *address)
{
	uintptr_t offset = ((uintptr_t)address - (uintptr_t)m->arena) & ~(uintptr_t)7;
	uint64_t value = 0;

	if (offset + 8 <= m->arena_bytes)
		memcpy(&value, m->arena + offset, 8);
	return value;
}

/* The store comes after its hook: look at what it left, at the next chance. */
void trace_close(struct vcpu_machine *m, int cpu)
{
	size_t open;

	if (cpu < 0)
		return;
	open = m->open_write[cpu];
	if (!open)
		return;
	m->trace[open - 1].after = load_word(m, m->trace[open - 1].address);
	m->open_write[cpu] = 0;
}

/* True when there is room for one more record. */
static bool make_room(struct vcpu_machine *m, enum vcpu_trace_kind kind)
{
	size_t capacity = m->trace_capacity ? 2 * m->trace_capacity : 1024;
	void *grown;

	if (m->trace_count >= TRACE_MAX && kind != VCPU_TRACE_BUG)
		return false;
	if (m->trace_count < m->trace_capacity)
		return true;
	grown = realloc(m->trace, capacity * sizeof(*m->trace));
	if (!grown)
		return false;
	m->trace = grown;
	m->trace_capacity = capacity;
	return true;
}

static bool is_write(enum vcpu_trace_kind kind)
{
	return kind == VCPU_TRACE_WRITE || kind == VCPU_TRACE_RMW ||
	       kind == VCPU_TRACE_ACQUIRE || kind == VCPU_TRACE_ACQUIRE_SHARED ||
	       kind == VCPU_TRACE_RELEASE;
}

struct vcpu_trace_record *trace_add(struct vcpu_machine *m, enum vcpu_trace_kind kind,
				    const void *pc, const void *address, uint32_t bytes,
				    uint64_t mask, const struct vcpu_site *site)
{
	struct vcpu_trace_record *r;
	int cpu = m->running < 0 ? 0 : m->running;

	trace_close(m, cpu);
	if (!make_room(m, kind))
		return NULL;
	r = &m->trace[m->trace_count++];
	*r = (struct vcpu_trace_record){
		.kind = kind, .cpu = (uint32_t)cpu, .step = m->step, .bytes = bytes,
		.pc = pc, .address = address, .mask = mask, .site = site,
	};
	if (kind == VCPU_TRACE_READ || is_write(kind)) {
		r->before = r->after = load_word(m, address);
		if (is_write(kind))
			m->open_write[cpu] = m->trace_count;
	}
	return r;
}

void trace_begin(struct vcpu_machine *m)
{
	m->trace_count = 0;
	memset(m->open_write, 0, sizeof(m->open_write));
}

_Atomic unsigned vcpu_traces;

void trace_call(enum vcpu_trace_kind kind, const void *pc, const void *caller)
{
	if (vcpu_current->trace_on)
		trace_add(vcpu_current, kind, pc, caller, 0, 0, NULL);
}

void vcpu_machine_trace(struct vcpu_machine *m, bool on)
{
	vcpu_traces += on - m->trace_on;
	m->trace_on = on;
	trace_begin(m);
}

const struct vcpu_trace_record *vcpu_machine_trace_records(struct vcpu_machine *m,
							    size_t *count)
{
	*count = m->trace_count;
	return m->trace;
}
