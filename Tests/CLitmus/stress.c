/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs for runs on host threads. */
#include "hooks.h"

static const struct vcpu_site rare_bug = {
	VCPU_BUG_ON, "register == value", "litmus_run", "litmus.c", 1
};

void litmus_crossed_locks(const void *ignored)
{
	char *end = (char *)vcpu_arena() + vcpu_arena_size();
	vcpu_spinlock *lock[] = { (vcpu_spinlock *)(end - 16), (vcpu_spinlock *)(end - 8) };
	int first = vcpu_id() & 1;

	(void)ignored;
	vcpu_spin_lock(lock[first]);
	vcpu_spin_lock(lock[!first]);
	vcpu_spin_unlock(lock[!first]);
	vcpu_spin_unlock(lock[first]);
}

void litmus_rare_bug(const void *ignored)
{
	static unsigned calls;

	(void)ignored;
	if (vcpu_id() == 0 && ++calls % 100 == 0)
		vcpu_bug(&rare_bug);
}
