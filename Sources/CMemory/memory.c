/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that cannot be had ends the process, in one place and with one line.
 *
 * Swift's runtime would trap, libdw would take it for an answer, and an oracle
 * would find a wild access: none of them tells the user what is the matter.  So
 * the functions that hand out memory are defined here, over those of glibc, for
 * the program and all libraries that it loads.  The sanitizers have their own.
 */
#include "out_of_memory.h"

#include <string.h>
#include <unistd.h>

const char *const out_of_memory_message =
	"no memory is left, or none within the limit (ulimit -v): raise it, or take "
	"fewer mappings or subpages";

static int exit_code = 69;
static const char *report;

void out_of_memory_set(int code, const char *text)
{
	exit_code = code;
	report = text;
}

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *p, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

/* One attempt each: without memory there is nothing to wait for, either. */
static void tell(int descriptor, const char *text)
{
	ssize_t written = write(descriptor, text, strlen(text));

	(void)written;
}

/* The caller may hold any lock: nothing is cleaned up, and nothing flushed. */
static _Noreturn void end(void)
{
	tell(STDERR_FILENO, "mmrace: ");
	tell(STDERR_FILENO, out_of_memory_message);
	tell(STDERR_FILENO, "\n");
	if (report)
		tell(STDOUT_FILENO, report);
	_exit(exit_code);
}

/*
 * The first thread's stack grows where it is used, and a limit that forbids it is a
 * signal, which says nothing.  So it has its size before anything runs.
 */
static void grow_stack(void)
{
	size_t bytes = 1 << 20;
	struct rlimit limit;
	void *room;

	if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur / 2 < bytes)
		bytes = limit.rlim_cur / 2;
	room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		end();
	munmap(room, bytes);
	((volatile char *)__builtin_alloca(bytes))[0] = 0;
}

/*
 * Before any library's own start, which takes memory: 69 would be a verdict to
 * git bisect.
 */
static void start(int count, char **arguments, char **environment)
{
	(void)environment;
	for (int i = 1; i < count; i++)
		if (!strcmp(arguments[i], "--git-bisect"))
			exit_code = 128 + 69;
	grow_stack();
}

static void (*const first)(int, char **, char **)
	__attribute__((section(".preinit_array"), used)) = start;

static void *got(void *p)
{
	if (!p)
		end();
	return p;
}

void *malloc(size_t bytes)
{
	return got(__libc_malloc(bytes));
}

void *calloc(size_t count, size_t bytes)
{
	return got(__libc_calloc(count, bytes));
}

void *realloc(void *p, size_t bytes)
{
	void *larger = __libc_realloc(p, bytes);

	/* Nothing is what glibc returns for nothing: it has freed it. */
	return p && !bytes ? larger : got(larger);
}

void *memalign(size_t alignment, size_t bytes)
{
	return got(__libc_memalign(alignment, bytes));
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	return memalign(alignment, bytes);
}

int posix_memalign(void **p, size_t alignment, size_t bytes)
{
	if (!alignment || alignment % sizeof(void *) || alignment & (alignment - 1))
		return EINVAL;
	*p = memalign(alignment, bytes);
	return 0;
}
#endif
