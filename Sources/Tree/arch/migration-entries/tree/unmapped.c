/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The promise of unmap_folio(): when it is done, nothing maps the locked folio.  A kernel
 * of v5.13 warned where it was broken (732ed55823fc); later ones do not look.
 */
#include <linux/mm.h>
#include <linux/rmap.h>
#include "runtime/folio.h"
#include "tree/world.h"

/* The linker has all calls of the tree's two functions come here.  The one that puts
 * migration entries in the place of mappings is the second, in trees that have it; its calls
 * under the lock of the anon_vma are of a split. */
bool __real_try_to_unmap(struct folio *folio, enum ttu_flags flags);
void __real_try_to_migrate(struct folio *folio, enum ttu_flags flags);

/* A function would be inlined on real CPUs only, and so have another name there in a report. */
#define CHECK_UNMAPPED(folio) do {							\
	static const struct vcpu_site site = {						\
		VCPU_INVARIANT, "folio_mapped(folio) after try_to_migrate()", "unmap_folio",	\
		"mm/huge_memory.c", 0							\
	};										\
											\
	vcpu_assert_not(^{ return (bool)folio_mapped(folio); }, &site);			\
} while (0)

/* Returns nothing in some trees, whose callers look at no result. */
bool __wrap_try_to_unmap(struct folio *folio, enum ttu_flags flags)
{
	bool result = __real_try_to_unmap(folio, flags);

#ifndef MMRACE_HAS_TRY_TO_MIGRATE
	if (flags & TTU_SPLIT_FREEZE)
		CHECK_UNMAPPED(folio);
#endif
	return result;
}

#ifdef MMRACE_HAS_TRY_TO_MIGRATE
void __wrap_try_to_migrate(struct folio *folio, enum ttu_flags flags)
{
	__real_try_to_migrate(folio, flags);
	if (flags & TTU_RMAP_LOCKED)
		CHECK_UNMAPPED(folio);
}
#endif
