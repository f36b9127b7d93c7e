/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of a machine, and an execution as the explorer sees it. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fibre.h"

static void *map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap(void *p, size_t bytes)
{
	if (p)
		munmap(p, bytes);
}

static size_t blocks(const struct vcpu_machine *m)
{
	return m->arena_bytes >> BLOCK_SHIFT;
}

static struct vcpu_machine *machine_new(void *arena, size_t arena_bytes)
{
	struct vcpu_machine *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->arena_bytes = arena_bytes;
	m->words_total = m->arena_bytes / 8;
	m->running = -1;
	m->options = VCPU_ALL_REDUCTIONS;
	m->arena_is_borrowed = arena;
	m->arena = arena ? arena : map(m->arena_bytes);
	m->snapshot = map(m->arena_bytes);
	m->poison = map(m->words_total + SECTIONS);
	m->poison_snapshot = map(m->words_total + SECTIONS);
	m->word = map((m->words_total + SECTIONS) * sizeof(struct word));
	m->dirty = map(blocks(m));
	m->dirty_list = map(blocks(m) * sizeof(uint32_t));
	m->cpu = calloc(VCPU_MAX + 1, sizeof(struct cpu));
	if (!m->arena || !m->snapshot || !m->poison || !m->poison_snapshot || !m->word ||
	    !m->dirty || !m->dirty_list || !m->cpu) {
		vcpu_machine_free(m);
		return NULL;
	}
	for (unsigned i = 0; i <= VCPU_MAX; i++) {
		unsigned char *stack = map(FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES);

		if (!stack) {
			vcpu_machine_free(m);
			return NULL;
		}
		mprotect(stack, FIBRE_GUARD_BYTES, PROT_NONE);
		m->cpu[i].stack = stack + FIBRE_GUARD_BYTES;
		m->cpu[i].pending.parts = m->cpu[i].parts;
	}
	return m;
}

struct vcpu_machine *vcpu_machine_new(size_t arena_bytes)
{
	return machine_new(NULL, (arena_bytes + 4095) & ~(size_t)4095);
}

struct vcpu_machine *vcpu_machine_new_at(void *arena, size_t arena_bytes)
{
	if ((uintptr_t)arena % 4096 || arena_bytes % 4096)
		return NULL;
	return machine_new(arena, arena_bytes);
}

void vcpu_machine_free(struct vcpu_machine *m)
{
	if (!m)
		return;
	if (!m->arena_is_borrowed)
		unmap(m->arena, m->arena_bytes);
	unmap(m->snapshot, m->arena_bytes);
	unmap(m->poison, m->words_total + SECTIONS);
	unmap(m->poison_snapshot, m->words_total + SECTIONS);
	unmap(m->word, (m->words_total + SECTIONS) * sizeof(struct word));
	unmap(m->dirty, blocks(m));
	unmap(m->dirty_list, blocks(m) * sizeof(uint32_t));
	for (unsigned i = 0; m->cpu && i <= VCPU_MAX; i++) {
		sanitizer_forget(&m->cpu[i].sanitizer);
		if (m->cpu[i].stack)
			unmap(m->cpu[i].stack - FIBRE_GUARD_BYTES,
			      FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES);
	}
	free(m->cpu);
	free(m->trace);
	free(m);
}

void vcpu_machine_enter(struct vcpu_machine *m)
{
	if (vcpu_current == m) {
		m->nested++;
		return;
	}
	m->outer = vcpu_current;
	oops_install(m);
	if (m->outer == &vcpu_no_machine)
		stuck_watch();
	vcpu_current = m;
}

void vcpu_machine_leave(struct vcpu_machine *m)
{
	if (m->nested) {
		m->nested--;
		return;
	}
	vcpu_current = m->outer;
	if (m->outer == &vcpu_no_machine)
		stuck_unwatch();
	oops_uninstall(m);
}

void vcpu_machine_set_options(struct vcpu_machine *m, uint32_t options)
{
	m->options = options;
}

void vcpu_machine_set_cpus(struct vcpu_machine *m, unsigned count)
{
	m->cpu_count = count < VCPU_MAX ? count : VCPU_MAX;
}

void vcpu_machine_set_program(struct vcpu_machine *m, unsigned cpu, void (*body)(void *),
			      void *argument)
{
	m->cpu[cpu].body = body;
	m->cpu[cpu].argument = argument;
}

static void cpu_reset(struct cpu *c)
{
	c->state = CPU_RUNNING;
	c->pending.count = 0;
	c->pending.operation = VCPU_NOTHING;
	c->wait = WAIT_NONE;
	memset(c->section, 0, sizeof(c->section));
	c->taken_count = 0;
	c->quiet = 0;
	c->oopsed = false;
	c->collecting = false;
	c->deferred = 0;
	c->reads = 0;
	fibre_prepare(c);
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
	fibre_resume(m, cpu);
	c->body = saved_body;
	c->argument = saved_argument;
	m->executing = executing;
	return m->bugs > bugs ? m->bug[bugs].site : NULL;
}

void vcpu_machine_snapshot(struct vcpu_machine *m)
{
	memcpy(m->snapshot, m->arena, m->arena_bytes);
	memcpy(m->poison_snapshot, m->poison, m->words_total);
	memset(m->dirty, 0, blocks(m));
	m->dirty_count = 0;
	m->poison_changes = 0;
	m->bugs = 0;
	m->cut = 0;
}

