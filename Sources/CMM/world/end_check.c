/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracles at the end, when no CPU runs.  Every page is given an account of
 * what should refer to it, built from the page tables and the scenario; then the
 * counters are compared with it.
 */
#include <linux/rmap.h>
#include <stdlib.h>
#include <world/inspect.h>

struct account {
	int huge_entries;	/* huge pmds that map the page as a head */
	int entries;		/* ptes that map it */
	int pins;		/* on this very page, head or tail */
	int waiting;		/* references of pagevecs */
	bool is_table;
	bool is_free;
};

struct audit {
	struct account *accounts;
	long huge_pmds;
};

#define FAILS_IF(kind, condition) do {					\
	if (condition)							\
		return RAW_SITE(kind, #condition);			\
} while (0)

__uninstrumented static struct account *account_of(struct audit *audit,
						   const struct page *page)
{
	return &audit->accounts[page - world_mem_map()];
}

__uninstrumented static const struct vcpu_site *audit_locks_of(struct mm_struct *mm,
							       pmd_t *pmd)
{
	bool page_table_lock_held = mm->page_table_lock.rlock.owner;
	bool mmap_sem_held = mm->mmap_sem.state.count;
	bool ptl_of_pmd_held = pmd && raw_pmd_lock(mm, pmd)->rlock.owner;
	bool ptl_of_ptes_held = pmd && pmd->pmd && !(pmd->pmd & _PAGE_PSE) &&
				raw_page(pmd->pmd)->ptl.rlock.owner;

	FAILS_IF(VCPU_LEAK, page_table_lock_held);
	FAILS_IF(VCPU_LEAK, mmap_sem_held);
	FAILS_IF(VCPU_LEAK, ptl_of_pmd_held);
	FAILS_IF(VCPU_LEAK, ptl_of_ptes_held);
	return NULL;
}

/* Enters the tables and the mappings of one process into the accounts. */
__uninstrumented static const struct vcpu_site *audit_process(struct audit *audit,
							      struct mm_struct *mm)
{
	uint32_t subpages = world_subpages(), i;
	const struct vcpu_site *site;
	long rss = 0, huge_pmds = 0, tables = 0, deposits = 0;
	pgd_t *pgd = NULL;
	pud_t *pud = NULL;
	pmd_t *pmd = raw_pmd(mm, &pgd, &pud);
	struct page *deposit;

	site = audit_locks_of(mm, pmd);
	if (site)
		return site;

	account_of(audit, raw_page_of(mm->pgd))->is_table = true;
	if (pgd && pgd->pgd)
		account_of(audit, raw_page(pgd->pgd))->is_table = true;
	if (pud && pud->pud)
		account_of(audit, raw_page(pud->pud))->is_table = true;
	if (pmd) {
		deposits = raw_deposits(mm, pmd);
		deposit = raw_deposit(mm, pmd);
		for (i = 0; i < deposits; i++) {
			account_of(audit, deposit)->is_table = true;
			deposit = list_entry(deposit->lru.next, struct page, lru);
		}
		if (pmd->pmd & _PAGE_PSE) {
			bool splitting = pmd->pmd & _PAGE_SPLITTING;
			bool present = pmd->pmd & _PAGE_PRESENT;

			FAILS_IF(VCPU_INVARIANT, splitting);
			FAILS_IF(VCPU_INVARIANT, !present);
			huge_pmds = 1;
			rss += subpages;
			account_of(audit, raw_page(pmd->pmd))->huge_entries++;
		} else if (pmd->pmd) {
			unsigned long *table = raw_table(pmd->pmd);

			tables = 1;
			account_of(audit, raw_page(pmd->pmd))->is_table = true;
			for (i = 0; i < subpages; i++) {
				if (!table[i])
					continue;
				rss++;
				account_of(audit, raw_page(table[i]))->entries++;
			}
		}
	}
	audit->huge_pmds += huge_pmds;
	FAILS_IF(VCPU_LEAK, deposits != huge_pmds);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_ANONPAGES].counter != rss);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_FILEPAGES].counter != 0);
	FAILS_IF(VCPU_LEAK, raw_nr_ptes(mm) != tables + deposits);
	return NULL;
}

__uninstrumented static void audit_free_list(struct audit *audit,
					     const struct list_head *list,
					     uint32_t pages)
{
	const struct list_head *entry;
	uint32_t i;

	for (entry = list->next; entry && entry != list; entry = entry->next) {
		struct page *page = list_entry(entry, struct page, lru);

		for (i = 0; i < pages; i++)
			account_of(audit, page + i)->is_free = true;
	}
}

