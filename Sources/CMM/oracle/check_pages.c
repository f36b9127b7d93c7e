/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The references that each page should have are counted in the page tables and in
 * the scenario; then its counters are compared with them.
 */
#include "expected.h"

/* An entry that points outside of all pages is counted for page 0. */
__uninstrumented static struct expected *expected_of(struct expected *all,
						     const struct page *page)
{
	unsigned long i = page - world_mem_map();

	return &all[i < world_pages() ? i : 0];
}

__uninstrumented static const struct vcpu_site *check_locks_of(struct mm_struct *mm,
							       unsigned long *pmd)
{
	bool page_table_lock_held = raw_locked(&mm->page_table_lock);
	bool mmap_sem_held = raw_sem_locked(&mm->mmap_sem);
	bool ptl_of_pmd_held = pmd && raw_locked(raw_pmd_lock(mm, pmd));
	bool ptl_of_ptes_held = pmd && *pmd && !(*pmd & _PAGE_PSE) &&
				raw_locked(raw_pte_lock(*pmd));

	FAILS_IF_HELD(page_table_lock_held, &mm->page_table_lock);
	FAILS_IF_HELD(mmap_sem_held, &mm->mmap_sem);
	FAILS_IF_HELD(ptl_of_pmd_held, raw_pmd_lock(mm, pmd));
	FAILS_IF_HELD(ptl_of_ptes_held, raw_pte_lock(*pmd));
	return NULL;
}

/* Any page counts, not only the one of which reports speak: a copy may be mapped. */
__uninstrumented static long count_ptes(struct expected *all, const unsigned long *table)
{
	long rss = 0;
	unsigned i;

	for (i = 0; i < world_subpages(); i++) {
		if (!table[i])
			continue;
		rss++;
		expected_of(all, raw_page(table[i]))->entries++;
	}
	return rss;
}

/* Enters the tables and the mappings of one process into them. */
__uninstrumented static const struct vcpu_site *check_process(struct expected *all,
							      struct mm_struct *mm)
{
	long rss = 0, huge_pmds = 0, tables = 0, deposits = 0, i;
	const struct vcpu_site *site;
	struct page *deposit;
	struct raw_walk walk;

	raw_walk(mm, &walk);
	site = check_locks_of(mm, walk.pmd);
	if (site)
		return site;

	expected_of(all, raw_page_of(mm->pgd))->is_table = true;
	if (walk.pgd && *walk.pgd)
		expected_of(all, raw_page(*walk.pgd))->is_table = true;
	if (walk.pud && *walk.pud)
		expected_of(all, raw_page(*walk.pud))->is_table = true;
	if (walk.pmd) {
		unsigned long pmd = *walk.pmd;

		deposits = raw_deposits(mm, walk.pmd);
		deposit = raw_deposit(mm, walk.pmd);
		for (i = 0; i < deposits; i++) {
			expected_of(all, deposit)->is_table = true;
			deposit = list_entry(deposit->lru.next, struct page, lru);
		}
		if (pmd & _PAGE_PSE) {
			bool splitting = pmd & RAW_PAGE_SPLITTING;
			bool present = pmd & _PAGE_PRESENT;

			FAILS_IF(VCPU_INVARIANT, splitting, walk.pmd,
				 "{} is splitting, and no CPU is left to split");
			FAILS_IF(VCPU_INVARIANT, !present, walk.pmd,
				 "{} is huge and not present");
			huge_pmds = 1;
			rss += world_subpages();
			expected_of(all, raw_page(pmd))->huge_entries++;
		} else if (pmd) {
			tables = 1;
			expected_of(all, raw_page(pmd))->is_table = true;
			rss += count_ptes(all, raw_table(pmd));
		}
	}
	FAILS_IF(VCPU_LEAK, deposits != huge_pmds, walk.pmd,
		 "page tables deposited for {}: %ld, huge pmds: %ld", deposits, huge_pmds);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_ANONPAGES].counter != rss,
		 &mm->rss_stat.count[MM_ANONPAGES].counter,
		 "{} is %ld, pages mapped: %ld",
		 (long)mm->rss_stat.count[MM_ANONPAGES].counter, rss);
	FAILS_IF(VCPU_LEAK, mm->rss_stat.count[MM_FILEPAGES].counter != 0,
		 &mm->rss_stat.count[MM_FILEPAGES].counter,
		 "{} is %ld, pages of files mapped: 0",
		 (long)mm->rss_stat.count[MM_FILEPAGES].counter);
	FAILS_IF(VCPU_LEAK, raw_nr_ptes(mm) != tables + deposits, &mm->nr_ptes,
		 "{} is %ld, page tables in use and deposited: %ld + %ld",
		 (long)raw_nr_ptes(mm), tables, deposits);
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_free_list(
	struct expected *all, const struct list_head *list, unsigned pages)
{
	const struct list_head *entry;
	unsigned i;

