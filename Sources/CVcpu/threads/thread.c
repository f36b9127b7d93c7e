/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of the threads: each on its CPU, or none at all. */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* An iteration that takes longer than this is not waited for at the end. */
#define PATIENCE_MILLISECONDS 1000
/* A CPU that has not answered for so long is not inside ThreadSanitizer. */
#define INSIST_MILLISECONDS 300
/* The kernel refuses a set that is smaller than its own: this one has 65536 CPUs. */
#define CPU_SETS (65536 / CPU_SETSIZE)

__thread struct host_cpu *host_cpu __attribute__((tls_model("initial-exec")));

uint64_t host_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t host_cpu_time(pthread_t thread)
{
	struct timespec t;
	clockid_t clock;

	if (pthread_getcpuclockid(thread, &clock) || clock_gettime(clock, &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Reads back where this thread may run. */
static int check_affinity(const struct host_cpu *c)
{
	int asked = c->stress->config.cpu[c->index];
	cpu_set_t set[CPU_SETS];

	if (asked < 0)
		return 0;
	if (sched_getaffinity(0, sizeof(set), set))
		return errno;
	if (CPU_COUNT_S(sizeof(set), set) != 1 ||
	    !CPU_ISSET_S((size_t)asked, sizeof(set), set) || sched_getcpu() != asked)
		return EXDEV;
	return 0;
}

static void note_stack(struct host_cpu *c)
{
	pthread_attr_t attributes;
	void *low;
	size_t bytes;

	if (pthread_getattr_np(pthread_self(), &attributes))
		return;
	if (!pthread_attr_getstack(&attributes, &low, &bytes)) {
		c->stack_low = (uintptr_t)low;
		c->stack_high = (uintptr_t)low + bytes;
	}
	pthread_attr_destroy(&attributes);
}

static double share_of_time(const struct host_cpu *c)
{
	uint64_t elapsed = host_now() - c->stress->began, ran = host_cpu_time(pthread_self());

	/* It also ran before it began. */
	return ran < elapsed ? (double)ran / (double)elapsed : 1;
}

/* The threads begin together, when all of them are where they should be. */
static void *thread_main(void *argument)
{
	struct host_cpu *c = argument;
	struct vcpu_stress *s = c->stress;
	char name[16];

	snprintf(name, sizeof(name), "mmrace CPU%u", c->index);
	pthread_setname_np(pthread_self(), name);
	c->thread_id = (int)syscall(SYS_gettid);
	c->error = check_affinity(c);
	note_stack(c);
	host_signals_install(c);
	vcpu_current = s->machine;
	host_cpu = c;
	cpu_operations = &host_thread;
	atomic_store_explicit(&c->done, 0, memory_order_release);
	while (atomic_load_explicit(&s->go, memory_order_acquire) == HOST_NOT_YET)
		sched_yield();
	if (atomic_load(&s->go) != HOST_END) {
		if (c->index == 0)
			host_lead(c);
		else
			host_follow(c);
	}
	cpu_operations = &explored_cpu;
	host_cpu = NULL;
	vcpu_current = &vcpu_no_machine;
	host_signals_uninstall(c);
	c->share = share_of_time(c);
	atomic_store_explicit(&c->stopped, true, memory_order_release);
	return NULL;
}

static int start_thread(struct host_cpu *c)
{
	int asked = c->stress->config.cpu[c->index];
	pthread_attr_t attributes;
	int error = pthread_attr_init(&attributes);

	if (error)
		return error;
	if (asked >= 0) {
		cpu_set_t set[CPU_SETS];

		CPU_ZERO_S(sizeof(set), set);
		CPU_SET_S((size_t)asked, sizeof(set), set);
		error = pthread_attr_setaffinity_np(&attributes, sizeof(set), set);
	}
	if (!error)
		error = pthread_create(&c->thread, &attributes, thread_main, c);
	pthread_attr_destroy(&attributes);
	c->started = !error;
	return error;
}

int vcpu_stress_begin(struct vcpu_machine *m, const struct vcpu_stress_config *config,
		      struct vcpu_stress **result)
{
	struct vcpu_stress *s = aligned_alloc(128, sizeof(*s));
	int error = 0;

	if (!s)
		return ENOMEM;
	memset(s, 0, sizeof(*s));
	s->machine = m;
	s->config = *config;
	s->cpu_count = m->cpu_count;
	s->began = host_now();
	atomic_store(&s->go, HOST_NOT_YET);
	for (unsigned i = 0; i < s->cpu_count && !error; i++) {
		struct host_cpu *c = &s->cpu[i];

		c->stress = s;
		c->index = i;
		atomic_store(&c->done, HOST_END);
		error = start_thread(c);
	}
	for (unsigned i = 0; i < s->cpu_count && !error; i++) {
		while (atomic_load_explicit(&s->cpu[i].done, memory_order_acquire) == HOST_END)
			sched_yield();
		error = s->cpu[i].error;
	}
	s->began = host_now();
	if (error) {
		vcpu_stress_free(s);
		return error;
	}
	atomic_store_explicit(&s->go, 0, memory_order_release);
	*result = s;
	return 0;
}

/* True when all threads that were started are out of the code under test. */
static bool all_stopped(struct vcpu_stress *s)
{
	for (unsigned i = 0; i < s->cpu_count; i++)
		if (s->cpu[i].started &&
		    !atomic_load_explicit(&s->cpu[i].stopped, memory_order_acquire))
			return false;
	return true;
}

/* Only a thread that is inside would answer. */
static void ask(struct vcpu_stress *s, int signal)
{
	for (unsigned i = 0; i < s->cpu_count; i++)
		if (s->cpu[i].started && atomic_load(&s->cpu[i].inside))
			pthread_kill(s->cpu[i].thread, signal);
}

void vcpu_stress_end(struct vcpu_stress *s)
{
	uint64_t not_yet = HOST_NOT_YET;
	unsigned asked = 0;

	if (s->joined)
		return;
	s->joined = true;
	atomic_store(&s->end, true);
	host_wake(&s->cpu[0]);
	atomic_compare_exchange_strong(&s->go, &not_yet, HOST_END);
	for (unsigned waited = 0; !all_stopped(s); waited++) {
		if (waited >= PATIENCE_MILLISECONDS)
			atomic_store_explicit(&s->interrogate, true, memory_order_release);
		/* Repeated, as a thread may just not have been inside. */
		if (atomic_load(&s->interrogate))
			ask(s, asked++ < INSIST_MILLISECONDS ? SIGURG : HOST_INSIST);
		usleep(1000);
	}
	for (unsigned i = 0; i < s->cpu_count; i++)
		if (s->cpu[i].started)
			pthread_join(s->cpu[i].thread, NULL);
}

void vcpu_stress_free(struct vcpu_stress *s)
{
	if (!s)
		return;
	vcpu_stress_end(s);
	free(s);
}
