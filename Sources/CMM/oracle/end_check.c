/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracles at the end, when no CPU runs. */
#include "audit_pages.c"
#include "audit_rmap.c"

__uninstrumented static const struct vcpu_site *audit_world(struct account *accounts)
{
	bool zone_lock_held = raw_locked(&world_zone()->lock);
	bool lru_lock_held = raw_locked(&world_zone()->lru_lock);
	const struct vcpu_site *site;
	unsigned i;

	FAILS_IF_HELD(zone_lock_held, &world_zone()->lock);
	FAILS_IF_HELD(lru_lock_held, &world_zone()->lru_lock);
	for (i = 0; i < world_caches(); i++) {
		bool list_lock_held = raw_locked(raw_cache_at(i).lock);

		FAILS_IF_HELD(list_lock_held, raw_cache_at(i).lock);
	}
	for (i = 0; i < CMM_MM_MAX; i++) {
		if (!world_process(i))
			continue;
		site = audit_process(accounts, world_process(i));
		if (site)
			return site;
	}
	site = audit_free_lists(accounts);
	if (site)
		return site;
	audit_references(accounts);
	site = audit_pages(accounts);
	return site ? site : audit_rmap();
}

/* Always looks at everything: it has the type of an oracle. */
__uninstrumented static const struct vcpu_site *world_end_check(bool whole)
{
	struct account *accounts = calloc(world_pages(), sizeof(*accounts));
	const struct vcpu_site *site = audit_world(accounts);

	(void)whole;
	free(accounts);
	return site;
}
