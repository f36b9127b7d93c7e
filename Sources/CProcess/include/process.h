/* SPDX-License-Identifier: GPL-2.0-only */
/* Starts of processes: Swift does not see the functions of glibc that they take. */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

/**
 * Starts a program in a group of its own, with nothing to read.
 *
 * @param words: and environment: each ends with NULL.
 * @param folder: the folder in which it runs.
 * @param out: and errors: receive the ends of pipes, from which its standard output and
 *	standard error are read.
 * @returns 0, or an error number; then nothing was started.
 */
int process_start(const char *path, char *const words[], char *const environment[],
		  const char *folder, pid_t *id, int *out, int *errors);

/**
 * Executes the program of this process once more, where the kernel puts it at random
 * addresses, at those that it always gets; returns if it has them, or cannot get them.
 */
void process_fix_addresses(char *const words[]);

#endif
