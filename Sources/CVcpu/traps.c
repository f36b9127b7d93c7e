/* SPDX-License-Identifier: GPL-2.0-only */
/* Symbols that nobody provides: their use is a finding. */
#include "include/vcpu_traps.h"

#include <sys/mman.h>

#include "machine.h"

bool vcpu_traps_close(const struct vcpu_traps *traps)
{
	size_t bytes = (traps->stride * traps->count + 4095) & ~(size_t)4095;

	return !bytes || mprotect((void *)(uintptr_t)traps->begin, bytes, PROT_NONE) == 0;
}

void vcpu_machine_set_traps(struct vcpu_machine *m, const struct vcpu_traps *traps)
{
	m->traps = traps;
}

const struct vcpu_site *trap_at(const struct vcpu_machine *m, const void *address)
{
	size_t offset;

	if (!m->traps)
		return NULL;
	offset = (uintptr_t)address - (uintptr_t)m->traps->begin;
	if (offset >= m->traps->stride * m->traps->count)
		return NULL;
	return &m->traps->sites[offset / m->traps->stride];
}
