/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a process that has no memory left. */
#ifndef OUT_OF_MEMORY_H
#define OUT_OF_MEMORY_H

/** The line that is written to standard error then, without "mmrace: ". */
extern const char *const out_of_memory_message;

/**
 * Sets the exit code of that end, and what it writes.
 *
 * @param exit_code: 69 before the first call.
 * @param report: written to standard output; may be NULL.  It is not copied.
 */
void out_of_memory_set(int exit_code, const char *report);

#endif
