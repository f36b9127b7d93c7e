/* SPDX-License-Identifier: GPL-2.0-only */
/* One fibre per virtual CPU: start, resume, leave. */
#include "machine.h"

#include <string.h>

#include "fibre.h"

__thread struct vcpu_machine *vcpu_current __attribute__((tls_model("initial-exec"))) =
	&vcpu_no_machine;
struct vcpu_machine vcpu_no_machine = { .running = -1 };

#if defined(__x86_64__)
#define SAVED_WORDS 6
#define START_SLOT 6
#elif defined(__aarch64__)
#define SAVED_WORDS 20
#define START_SLOT 11
#endif

void fibre_prepare(struct cpu *c)
{
	sanitizer_fresh(&c->sanitizer, c->stack, FIBRE_STACK_BYTES);
	/* A 16-byte aligned top; the frame that vcpu_switch pops lies below. */
	uintptr_t top = ((uintptr_t)c->stack + FIBRE_STACK_BYTES) & ~(uintptr_t)15;
	uint64_t *frame = (uint64_t *)top - 8 - SAVED_WORDS;

#if defined(__x86_64__)
	/* After the pops and ret the stack pointer must be 0 mod 16. */
	frame = (uint64_t *)(top - 64 - 8 * (SAVED_WORDS + 1));
#endif
	memset(frame, 0, 8 * SAVED_WORDS);
	frame[START_SLOT] = (uint64_t)(uintptr_t)vcpu_fibre_start;
	c->stack_pointer = frame;
}

/* Entered on the fresh stack of the running CPU. */
__attribute__((used)) void vcpu_fibre_main(void)
{
	struct vcpu_machine *m = vcpu_current;
	struct cpu *c = running_cpu(m);

	sanitizer_entered(&m->scheduler_sanitizer, &c->sanitizer);
	c->body(c->argument);
	assertions_flush(m);
	fibre_leave(m, CPU_FINISHED);
}

_Noreturn void fibre_leave(struct vcpu_machine *m, enum cpu_state state)
{
	struct cpu *c = running_cpu(m);

	if (unlikely(m->loops))
		loop_close(m, c);
	c->state = state;
	c->pending.count = 0;
	c->pending.operation = VCPU_NOTHING;
	c->wait = WAIT_NONE;
	fibre_yield(m);
	__builtin_trap();	/* nobody resumes a CPU that has left */
}

void fibre_resume(struct vcpu_machine *m, unsigned cpu)
{
	struct cpu *c = &m->cpu[cpu];

	m->running = (int)cpu;
	sanitizer_switch(&m->scheduler_sanitizer, &c->sanitizer);
	vcpu_switch(&m->scheduler_stack_pointer, c->stack_pointer);
	sanitizer_entered(&c->sanitizer, &m->scheduler_sanitizer);
	m->running = -1;
}
