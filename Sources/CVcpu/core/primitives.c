/* SPDX-License-Identifier: GPL-2.0-only */
/* The small services of vcpu.h: bugs, sections, lifetime. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "operations.h"

#define PC __builtin_return_address(0)

__thread const struct operations *cpu_operations __attribute__((tls_model("initial-exec"))) =
	&explored_cpu;

int vcpu_id(void)
{
	return cpu_operations->id();
}

void *vcpu_arena(void)
{
	return vcpu_current->arena;
}

size_t vcpu_arena_size(void)
{
	return vcpu_current->arena_bytes;
}

void vcpu_bug(const struct vcpu_site *site)
{
	cpu_operations->fail(site, PC);
	__builtin_unreachable();
}

void vcpu_report(const struct vcpu_site *site)
{
	cpu_operations->report(site, PC);
}

void vcpu_assert_not(vcpu_condition bad, const struct vcpu_site *site)
{
	cpu_operations->assert_not(bad, site, PC);
}

void vcpu_mark(unsigned index)
{
	/* Threads would fight over the counters: marks are for one thread. */
	if (index < 32 && is_explored())
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

void vcpu_rcu_read_lock(void)
{
	cpu_operations->enter(SECTION_RCU, NULL, PC);
}

void vcpu_rcu_read_unlock(void)
{
	cpu_operations->leave(SECTION_RCU, PC);
}

void vcpu_synchronize_rcu(void)
{
	cpu_operations->wait_for_all(SECTION_RCU, NULL, PC);
}

void vcpu_irqs_off(const void *of)
{
	cpu_operations->enter(SECTION_IRQ, of, PC);
}

void vcpu_irqs_on(void)
{
	cpu_operations->leave(SECTION_IRQ, PC);
}

void vcpu_interrupt_others(const void *of)
{
	cpu_operations->wait_for_all(SECTION_IRQ, of, PC);
}

void vcpu_might_sleep(const struct vcpu_site *site)
{
	if (cpu_operations->in_section())
		cpu_operations->fail(site, PC);
}

/* The bytes' place in the arena; false when they do not lie in it. */
static bool locate(const void *p, size_t bytes, uintptr_t *offset)
{
	const struct vcpu_machine *m = vcpu_current;

	*offset = (uintptr_t)p - (uintptr_t)m->arena;
	return *offset < m->arena_bytes && bytes <= m->arena_bytes - *offset;
}

void vcpu_poison(const void *p, size_t bytes)
{
	uintptr_t offset;

	if (locate(p, bytes, &offset))
		cpu_operations->poison(offset, bytes, true, PC);
}

void vcpu_unpoison(const void *p, size_t bytes)
{
	uintptr_t offset;

	if (locate(p, bytes, &offset))
		cpu_operations->poison(offset, bytes, false, PC);
}

void vcpu_clear(void *p, size_t bytes)
{
	uintptr_t offset;

	if (is_explored() && bytes && locate(p, bytes, &offset))
		mark_dirty(vcpu_current, offset, bytes);
	memset(p, 0, bytes);
}
