/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals on the thread that runs code under test; private to CVcpu. */
#ifndef VCPU_FAULT_H
#define VCPU_FAULT_H

#include "machine.h"

extern const struct vcpu_site vcpu_site_oops;

/* Read the context that a signal handler is given: where the code was, its frame, and
 * where a function was called that has only just begun. */
const void *fault_pc(const void *context);
void *fault_frame(const void *context);
const void *fault_caller(const void *context);
/* Goes on with a function, at the top of the fibre's stack, when the handler returns. */
void fault_continue(void *context, const struct fibre *f, void (*function)(void));

/* Catches the signals: once for the program; and the signal stack of a machine's thread. */
void fault_handle(void);
void fault_install(struct vcpu_machine *m);
void fault_uninstall(struct vcpu_machine *m);

#endif