__uninstrumented static void audit_lists(struct audit *audit)
{
	struct world *w = world();
	unsigned i, j;

	for (i = 0; i < MIGRATE_PCPTYPES; i++) {
		audit_free_list(audit, &w->zone.free_area[0].free_list[i], 1);
		audit_free_list(audit, &w->zone.free_area[1].free_list[i],
				world_subpages());
		for (j = 0; j < CMM_CPU_MAX; j++)
			audit_free_list(audit, &w->cpu[j].pageset.pcp.lists[i], 1);
	}
	for (j = 0; j < CMM_CPU_MAX; j++)
		for (i = 0; i < w->cpu[j].lru_add_pvec.nr; i++)
			account_of(audit, w->cpu[j].lru_add_pvec.pages[i])->waiting++;
	if (w->pin)
		account_of(audit, w->pin)->pins++;
}

__uninstrumented static const struct vcpu_site *audit_compound(struct audit *audit,
							       struct page *head)
{
	struct account *account = account_of(audit, head);
	int references = account->huge_entries + account->waiting + account->pins;
	uint32_t i;

	for (i = 1; i < world_subpages(); i++) {
		struct page *page_tail = head + i;
		struct account *tail = account_of(audit, page_tail);

		FAILS_IF(VCPU_INVARIANT, !raw_flag(page_tail, PG_tail));
		FAILS_IF(VCPU_INVARIANT, page_tail->first_page != head);
		FAILS_IF(VCPU_LEAK, page_tail->_count.counter != 0);
		FAILS_IF(VCPU_LEAK, page_tail->_mapcount.counter + 1 != tail->pins);
		FAILS_IF(VCPU_INVARIANT, tail->entries != 0);
		FAILS_IF(VCPU_INVARIANT, tail->is_free);
		references += tail->pins;
	}
	FAILS_IF(VCPU_LEAK, head->_count.counter != references);
	FAILS_IF(VCPU_LEAK, head->_mapcount.counter + 1 != account->huge_entries);
	FAILS_IF(VCPU_INVARIANT, account->entries != 0);
	FAILS_IF(VCPU_INVARIANT, account->is_free);
	return NULL;
}

__uninstrumented static const struct vcpu_site *audit_single(struct audit *audit,
							     struct page *page)
{
	struct account *account = account_of(audit, page);
	int references = account->entries + account->pins + account->waiting +
			 account->is_table;

	FAILS_IF(VCPU_INVARIANT, account->huge_entries != 0);
	FAILS_IF(VCPU_INVARIANT, raw_flag(page, PG_tail));
	FAILS_IF(VCPU_LEAK, page->_count.counter != references);
	FAILS_IF(VCPU_LEAK, page->_mapcount.counter + 1 != account->entries);
	/* In use and referenced, or free; a page that is neither is lost. */
	FAILS_IF(VCPU_LEAK, account->is_free == (references != 0));
	return NULL;
}

__uninstrumented static const struct vcpu_site *audit_pages(struct audit *audit)
{
	struct world_geometry *g = &world()->geometry;
	struct page *map = world_mem_map();
	long on_lru = 0, on_lists = 0, mapped = 0;
	uint32_t pfn, i;

	for (pfn = 1; pfn < g->pages; pfn++) {
		const struct vcpu_site *site;
		struct page *page = &map[pfn];
		bool page_is_locked, compound_lock_held;

		/* The gap that aligns the huge pages is nobody's. */
		if (pfn >= g->table_pages && pfn < g->huge_pfn)
			continue;
		page_is_locked = raw_flag(page, PG_locked);
		compound_lock_held = raw_flag(page, PG_compound_lock);
		FAILS_IF(VCPU_LEAK, page_is_locked);
		FAILS_IF(VCPU_LEAK, compound_lock_held);
		on_lru += raw_flag(page, PG_lru);
		if (!raw_flag(page, PG_head)) {
			site = audit_single(audit, page);
			mapped += page->_mapcount.counter >= 0;
		} else {
			site = audit_compound(audit, page);
			for (i = 1; i < g->config.subpages; i++)
				on_lru += raw_flag(page + i, PG_lru);
			if (page->_mapcount.counter >= 0)
				mapped += g->config.subpages;
			pfn += g->config.subpages - 1;
		}
		if (site)
			return site;
	}
	for (i = 0; i < NR_LRU_LISTS; i++)
		on_lists += raw_list_length(&world()->zone.lruvec.lists[i]);
	FAILS_IF(VCPU_LEAK, on_lru != on_lists);
	/*
	 * Not NR_ANON_TRANSPARENT_HUGEPAGES: when the last mapping is zapped after
	 * page_get_anon_vma() has seen the page mapped, these versions of Linux
	 * count the page out twice, in page_remove_rmap() and in the split.
	 */
	FAILS_IF(VCPU_LEAK, raw_zone_state(NR_ANON_PAGES) != mapped);
	return NULL;
}

/*
 * The degree of each anon_vma that is reachable counts the VMAs that call it
 * their own and its children.
 */
