/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions that the compiler calls for each C access of the code under test.  The
 * objects are built with -fsanitize=thread; this file is the runtime, as
 * kernel/kcsan is the kernel's.
 *
 * The real ThreadSanitizer has functions of the same names, so they are not here when
 * it looks for races in the harness, and the code under test calls none.
 */
#include "operations.h"

#include <stdatomic.h>
#include <string.h>

#if defined(VCPU_NO_HOOKS) && !VCPU_THREAD_SANITIZER
#error "MMRACE_SANITIZE=thread goes with --sanitize=thread: see the Makefile"
#elif !defined(VCPU_NO_HOOKS) && VCPU_THREAD_SANITIZER
#error "--sanitize=thread goes with MMRACE_SANITIZE=thread: see the Makefile"
#endif

bool vcpu_machine_sees_accesses(void)
{
#ifdef VCPU_NO_HOOKS
	return false;
#else
	return true;
#endif
}

#ifndef VCPU_NO_HOOKS

void __tsan_init(void);
void __tsan_init(void)
{
}

static void one_word(struct vcpu_machine *m, uintptr_t offset, unsigned bytes, bool write,
		     const void *pc)
{
	uint64_t mask = byte_mask(m, offset, bytes);
	bool explored = m->executing && m->running >= 0;

	if (explored)
		access_word(m, offset, mask, write, write ? VCPU_WRITE : VCPU_READ, pc);
	else
		m->accesses++;
	if (write)
		mark_dirty(m, offset, bytes);
	if (unlikely(m->trace_on) && explored && !running_cpu(m)->collecting)
		trace_add(m, write ? VCPU_TRACE_WRITE : VCPU_TRACE_READ, pc,
			  m->arena + offset, bytes, mask, NULL);
}

/* The instruction that follows touches all of them, so they are one event: were
 * they one each, others could run between, and it would still see what they did. */
static void several_words(struct vcpu_machine *m, uintptr_t offset, unsigned bytes, bool write,
			  const void *pc)
{
	struct vcpu_part part[ACCESS_WORDS];
	unsigned count = 0;

	if (!m->executing || m->running < 0) {
		m->accesses++;
		if (write)
			mark_dirty(m, offset, bytes);
		return;
	}
	for (uintptr_t at = offset; at < offset + bytes; at = (at | 7) + 1) {
		uintptr_t end = (at | 7) + 1 < offset + bytes ? (at | 7) + 1 : offset + bytes;

		part[count++] = (struct vcpu_part){
			byte_mask(m, at, (unsigned)(end - at)), (uint32_t)(at >> 3), write
		};
	}
	running_cpu(m)->offset = offset;
	access_words(m, part, count, write ? VCPU_WRITE : VCPU_READ, pc);
	if (write)
		mark_dirty(m, offset, bytes);
	if (unlikely(m->trace_on) && !running_cpu(m)->collecting)
		for (unsigned i = 0; i < count; i++)
			trace_add(m, write ? VCPU_TRACE_WRITE : VCPU_TRACE_READ, pc,
				  m->arena + 8 * (size_t)part[i].word, 8, part[i].mask, NULL);
}

static inline __attribute__((always_inline)) void access(const volatile void *p, unsigned bytes,
							 bool write, const void *pc)
{
	struct vcpu_machine *m = vcpu_current;
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	if (likely(offset >= m->arena_bytes))
		return;
	if (unlikely(!is_explored())) {
		cpu_operations->access(p, bytes, 0, write, write ? VCPU_WRITE : VCPU_READ, pc);
		return;
	}
	if (unlikely((offset & 7) + bytes > 8))
		several_words(m, offset, bytes, write, pc);
	else
		one_word(m, offset, bytes, write, pc);
}

#define HOOK(name, size, write)							\
	void __tsan_##name##size(void *p);					\
	void __tsan_##name##size(void *p)					\
	{ access(p, size, write, __builtin_return_address(0)); }

#define HOOKS(size)								\
	HOOK(read, size, false)							\
	HOOK(write, size, true)							\
	HOOK(unaligned_read, size, false)					\
	HOOK(unaligned_write, size, true)					\
	HOOK(volatile_read, size, false)					\
	HOOK(volatile_write, size, true)					\
	HOOK(unaligned_volatile_read, size, false)				\
	HOOK(unaligned_volatile_write, size, true)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

/* Keeps the rest of a copy in the CPU's record, with the word that is on its way. */
static inline void note_rest(unsigned char *to, const unsigned char *from, size_t bytes,
			     const void *word, size_t chunk)
{
	struct vcpu_machine *m = vcpu_current;
	struct copied *rest;

	if (m->running < 0)
		return;
	rest = &running_cpu(m)->copied;
	*rest = (struct copied){ to, from, bytes, 0 };
	if (chunk)
		memcpy(&rest->word, word, chunk);
}

/* Struct copies at -O0 come here; each word is one read and one write. */
static void copy(unsigned char *to, const unsigned char *from, size_t bytes, const void *pc)
{
	while (bytes) {
		size_t chunk = 8 - ((uintptr_t)from & 7);
		unsigned char word[8];

		if (chunk > bytes)
			chunk = bytes;
		note_rest(to, from, bytes, NULL, 0);
		access(from, (unsigned)chunk, false, pc);
		memcpy(word, from, chunk);
		note_rest(to, from, bytes, word, chunk);
		access(to, (unsigned)chunk, true, pc);
		memcpy(to, word, chunk);
		to += chunk;
		from += chunk;
		bytes -= chunk;
	}
}

void *__tsan_memcpy(void *to, const void *from, size_t bytes);
void *__tsan_memcpy(void *to, const void *from, size_t bytes)
{
	copy(to, from, bytes, __builtin_return_address(0));
	return to;
}

/* Through a buffer, chunk by chunk, the far end first: they overlap. */
static __attribute__((noinline)) void move_up(unsigned char *to, const unsigned char *from,
					      size_t bytes, const void *pc)
{
	/* It is part of the CPU's state, so what others left there must not be. */
	unsigned char buffer[256] = { 0 };

	while (bytes) {
		size_t chunk = bytes < sizeof(buffer) ? bytes : sizeof(buffer);

		bytes -= chunk;
		copy(buffer, from + bytes, chunk, pc);
		copy(to + bytes, buffer, chunk, pc);
	}
}

void *__tsan_memmove(void *to, const void *from, size_t bytes);
void *__tsan_memmove(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to <= (uintptr_t)from || (uintptr_t)to >= (uintptr_t)from + bytes)
		copy(to, from, bytes, __builtin_return_address(0));
	else
		move_up(to, from, bytes, __builtin_return_address(0));
	return to;
}

void *__tsan_memset(void *to, int value, size_t bytes);
void *__tsan_memset(void *to, int value, size_t bytes)
{
	unsigned char *at = to;

	while (bytes) {
		size_t chunk = 8 - ((uintptr_t)at & 7);

		if (chunk > bytes)
			chunk = bytes;
		note_rest(at, NULL, bytes, &value, sizeof(value));
		access(at, (unsigned)chunk, true, __builtin_return_address(0));
		memset(at, value, chunk);
		at += chunk;
		bytes -= chunk;
	}
	return to;
}

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
	if (unlikely(atomic_load_explicit(&vcpu_traces, memory_order_relaxed)))
		trace_call(VCPU_TRACE_CALL, __builtin_return_address(0), caller);
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
	if (unlikely(atomic_load_explicit(&vcpu_traces, memory_order_relaxed)))
		trace_call(VCPU_TRACE_RETURN, __builtin_return_address(0), NULL);
}
#endif
