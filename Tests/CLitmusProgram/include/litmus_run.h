/* SPDX-License-Identifier: GPL-2.0-only */
/* The interpreter of litmus programs. */
#ifndef LITMUS_RUN_H
#define LITMUS_RUN_H

/** Runs a struct litmus_program: the body of a virtual CPU. */
void litmus_run(void *program);

#endif