__uninstrumented static const struct vcpu_site *audit_degrees(const unsigned char *found)
{
	const struct kmem_cache *cache = anon_vma_cachep;
	bool degree_differs = false;
	unsigned p, i, j;

	for (i = 0; i < cache->total; i++) {
		const struct anon_vma *anon_vma =
			(void *)(cache->objects + i * cache->object_size);
		unsigned degree = 0;

		if (!found[i])
			continue;
		for (p = 0; p < CMM_MM_MAX; p++) {
			const struct mm_struct *mm = world()->process[p].mm;

			degree += mm && mm->mmap && mm->mmap->anon_vma == anon_vma;
		}
		for (j = 0; j < cache->total; j++) {
			const struct anon_vma *child =
				(void *)(cache->objects + j * cache->object_size);

			degree += found[j] && child->parent == anon_vma;
		}
		degree_differs |= anon_vma->degree != degree;
	}
	FAILS_IF(VCPU_LEAK, degree_differs);
	return NULL;
}

/* Objects that are in use must be reachable from a process. */
__uninstrumented static const struct vcpu_site *audit_rmap(void)
{
	struct kmem_cache *cache = anon_vma_cachep;
	unsigned p, i, mms = 0, vmas = 0, chains = 0, reachable = 0, waiting = 0;
	unsigned char *found = calloc(cache->total, 1);
	unsigned *children = calloc(cache->total, sizeof(*children));
	bool anon_vma_lock_held = false, refcount_differs = false;
	const struct vcpu_site *degrees;

	for (p = 0; p < CMM_MM_MAX; p++) {
		struct mm_struct *mm = world()->process[p].mm;
		const struct list_head *entry, *head;

		if (!mm)
			continue;
		mms++;
		if (!mm->mmap)
			continue;
		vmas++;
		head = &mm->mmap->anon_vma_chain;
		for (entry = head->next; entry != head; entry = entry->next) {
			struct anon_vma_chain *avc =
				list_entry(entry, struct anon_vma_chain, same_vma);
			size_t index = (size_t)((char *)avc->anon_vma -
						cache->objects) / cache->object_size;

			chains++;
			if (index < cache->total)
				found[index] = 1;
		}
	}
	for (i = 0; i < cache->total; i++) {
		struct anon_vma *anon_vma =
			(void *)(cache->objects + i * cache->object_size);
		size_t root;

		if (!found[i])
			continue;
		reachable++;
		root = (size_t)((char *)anon_vma->root - cache->objects) /
		       cache->object_size;
		if (root < cache->total && root != i)
			children[root]++;
		anon_vma_lock_held |= anon_vma->rwsem.state.count != 0;
	}
	for (i = 0; i < cache->total; i++) {
		struct anon_vma *anon_vma =
			(void *)(cache->objects + i * cache->object_size);

		if (found[i])
			refcount_differs |= anon_vma->refcount.counter !=
					    1 + (int)children[i];
		else if (children[i])
			waiting++;
	}
	degrees = MMRACE_COMMIT_7a3ef208e662 ? audit_degrees(found) : NULL;
	free(children);
	free(found);
	FAILS_IF(VCPU_LEAK, anon_vma_lock_held);
	FAILS_IF(VCPU_LEAK, raw_cache_live(mm_cachep) != mms);
	FAILS_IF(VCPU_LEAK, raw_cache_live(vm_area_cachep) != vmas);
	FAILS_IF(VCPU_LEAK, raw_cache_live(anon_vma_chain_cachep) != chains);
	FAILS_IF(VCPU_LEAK, raw_cache_live(cache) != reachable + waiting);
	FAILS_IF(VCPU_LEAK, refcount_differs);
	return degrees;
}

__uninstrumented static const struct vcpu_site *audit_world(struct audit *audit)
{
	struct world *w = world();
	const struct vcpu_site *site;
	bool zone_lock_held = w->zone.lock.rlock.owner;
	bool lru_lock_held = w->zone.lru_lock.rlock.owner;
	unsigned i;

	FAILS_IF(VCPU_LEAK, zone_lock_held);
	FAILS_IF(VCPU_LEAK, lru_lock_held);
	for (i = 0; i < WORLD_CACHES; i++) {
		bool list_lock_held = w->cache[i].list_lock.rlock.owner;

		FAILS_IF(VCPU_LEAK, list_lock_held);
	}
	for (i = 0; i < CMM_MM_MAX; i++) {
		if (!w->process[i].mm)
			continue;
		site = audit_process(audit, w->process[i].mm);
		if (site)
			return site;
	}
	audit_lists(audit);
	site = audit_pages(audit);
	return site ? site : audit_rmap();
}

__uninstrumented static const struct vcpu_site *subject_end_check(bool whole)
{
	(void)whole;
	struct audit audit = {
		.accounts = calloc(world()->geometry.pages, sizeof(struct account)),
	};
	const struct vcpu_site *site = audit_world(&audit);

	free(audit.accounts);
	return site;
}
