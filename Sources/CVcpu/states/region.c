/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions of memory that values of a state can point into.  They lie elsewhere in each run, so
 * an address is known by its region, and its distance from where that begins.
 */
#define _GNU_SOURCE
#include <link.h>
#include <string.h>

#include "states.h"

static void put_region(struct vcpu_machine *m, unsigned index, struct region region)
{
	m->region[index] = region;
	m->regions_version++;
	memset(m->region_hint, 0, sizeof(m->region_hint));
	if (!region.first)
		return;
	if (!m->region_low || region.first < m->region_low)
		m->region_low = region.first;
	if (region.first + region.bytes > m->region_high)
		m->region_high = region.first + region.bytes;
}

void set_region(struct vcpu_machine *m, unsigned index, const void *first, size_t bytes)
{
	/* Behind all parts of a state: see states.h. */
	uint64_t tag = (uint64_t)(index + 1) << 52;

	put_region(m, index, (struct region){ (uintptr_t)first, bytes, tag });
}

/* Returns the tag of a library by the name of its file, which may lie in any folder. */
static uint64_t tag_of(const char *path)
{
	const char *name = strrchr(path, '/');
	uint64_t tag = 1;

	for (name = name ? name + 1 : path; *name; name++)
		tag = folded(tag ^ (unsigned char)*name, 0x9e3779b97f4a7c15u);
	return tag;
}

/* The program may have any name, and so may the object with the arena in it. */
static int find_object(struct dl_phdr_info *object, size_t bytes, void *argument)
{
	uintptr_t first = UINTPTR_MAX, end = 0;
	struct vcpu_machine *m = argument;

	for (unsigned i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t at = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		first = at < first ? at : first;
		end = at + segment->p_memsz > end ? at + segment->p_memsz : end;
	}
	if (end <= first)
		return 0;
	if ((uintptr_t)&vcpu_no_machine - first < end - first)
		set_region(m, REGION_PROGRAM, (const void *)first, end - first);
	else if ((uintptr_t)m->arena - first < end - first)
		set_region(m, REGION_UNDER_TEST, (const void *)first, end - first);
	else if (m->regions < REGIONS_MAX)
		put_region(m, m->regions++, (struct region){ first, end - first, tag_of(object->dlpi_name) });
	return 0;
}

void find_objects(struct vcpu_machine *m)
{
	m->regions = REGION_LIBRARY;
	dl_iterate_phdr(find_object, m);
}

static bool lies_in(uint64_t address, const struct region *r)
{
	return address - r->first < r->bytes;
}

const struct region *region_of(struct vcpu_machine *m, uint64_t address)
{
	static const struct region none;
	unsigned char *hint = &m->region_hint[(address >> 16) % REGION_HINTS];

	if (likely(lies_in(address, &m->region[*hint])))
		return &m->region[*hint];
	for (unsigned i = 0; i < m->regions; i++) {
		if (lies_in(address, &m->region[i])) {
			*hint = (unsigned char)i;
			return &m->region[i];
		}
	}
	/* The end of a region can be pointed to, too, where no other one begins. */
	for (unsigned i = 0; i < m->regions; i++)
		if (m->region[i].first && address - m->region[i].first == m->region[i].bytes)
			return &m->region[i];
	return &none;
}
