/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An iteration: CPU 0 restores the arena and says go; all run their programs;
 * when all are done CPU 0 asks the end check and counts.
 */
#include "host.h"

#include <string.h>

/* The longest skew between the CPUs' starts, in turns of an empty loop: 2^n. */
#define SKEW_BITS 14
/* The longest delay at an access; the shortest is 2^4. */
#define DELAY_BITS 20

static const struct vcpu_site lost = {
	VCPU_BAD_STATE, "a CPU stopped without a finding", NULL, NULL, 0
};

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t draw_below(uint64_t *state, uint64_t limit)
{
	return (uint64_t)((unsigned __int128)draw(state) * limit >> 64);
}

/* Draws a number; every order of magnitude is as likely as any other. */
static uint64_t draw_magnitude(uint64_t *state, unsigned low, unsigned high)
{
	return draw_below(state, 1ull << (low + draw_below(state, high - low + 1)));
}

/* Draws this iteration's delay, and waits as long as the skew says. */
static void prepare(struct host_cpu *c, uint64_t iteration)
{
	const struct vcpu_stress_config *config = &c->stress->config;
	uint64_t random = config->seed * 0xd1342543de82ef95u + iteration * VCPU_MAX + c->index;

	c->held_count = 0;
	c->wait_pc = NULL;
	c->countdown = HOST_NO_DELAY;
	if (config->delays && c->accesses && (draw(&random) & 1)) {
		c->countdown = 1 + draw_below(&random, c->accesses);
		c->delay = draw_magnitude(&random, 4, DELAY_BITS);
	}
	c->until = c->countdown;
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		atomic_store_explicit(&c->section[kind].nesting, 0, memory_order_relaxed);
	host_spin(draw_magnitude(&random, 0, SKEW_BITS));
}

/* Runs the CPU's program once. */
static void run_program(struct host_cpu *c)
{
	struct cpu *program = &c->stress->machine->cpu[c->index];

	if (_setjmp(c->escape))
		return;
	c->inside = true;
	program->body(program->argument);
	c->inside = false;
	c->accesses = c->until - c->countdown;
}

/* Runs the end check on CPU 0, when the others are done. */
static void run_end_check(struct host_cpu *c)
{
	struct vcpu_stress *s = c->stress;
	const struct vcpu_site *site;

	if (!s->config.end_check || atomic_load(&s->failed))
		return;
	if (!_setjmp(c->escape)) {
		c->countdown = HOST_NO_DELAY;
		c->inside = true;
		site = s->config.end_check(true);
		c->inside = false;
		if (site)
			host_report(site, NULL);
	}
	s->failed_cpu = VCPU_MAX;
}

static void restore(struct vcpu_stress *s)
{
	struct vcpu_machine *m = s->machine;

	memcpy(m->arena, m->snapshot, m->arena_bytes);
	memcpy(m->poison, m->poison_snapshot, m->words_total);
	atomic_store_explicit(&s->abort, false, memory_order_relaxed);
	atomic_store_explicit(&s->failed, false, memory_order_relaxed);
}

static void count(struct vcpu_stress *s, uint64_t iteration)
{
	uint32_t rows = atomic_load_explicit(&s->rows, memory_order_relaxed), i;

	if (!atomic_load(&s->failed))
		return;
	for (i = 0; i < rows; i++) {
		/* Sites without a line are told apart by the instruction. */
		if (s->row[i].site == s->site && (s->site->line || s->row[i].pc == s->pc)) {
			atomic_fetch_add_explicit(&s->row[i].hits, 1, memory_order_relaxed);
			return;
		}
	}
	if (rows == VCPU_STRESS_SITES_MAX) {
		atomic_fetch_add_explicit(&s->lost_hits, 1, memory_order_relaxed);
		return;
	}
	s->row[rows].site = s->site;
	s->row[rows].pc = s->pc;
	s->row[rows].cpu = s->failed_cpu;
	s->row[rows].first_iteration = iteration;
	s->row[rows].first_nanoseconds = host_now() - s->began;
	atomic_store_explicit(&s->row[rows].hits, 1, memory_order_relaxed);
	atomic_store_explicit(&s->rows, rows + 1, memory_order_release);
}

static bool ending(struct vcpu_stress *s)
{
	return unlikely(atomic_load_explicit(&s->end, memory_order_relaxed));
}

/* Waits until all others have done their part; false when the run ends. */
static bool wait_for_others(struct vcpu_stress *s, uint64_t iteration)
{
	for (unsigned i = 1; i < s->cpu_count; i++) {
		while (atomic_load_explicit(&s->cpu[i].done, memory_order_acquire) != iteration) {
			if (ending(s))
				return false;
			host_park_while(&s->cpu[0], &s->cpu[i].done, iteration - 1);
		}
	}
	return true;
}

static void go(struct vcpu_stress *s, uint64_t iteration)
{
	atomic_store(&s->go, iteration);
	for (unsigned i = 1; i < s->cpu_count; i++)
		host_wake(&s->cpu[i]);
}

void host_lead(struct host_cpu *c)
{
	struct vcpu_stress *s = c->stress;
	uint64_t limit = s->config.iterations, iteration = 0;

	while (!ending(s) && (!limit || iteration < limit)) {
		iteration++;
		restore(s);
		go(s, iteration);
		prepare(c, iteration);
		run_program(c);
		atomic_store_explicit(&c->done, iteration, memory_order_release);
		if (!wait_for_others(s, iteration))
			break;
		/* A CPU was stopped by the end of the run, not by the code. */
		if (atomic_load(&s->interrogate))
			break;
		if (atomic_load(&s->abort) && !atomic_load(&s->failed))
			host_report(&lost, NULL);
		run_end_check(c);
		if (atomic_load(&s->interrogate))
			break;
		/* In this order there are never more hits than iterations. */
		atomic_store_explicit(&s->iterations, iteration, memory_order_release);
		count(s, iteration);
	}
	if (limit && iteration >= limit)
		atomic_store(&s->finished, true);
	go(s, HOST_END);
}

void host_follow(struct host_cpu *c)
{
	struct vcpu_stress *s = c->stress;
	uint64_t iteration = 0;

	for (;;) {
		uint64_t next;

		while ((next = atomic_load_explicit(&s->go, memory_order_acquire)) == iteration)
			host_park_while(c, &s->go, iteration);
		if (next == HOST_END)
			return;
		iteration = next;
		prepare(c, iteration);
		run_program(c);
		atomic_store(&c->done, iteration);
		host_wake(&s->cpu[0]);
	}
}
