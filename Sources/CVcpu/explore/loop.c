/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin loops: `while (!flag) cpu_relax();`, a trylock that is tried again, a walk
 * that is repeated until two counts agree.
 *
 * Code under test is compiled at -O0 and keeps nothing in registers over a call, so
 * the state of a CPU at an event is the stack of that code, the operands of the
 * event, its sections and its deferred assertions.  When an event is met again in the
 * same state, and nothing that the CPU itself did since then is left in memory or
 * could be seen by others, it will do the same again: it waits, as for a lock, until
 * another CPU changes a bit that it read since then (an await).  No execution is lost:
 * one with more such rounds goes through the same states.  The bits that it waits for
 * are parts of its event, so that what enables it is what it depends on.
 *
 * A round that others could see (it took a lock and gave it back) may matter to them,
 * so it is not left out: it is repeated a few times, and then the CPU is followed no
 * further in this execution, and the search is not complete.
 */
#include <string.h>

#include "explore.h"

/* Rounds that change something for a while which one execution may have. */
#define REPEATS_MAX 3u

void loop_reset(struct loop *l)
{
	memset(l->seen, 0, sizeof(l->seen));
	l->active = false;
	l->open = false;
	l->kind = VCPU_LOOP_NONE;
}

static bool others_can_run(const struct vcpu_machine *m)
{
	for (unsigned i = 0; i < m->cpu_count; i++)
		if ((int)i != m->running && m->cpu[i].state == CPU_RUNNING &&
		    wait_is_over(m, &m->cpu[i]))
			return true;
	return false;
}

static void begin_round(struct vcpu_machine *m, struct loop *l)
{
	l->restart = false;
	l->stale = false;
	l->impure = false;
	l->overflow = false;
	l->alone = !others_can_run(m);
	l->reads = 0;
	l->visible_reads = 0;
	l->writes = 0;
}

static void forget_head(struct vcpu_machine *m, struct loop *l)
{
	l->active = false;
	m->loops--;
}

static void begin_loop(struct vcpu_machine *m, struct cpu *c, const struct loop_place *place,
		       bool quiet)
{
	struct loop *l = &c->loop;
	void **frame = loop_caller(c, place->pc);

	if (!frame)
		return;
	if (!l->active)
		m->loops++;
	l->active = true;
	l->quiet = quiet;
	l->head = *place;
	l->visits = 1;
	l->next_copy = 2;
	l->age = 0;
	l->repeats = 0;
	loop_copy_state(l, c, frame);
}

static uint64_t load_word(const struct vcpu_machine *m, uint32_t word)
{
	uint64_t value;

	memcpy(&value, m->arena + 8 * (size_t)word, 8);
	return value;
}

/* Returns whether what the CPU wrote in the round is as it was before. */
static bool left_no_trace(const struct vcpu_machine *m, const struct loop *l)
{
	for (uint32_t i = 0; i < l->writes; i++) {
		const struct loop_write *w = &l->write[i];

		if ((load_word(m, w->part.word) ^ w->before) & w->part.mask)
			return false;
	}
	return true;
}

void loop_cut(struct vcpu_machine *m, struct cpu *c, const void *pc)
{
	void **frame = loop_caller(c, pc);

	loop_cut_at(m, c, pc, frame ? frame[0] : NULL);
}

void loop_cut_at(struct vcpu_machine *m, struct cpu *c, const void *pc, void **frame)
{
	loop_note_frames(&c->loop, c, pc, frame);
	c->loop.kind = VCPU_LOOP_CUT;
	c->wait = WAIT_CUT;
	m->cut |= 1u << (c - m->cpu);
}

/* Ends a round: the state is that of the copy, so the CPU went once around. */
static void end_round(struct vcpu_machine *m, struct cpu *c, uint32_t *count)
{
	struct loop *l = &c->loop;
	void **frame;

	l->restart = true;
	if (l->overflow || !left_no_trace(m, l))
		return;				/* it gets somewhere */
	if (l->alone || (!l->impure && !l->stale)) {
		for (uint32_t i = 0; i < l->visible_reads; i++)
			c->parts[(*count)++] = l->read[i];
		frame = loop_caller(c, l->head.pc);
		loop_note_frames(l, c, l->head.pc, frame ? frame[0] : NULL);
		l->kind = VCPU_LOOP_SPINS;
		l->stale = false;
		c->wait = WAIT_LOOP;
		return;
	}
	if (l->impure && ++l->repeats > REPEATS_MAX)
		loop_cut(m, c, l->head.pc);
}

static void visit_head(struct vcpu_machine *m, struct cpu *c, uint32_t *count)
{
	struct loop *l = &c->loop;
	void **frame = loop_caller(c, l->head.pc);

	l->age = 0;
	l->visits++;
	if (!frame)
		return;
	if (loop_same_state(l, c, frame)) {
		end_round(m, c, count);
	} else if (l->visits >= l->next_copy) {
		l->next_copy = 2 * l->visits;
		loop_copy_state(l, c, frame);
	}
}

