/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The references that each page should have are counted in the page tables and in
 * the scenario; check_pages.c compares its counters with them.
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
	bool mmap_lock_held = raw_sem_locked(&mm->RAW_MMAP_LOCK);
	bool ptl_of_pmd_held = pmd && raw_locked(raw_pmd_lock(mm, pmd));
	bool ptl_of_ptes_held = pmd && *pmd && !(*pmd & _PAGE_PSE) &&
				raw_locked(raw_pte_lock(*pmd));

	FAILS_IF_HELD(page_table_lock_held, &mm->page_table_lock);
	FAILS_IF_HELD(mmap_lock_held, &mm->RAW_MMAP_LOCK);
	FAILS_IF_HELD(ptl_of_pmd_held, raw_pmd_lock(mm, pmd));
	FAILS_IF_HELD(ptl_of_ptes_held, raw_pte_lock(*pmd));
	return NULL;
}

/* Returns the kind of pages of an mm that an entry counts for. */
__uninstrumented static unsigned rss_of(unsigned long entry)
{
	return RAW_MAPS(entry) && raw_is_of_file(raw_page(entry)) ? MM_FILEPAGES : MM_ANONPAGES;
}

/* Any page counts, not only the one of which reports speak: a copy may be mapped. */
__uninstrumented static void count_ptes(struct expected *all, const unsigned long *table, long *rss)
{
	unsigned i;

	for (i = 0; i < world_subpages(); i++) {
		if (!table[i])
			continue;
		rss[rss_of(table[i])]++;
		expected_of(all, raw_page(table[i]))->entries += RAW_MAPS(table[i]);
	}
}

/* Enters the tables and the mappings of one process into them. */
__uninstrumented static const struct vcpu_site *check_process(struct expected *all,
							      struct mm_struct *mm)
{
	long mapped[NR_MM_COUNTERS] = { 0 }, rss, anon_rss, file, file_rss;
	long huge_pmds = 0, tables = 0, deposits = 0, i;
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
			/* No table is kept for a huge page of a file: its ptes would be empty. */
			huge_pmds = rss_of(pmd) == MM_ANONPAGES;
			mapped[rss_of(pmd)] += world_subpages();
			expected_of(all, raw_page(pmd))->huge_entries++;
		} else if (pmd) {
			tables = 1;
			expected_of(all, raw_page(pmd))->is_table = true;
			count_ptes(all, raw_table(pmd), mapped);
		}
	}
	FAILS_IF(VCPU_LEAK, deposits != huge_pmds, walk.pmd,
		 "page tables deposited for {}: %ld, huge pmds: %ld", deposits, huge_pmds);
	rss = mapped[MM_ANONPAGES];
	file = mapped[MM_FILEPAGES];
	anon_rss = *raw_rss(mm, MM_ANONPAGES);
	file_rss = *raw_rss(mm, MM_FILEPAGES);
	FAILS_IF(VCPU_LEAK, anon_rss != rss, raw_rss(mm, MM_ANONPAGES),
		 "{} is %ld, pages mapped: %ld", anon_rss, rss);
	FAILS_IF(VCPU_LEAK, file_rss != file, raw_rss(mm, MM_FILEPAGES),
		 "{} is %ld, pages of files mapped: %ld", file_rss, file);
	FAILS_IF(VCPU_LEAK, raw_nr_ptes(mm) != tables + deposits, &mm->RAW_TABLES_OF_MM,
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
	unsigned type, cpu, i;

	for (type = 0; !site && type < MIGRATE_PCPTYPES; type++) {
		for (i = 0; !site && i <= WORLD_HUGE_AREA; i++)
			site = check_free_list(all, &area[i].free_list[type],
					       raw_area_pages(i));
		for (cpu = 0; !site && cpu < WORLD_CPUS; cpu++)
			site = check_free_list(all,
					       raw_free_list(world_pageset(cpu), type), 1);
	}
	return site;
}

/* Enters the references of pagevecs and of the scenario, which map nothing. */
__uninstrumented static void count_references(struct expected *all)
{
	const struct RAW_BATCH *waiting;
	unsigned cpu, i;

	for (cpu = 0; cpu < WORLD_CPUS; cpu++) {
		waiting = world_batch(cpu);
		for (i = 0; waiting && i < waiting->nr; i++)
			expected_of(all, (const struct page *)waiting->RAW_BATCH_PAGES[i])->waiting++;
	}
	for (i = 0; i < CMM_PIN_MAX; i++) {
		if (!world_pin(i))
			continue;
		if (i == PIN_OF_DEVICE)
			expected_of(all, world_pin(i))->device++;
		else
			expected_of(all, world_pin(i))->pins++;
	}
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
