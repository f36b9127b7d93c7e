/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions of the thread that watches a run. */
#define _GNU_SOURCE
#include "host.h"

uint64_t vcpu_stress_iterations(struct vcpu_stress *s)
{
	return atomic_load_explicit(&s->iterations, memory_order_acquire);
}

bool vcpu_stress_finished(struct vcpu_stress *s)
{
	return atomic_load(&s->finished);
}

uint32_t vcpu_stress_hits(struct vcpu_stress *s, struct vcpu_stress_hits *rows, uint32_t most)
{
	uint32_t count = atomic_load_explicit(&s->rows, memory_order_acquire);

	if (count > most)
		count = most;
	for (uint32_t i = 0; i < count; i++)
		rows[i] = (struct vcpu_stress_hits){
			.site = s->row[i].site,
			.pc = s->row[i].pc,
			.cpu = s->row[i].cpu,
			.hits = atomic_load_explicit(&s->row[i].hits, memory_order_relaxed),
			.first_iteration = s->row[i].first_iteration,
			.first_nanoseconds = s->row[i].first_nanoseconds,
		};
	return count;
}

uint64_t vcpu_stress_lost_hits(struct vcpu_stress *s)
{
	return atomic_load_explicit(&s->lost_hits, memory_order_relaxed);
}

int vcpu_stress_thread(struct vcpu_stress *s, unsigned cpu)
{
	return s->cpu[cpu].thread_id;
}

double vcpu_stress_share(struct vcpu_stress *s, unsigned cpu)
{
	return s->cpu[cpu].share;
}

static double cpu_seconds(const struct host_cpu *c)
{
	return 1e-9 * (double)host_cpu_time(c->thread);
}

/* Returns how far all are in an iteration: grows when one begins its program, or ends it. */
static unsigned progress(struct vcpu_stress *s, uint64_t go)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < s->cpu_count; i++) {
		if (atomic_load(&s->cpu[i].done) == go)
			sum += 2;
		else if (atomic_load(&s->cpu[i].inside))
			sum++;
	}
	return sum;
}

bool vcpu_stress_hangs(struct vcpu_stress *s, double seconds)
{
	uint64_t iterations = vcpu_stress_iterations(s);
	uint64_t go = atomic_load(&s->go);
	unsigned so_far = progress(s, go);
	bool inside = false;

	if (s->joined)
		return false;
	/* A CPU that is inside may have waited for what another has done only now. */
	if (!s->watching || iterations != s->watched || so_far != s->so_far) {
		s->watching = true;
		s->watched = iterations;
		s->so_far = so_far;
		for (unsigned i = 0; i < s->cpu_count; i++)
			s->burnt[i] = cpu_seconds(&s->cpu[i]);
		return false;
	}
	for (unsigned i = 0; i < s->cpu_count; i++) {
		if (!atomic_load(&s->cpu[i].inside)) {
			/* The others may wait for one that has yet to begin. */
			if (atomic_load(&s->cpu[i].done) != go)
				return false;
			continue;
		}
		inside = true;
		if (cpu_seconds(&s->cpu[i]) - s->burnt[i] < seconds)
			return false;
	}
	/* All of it must be about the same moment. */
	if (!inside || go != atomic_load(&s->go) || so_far != progress(s, go) ||
	    iterations != vcpu_stress_iterations(s))
		return false;
	atomic_store_explicit(&s->interrogate, true, memory_order_release);
	vcpu_stress_end(s);
	return true;
}

void vcpu_stress_position(struct vcpu_stress *s, unsigned cpu,
			  struct vcpu_stress_position *position)
{
	*position = s->cpu[cpu].position;
}
