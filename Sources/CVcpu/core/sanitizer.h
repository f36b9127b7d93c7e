/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells the real sanitizers, when they look at the harness itself, which stack is in
 * use.  Nothing in other builds.
 *
 * sanitizer_fresh(s, low, bytes)	a fibre begins anew on this stack, and what was on it
 *				is gone
 * sanitizer_forget(s)		there will be no fibre on it
 * sanitizer_switch(from, to)	comes before a switch
 * sanitizer_entered(from, to)	comes after it, on the new stack
 */
#ifndef VCPU_SANITIZER_H
#define VCPU_SANITIZER_H

#include <stdbool.h>
#include <stddef.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#define VCPU_THREAD_SANITIZER __has_feature(thread_sanitizer)
#define VCPU_ADDRESS_SANITIZER __has_feature(address_sanitizer)

/* A sanitizer's knowledge of a stack that is switched to. */
struct sanitizer_stack {
#if VCPU_THREAD_SANITIZER
	void *context;
	bool own;		/* of a fibre, not of a thread */
#elif VCPU_ADDRESS_SANITIZER
	void *fake;
	const void *low;
	size_t bytes;
#endif
};

#if VCPU_THREAD_SANITIZER
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fibre);
void __tsan_switch_to_fiber(void *fibre, unsigned flags);

static inline void sanitizer_forget(struct sanitizer_stack *s)
{
	if (s->own)
		__tsan_destroy_fiber(s->context);
	s->own = false;
}

static inline void sanitizer_fresh(struct sanitizer_stack *s, void *low, size_t bytes)
{
	sanitizer_forget(s);
	s->context = __tsan_create_fiber(0);
	s->own = true;
}

static inline void sanitizer_switch(struct sanitizer_stack *from, struct sanitizer_stack *to)
{
	from->context = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->context, 0);
}

#define sanitizer_entered(from, to)	((void)0)
#elif VCPU_ADDRESS_SANITIZER
void __asan_unpoison_memory_region(const volatile void *p, size_t bytes);
void __sanitizer_start_switch_fiber(void **fake, const void *low, size_t bytes);
void __sanitizer_finish_switch_fiber(void *fake, const void **low, size_t *bytes);

#define sanitizer_forget(s)		((void)0)

static inline void sanitizer_fresh(struct sanitizer_stack *s, void *low, size_t bytes)
{
	__asan_unpoison_memory_region(low, bytes);
	*s = (struct sanitizer_stack){ .low = low, .bytes = bytes };
}

static inline void sanitizer_switch(struct sanitizer_stack *from, struct sanitizer_stack *to)
{
	__sanitizer_start_switch_fiber(&from->fake, to->low, to->bytes);
}

static inline void sanitizer_entered(struct sanitizer_stack *from, struct sanitizer_stack *to)
{
	__sanitizer_finish_switch_fiber(to->fake, &from->low, &from->bytes);
}
#else
#define sanitizer_forget(s)		((void)0)
#define sanitizer_fresh(s, low, bytes)	((void)0)
#define sanitizer_switch(from, to)	((void)0)
#define sanitizer_entered(from, to)	((void)0)
#endif

#endif
