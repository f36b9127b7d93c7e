/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects of the reverse map that are in use must be reachable from a process. */
#include "expected.h"

/* Each anon_vma of the cache, by its number in it. */
struct rmap_check {
	struct raw_cache cache;
	bool *found;		/* reachable from a process */
	unsigned *children;	/* anon_vmas of which it is the root */
};

__uninstrumented static const struct anon_vma *anon_vma_at(const struct rmap_check *check,
							   unsigned i)
{
	return (const void *)(check->cache.objects + i * check->cache.size);
}

/* Returns the number of an anon_vma, or cache.total for a pointer to none of them. */
__uninstrumented static unsigned number_of(const struct rmap_check *check,
					   const struct anon_vma *anon_vma)
{
	size_t i = ((const char *)anon_vma - check->cache.objects) / check->cache.size;

	return i < check->cache.total ? i : check->cache.total;
}

/* Returns the number of VMAs that call it their own, and of its children. */
__uninstrumented static unsigned degree_of(const struct rmap_check *check,
					   const struct anon_vma *anon_vma)
{
	unsigned degree = 0, p, i;

	for (p = 0; p < CMM_MM_MAX; p++) {
		const struct mm_struct *mm = world_process(p);

		degree += mm && raw_vma(mm) && raw_vma(mm)->anon_vma == anon_vma;
	}
	for (i = 0; i < check->cache.total; i++)
		degree += check->found[i] && RAW_PARENT(anon_vma_at(check, i)) == anon_vma;
	return degree;
}

/* Counts the chains of one process, and notes the anon_vmas that they lead to. */
__uninstrumented static unsigned check_chains(struct rmap_check *check,
					      const struct vm_area_struct *vma)
{
	const struct list_head *head = &vma->anon_vma_chain, *entry;
	unsigned chains = 0, number;

	for (entry = head->next; entry != head; entry = entry->next) {
		chains++;
		number = number_of(check, list_entry(entry, struct anon_vma_chain,
						     same_vma)->anon_vma);
		if (number < check->cache.total)
			check->found[number] = true;
	}
	return chains;
}

/* Checks one that is reachable. */
__uninstrumented static const struct vcpu_site *check_anon_vma(const struct rmap_check *check,
							       unsigned i)
{
	const struct anon_vma *anon_vma = anon_vma_at(check, i);
	int refcount = anon_vma->refcount.counter, references = 1 + (int)check->children[i];
	bool anon_vma_lock_held = raw_sem_locked(&anon_vma->rwsem);
	bool refcount_differs = refcount != references;
	unsigned degree = RAW_HAS_DEGREE ? degree_of(check, anon_vma) : 0;
	bool degree_differs = RAW_HAS_DEGREE && RAW_DEGREE(anon_vma) != degree;

	FAILS_IF_HELD(anon_vma_lock_held, &anon_vma->rwsem);
	FAILS_IF(VCPU_LEAK, refcount_differs, &anon_vma->refcount,
		 "{} is %d, references that exist: %d (itself, and %u of which it is the root)",
		 refcount, references, check->children[i]);
	FAILS_IF(VCPU_LEAK, degree_differs, NULL,
		 "the degree of anon_vma %u is %u, its VMAs and children: %u", i,
		 RAW_DEGREE(anon_vma), degree);
	return NULL;
}

/* The objects of each cache that are in use must be those that are reachable. */
__uninstrumented static const struct vcpu_site *check_caches(unsigned mms, unsigned vmas,
							     unsigned chains,
							     unsigned reachable,
							     unsigned waiting)
{
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_MM)) != mms, NULL,
		 "mm_structs in use: %u, processes: %u",
		 raw_cache_live(world_cache(CACHE_MM)), mms);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_VMA)) != vmas, NULL,
		 "vm_area_structs in use: %u, VMAs of processes: %u",
		 raw_cache_live(world_cache(CACHE_VMA)), vmas);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_AVC)) != chains, NULL,
		 "anon_vma_chains in use: %u, on the lists of VMAs: %u",
		 raw_cache_live(world_cache(CACHE_AVC)), chains);
	FAILS_IF(VCPU_LEAK, raw_cache_live(world_cache(CACHE_ANON_VMA)) !=
			    reachable + waiting, NULL,
		 "anon_vmas in use: %u, reachable: %u, roots of these: %u",
		 raw_cache_live(world_cache(CACHE_ANON_VMA)), reachable, waiting);
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_objects(struct rmap_check *check)
{
	unsigned p, i, root, mms = 0, vmas = 0, chains = 0, reachable = 0, waiting = 0;
	const struct vcpu_site *site;

	for (p = 0; p < CMM_MM_MAX; p++) {
		const struct mm_struct *mm = world_process(p);

		mms += mm != NULL;
		if (!mm || !raw_vma(mm))
			continue;
		vmas++;
		chains += check_chains(check, raw_vma(mm));
	}
	for (i = 0; i < check->cache.total; i++) {
		if (!check->found[i])
			continue;
		reachable++;
		root = number_of(check, anon_vma_at(check, i)->root);
		if (root < check->cache.total && root != i)
			check->children[root]++;
	}
	for (i = 0; i < check->cache.total; i++)
		waiting += !check->found[i] && check->children[i];
	site = check_caches(mms, vmas, chains, reachable, waiting);
	for (i = 0; !site && i < check->cache.total; i++)
		if (check->found[i])
			site = check_anon_vma(check, i);
	return site;
}

__uninstrumented static const struct vcpu_site *check_rmap(void)
{
	struct rmap_check check = { .cache = raw_cache_at(world_cache(CACHE_ANON_VMA)) };
	const struct vcpu_site *site;

	check.found = calloc(check.cache.total, sizeof(*check.found));
	check.children = calloc(check.cache.total, sizeof(*check.children));
	site = check_objects(&check);
	free(check.children);
	free(check.found);
	return site;
}
