/* SPDX-License-Identifier: GPL-2.0-only */
/* Words on which two CPUs conflict, as far as all executions so far have shown. */
#include <string.h>
#include <sys/mman.h>

#include "explore.h"

void learn_access(struct vcpu_machine *m, struct word *w, uint64_t mask, bool write)
{
	uint64_t others = 0;

	for (unsigned i = 0; i < m->cpu_count; i++) {
		if ((int)i == m->running)
			continue;
		others |= w->written[i];
		if (write)
			others |= w->read[i];
	}
	if (write)
		w->written[m->running] |= mask;
	else
		w->read[m->running] |= mask;
	others &= mask;
	if (others & ~w->visible) {
		if (!w->visible)
			m->conflicts++;
		w->visible |= others;
		m->generation++;
	}
}

void learn_plain(struct vcpu_machine *m, struct word *w, uint64_t mask)
{
	if (mask & ~w->plain & w->lock)
		m->generation++;
	w->plain |= mask;
}

uint64_t vcpu_machine_generation(struct vcpu_machine *m)
{
	return m->generation;
}

void vcpu_machine_forget(struct vcpu_machine *m)
{
	/* Fresh pages are zero, and most words were never touched. */
	if (madvise(m->word, word_bytes(m), MADV_DONTNEED))
		memset(m->word, 0, word_bytes(m));
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
