/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assertion fusing.  A passing assertion has no effect, so it may be evaluated
 * with the CPU's next event instead of being events of its own: every state in
 * which the CPU stands at the assertion is a state in which it stands at the
 * fused event, for what lies between is invisible.  That holds only while
 * nothing between is a release, a blocking operation, a free, or a write of
 * what the assertion reads: these flush the assertion into an event of its own.
 *
 * An assertion that fails is another matter: it hides the executions in which
 * it was evaluated earlier, passed, and the CPU went on.  So its failure is
 * reported, it is never fused again, and the search begins anew.  So it is with
 * one that reads several visible words: those are events of their own.
 */
#include <string.h>

#include "explore.h"

/* The head of a block literal, as the compiler lays it out. */
struct closure {
	void *isa;
	int flags;
	int reserved;
	bool (*invoke)(void *);
	const struct { unsigned long reserved, size; } *descriptor;
};

static bool call(void *closure)
{
	return ((struct closure *)closure)->invoke(closure);
}

size_t assertion_bytes(const struct deferred_assertion *a)
{
	return ((const struct closure *)(const void *)a->closure)->descriptor->size;
}

bool assertions_are_same(const struct deferred_assertion *a,
			 const struct deferred_assertion *b)
{
	const struct closure *x = (const void *)a->closure, *y = (const void *)b->closure;

	return x->invoke == y->invoke && x->descriptor == y->descriptor &&
	       !memcmp(x + 1, y + 1, x->descriptor->size - sizeof(*x));
}

static const struct vcpu_site side_effect = {
	VCPU_BAD_STATE, "an assertion writes memory that others see", NULL, NULL, 0
};

void assertion_collect(struct vcpu_machine *m, struct cpu *c, uint32_t word, uint64_t mask,
		       bool write)
{
	bool visible = access_is_visible(m, word, mask, write);

	if (unlikely(m->loops))
		loop_read(c, word, mask, visible);
	if (write) {
		record_bug(m, &side_effect, NULL, false);
		return;
	}
	if (c->fresh == ASSERT_READS_MAX)
		c->overflow = true;
	else
		c->fresh_read[c->fresh++] = (struct vcpu_part){ mask, word, 0 };
}

/*
 * Evaluates at one point in time; what it read is in fresh_read.  Returns the
 * site that fails: this one, or that of an assertion inside it.
 */
static const struct vcpu_site *evaluate(struct cpu *c, void *closure,
					const struct vcpu_site *site)
{
	bool bad;

	c->fresh = 0;
	c->overflow = false;
	c->inner = NULL;
	c->collecting = true;
	bad = call(closure);
	c->collecting = false;
	if (c->inner)
		return c->inner;
	return bad ? site : NULL;
}

static bool is_visible(struct vcpu_machine *m, const struct vcpu_part *p)
{
	return (m->word[p->word].visible & p->mask) || !(m->options & VCPU_CONFLICTS_ONLY);
}

/* A private write while assertions are deferred: they must not see it. */
void assertions_before_write(struct vcpu_machine *m, struct cpu *c, uint32_t word,
			     uint64_t mask)
{
	for (unsigned i = 0; i < c->reads; i++) {
		if (c->read[i].word == word && (c->read[i].mask & mask)) {
			assertions_flush_at(m, FLUSH_WRITE);
			return;
		}
	}
}

static bool covered(const struct vcpu_part *p, const struct vcpu_part *by, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (by[i].word == p->word && !(p->mask & ~by[i].mask))
			return true;
	return false;
}

/* Adds a read to one of the parts that reads the same word, if there is one. */
static bool merged(const struct vcpu_part *p, struct vcpu_part *into, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (into[i].word == p->word && !into[i].write) {
			into[i].mask |= p->mask;
			return true;
		}
	}
	return false;
}

/* Adds what the deferred assertions read to the parts of the next event. */
void assertions_fuse(struct vcpu_machine *m, struct cpu *c, uint32_t *count)
{
	for (unsigned i = 0; i < c->reads; i++) {
		const struct vcpu_part *p = &c->read[i];

		if (is_visible(m, p) && !covered(p, c->parts, *count) &&
		    !merged(p, c->parts, *count))
			c->parts[(*count)++] = *p;
	}
}

static unsigned visible_reads(struct vcpu_machine *m, const struct cpu *c)
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->fresh; i++)
		count += is_visible(m, &c->fresh_read[i]);
	return count;
}

