/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of a machine. */
#include "machine.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "fault.h"

__thread struct vcpu_machine *vcpu_current __attribute__((tls_model("initial-exec"))) =
	&vcpu_no_machine;
struct vcpu_machine vcpu_no_machine = { .running = -1 };

void *pages_map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void pages_unmap(void *p, size_t bytes)
{
	if (p)
		munmap(p, bytes);
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
	m->arena = arena ? arena : pages_map(m->arena_bytes);
	m->snapshot = pages_map(m->arena_bytes);
	m->poison = pages_map(m->words_total + SECTIONS);
	m->poison_snapshot = pages_map(m->words_total + SECTIONS);
	m->dirty = pages_map(blocks(m));
	m->dirty_list = pages_map(blocks(m) * sizeof(uint32_t));
	m->touched_list = pages_map(blocks(m) * sizeof(uint32_t));
	m->block_name = pages_map(blocks(m) * sizeof(m->block_name[0]));
	m->cpu = calloc(VCPU_MAX + 1, sizeof(struct cpu));
	if (!m->arena || !m->snapshot || !m->poison || !m->poison_snapshot || !words_map(m) ||
	    !m->dirty || !m->dirty_list || !m->touched_list || !m->block_name || !m->cpu) {
		vcpu_machine_free(m);
		return NULL;
	}
	for (unsigned i = 0; i <= VCPU_MAX; i++) {
		unsigned char *stack = pages_map(FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES);

		if (!stack) {
			vcpu_machine_free(m);
			return NULL;
		}
		mprotect(stack, FIBRE_GUARD_BYTES, PROT_NONE);
		m->cpu[i].fibre.stack = stack + FIBRE_GUARD_BYTES;
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
		pages_unmap(m->arena, m->arena_bytes);
	pages_unmap(m->snapshot, m->arena_bytes);
	pages_unmap(m->poison, m->words_total + SECTIONS);
	pages_unmap(m->poison_snapshot, m->words_total + SECTIONS);
	words_unmap(m);
	pages_unmap(m->dirty, blocks(m));
	pages_unmap(m->dirty_list, blocks(m) * sizeof(uint32_t));
	pages_unmap(m->touched_list, blocks(m) * sizeof(uint32_t));
	pages_unmap(m->block_name, blocks(m) * sizeof(m->block_name[0]));
	for (unsigned i = 0; m->cpu && i <= VCPU_MAX; i++) {
		sanitizer_forget(&m->cpu[i].fibre.sanitizer);
		if (m->cpu[i].fibre.stack)
			pages_unmap(m->cpu[i].fibre.stack - FIBRE_GUARD_BYTES,
			      FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES);
	}
	pages_unmap(m->counted, blocks(m));
	spoil_free(m->spoil);
	free(m->cpu);
	free(m->trace);
	journal_free(&m->journal);
	free(m);
}

void vcpu_machine_enter(struct vcpu_machine *m)
{
	if (vcpu_current == m) {
		m->nested++;
		return;
	}
	m->outer = vcpu_current;
	fault_install(m);
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
	fault_uninstall(m);
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

void *vcpu_machine_arena(struct vcpu_machine *m, size_t *bytes)
{
	*bytes = m->arena_bytes;
	return m->arena;
}

uint64_t vcpu_machine_accesses(struct vcpu_machine *m)
{
	return m->accesses;
}

uint64_t vcpu_machine_marks(struct vcpu_machine *m, unsigned index)
{
	return index < 32 ? m->marks[index] : 0;
}
