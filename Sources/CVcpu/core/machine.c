/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of a machine. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
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

static size_t whole_pages(size_t bytes)
{
	return (bytes + 4095) & ~(size_t)4095;
}

/* Maps all arrays of a machine in one piece, so that wherever it lies, they lie alike. */
static bool map_memory(struct vcpu_machine *m)
{
	unsigned char *stacks, *at;
	const struct {
		void *pointer;
		size_t bytes;
	} part[] = {
		{ &stacks, (VCPU_MAX + 1) * (FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES) },
		{ &m->cpu, (VCPU_MAX + 1) * sizeof(m->cpu[0]) },
		{ &m->snapshot, m->arena_bytes },
		{ &m->poison, m->words_total + SECTIONS },
		{ &m->poison_snapshot, m->words_total + SECTIONS },
		{ &m->word, word_bytes(m) },
		{ &m->dirty, blocks(m) },
		{ &m->dirty_list, blocks(m) * sizeof(m->dirty_list[0]) },
		{ &m->touched_list, blocks(m) * sizeof(m->touched_list[0]) },
		{ &m->block_name, blocks(m) * sizeof(m->block_name[0]) },
		{ &m->frame_name, FRAME_NAMES * sizeof(m->frame_name[0]) },
		{ &m->arena, m->arena_bytes },
	};
	const unsigned parts = sizeof(part) / sizeof(part[0]) - m->arena_is_borrowed;

	for (unsigned i = 0; i < parts; i++)
		m->memory_bytes += whole_pages(part[i].bytes);
	m->memory = at = pages_map(m->memory_bytes);
	if (!at)
		return false;
	for (unsigned i = 0; i < parts; i++) {
		memcpy(part[i].pointer, &at, sizeof(at));
		at += whole_pages(part[i].bytes);
	}
	if (!words_map(m))
		return false;
	for (unsigned i = 0; i <= VCPU_MAX; i++) {
		at = stacks + i * (FIBRE_GUARD_BYTES + FIBRE_STACK_BYTES);
		mprotect(at, FIBRE_GUARD_BYTES, PROT_NONE);
		m->cpu[i].fibre.stack = at + FIBRE_GUARD_BYTES;
		m->cpu[i].pending.parts = m->cpu[i].parts;
	}
	return true;
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
	forget_names(m);
	m->arena_is_borrowed = arena;
	m->arena = arena;
	if (!map_memory(m)) {
		vcpu_machine_free(m);
		return NULL;
	}
	set_region(m, REGION_MEMORY, m->memory, m->memory_bytes);
	set_region(m, REGION_MACHINE, m, sizeof(*m));
	return m;
}

struct vcpu_machine *vcpu_machine_new(size_t arena_bytes)
{
	return machine_new(NULL, whole_pages(arena_bytes));
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
	vcpu_machine_trace(m, false);
	for (unsigned i = 0; m->memory && i <= VCPU_MAX; i++)
		sanitizer_forget(&m->cpu[i].fibre.sanitizer);
	pages_unmap(m->memory, m->memory_bytes);
	pages_unmap(m->counted, blocks(m));
	spoil_free(m->spoil);
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
	/* Memory of programs that ran before may belong to others by now. */
	for (unsigned i = 0; i < VCPU_MAX; i++)
		set_region(m, REGION_ARGUMENT + i, NULL, 0);
}

void vcpu_machine_set_program(struct vcpu_machine *m, unsigned cpu, void (*body)(void *),
			      void *argument, size_t bytes)
{
	m->cpu[cpu].body = body;
	m->cpu[cpu].argument = argument;
	set_region(m, REGION_ARGUMENT + cpu, argument, bytes);
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
