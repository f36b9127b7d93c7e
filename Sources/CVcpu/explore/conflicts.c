/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words on which two CPUs conflict, as far as all executions so far have shown.  Processes
 * that search side by side share what they learn: what one CPU accesses is noted before the
 * accesses of the others are looked at, so of two that conflict one sees the other.
 */
#include <stdlib.h>

#include "explore.h"

#include "../include/vcpu_share.h"

void learn_access(struct vcpu_machine *m, struct word *w, uint64_t mask, bool write)
{
	uint64_t others = 0, known;

	learn_bits(write ? &w->written[m->running] : &w->read[m->running], mask);
	for (unsigned i = 0; i < m->cpu_count; i++) {
		if ((int)i == m->running)
			continue;
		others |= w->written[i];
		if (write)
			others |= w->read[i];
	}
	others &= mask;
	if (others & ~w->visible) {
		known = learn_bits(&w->visible, others);
		if (!known)
			learn_count(m->conflicts);
		m->generation++;
	}
}

void learn_plain(struct vcpu_machine *m, struct word *w, uint64_t mask)
{
	if (mask & ~learn_bits(&w->plain, mask) & w->lock)
		m->generation++;
}

bool words_map(struct vcpu_machine *m)
{
	m->conflicts = (uint32_t *)(void *)((char *)m->word + word_bytes(m) - sizeof(uint64_t));
	return vcpu_share_map_at(m->word, word_bytes(m));
}

uint64_t vcpu_machine_generation(struct vcpu_machine *m)
{
	return m->generation;
}

void vcpu_machine_forget(struct vcpu_machine *m)
{
	/* Fresh pages are zero, and most words were never touched. */
	if (!words_map(m))
		abort();
	m->unfusables = 0;
	m->generation++;
}

size_t vcpu_machine_words(struct vcpu_machine *m)
{
	return m->words_total + SECTIONS;
}

uint32_t vcpu_machine_conflicts(struct vcpu_machine *m)
{
	return *m->conflicts;
}
