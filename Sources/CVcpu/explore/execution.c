/* SPDX-License-Identifier: GPL-2.0-only */
/* An execution as the explorer sees it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

/* Entered on the fresh stack of the running CPU. */
__attribute__((used)) void vcpu_fibre_main(void)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c = running_cpu(m);

	sanitizer_entered(&m->scheduler.sanitizer, &c->fibre.sanitizer);
	c->body(c->argument);
	assertions_flush(m);
	cpu_leave(m, CPU_FINISHED);
}

_Noreturn void cpu_leave(struct vcpu_machine *m, enum cpu_state state)
{
	struct cpu *c = running_cpu(m);

	if (unlikely(m->loops))
		loop_close(m, c);
	c->state = state;
	c->pending.count = 0;
	c->pending.operation = VCPU_NOTHING;
	c->wait = WAIT_NONE;
	cpu_yield(m);
	__builtin_trap();	/* a CPU that has left is never resumed */
}

static void cpu_resume(struct vcpu_machine *m, unsigned cpu)
{
	m->running = (int)cpu;
	forget_name(m, cpu);
	fibre_switch(&m->scheduler, &m->cpu[cpu].fibre);
	m->running = -1;
	note_progress(m, cpu);
}

static void cpu_reset(struct cpu *c)
{
	c->state = CPU_RUNNING;
	c->pending.count = 0;
	c->pending.operation = VCPU_NOTHING;
	c->wait = WAIT_NONE;
	memset(c->section, 0, sizeof(c->section));
	c->taken_count = 0;
	c->guards = 0;
	c->quiet = 0;
	c->oopsed = false;
	c->ends = NULL;
	/* They are part of a state, also where an operation leaves them as they were. */
	memset(c->operand, 0, sizeof(c->operand));
	memset(&c->copied, 0, sizeof(c->copied));
	c->offset = 0;
	c->value = 0;
	c->releases_own = false;
	c->flushes = FLUSH_BEFORE;
	c->collecting = false;
	c->deferred = 0;
	c->reads = 0;
	fibre_prepare(&c->fibre);
}

const struct vcpu_site *vcpu_machine_guard(struct vcpu_machine *m, unsigned cpu,
					   void (*body)(void *), void *argument)
{
	struct cpu *c = &m->cpu[cpu];
	void (*saved_body)(void *) = c->body;
	void *saved_argument = c->argument;
	uint32_t bugs = m->bugs;
	bool executing = m->executing;

	m->executing = false;
	if (bugs == VCPU_BUGS_MAX)
		bugs = --m->bugs;
	cpu_reset(c);
	c->body = body;
	c->argument = argument;
	cpu_resume(m, cpu);
	c->body = saved_body;
	c->argument = saved_argument;
	m->executing = executing;
	return m->bugs > bugs ? m->bug[bugs].site : NULL;
}

void vcpu_machine_begin(struct vcpu_machine *m)
{
	journal_begin(&m->journal);
	snapshot_restore(m);
	m->bugs = 0;
	m->releases = 0;
	m->loops = 0;
	m->cut = 0;
	m->stuck = false;
	m->step = 0;
	memset(m->awaited, 0, sizeof(m->awaited));
	forget_names(m);
	trace_begin(m);
	m->executing = true;
	/* All are reset before the first runs: it may look at the sections of the others. */
	for (unsigned i = 0; i < m->cpu_count; i++) {
		cpu_reset(&m->cpu[i]);
		loop_reset(&m->cpu[i].loop);
	}
	for (unsigned i = 0; i < m->cpu_count; i++) {
		if (m->journal.on)
			stack_scrub(&m->cpu[i]);
		cpu_resume(m, i);
	}
}

uint32_t vcpu_machine_enabled(struct vcpu_machine *m)
{
	uint32_t mask = m->unfinished & ~m->waiting & all_cpus(m);

	for (uint32_t rest = m->waiting & all_cpus(m); rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctz(rest);

		if (wait_is_over(m, &m->cpu[i]))
			mask |= 1u << i;
	}
	return mask;
}

uint32_t vcpu_machine_unfinished(struct vcpu_machine *m)
{
	return m->unfinished & all_cpus(m);
}

const struct vcpu_pending *vcpu_machine_pending(struct vcpu_machine *m, unsigned cpu)
{
	return &m->cpu[cpu].pending;
}

void vcpu_machine_step(struct vcpu_machine *m, unsigned cpu)
{
	struct cpu *c = &m->cpu[cpu];

	if (unlikely(cpu >= m->cpu_count || !(m->unfinished >> cpu & 1) || !wait_is_over(m, c))) {
		fprintf(stderr, "mmrace: internal error: CPU %u was stepped but is not enabled\n",
			cpu);
		abort();
	}
	m->releases = 0;
	m->shows = false;
	m->step++;
	cpu_resume(m, cpu);
	if (unlikely(m->trace_on))
		trace_close(m, (int)cpu);
}

uint32_t vcpu_machine_changes(struct vcpu_machine *m)
{
	uint32_t changes = m->changes;

	m->changes = 0;
	return changes;
}

const struct vcpu_part *vcpu_machine_releases(struct vcpu_machine *m, uint32_t *count)
{
	*count = m->releases;
	return m->release;
}

const struct vcpu_bug_record *vcpu_machine_bugs(struct vcpu_machine *m, uint32_t *count)
{
	*count = m->bugs;
	return m->bug;
}

uint32_t vcpu_machine_cut(struct vcpu_machine *m)
{
	return m->cut;
}

bool vcpu_machine_stuck(struct vcpu_machine *m)
{
	return m->stuck;
}

void vcpu_machine_cut_cpu(struct vcpu_machine *m, unsigned cpu)
{
	struct cpu *c = &m->cpu[cpu];

	c->loop.reads = 0;
	loop_cut_at(m, c, c->pending_pc, NULL);
	note_progress(m, cpu);
}

const void *vcpu_machine_pending_address(struct vcpu_machine *m, unsigned cpu)
{
	const struct cpu *c = &m->cpu[cpu];

	if (c->wait != WAIT_NONE && c->wait_address)
		return c->wait_address;
	if (!c->pending.count || c->pending.parts[0].word >= m->words_total)
		return NULL;
	return m->arena + 8 * (size_t)c->pending.parts[0].word +
	       __builtin_ctzll(c->pending.parts[0].mask) / 8;
}

const void *vcpu_machine_pending_pc(struct vcpu_machine *m, unsigned cpu)
{
	return m->cpu[cpu].pending_pc;
}
