/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings, poisoned memory, and the small services of vcpu.h. */
#include "../threads/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PC __builtin_return_address(0)

const struct vcpu_site vcpu_site_use_after_free = {
	VCPU_USE_AFTER_FREE, "access to freed memory", NULL, NULL, 0
};
const struct vcpu_site vcpu_site_not_held = {
	VCPU_LOCK_MISUSE, "unlock of a lock that this CPU does not hold", NULL, NULL, 0
};

void record_bug(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc)
{
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_BUG, pc, NULL, 0, 0, site);
	if (m->bugs == VCPU_BUGS_MAX)
		return;
	m->bug[m->bugs++] = (struct vcpu_bug_record){
		site, m->running < 0 ? 0 : (uint32_t)m->running, m->step, pc
	};
}

_Noreturn void halt_with(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc)
{
	if (m->running < 0) {
		fprintf(stderr, "mmrace: internal error: a finding outside any CPU: %s\n",
			site->expression);
		__builtin_trap();
	}
	/* An assertion before it that fails is what ends the CPU. */
	assertions_flush(m);
	record_bug(m, site, pc);
	fibre_leave(m, CPU_HALTED);
}

void vcpu_bug(const struct vcpu_site *site)
{
	if (unlikely(real_cpu != NULL))
		real_fail(real_cpu, site, PC);
	halt_with(vcpu_current, site, PC);
}

void vcpu_report(const struct vcpu_site *site)
{
	if (unlikely(real_cpu != NULL)) {
		real_report(real_cpu, site, PC);
		return;
	}
	/* An assertion before it that fails ends the CPU, and there is nothing to report. */
	if (vcpu_current->running >= 0)
		assertions_flush(vcpu_current);
	record_bug(vcpu_current, site, PC);
}

int vcpu_id(void)
{
	if (unlikely(real_cpu != NULL))
		return (int)real_cpu->index;
	return vcpu_current->running < 0 ? 0 : vcpu_current->running;
}

void *vcpu_arena(void)
{
	return vcpu_current->arena;
}

size_t vcpu_arena_size(void)
{
	return vcpu_current->arena_bytes;
}

void vcpu_mark(unsigned index)
{
	/* Threads would fight over the counters: marks are for one thread. */
	if (index < 32 && likely(!real_cpu))
		vcpu_current->marks[index]++;
}

void vcpu_printk(const char *format, ...)
{
	struct vcpu_machine *m = vcpu_current;
	struct vcpu_trace_record *record;
	va_list arguments;

	if (!m->trace_on)
		return;
	record = trace_add(m, VCPU_TRACE_PRINTK, PC, NULL, 0, 0, NULL);
	if (!record)
		return;
	va_start(arguments, format);
	vsnprintf(record->text, sizeof(record->text), format, arguments);
	va_end(arguments);
}

static void set_poison(struct vcpu_machine *m, uintptr_t offset, size_t bytes, bool poisoned)
{
	uint32_t word = (uint32_t)((offset + 7) >> 3);
	uint32_t end = (uint32_t)((offset + bytes) >> 3);

	if (end <= word)
		return;
	memset(m->poison + word, poisoned, end - word);
	if (m->poison_changes < POISON_LOG_MAX)
		m->poison_log[m->poison_changes++] = (struct poison_change){ word, end - word };
}

/* Whether an access is a use after free depends on both ends of the time in which
 * memory is free, so both are events that write all of it. */
static void lifetime_event(struct vcpu_machine *m, uintptr_t offset, size_t bytes,
			   uint32_t operation, const void *pc)
{
	struct cpu *c = running_cpu(m);
	uint32_t count = 0;
	uint32_t end = (uint32_t)((offset + bytes) >> 3);

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
	loop_impure(c);
}

void vcpu_poison(const void *p, size_t bytes)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (unlikely(real_cpu != NULL)) {
		real_poison(real_cpu, p, bytes, true);
		return;
	}
	if (offset >= m->arena_bytes || bytes > m->arena_bytes - offset)
		return;
	if (m->executing && m->running >= 0) {
		lifetime_event(m, offset, bytes, VCPU_FREE, PC);
		if (unlikely(m->trace_on))
			trace_add(m, VCPU_TRACE_FREE, PC, p, (uint32_t)bytes, 0, NULL);
	}
	set_poison(m, offset, bytes, true);
}

void vcpu_unpoison(const void *p, size_t bytes)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (unlikely(real_cpu != NULL)) {
		real_poison(real_cpu, p, bytes, false);
		return;
	}
	if (offset >= m->arena_bytes || bytes > m->arena_bytes - offset)
		return;
	if (m->executing && m->running >= 0)
		lifetime_event(m, offset, bytes, VCPU_REUSE, PC);
	set_poison(m, offset, bytes, false);
}

void vcpu_clear(void *p, size_t bytes)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (likely(!real_cpu) && offset < m->arena_bytes && bytes &&
	    bytes <= m->arena_bytes - offset)
		mark_dirty(m, offset, bytes);
	memset(p, 0, bytes);
}
