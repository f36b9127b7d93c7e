/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses of the running CPU, and waiting for the explorer. */
#include "explore.h"

/* A CPU that does this much without an event is followed no further. */
#define QUIET_MAX (50u << 20)

void event_wait(struct vcpu_machine *m, uint32_t operation, uint32_t count, const void *pc)
{
	struct cpu *c = running_cpu(m);

	c->pending.operation = operation;
	c->pending.count = count;
	c->pending_pc = pc;
	c->quiet = 0;
	if (unlikely(m->trace_on))
		trace_close(m, m->running);
	if (unlikely(m->loops))
		loop_close(m, c);
	cpu_yield(m);
	c->wait = WAIT_NONE;
	if (unlikely(m->loops))
		loop_open(m, c);
}

void check_poison(struct vcpu_machine *m, uintptr_t offset, const void *pc)
{
	if (likely(!m->poison[offset >> 3]))
		return;
	assertions_flush_at(m, FLUSH_POISON);
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_USE_AFTER_FREE, pc, m->arena + offset, 0, 0, NULL);
	halt_with(m, &vcpu_site_use_after_free, pc);
}

/*
 * A loop that others do not see comes back to a state, too.  Where loops are awaited it goes
 * on being quiet, as it is by that that it is known for one.
 */
static void pause_quiet(struct vcpu_machine *m, struct cpu *c, const void *pc)
{
	uint64_t quiet = c->quiet;

	assertions_flush(m);
	event_wait(m, VCPU_PAUSE, 0, pc);
	if (m->options & VCPU_AWAIT_LOOPS)
		c->quiet = quiet;
}

void access_word(struct vcpu_machine *m, uintptr_t offset, uint64_t mask, bool write,
		 uint32_t operation, const void *pc)
{
	struct cpu *c = running_cpu(m);
	uint32_t word = (uint32_t)(offset >> 3);
	uint32_t count = 1;

	m->accesses++;
	note_plain(m, word, mask);
	if (c->collecting) {
		assertion_collect(m, c, word, mask, write);
		if (unlikely(m->poison[word]) && !c->inner)
			c->inner = &vcpu_site_use_after_free;
		return;
	}
	if (!access_is_visible(m, word, mask, write)) {
		if (unlikely(++c->quiet > QUIET_MAX)) {
			assertions_flush(m);
			loop_cut(m, c, pc);
			m->stuck = true;
			event_wait(m, VCPU_SPIN, 0, pc);
		}
		if (unlikely(c->quiet % LOOP_QUIET == 0) && m->pauses)
			pause_quiet(m, c, pc);
		if (unlikely(c->quiet >= LOOP_QUIET) && (m->options & VCPU_AWAIT_LOOPS)) {
			loop_visit_quiet(m, c, word, mask, write, pc);
		} else if (unlikely(m->loops)) {
			if (write)
				loop_write(m, c, word, mask);
			else
				loop_read(c, word, mask, false);
		}
		check_poison(m, offset, pc);
		if (unlikely(write && c->deferred)) {
			c->offset = offset;
			assertions_before_write(m, c, word, mask);
		}
		if (write)
			note_change(m, word, mask);
		return;
	}
	c->parts[0] = (struct vcpu_part){ mask, word, write };
	if (c->deferred)
		assertions_fuse(m, c, &count);
	c->offset = offset;
	/* A plain store is not what a CPU spins on. */
	if (operation != VCPU_WRITE && (m->options & VCPU_AWAIT_LOOPS))
		loop_visit(m, c, operation, pc, &count);
	event_wait(m, operation, count, pc);
	if (c->deferred)
		assertions_run(m, c);
	check_poison(m, offset, pc);
	if (write)
		note_change(m, word, mask);
}

void access_words(struct vcpu_machine *m, const struct vcpu_part *parts, unsigned words,
		  uint32_t operation, const void *pc)
{
	struct cpu *c = running_cpu(m);
	bool visible = false;
	uint32_t count = 0;

	for (unsigned i = 0; i < words; i++)
		visible |= access_is_visible(m, parts[i].word, parts[i].mask, parts[i].write);
	if (c->collecting || !visible) {
		/* Before the first, as the CPU's record does not say at which it stands. */
		for (unsigned i = 0; parts[0].write && !c->collecting && c->deferred && i < words; i++)
			assertions_before_write(m, c, parts[i].word, parts[i].mask);
		for (unsigned i = 0; i < words; i++)
			access_word(m, 8 * (uintptr_t)parts[i].word, parts[i].mask,
				    parts[i].write, operation, pc);
		return;
	}
	m->accesses++;
	for (unsigned i = 0; i < words; i++) {
		note_plain(m, parts[i].word, parts[i].mask);
		c->parts[count++] = parts[i];
	}
	if (c->deferred)
		assertions_fuse(m, c, &count);
	c->loop.impure = true;
	event_wait(m, operation, count, pc);
	if (c->deferred)
		assertions_run(m, c);
	for (unsigned i = 0; i < words; i++)
		check_poison(m, 8 * (uintptr_t)parts[i].word +
			     (unsigned)__builtin_ctzll(parts[i].mask) / 8, pc);
	for (unsigned i = 0; parts[0].write && i < words; i++)
		note_change(m, parts[i].word, parts[i].mask);
}

void explored_access(const volatile void *p, unsigned bytes, uint64_t bits, bool write,
		     uint32_t operation, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;
	bool explored = m->executing && m->running >= 0;
	uint64_t mask;

	if (offset >= m->arena_bytes)
		return;
	mask = bits && (m->options & VCPU_EXACT_CONFLICTS) ? bits : byte_mask(m, offset, bytes);
	if (explored)
		access_word(m, offset, mask, write, operation, pc);
	if (write)
		mark_dirty(m, offset, bytes);
	if (unlikely(m->trace_on) && explored && !running_cpu(m)->collecting)
		trace_add(m, !write ? VCPU_TRACE_READ :
			  operation == VCPU_WRITE ? VCPU_TRACE_WRITE : VCPU_TRACE_RMW,
			  pc, m->arena + offset, bytes, mask, NULL);
}
