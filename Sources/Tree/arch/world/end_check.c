/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracles at the end, when no CPU runs.  Every page is given an account of
 * what should refer to it, built from the page tables and the scenario; then the
 * counters are compared with it.
 */
#include <linux/mm.h>
#include <linux/pagevec.h>
#include <linux/slab.h>
#include "world.h"

struct account {
	int huge_entries;	/* huge pmds that map the page as a head */
	int entries;		/* ptes that map it */
	int pins;		/* on this very page, head or tail */
	int waiting;		/* references of pagevecs */
	bool is_table;
	bool is_free;
};

#define FAILS_IF(kind, condition) do {					\
	if (condition)							\
		return RAW_SITE(kind, #condition);			\
} while (0)

/* Not in the arena, as this is written without the machine's knowing. */
static struct account *accounts __attribute__((section(".bss.0outside")));

/* Of a page that is no page, nobody looks at the account. */
static struct account *account_of(const struct page *page)
{
	unsigned long i = page - mmrace_map;

	return &accounts[i < PAGES ? i : 0];
}

static const struct vcpu_site *audit_locks_of(struct mm_struct *mm, unsigned long *pmd)
{
	bool page_table_lock_held = raw_locked(&mm->page_table_lock);
	bool mmap_sem_held = mm->mmap_sem.count != 0;
	bool ptl_of_pmd_held = pmd && raw_locked(raw_pmd_lock(mm, pmd));
	bool ptl_of_ptes_held = pmd && *pmd && !(*pmd & _PAGE_PSE) &&
				raw_locked(&raw_page(*pmd)->ptl);

	FAILS_IF(VCPU_LEAK, page_table_lock_held);
	FAILS_IF(VCPU_LEAK, mmap_sem_held);
	FAILS_IF(VCPU_LEAK, ptl_of_pmd_held);
	FAILS_IF(VCPU_LEAK, ptl_of_ptes_held);
	return NULL;
}

/* Of another page than the subject a copy may be mapped: any page counts. */
static long audit_table(const unsigned long *table)
{
	long rss = 0;
	unsigned i;

	for (i = 0; i < MMRACE_SUBPAGES; i++) {
		if (!table[i])
			continue;
		rss++;
		account_of(raw_page(table[i]))->entries++;
	}
	return rss;
}

/* Enters the tables and the mappings of one process into the accounts. */
static const struct vcpu_site *audit_process(struct mm_struct *mm)
{
	long rss = 0, huge_pmds = 0, tables = 0, deposits = 0, i;
	const struct vcpu_site *site;
	struct page *deposit;
	struct raw_walk walk;

	raw_walk(mm, &walk);
	site = audit_locks_of(mm, walk.pmd);
	if (site)
		return site;

	account_of(raw_page_of(mm->pgd))->is_table = true;
	if (walk.pgd && *walk.pgd)
		account_of(raw_page(*walk.pgd))->is_table = true;
	if (walk.pud && *walk.pud)
		account_of(raw_page(*walk.pud))->is_table = true;
	if (walk.pmd) {
		unsigned long pmd = *walk.pmd;

		deposits = raw_deposits(mm, walk.pmd);
		deposit = raw_deposit(mm, walk.pmd);
		for (i = 0; i < deposits; i++) {
			account_of(deposit)->is_table = true;
			deposit = list_entry(deposit->lru.next, struct page, lru);
		}
		if (pmd & _PAGE_PSE) {
			bool present = pmd & _PAGE_PRESENT;
#ifdef _PAGE_SPLITTING
			bool splitting = pmd & _PAGE_SPLITTING;

			FAILS_IF(VCPU_INVARIANT, splitting);
#endif
			FAILS_IF(VCPU_INVARIANT, !present);
			huge_pmds = 1;
			rss += MMRACE_SUBPAGES;
			account_of(raw_page(pmd))->huge_entries++;
		} else if (pmd) {
			tables = 1;
			account_of(raw_page(pmd))->is_table = true;
			rss += audit_table(raw_table(pmd));
		}
	}
	FAILS_IF(VCPU_LEAK, deposits != huge_pmds);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_ANONPAGES].counter != rss);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_FILEPAGES].counter != 0);
	FAILS_IF(VCPU_LEAK, mm->nr_ptes.counter != tables + deposits);
	return NULL;
}

static void audit_free_list(const struct list_head *list, unsigned pages)
{
	const struct list_head *entry;
	unsigned i;

	for (entry = list->next; entry && entry != list; entry = entry->next)
		for (i = 0; i < pages; i++)
			account_of(list_entry(entry, struct page, lru) + i)->is_free = true;
}

