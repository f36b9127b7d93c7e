/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#define TRIES_MAX 20u

static int spawn(const char *path, char *const words[], char *const environment[],
		 const char *folder, pid_t *id, int out, int errors)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int error;

	/* None of what is done to the attributes can fail in glibc. */
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	/* SIGXFSZ stays ignored: an error of the write says more than a death. */
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
					      POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
	if (!error)
		error = posix_spawn_file_actions_addchdir_np(&files, folder);
	/* A thread that starts another program at the same time has whatever is being written
	 * open for a moment, a script that was just made, say. */
	for (unsigned tries = 0; !error && tries < TRIES_MAX; tries++) {
		int reason = posix_spawn(id, path, &files, &attributes, words, environment);

		if (reason != ETXTBSY || tries + 1 == TRIES_MAX) {
			error = reason;
			break;
		}
		usleep(5000);
	}
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

int process_start(const char *path, char *const words[], char *const environment[],
		  const char *folder, pid_t *id, int *out, int *errors)
{
	int first[2], second[2], error;

	/* No other program that is started meanwhile gets them. */
	if (pipe2(first, O_CLOEXEC))
		return errno;
	if (pipe2(second, O_CLOEXEC)) {
		error = errno;
		close(first[0]);
		close(first[1]);
		return error;
	}
	error = spawn(path, words, environment, folder, id, first[1], second[1]);
	close(first[1]);
	close(second[1]);
	if (error) {
		close(first[0]);
		close(second[0]);
		return error;
	}
	*out = first[0];
	*errors = second[0];
	return 0;
}