void loop_visit(struct vcpu_machine *m, struct cpu *c, uint32_t operation, const void *pc,
		uint32_t *count)
{
	struct loop *l = &c->loop;
	struct loop_place place = { pc, loop_callers(c, loop_caller(c, pc)), c->parts[0].word, operation,
				    c->parts[0].mask };
	uintptr_t hash = ((uintptr_t)pc ^ place.callers ^ place.word * 0x9e3779b1u) *
			 0x9e3779b97f4a7c15u;
	struct loop_seen *s = &l->seen[hash >> 58];

	loop_close(m, c);
	if (l->active && l->quiet)
		forget_head(m, l);
	if (l->active && loop_same_place(&l->head, &place)) {
		visit_head(m, c, count);
		return;
	}
	if (!loop_same_place(&s->place, &place)) {
		*s = (struct loop_seen){ place, 1, l->active ? l->visits : 0 };
	} else if (!l->active) {
		begin_loop(m, c, &place, false);
		return;
	} else if (s->round != l->visits) {
		s->round = l->visits;
		s->visits = 1;
	} else if (++s->visits > 2) {
		/* Three times while the head was not met: a loop inside the loop. */
		s->visits = 0;
		begin_loop(m, c, &place, false);
		return;
	}
	if (l->active && ++l->age > LOOP_EVENTS_MAX)
		forget_head(m, l);
}

void loop_visit_quiet(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask,
		      bool write, const void *pc)
{
	struct loop *l = &c->loop;
	struct loop_place place = { pc, loop_callers(c, loop_caller(c, pc)), word, write, mask };
	uint32_t none = 0;

	/* The head moves on at powers of two: it must lie within the loop. */
	if (!l->active || !l->quiet || !(c->quiet & (c->quiet - 1))) {
		begin_loop(m, c, &place, true);
	} else if (loop_same_place(&l->head, &place)) {
		visit_head(m, c, &none);
		if (c->wait != WAIT_NONE) {
			enum wait_kind wait = c->wait;

			/* Their next event never comes. */
			c->wait = WAIT_NONE;
			assertions_flush(m);
			c->wait = wait;
			event_wait(m, VCPU_SPIN, 0, pc);
		}
	}
	if (l->active && l->restart)
		begin_round(m, l);
	if (write)
		loop_write(m, c, word, mask);
	else
		loop_read(c, word, mask, false);
}

void loop_open(struct vcpu_machine *m, struct cpu *c)
{
	struct loop *l = &c->loop;

	l->kind = VCPU_LOOP_NONE;
	if (l->active && l->restart)
		begin_round(m, l);
	for (uint32_t i = 0; l->active && i < c->pending.count; i++) {
		const struct vcpu_part *p = &c->parts[i];

		if (p->word >= m->words_total)
			continue;
		loop_read(c, p->word, p->mask, true);
		if (p->write)
			loop_write(m, c, p->word, p->mask);
	}
	if (!c->pending.count || !c->parts[0].write || c->parts[0].word >= m->words_total)
		return;
	l->open = true;
	l->open_part = c->parts[0];
	l->open_before = load_word(m, l->open_part.word);
}

void loop_close(struct vcpu_machine *m, struct cpu *c)
{
	struct loop *l = &c->loop;
	uint64_t changed;

	if (l->open) {
		l->open = false;
		changed = (load_word(m, l->open_part.word) ^ l->open_before) &
			  l->open_part.mask;
		if (changed)
			loop_changed(m, c, l->open_part.word, changed);
	}
	if (l->active && l->alone)
		l->alone = !others_can_run(m);
}

void loop_changed(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask)
{
	c->loop.impure = true;
	for (unsigned i = 0; i < m->cpu_count; i++) {
		struct loop *l = &m->cpu[i].loop;

		if (&m->cpu[i] == c || !l->active || l->stale)
			continue;
		for (uint32_t k = 0; k < l->visible_reads; k++)
			if (l->read[k].word == word && (l->read[k].mask & mask))
				l->stale = true;
	}
}

void loop_read(struct cpu *c, uint32_t word, uint64_t mask, bool visible)
{
	struct loop *l = &c->loop;

	if (!l->active)
		return;
	for (uint32_t i = 0; i < l->reads; i++)
		if (l->read[i].word == word && !(mask & ~l->read[i].mask))
			return;
	if (l->visible_reads == LOOP_READS_MAX) {
		l->overflow |= visible;
		return;
	}
	/* Invisible reads stand behind the rest, and are kept for the report alone. */
	if (l->reads < LOOP_READS_MAX)
		l->reads++;
	else if (!visible)
		return;
	if (visible) {
		l->read[l->reads - 1] = l->read[l->visible_reads];
		l->read[l->visible_reads++] = (struct vcpu_part){ mask, word, 0 };
	} else {
		l->read[l->reads - 1] = (struct vcpu_part){ mask, word, 0 };
	}
}

void loop_write(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask)
{
	struct loop *l = &c->loop;

	if (!l->active)
		return;
	for (uint32_t i = 0; i < l->writes; i++)
		if (l->write[i].part.word == word && !(mask & ~l->write[i].part.mask))
			return;
	if (l->writes == LOOP_WRITES_MAX) {
		l->overflow = true;
		return;
	}
	l->write[l->writes++] =
		(struct loop_write){ { mask, word, 1 }, load_word(m, word) };
}

bool vcpu_machine_loop(struct vcpu_machine *m, unsigned cpu, struct vcpu_loop *loop)
{
	const struct loop *l = &m->cpu[cpu].loop;

	if (m->cpu[cpu].state != CPU_RUNNING || l->kind == VCPU_LOOP_NONE ||
	    wait_is_over(m, &m->cpu[cpu]))
		return false;
	loop->kind = l->kind;
	loop->frames = l->frames;
	memcpy(loop->frame, l->frame, sizeof(loop->frame));
	loop->read = l->read;
	loop->reads = l->reads;
	return true;
}