static void audit_lists(void)
{
	struct free_area *area = mmrace_zone->free_area;
	struct pagevec *waiting;
	unsigned type, cpu, i;

	for (type = 0; type < MIGRATE_PCPTYPES; type++) {
		audit_free_list(&area[0].free_list[type], 1);
		audit_free_list(&area[HPAGE_PMD_ORDER].free_list[type], MMRACE_SUBPAGES);
		for (cpu = 0; cpu < MMRACE_CPUS; cpu++)
			audit_free_list(&mmrace_pageset(cpu)->pcp.lists[type], 1);
	}
	for (cpu = 0; cpu < MMRACE_CPUS; cpu++) {
		waiting = raw_pagevec(cpu);
		for (i = 0; waiting && i < waiting->nr; i++)
			account_of(waiting->pages[i])->waiting++;
	}
	if (mmrace_world.pin)
		account_of(mmrace_world.pin)->pins++;
}

static const struct vcpu_site *audit_compound(const struct page *head)
{
	struct account *account = account_of(head);
	int references = account->huge_entries + account->waiting + account->pins;
	unsigned i;

	for (i = 1; i < MMRACE_SUBPAGES; i++) {
		const struct page *page_tail = head + i;
		struct account *tail = account_of(page_tail);

		FAILS_IF(VCPU_INVARIANT, !raw_tail(page_tail));
		FAILS_IF(VCPU_INVARIANT, raw_head(page_tail) != head);
		FAILS_IF(VCPU_LEAK, page_tail->_count.counter != 0);
		FAILS_IF(VCPU_LEAK, raw_mapcount(page_tail) != tail->pins);
		FAILS_IF(VCPU_INVARIANT, tail->entries != 0);
		FAILS_IF(VCPU_INVARIANT, tail->is_free);
		references += tail->pins;
	}
	FAILS_IF(VCPU_LEAK, head->_count.counter != references);
	FAILS_IF(VCPU_LEAK, raw_mapcount(head) != account->huge_entries);
	FAILS_IF(VCPU_INVARIANT, account->entries != 0);
	FAILS_IF(VCPU_INVARIANT, account->is_free);
	return NULL;
}

static const struct vcpu_site *audit_single(const struct page *page)
{
	struct account *account = account_of(page);
	int references = account->entries + account->pins + account->waiting +
			 account->is_table;

	FAILS_IF(VCPU_INVARIANT, account->huge_entries != 0);
	FAILS_IF(VCPU_INVARIANT, raw_tail(page));
	FAILS_IF(VCPU_LEAK, page->_count.counter != references);
	FAILS_IF(VCPU_LEAK, raw_mapcount(page) != account->entries);
	/* In use and referenced, or free; a page that is neither is lost. */
	FAILS_IF(VCPU_LEAK, account->is_free == (references != 0));
	return NULL;
}

/* The gap that aligns huge pages, and the pools of CPUs that the world lacks. */
static bool is_nobodys(unsigned pfn)
{
	const struct page *page = &mmrace_map[pfn];

	return (pfn >= SINGLE_END && pfn < HUGE_PFN) ||
	       (pfn < SINGLE_END && page->lru.next == &page->lru &&
		!page->_count.counter);
}

