/* SPDX-License-Identifier: GPL-2.0-only */
/* The reduced model of split against zap: each access is one step. */
#include "reduced.h"

#include "hooks.h"

static const struct vcpu_site not_head = {
	VCPU_BUG_ON, "!is_head", "reduced_zap", "reduced.c", 1
};
static const struct vcpu_site wrong_mapcount = {
	VCPU_BUG_ON, "mapcount != found", "reduced_split", "reduced.c", 2
};

static struct reduced_world *reduced(void)
{
	return vcpu_arena();
}

static uint32_t read_once(uint32_t *p)
{
	__tsan_read4(p);
	return *(volatile uint32_t *)p;
}

static void write_once(uint32_t *p, uint32_t value)
{
	__tsan_write4(p);
	*(volatile uint32_t *)p = value;
}

void reduced_zap(void *argument)
{
	const struct reduced_thread *thread = argument;
	struct reduced_world *w = reduced();
	vcpu_spinlock *ptl = &w->ptl[thread->mapping];
	uint32_t *pmd = &w->pmd[thread->mapping];
	uint32_t value;

	vcpu_spin_lock(ptl);
	value = read_once(pmd);
	if (!(value & REDUCED_PRESENT)) {
		vcpu_spin_unlock(ptl);
	} else if (value & REDUCED_SPLITTING) {
		vcpu_spin_unlock(ptl);
		/* The split is over when its lock can be had. */
		vcpu_spin_lock(&w->anon_vma);
		vcpu_spin_unlock(&w->anon_vma);
	} else {
		write_once(pmd, 0);
		vcpu_add_return(&w->mapcount, -1);
		if (!read_once(&w->is_head))
			vcpu_bug(&not_head);
		vcpu_spin_unlock(ptl);
	}
}

void reduced_split(void *argument)
{
	const struct reduced_thread *thread = argument;
	struct reduced_world *w = reduced();
	uint32_t found = 0, value;

	vcpu_spin_lock(&w->anon_vma);
	for (uint32_t i = 0; i < thread->mappings; i++) {
		if (thread->is_buggy && !(read_once(&w->pmd[i]) & REDUCED_PRESENT))
			continue;
		vcpu_spin_lock(&w->ptl[i]);
		value = read_once(&w->pmd[i]);
		if (value & REDUCED_PRESENT) {
			write_once(&w->pmd[i], value | REDUCED_SPLITTING);
			found++;
		}
		vcpu_spin_unlock(&w->ptl[i]);
	}
	if (read_once((uint32_t *)&w->mapcount) != found)
		vcpu_bug(&wrong_mapcount);
	write_once(&w->is_head, 0);
	for (uint32_t i = 0; i < thread->mappings; i++) {
		vcpu_spin_lock(&w->ptl[i]);
		if (read_once(&w->pmd[i]) & REDUCED_SPLITTING)
			write_once(&w->pmd[i], 0);
		vcpu_spin_unlock(&w->ptl[i]);
	}
	vcpu_spin_unlock(&w->anon_vma);
}
