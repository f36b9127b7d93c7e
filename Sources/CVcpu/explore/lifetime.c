/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of a CPU that is explored: it is freed, and it is used again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

static void set_poison(struct vcpu_machine *m, uintptr_t offset, size_t bytes, bool poisoned)
{
	uint32_t word = (uint32_t)((offset + 7) >> 3);
	uint32_t end = (uint32_t)((offset + bytes) >> 3);

	if (end <= word)
		return;
	if (unlikely(m->journal.on)) {
		journal_poison(m, word, end - word);
		name_poison(m, word, end - word, true);
	}
	memset(m->poison + word, poisoned, end - word);
	if (unlikely(m->journal.on))
		name_poison(m, word, end - word, false);
	if (m->poison_changes < POISON_LOG_MAX)
		m->poison_log[m->poison_changes++] = (struct poison_change){ word, end - word };
}

/* An access is a use after free between both ends of the time in which memory is free,
 * so both are events that write all of it. */
static void lifetime_event(struct vcpu_machine *m, uintptr_t offset, size_t bytes,
			   uint32_t operation, const void *pc)
{
	struct cpu *c = running_cpu(m);
	uint32_t count = 0;
	uint32_t end = (uint32_t)((offset + bytes) >> 3);

	c->offset = offset;
	c->value = bytes;
	c->releases_own = false;
	assertions_flush(m);
	for (uint32_t word = (uint32_t)((offset + 7) >> 3); word < end; word++) {
		note_plain(m, word, ~0ull);
		if (!access_is_visible(m, word, ~0ull, true))
			continue;
		if (count == PARTS_MAX) {
			/* Never silently: the event would say less than it does. */
			fprintf(stderr, "mmrace: internal error: a free of more than "
				"%d shared words; raise PARTS_MAX\n", PARTS_MAX);
			abort();
		}
		c->parts[count++] = (struct vcpu_part){ ~0ull, word, 1 };
	}
	if (count)
		event_wait(m, operation, count, pc);
	for (uint32_t i = 0; unlikely(m->loops) && i < count; i++)
		loop_changed(m, c, c->parts[i].word, ~0ull);
	c->loop.impure = true;
}

void explored_poison(uintptr_t offset, size_t bytes, bool poisoned, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;

	if (m->executing && m->running >= 0) {
		lifetime_event(m, offset, bytes, poisoned ? VCPU_FREE : VCPU_REUSE, pc);
		if (unlikely(m->trace_on && poisoned))
			trace_add(m, VCPU_TRACE_FREE, pc, m->arena + offset, (uint32_t)bytes, 0,
				  NULL);
	}
	set_poison(m, offset, bytes, poisoned);
}
