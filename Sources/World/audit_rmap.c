/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects of the reverse map that are in use must be reachable from a process. */
#include <World/audit.h>

/* Each anon_vma of the cache, by its number in it. */
struct rmap_audit {
	struct raw_cache cache;
	bool *found;		/* reachable from a process */
	unsigned *children;	/* anon_vmas of which it is the root */
};

__uninstrumented static const struct anon_vma *anon_vma_at(const struct rmap_audit *audit,
							   unsigned i)
{
	return (const void *)(audit->cache.objects + i * audit->cache.size);
}

/* cache.total for what is none. */
__uninstrumented static unsigned number_of(const struct rmap_audit *audit,
					   const struct anon_vma *anon_vma)
{
	size_t i = ((const char *)anon_vma - audit->cache.objects) / audit->cache.size;

	return i < audit->cache.total ? i : audit->cache.total;
}

/*
 * The degree of each anon_vma that is reachable counts the VMAs that call it
 * their own and its children.
 */
__uninstrumented static bool degrees_differ(const struct rmap_audit *audit)
{
	bool differ = false;
	unsigned p, i, j;

	for (i = 0; RAW_HAS_DEGREE && i < audit->cache.total; i++) {
		const struct anon_vma *anon_vma = anon_vma_at(audit, i);
		unsigned degree = 0;

		if (!audit->found[i])
			continue;
		for (p = 0; p < CMM_MM_MAX; p++) {
			const struct mm_struct *mm = world_process(p);

			degree += mm && mm->mmap && mm->mmap->anon_vma == anon_vma;
		}
		for (j = 0; j < audit->cache.total; j++)
			degree += audit->found[j] &&
				  raw_parent(anon_vma_at(audit, j)) == anon_vma;
		differ |= raw_degree(anon_vma) != degree;
	}
	return differ;
}

/* The chains of one process. */
__uninstrumented static unsigned audit_chains(struct rmap_audit *audit,
					      const struct vm_area_struct *vma)
{
	const struct list_head *head = &vma->anon_vma_chain, *entry;
	unsigned chains = 0, number;

	for (entry = head->next; entry != head; entry = entry->next) {
		chains++;
		number = number_of(audit, list_entry(entry, struct anon_vma_chain,
						     same_vma)->anon_vma);
		if (number < audit->cache.total)
			audit->found[number] = true;
	}
	return chains;
}

__uninstrumented static const struct vcpu_site *audit_objects(struct rmap_audit *audit)
{
	unsigned p, i, root, mms = 0, vmas = 0, chains = 0, reachable = 0, waiting = 0;
	bool anon_vma_lock_held = false, refcount_differs = false, degree_differs;

	for (p = 0; p < CMM_MM_MAX; p++) {
		const struct mm_struct *mm = world_process(p);

		mms += mm != NULL;
		if (!mm || !mm->mmap)
			continue;
		vmas++;
		chains += audit_chains(audit, mm->mmap);
	}
	for (i = 0; i < audit->cache.total; i++) {
		const struct anon_vma *anon_vma = anon_vma_at(audit, i);

		if (!audit->found[i])
			continue;
		reachable++;
		root = number_of(audit, anon_vma->root);
		if (root < audit->cache.total && root != i)
			audit->children[root]++;
		anon_vma_lock_held |= raw_sem_locked(&anon_vma->rwsem);
	}
	for (i = 0; i < audit->cache.total; i++) {
		if (audit->found[i])
			refcount_differs |= anon_vma_at(audit, i)->refcount.counter !=
					    1 + (int)audit->children[i];
		else if (audit->children[i])
			waiting++;
	}
	degree_differs = degrees_differ(audit);
	FAILS_IF(VCPU_LEAK, anon_vma_lock_held);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_MM)) != mms);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_VMA)) != vmas);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_AVC)) != chains);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_ANON_VMA)) !=
			    reachable + waiting);
	FAILS_IF(VCPU_LEAK, refcount_differs);
	FAILS_IF(VCPU_LEAK, degree_differs);
	return NULL;
}

__uninstrumented static const struct vcpu_site *audit_rmap(void)
{
	struct rmap_audit audit = { .cache = raw_cache_at(world_cache(CACHE_ANON_VMA)) };
	const struct vcpu_site *site;

	audit.found = calloc(audit.cache.total, sizeof(*audit.found));
	audit.children = calloc(audit.cache.total, sizeof(*audit.children));
	site = audit_objects(&audit);
	free(audit.children);
	free(audit.found);
	return site;
}