static void restore(struct vcpu_machine *m)
{
	for (uint32_t i = 0; i < m->dirty_count; i++) {
		uint32_t block = m->dirty_list[i];
		size_t offset = (size_t)block << BLOCK_SHIFT;

		memcpy(m->arena + offset, m->snapshot + offset, BLOCK_BYTES);
		m->dirty[block] = 0;
	}
	m->dirty_count = 0;
	if (m->poison_changes == POISON_LOG_MAX)
		memcpy(m->poison, m->poison_snapshot, m->words_total);
	for (uint32_t i = 0; i < m->poison_changes; i++) {
		const struct poison_change *p = &m->poison_log[i];

		memcpy(m->poison + p->word, m->poison_snapshot + p->word, p->count);
	}
	m->poison_changes = 0;
}

void vcpu_machine_begin(struct vcpu_machine *m)
{
	restore(m);
	m->bugs = 0;
	m->releases = 0;
	m->loops = 0;
	m->cut = 0;
	m->stuck = false;
	m->step = 0;
	trace_begin(m);
	m->executing = true;
	/* All of them before the first runs: it may look at the sections of the others. */
	for (unsigned i = 0; i < m->cpu_count; i++) {
		cpu_reset(&m->cpu[i]);
		loop_reset(&m->cpu[i].loop);
	}
	for (unsigned i = 0; i < m->cpu_count; i++)
		fibre_resume(m, i);
}

uint32_t vcpu_machine_enabled(struct vcpu_machine *m)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < m->cpu_count; i++) {
		const struct cpu *c = &m->cpu[i];

		if (c->state == CPU_RUNNING && (c->wait == WAIT_NONE || wait_is_over(c)))
			mask |= 1u << i;
	}
	return mask;
}

uint32_t vcpu_machine_unfinished(struct vcpu_machine *m)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < m->cpu_count; i++)
		if (m->cpu[i].state == CPU_RUNNING)
			mask |= 1u << i;
	return mask;
}

const struct vcpu_pending *vcpu_machine_pending(struct vcpu_machine *m, unsigned cpu)
{
	return &m->cpu[cpu].pending;
}

void vcpu_machine_step(struct vcpu_machine *m, unsigned cpu)
{
	struct cpu *c = &m->cpu[cpu];

	if (unlikely(cpu >= m->cpu_count || c->state != CPU_RUNNING ||
		     (c->wait != WAIT_NONE && !wait_is_over(c)))) {
		fprintf(stderr, "mmrace: internal error: CPU %u was stepped but is not enabled\n",
			cpu);
		abort();
	}
	m->releases = 0;
	m->step++;
	fibre_resume(m, cpu);
	if (unlikely(m->trace_on))
		trace_close(m, (int)cpu);
}

uint32_t vcpu_machine_changes(struct vcpu_machine *m)
{
	uint32_t changes = m->changes;

	m->changes = 0;
	return changes;
}

const struct vcpu_release *vcpu_machine_releases(struct vcpu_machine *m, uint32_t *count)
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
	struct loop *l = &m->cpu[cpu].loop;

	l->kind = VCPU_LOOP_CUT;
	l->frames = 1;
	l->frame[0] = m->cpu[cpu].pending_pc;
	l->reads = 0;
	m->cpu[cpu].wait = WAIT_CUT;
	m->cut |= 1u << cpu;
}

uint64_t vcpu_machine_generation(struct vcpu_machine *m)
{
	return m->generation;
}

void vcpu_machine_forget(struct vcpu_machine *m)
{
	/* Fresh pages are zero, and most words were never touched. */
	unmap(m->word, (m->words_total + SECTIONS) * sizeof(struct word));
	m->word = map((m->words_total + SECTIONS) * sizeof(struct word));
	m->unfusables = 0;
	m->conflicts = 0;
	m->generation++;
}

size_t vcpu_machine_words(struct vcpu_machine *m)
{
	return m->words_total + SECTIONS;
}

uint32_t vcpu_machine_conflicts(struct vcpu_machine *m)
{
	return m->conflicts;
}

uint64_t vcpu_machine_accesses(struct vcpu_machine *m)
{
	return m->accesses;
}

uint64_t vcpu_machine_marks(struct vcpu_machine *m, unsigned index)
{
	return index < 32 ? m->marks[index] : 0;
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

uint64_t vcpu_machine_state_hash(struct vcpu_machine *m)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < m->dirty_count; i++) {
		size_t offset = (size_t)m->dirty_list[i] << BLOCK_SHIFT;

		for (size_t at = offset; at < offset + BLOCK_BYTES; at += 8) {
			uint64_t now, then;

			memcpy(&now, m->arena + at, 8);
			memcpy(&then, m->snapshot + at, 8);
			if (now != then)
				sum += mix(mix(now) + at);
		}
	}
	return sum;
}

bool vcpu_machine_is_pristine(struct vcpu_machine *m)
{
	restore(m);
	return !memcmp(m->arena, m->snapshot, m->arena_bytes) &&
	       !memcmp(m->poison, m->poison_snapshot, m->words_total);
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
