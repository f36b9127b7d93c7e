/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The promise of unmap_folio(): when it is done, nothing maps the locked folio.  A kernel
 * of v5.13 warned where it was broken (732ed55823fc); later ones do not look.
 */
#include <linux/mm.h>
#include <linux/rmap.h>
#include "runtime/folio.h"
#include "tree/world.h"

void __real_try_to_migrate(struct folio *folio, enum ttu_flags flags);

/* The linker has all calls of the tree's try_to_migrate() come here; those under the lock
 * of the anon_vma are of a split. */
void __wrap_try_to_migrate(struct folio *folio, enum ttu_flags flags)
{
	static const struct vcpu_site site = {
		VCPU_INVARIANT, "folio_mapped(folio) after try_to_migrate()", "unmap_folio",
		"mm/huge_memory.c", 0
	};

	__real_try_to_migrate(folio, flags);
	if (flags & TTU_RMAP_LOCKED)
		vcpu_assert_not(^{ return (bool)folio_mapped(folio); }, &site);
}