	FAILS_IF(VCPU_INVARIANT, !raw_list_ends(list), list,
		 "a list of free pages has more than the %u pages that there are",
		 world_pages());
	for (entry = list->next; entry && entry != list; entry = entry->next)
		for (i = 0; i < pages; i++)
			expected_of(all, list_entry(entry, struct page, lru) + i)
				->is_free = true;
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_free_lists(struct expected *all)
{
	const struct free_area *area = world_zone()->free_area;
	const struct vcpu_site *site = NULL;
	unsigned type, cpu;

	for (type = 0; !site && type < MIGRATE_PCPTYPES; type++) {
		site = check_free_list(all, &area[0].free_list[type], 1);
		if (!site)
			site = check_free_list(all, &area[WORLD_HUGE_AREA].free_list[type],
					       world_subpages());
		for (cpu = 0; !site && cpu < WORLD_CPUS; cpu++)
			site = check_free_list(all,
					       &world_pageset(cpu)->pcp.lists[type], 1);
	}
	return site;
}

/* Enters the references of pagevecs and of the scenario, which map nothing. */
__uninstrumented static void count_references(struct expected *all)
{
	const struct pagevec *waiting;
	unsigned cpu, i;

	for (cpu = 0; cpu < WORLD_CPUS; cpu++) {
		waiting = world_pagevec(cpu);
		for (i = 0; waiting && i < waiting->nr; i++)
			expected_of(all, waiting->pages[i])->waiting++;
	}
	for (i = 0; i < CMM_PIN_MAX; i++)
		if (world_pin(i))
			expected_of(all, world_pin(i))->pins++;
}

/* Names the entries that can map a page: each pmd, and the ptes that do. */
__uninstrumented static void concern_entries(const struct page *page)
{
	struct raw_walk walk;
	unsigned p, i;

	for (p = 0; p < CMM_MM_MAX; p++) {
		if (!raw_walk(world_process(p), &walk))
			continue;
		vcpu_concern(walk.pmd);
		if (!*walk.pmd || (*walk.pmd & _PAGE_PSE))
			continue;
		for (i = 0; i < world_subpages(); i++)
			if (raw_page(raw_table(*walk.pmd)[i]) == page)
				vcpu_concern(&raw_table(*walk.pmd)[i]);
	}
}

__uninstrumented static const struct vcpu_site *check_compound(struct expected *all,
							       const struct page *head)
{
	struct expected *expected = expected_of(all, head);
	int references = expected->huge_entries + expected->waiting + expected->pins;
	unsigned i;

	for (i = 1; i < world_subpages(); i++) {
		const struct page *page_tail = head + i;
		struct expected *tail = expected_of(all, page_tail);

		FAILS_IF(VCPU_INVARIANT, !raw_tail(page_tail), &page_tail->flags,
			 "PageTail is 0 in {}, PageHead of its head is 1");
		FAILS_IF(VCPU_INVARIANT, raw_head(page_tail) != head,
			 &page_tail->RAW_HEAD_MEMBER, "{} is page %ld, the head is page %ld",
			 (long)(raw_head(page_tail) - world_mem_map()),
			 (long)(head - world_mem_map()));
		FAILS_IF(VCPU_LEAK, page_tail->_count.counter != 0,
			 &page_tail->_count, "{} is %d, that of a tail is 0",
			 page_tail->_count.counter);
		FAILS_IF(VCPU_LEAK, raw_mapcount(page_tail) != tail->pins,
			 &page_tail->_mapcount, "{} counts %d, pins of this tail: %d",
			 raw_mapcount(page_tail), tail->pins);
		FAILS_IF(VCPU_INVARIANT, tail->entries != 0, &page_tail->_mapcount,
			 "ptes that map a tail of a huge page (that of {}): %d, must be: 0",
			 tail->entries);
		FAILS_IF(VCPU_INVARIANT, tail->is_free, &page_tail->_count,
			 "a tail is on a free list and its head is not (that of {})");
		references += tail->pins;
	}
	if (head->_count.counter != references || raw_mapcount(head) != expected->huge_entries)
		concern_entries(head);
	FAILS_IF(VCPU_LEAK, head->_count.counter != references, &head->_count,
		 "{} is %d, references that exist: %d (mappings %d, pins of the head %d, "
		 "pins of tails %d, pagevecs %d)", head->_count.counter, references,
		 expected->huge_entries, expected->pins,
		 references - expected->huge_entries - expected->waiting - expected->pins,
		 expected->waiting);
	FAILS_IF(VCPU_LEAK, raw_mapcount(head) != expected->huge_entries, &head->_mapcount,
		 "{} counts %d, huge pmds that map the page: %d", raw_mapcount(head),
		 expected->huge_entries);
	FAILS_IF(VCPU_INVARIANT, expected->entries != 0, &head->_mapcount,
		 "ptes that map a huge page (that of {}): %d, must be: 0", expected->entries);
	FAILS_IF(VCPU_INVARIANT, expected->is_free, &head->_count,
		 "a page in use is on a free list (that of {})");
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_single(struct expected *all,
							     const struct page *page)
{
	struct expected *expected = expected_of(all, page);
	int references = expected->entries + expected->pins + expected->waiting +
			 expected->is_table;

	FAILS_IF(VCPU_INVARIANT, expected->huge_entries != 0, &page->flags,
		 "huge pmds that map a page without PageHead ({}): %d, must be: 0",
		 expected->huge_entries);
	FAILS_IF(VCPU_INVARIANT, raw_tail(page), &page->flags,
		 "PageTail is 1 in {}, and there is no head before it");
	if (page->_count.counter != references || raw_mapcount(page) != expected->entries)
		concern_entries(page);
	FAILS_IF(VCPU_LEAK, page->_count.counter != references, &page->_count,
		 "{} is %d, references that exist: %d (mappings %d, pins %d, pagevecs %d, "
		 "page tables %d)", page->_count.counter, references,
		 expected->entries, expected->pins, expected->waiting, expected->is_table);
	FAILS_IF(VCPU_LEAK, raw_mapcount(page) != expected->entries, &page->_mapcount,
		 "{} counts %d, ptes that map the page: %d", raw_mapcount(page),
		 expected->entries);
	/* In use and referenced, or free; a page that is neither is lost. */
	FAILS_IF(VCPU_LEAK, expected->is_free == (references != 0), &page->_count,
		 expected->is_free ? "a page with %d references is on a free list (that of {})" :
		 "a page with %d references is on no free list (that of {})", references);
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_pages(struct expected *all)
{
	long on_lru = 0, on_lists = 0, mapped = 0;
	const struct vcpu_site *site;
	unsigned pfn, i;

	for (pfn = 1; pfn < world_pages(); pfn++) {
		const struct page *page = &world_mem_map()[pfn];
		bool page_is_locked, compound_lock_held;

		if (world_page_is_nobodys(pfn))
			continue;
		page_is_locked = raw_flag(page, PG_locked);
		compound_lock_held = raw_flag(page, PG_compound_lock);
		FAILS_IF(VCPU_LEAK, page_is_locked, &page->flags,
			 "PG_locked is set in {}, and no CPU is left to clear it");
		FAILS_IF(VCPU_LEAK, compound_lock_held, &page->flags,
			 "PG_compound_lock is set in {}, and no CPU is left to clear it");
		on_lru += raw_flag(page, PG_lru);
		if (!raw_flag(page, PG_head)) {
			site = check_single(all, page);
			mapped += raw_mapcount(page) > 0;
		} else {
			site = check_compound(all, page);
			for (i = 1; i < world_subpages(); i++)
				on_lru += raw_flag(page + i, PG_lru);
			if (raw_mapcount(page) > 0)
				mapped += world_subpages();
			pfn += world_subpages() - 1;
		}
		if (site)
			return site;
	}
	for (i = 0; i < NR_LRU_LISTS; i++)
		on_lists += raw_list_length(&world_zone()->lruvec.lists[i]);
	FAILS_IF(VCPU_LEAK, on_lru != on_lists, NULL,
		 "pages with PageLRU: %ld, pages on LRU lists: %ld", on_lru, on_lists);
	/*
	 * Not NR_ANON_TRANSPARENT_HUGEPAGES: when the last mapping is zapped after
	 * page_get_anon_vma() has seen the page mapped, these versions of Linux
	 * count the page out twice, in page_remove_rmap() and in the split.
	 */
	FAILS_IF(VCPU_LEAK, raw_zone_state(NR_ANON_PAGES) != mapped,
		 &world_zone()->vm_stat[NR_ANON_PAGES].counter,
		 "NR_ANON_PAGES is %ld, anonymous pages mapped: %ld",
		 raw_zone_state(NR_ANON_PAGES), mapped);
	return NULL;
}
