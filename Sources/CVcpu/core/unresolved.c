/* SPDX-License-Identifier: GPL-2.0-only */
/* Symbols that nothing defines: their use is a finding. */
#include "../include/vcpu_unresolved.h"

#include <sys/mman.h>

#include "machine.h"

bool vcpu_unresolved_close(const struct vcpu_unresolved *unresolved)
{
	size_t bytes = (unresolved->stride * unresolved->count + 4095) & ~(size_t)4095;

	return !bytes || mprotect((void *)(uintptr_t)unresolved->begin, bytes, PROT_NONE) == 0;
}

void vcpu_machine_set_unresolved(struct vcpu_machine *m, const struct vcpu_unresolved *unresolved)
{
	m->unresolved = unresolved;
	if (unresolved)
		set_region(m, REGION_SITES, unresolved->sites, unresolved->count * sizeof(unresolved->sites[0]));
}

const struct vcpu_site *unresolved_at(const struct vcpu_machine *m, const void *address)
{
	size_t offset;

	if (!m->unresolved)
		return NULL;
	offset = (uintptr_t)address - (uintptr_t)m->unresolved->begin;
	if (offset >= m->unresolved->stride * m->unresolved->count)
		return NULL;
	return &m->unresolved->sites[offset / m->unresolved->stride];
}