static bool all_covered(const struct cpu *c)
{
	for (unsigned i = 0; i < c->fresh; i++)
		if (!covered(&c->fresh_read[i], c->read, c->reads))
			return false;
	return true;
}

static void forbid_fusing(struct vcpu_machine *m, const void *invoke)
{
	if (m->unfusables < UNFUSABLE_MAX)
		m->unfusable[m->unfusables++] = invoke;
	m->generation++;
}

static bool may_fuse(const struct vcpu_machine *m, const void *invoke)
{
	for (unsigned i = 0; i < m->unfusables; i++)
		if (m->unfusable[i] == invoke)
			return false;
	return m->unfusables < UNFUSABLE_MAX;
}

/* A warning is reported, and the CPU goes on; of anything else it halts. */
static void report_failed(struct vcpu_machine *m, const struct vcpu_site *site, const void *pc)
{
	if (site->kind != VCPU_BAD_STATE)
		halt_with(m, site, pc);
	record_bug(m, site, pc, false);
}

/* Evaluates the deferred assertions, now that their event is scheduled. */
void assertions_run(struct vcpu_machine *m, struct cpu *c)
{
	unsigned count = c->deferred;

	c->deferred = 0;
	for (unsigned i = 0; i < count; i++) {
		struct deferred_assertion *a = &c->assertion[i];
		const struct vcpu_site *failed = evaluate(c, a->closure, a->site);

		/* It read elsewhere than when it was deferred, and the event did not
		 * say so, or more than once: search again without. */
		if (visible_reads(m, c) > 1 || !all_covered(c))
			forbid_fusing(m, ((struct closure *)a->closure)->invoke);
		if (failed) {
			forbid_fusing(m, ((struct closure *)a->closure)->invoke);
			report_failed(m, failed, a->pc);
		}
	}
	c->reads = 0;
}

void assertions_flush(struct vcpu_machine *m)
{
	assertions_flush_at(m, FLUSH_BEFORE);
}

void assertions_flush_at(struct vcpu_machine *m, enum flush_place place)
{
	struct cpu *c = running_cpu(m);
	uint32_t count = 0;

	if (!c->deferred || !m->executing)
		return;
	for (unsigned i = 0; i < c->reads; i++)
		if (is_visible(m, &c->read[i]))
			c->parts[count++] = c->read[i];
	c->flushes = place;
	event_wait(m, VCPU_ASSERT, count, c->assertion[0].pc);
	assertions_run(m, c);
}

void explored_assert_not(vcpu_condition bad, const struct vcpu_site *site, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	struct closure *closure = (struct closure *)(void *)bad;
	struct cpu *c;
	const struct vcpu_site *failed;
	unsigned visible;

	if (m->running < 0 || !m->executing || !(m->options & VCPU_FUSE_ASSERTIONS)) {
		if (bad())
			report_failed(m, site, pc);
		return;
	}
	c = running_cpu(m);
	if (c->collecting) {		/* an assertion inside an assertion */
		if (bad() && !c->inner)
			c->inner = site;
		return;
	}
	failed = evaluate(c, closure, site);
	visible = visible_reads(m, c);
	if (!visible && !c->overflow) {
		if (failed)
			report_failed(m, failed, pc);
		return;
	}
	/* Two reads that others may write between are two events, as they are.  Their
	 * number can depend on what others wrote, and then the step that led here would
	 * not commute with that write: what is not fused once never is. */
	if (visible > 1 || c->overflow || c->deferred == DEFERRED_MAX ||
	    c->reads + c->fresh > ASSERT_READS_MAX ||
	    closure->descriptor->size > CLOSURE_BYTES || !may_fuse(m, closure->invoke)) {
		if (may_fuse(m, closure->invoke))
			forbid_fusing(m, closure->invoke);
		if (bad())
			report_failed(m, site, pc);
		return;
	}
	memcpy(c->assertion[c->deferred].closure, closure, closure->descriptor->size);
	c->assertion[c->deferred].site = site;
	c->assertion[c->deferred].pc = pc;
	c->deferred++;
	for (unsigned i = 0; i < c->fresh; i++)
		if (!covered(&c->fresh_read[i], c->read, c->reads))
			c->read[c->reads++] = c->fresh_read[i];
}