static const struct vcpu_site *audit_pages(void)
{
	long on_lru = 0, on_lists = 0, mapped = 0;
	const struct vcpu_site *site;
	unsigned pfn, i;

	for (pfn = TABLE_PFN; pfn < PAGES; pfn++) {
		const struct page *page = &mmrace_map[pfn];
		bool page_is_locked, compound_lock_held;

		if (is_nobodys(pfn))
			continue;
		page_is_locked = raw_flag(page, PG_locked);
		compound_lock_held = raw_flag(page, PG_compound_lock);
		FAILS_IF(VCPU_LEAK, page_is_locked);
		FAILS_IF(VCPU_LEAK, compound_lock_held);
		on_lru += raw_flag(page, PG_lru);
		if (!raw_flag(page, PG_head)) {
			site = audit_single(page);
			mapped += raw_mapcount(page) > 0;
		} else {
			site = audit_compound(page);
			for (i = 1; i < MMRACE_SUBPAGES; i++)
				on_lru += raw_flag(page + i, PG_lru);
			if (raw_mapcount(page) > 0)
				mapped += MMRACE_SUBPAGES;
			pfn += MMRACE_SUBPAGES - 1;
		}
		if (site)
			return site;
	}
	for (i = 0; i < NR_LRU_LISTS; i++)
		on_lists += raw_list_length(&mmrace_zone->lruvec.lists[i]);
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
static bool degrees_differ(const struct mmrace_cache *cache, const unsigned char *found)
{
	bool differ = false;
#if ANON_VMA_HAS_DEGREE
	unsigned p, i, j;

	for (i = 0; i < cache->total; i++) {
		const struct anon_vma *anon_vma = (void *)(cache->objects + i * cache->size);
		unsigned degree = 0;

		if (!found[i])
			continue;
		for (p = 0; p < CMM_MM_MAX; p++) {
			const struct mm_struct *mm = mmrace_world.process[p];

			degree += mm && mm->mmap && mm->mmap->anon_vma == anon_vma;
		}
		for (j = 0; j < cache->total; j++) {
			const struct anon_vma *child =
				(void *)(cache->objects + j * cache->size);

			degree += found[j] && child->parent == anon_vma;
		}
		differ |= anon_vma->degree != degree;
	}
#endif
	return differ;
}

/* Objects that are in use must be reachable from a process. */
static const struct vcpu_site *audit_rmap(void)
{
	const struct mmrace_cache *cache = mmrace_find_cache("anon_vma");
	unsigned p, i, mms = 0, vmas = 0, chains = 0, reachable = 0, waiting = 0;
	unsigned char found[256] = { 0 };
	unsigned children[256] = { 0 };
	bool anon_vma_lock_held = false, refcount_differs = false, degree_differs;

	BUG_ON(cache->total > sizeof(found));
	for (p = 0; p < CMM_MM_MAX; p++) {
		struct mm_struct *mm = mmrace_world.process[p];
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
			size_t index = ((char *)avc->anon_vma - cache->objects) / cache->size;

			chains++;
			if (index < cache->total)
				found[index] = 1;
		}
	}
	for (i = 0; i < cache->total; i++) {
		struct anon_vma *anon_vma = (void *)(cache->objects + i * cache->size);
		size_t root = ((char *)anon_vma->root - cache->objects) / cache->size;

		if (!found[i])
			continue;
		reachable++;
		if (root < cache->total && root != i)
			children[root]++;
		anon_vma_lock_held |= anon_vma->rwsem.count != 0;
	}
	for (i = 0; i < cache->total; i++) {
		struct anon_vma *anon_vma = (void *)(cache->objects + i * cache->size);

		if (found[i])
			refcount_differs |= anon_vma->refcount.counter !=
					    1 + (int)children[i];
		else if (children[i])
			waiting++;
	}
	degree_differs = degrees_differ(cache, found);
	FAILS_IF(VCPU_LEAK, anon_vma_lock_held);
	FAILS_IF(VCPU_LEAK, raw_cache_live(mmrace_find_cache("mm_struct")) != mms);
	FAILS_IF(VCPU_LEAK, raw_cache_live(mmrace_find_cache("vm_area_struct")) != vmas);
	FAILS_IF(VCPU_LEAK, raw_cache_live(mmrace_find_cache("anon_vma_chain")) != chains);
	FAILS_IF(VCPU_LEAK, raw_cache_live(cache) != reachable + waiting);
	FAILS_IF(VCPU_LEAK, refcount_differs);
	FAILS_IF(VCPU_LEAK, degree_differs);
	return NULL;
}

static const struct vcpu_site *audit_world(void)
{
	bool zone_lock_held = raw_locked(&mmrace_zone->lock);
	bool lru_lock_held = raw_locked(&mmrace_zone->lru_lock);
	const struct vcpu_site *site;
	unsigned i;

	FAILS_IF(VCPU_LEAK, zone_lock_held);
	FAILS_IF(VCPU_LEAK, lru_lock_held);
	for (i = 0; i < mmrace_caches; i++) {
		bool list_lock_held = raw_locked(&mmrace_cache[i].lock);

		FAILS_IF(VCPU_LEAK, list_lock_held);
	}
	for (i = 0; i < CMM_MM_MAX; i++) {
		if (!mmrace_world.process[i])
			continue;
		site = audit_process(mmrace_world.process[i]);
		if (site)
			return site;
	}
	audit_lists();
	site = audit_pages();
	return site ? site : audit_rmap();
}

/* Always looks at everything: it has the type of an oracle. */
const struct vcpu_site *mmrace_end_check(bool whole)
{
	const struct vcpu_site *site;

	accounts = calloc(PAGES, sizeof(*accounts));
	site = audit_world();
	free(accounts);
	return site;
}
