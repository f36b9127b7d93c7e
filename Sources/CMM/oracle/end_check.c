/* SPDX-License-Identifier: GPL-2.0-only */
/* The consistency check at the end, when no CPU runs.  check_process.c and the generation's
 * check_compound.c are included before. */
#include "check_pages.c"
#include "check_rmap.c"

__uninstrumented static const struct vcpu_site *check_world(struct expected *all)
{
	bool zone_lock_held = raw_locked(&world_zone()->lock);
	bool lru_lock_held = raw_locked(raw_lru_lock());
	const struct vcpu_site *site;
	unsigned i;

	FAILS_IF_HELD(zone_lock_held, &world_zone()->lock);
	FAILS_IF_HELD(lru_lock_held, raw_lru_lock());
	for (i = 0; i < world_caches(); i++) {
		bool list_lock_held = raw_locked(raw_cache_at(i).lock);

		FAILS_IF_HELD(list_lock_held, raw_cache_at(i).lock);
	}
	for (i = 0; i < CMM_MM_MAX; i++) {
		if (!world_process(i))
			continue;
		site = check_process(all, world_process(i));
		if (site)
			return site;
	}
	site = check_free_lists(all);
	if (site)
		return site;
	count_references(all);
	site = check_pages(all);
	if (!site)
		site = check_generation(all);
	return site ? site : check_rmap();
}

/* Always looks at everything: it has the type of an oracle. */
__uninstrumented static const struct vcpu_site *world_end_check(bool whole)
{
	struct expected *all = calloc(world_pages(), sizeof(*all));
	const struct vcpu_site *site = check_world(all);

	free(all);
	return site;
}
