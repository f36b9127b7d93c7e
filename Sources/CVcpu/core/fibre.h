/* SPDX-License-Identifier: GPL-2.0-only */
/* Stacks that a thread switches between; private to CVcpu. */
#ifndef VCPU_FIBRE_H
#define VCPU_FIBRE_H

#include "sanitizer.h"

/* Ample for mm code at -O0; a guard page below turns overflow into an oops. */
#define FIBRE_STACK_BYTES (128u << 10)
#define FIBRE_GUARD_BYTES 4096u

struct fibre {
	void *stack_pointer;		/* while it does not run */
	unsigned char *stack;		/* NULL for that of the thread itself */
	struct sanitizer_stack sanitizer;
};

/* Makes the fibre begin anew, with vcpu_fibre_main(), when it is switched to. */
void fibre_prepare(struct fibre *f);
/* Runs at first on a fresh stack; never returns. */
void vcpu_fibre_main(void);

/* fibre_switch.S */
void vcpu_switch(void **save, void *load);
void vcpu_fibre_start(void);

/* Goes on with another fibre, until that switches back. */
static inline void fibre_switch(struct fibre *from, struct fibre *to)
{
	sanitizer_switch(&from->sanitizer, &to->sanitizer);
	vcpu_switch(&from->stack_pointer, to->stack_pointer);
	sanitizer_entered(&to->sanitizer, &from->sanitizer);
}

#endif
