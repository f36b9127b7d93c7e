/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses of the running CPU: which are visible, and waiting for the explorer. */
#include "../core/machine.h"

/* A CPU that does this much without an event is followed no further. */
#define QUIET_MAX (50u << 20)

void mark_dirty(struct vcpu_machine *m, uintptr_t offset, size_t bytes)
{
	uintptr_t last = (offset + bytes - 1) >> BLOCK_SHIFT;

	for (uintptr_t block = offset >> BLOCK_SHIFT; block <= last; block++) {
		if (m->dirty[block])
			continue;
		m->dirty[block] = 1;
		m->dirty_list[m->dirty_count++] = (uint32_t)block;
	}
}

uint64_t byte_mask(struct vcpu_machine *m, uintptr_t offset, unsigned bytes)
{
	if (bytes >= 8 || !(m->options & VCPU_EXACT_CONFLICTS))
		return ~0ull;
	return ((1ull << (8 * bytes)) - 1) << (8 * (offset & 7));
}

static void learn(struct vcpu_machine *m, struct word *w, uint64_t mask, bool write)
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

bool access_is_visible(struct vcpu_machine *m, uint32_t word, uint64_t mask, bool write)
{
	struct word *w = &m->word[word];
	uint64_t known = write ? w->written[m->running] : w->read[m->running];

	if (unlikely(mask & ~known))
		learn(m, w, mask, write);
	return (w->visible & mask) || !(m->options & VCPU_CONFLICTS_ONLY);
}

void note_plain(struct vcpu_machine *m, uint32_t word, uint64_t mask)
{
	struct word *w = &m->word[word];

	if (likely(!(mask & ~w->plain)))
		return;
	if (mask & ~w->plain & w->lock)
		m->generation++;
	w->plain |= mask;
}

void note_lock(struct vcpu_machine *m, uint32_t word, uint64_t mask)
{
	struct word *w = &m->word[word];

	if (likely(!(mask & ~w->lock)))
		return;
	if (mask & ~w->lock & w->plain)
		m->generation++;
	w->lock |= mask;
}

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
	fibre_yield(m);
	c->wait = WAIT_NONE;
	if (unlikely(m->loops))
		loop_open(m, c);
}

void check_poison(struct vcpu_machine *m, uintptr_t offset, const void *pc)
{
	if (likely(!m->poison[offset >> 3]))
		return;
	assertions_flush(m);
	if (unlikely(m->trace_on))
		trace_add(m, VCPU_TRACE_USE_AFTER_FREE, pc, m->arena + offset, 0, 0, NULL);
	halt_with(m, &vcpu_site_use_after_free, pc);
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
		if (unlikely(c->quiet >= LOOP_QUIET) && (m->options & VCPU_AWAIT_LOOPS)) {
			loop_visit_quiet(m, c, word, mask, write, pc);
		} else if (unlikely(m->loops)) {
			if (write)
				loop_write(m, c, word, mask);
			else
				loop_read(c, word, mask, false);
		}
		check_poison(m, offset, pc);
		if (unlikely(write && c->deferred))
			assertions_before_write(m, c, word, mask);
		m->changes |= write;
		return;
	}
	c->parts[0] = (struct vcpu_part){ mask, word, write };
	if (c->deferred)
		assertions_fuse(m, c, &count);
	/* A plain store is not what a CPU spins on. */
	if (operation != VCPU_WRITE && (m->options & VCPU_AWAIT_LOOPS))
		loop_visit(m, c, operation, pc, &count);
	event_wait(m, operation, count, pc);
	if (c->deferred)
		assertions_run(m, c);
	check_poison(m, offset, pc);
	m->changes |= write;
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
	loop_impure(c);
	event_wait(m, operation, count, pc);
	if (c->deferred)
		assertions_run(m, c);
	for (unsigned i = 0; i < words; i++)
		check_poison(m, 8 * (uintptr_t)parts[i].word +
			     (unsigned)__builtin_ctzll(parts[i].mask) / 8, pc);
	m->changes |= parts[0].write;
}
