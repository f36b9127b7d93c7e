/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that search side by side. */
#include "../include/vcpu_share.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../core/machine.h"

void *vcpu_share_map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool vcpu_share_map_at(void *pages, size_t bytes)
{
	return mmap(pages, bytes, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == pages;
}

void vcpu_share_unmap(void *p, size_t bytes)
{
	if (p)
		munmap(p, bytes);
}

int vcpu_share_fork(void)
{
	pid_t parent = getpid();
	int child = fork();

	if (child)
		return child;
	/* It may be gone before it could be told of. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* Timers are not inherited. */
	if (vcpu_current != &vcpu_no_machine)
		stuck_watch();
	return 0;
}

void vcpu_share_lock(int32_t *lock)
{
	/* It is held for some dozen instructions. */
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
}

void vcpu_share_unlock(int32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}
