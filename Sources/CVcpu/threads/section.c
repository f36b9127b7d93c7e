/* SPDX-License-Identifier: GPL-2.0-only */
/* Sections of host threads that another waits for the end of: see explore/section.c. */
#include "host.h"

void host_section_enter(enum section_kind kind, const void *of, const void *pc)
{
	struct host_cpu *c = host_cpu;

	atomic_store_explicit(&c->section[kind].of, of, memory_order_relaxed);
	/* Sequentially consistent: the section's reads come after this store. */
	atomic_fetch_add(&c->section[kind].nesting, 1);
}

void host_section_leave(enum section_kind kind, const void *pc)
{
	struct host_section *section = &host_cpu->section[kind];
	uint32_t nesting = atomic_load_explicit(&section->nesting, memory_order_relaxed);

	if (unlikely(!nesting))
		host_fail(&vcpu_site_not_held, pc);
	if (nesting == 1)
		atomic_fetch_add(&section->left, 1);
	atomic_fetch_sub(&section->nesting, 1);
}

bool host_in_section(void)
{
	for (unsigned kind = 0; kind < SECTIONS; kind++)
		if (atomic_load_explicit(&host_cpu->section[kind].nesting, memory_order_relaxed))
			return true;
	return false;
}

void host_section_wait(enum section_kind kind, const void *of, const void *pc)
{
	struct host_cpu *c = host_cpu;
	struct vcpu_stress *s = c->stress;

	/* A CPU that enters from here on, and is not waited for, sees what this one wrote. */
	atomic_thread_fence(memory_order_seq_cst);
	host_begin_to_wait(c, NULL, pc);
	for (unsigned i = 0; i < s->cpu_count; i++) {
		struct host_section *other = &s->cpu[i].section[kind];
		uint32_t left = atomic_load(&other->left);

		if (kind == SECTION_IRQ && &s->cpu[i] == c)
			continue;
		while (atomic_load(&other->nesting) && atomic_load(&other->of) == of &&
		       atomic_load(&other->left) == left)
			host_wait_a_turn(c);
	}
	host_end_wait(c);
}
