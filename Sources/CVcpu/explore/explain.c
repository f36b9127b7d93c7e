/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking oracles, and what they say beside the site that they return: the values
 * that differ, and the words that these come from.  A finding is known by its
 * site alone; this is for its reader, and off while searching.
 */
#include "../core/machine.h"

#include <stdarg.h>
#include <stdio.h>

bool vcpu_explains(void)
{
	return vcpu_current->trace_on;
}

void vcpu_explain(const void *about, const char *format, ...)
{
	struct vcpu_machine *m = vcpu_current;
	va_list arguments;

	if (!m->trace_on)
		return;
	m->about = about;
	vcpu_concern(about);
	va_start(arguments, format);
	vsnprintf(m->explanation, sizeof(m->explanation), format, arguments);
	va_end(arguments);
}

void vcpu_concern(const void *address)
{
	struct vcpu_machine *m = vcpu_current;

	if (m->trace_on && address && m->concerns < VCPU_CONCERNS_MAX)
		m->concern[m->concerns++] = address;
}

void vcpu_machine_pause(struct vcpu_machine *m, bool on)
{
	m->pauses = on;
}

void vcpu_machine_watch(struct vcpu_machine *m, bool on)
{
	m->watches = on;
}

bool vcpu_machine_shows(const struct vcpu_machine *m)
{
	return m->shows;
}

bool vcpu_watches(void)
{
	return vcpu_current->watches;
}

/* Notes bits of a word in one of its sets; returns whether that is new. */
static bool watch(const volatile void *p, uint64_t bits, uint64_t *(*set)(struct word *))
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;
	uint64_t *known;

	if (!m->watches || offset >= m->arena_bytes)
		return false;
	known = set(&m->word[offset >> 3]);
	if (!(bits & ~*known))
		return false;
	learn_bits(known, bits);
	/* Steps so far did not say that they change it. */
	m->generation++;
	return true;
}

static uint64_t *watched(struct word *w)
{
	return &w->watched;
}

static uint64_t *guard(struct word *w)
{
	return &w->guard;
}

bool vcpu_watch(const volatile void *p, size_t bytes)
{
	unsigned at = 8 * ((uintptr_t)p & 7);

	return watch(p, (bytes >= 8 ? ~0ull : (1ull << 8 * bytes) - 1) << at, watched);
}

bool vcpu_watch_bits(const volatile unsigned long *p, uint64_t bits)
{
	return watch(p, bits, watched);
}

bool vcpu_watch_guard(const volatile void *lock, uint64_t bits)
{
	return watch(lock, bits ? bits : 0xffffffffull << 8 * ((uintptr_t)lock & 7), guard);
}

struct question {
	vcpu_oracle oracle;
	bool whole;
	bool records;
	const struct vcpu_site *answer;
};

/* On a stack of its own: the finding is that of no CPU. */
static void run_oracle(void *argument)
{
	struct question *q = argument;

	q->answer = q->oracle(q->whole);
	if (q->answer && q->records)
		record_bug(vcpu_current, q->answer, NULL, false);
}

static const struct vcpu_site *ask(struct vcpu_machine *m, struct question *q)
{
	const struct vcpu_site *failed;

	m->explanation[0] = '\0';
	m->about = NULL;
	m->concerns = 0;
	failed = vcpu_machine_guard(m, VCPU_MAX, run_oracle, q);
	return failed ? failed : q->answer;
}

const struct vcpu_site *vcpu_machine_check(struct vcpu_machine *m, vcpu_oracle oracle,
					   bool whole)
{
	return ask(m, &(struct question){ oracle, whole, true, NULL });
}

const struct vcpu_site *vcpu_machine_ask(struct vcpu_machine *m, vcpu_oracle oracle,
					 bool whole)
{
	size_t records = m->trace_count;
	uint32_t bugs = m->bugs;
	const struct vcpu_site *answer;

	answer = ask(m, &(struct question){ oracle, whole, false, NULL });
	/* Its own oops is an answer, too. */
	m->trace_count = records;
	m->bugs = bugs;
	return answer;
}

const char *vcpu_machine_explanation(struct vcpu_machine *m)
{
	return m->explanation;
}

const void *vcpu_machine_explained(struct vcpu_machine *m)
{
	return m->about;
}

const void *const *vcpu_machine_concerns(struct vcpu_machine *m, uint32_t *count)
{
	*count = m->concerns;
	return m->concern;
}
