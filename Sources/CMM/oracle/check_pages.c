/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters of each page must be what check_process.c has counted.  A compound page is
 * compared by its generation's check_compound.c, which is included before.
 */
#include "expected.h"

__uninstrumented static const struct vcpu_site *check_single(struct expected *all,
							     const struct page *page)
{
	struct expected *expected = expected_of(all, page);
	int references = expected->entries + expected->pins + expected->waiting +
			 expected->is_table + expected->device * RAW_PIN_BIAS;

	FAILS_IF(VCPU_INVARIANT, expected->huge_entries != 0, &page->flags,
		 "huge pmds that map a page without PageHead ({}): %d, must be: 0",
		 expected->huge_entries);
	FAILS_IF(VCPU_INVARIANT, raw_tail(page), &page->flags,
		 "PageTail is 1 in {}, and there is no head before it");
	if (page->RAW_COUNT.counter != references || raw_mapcount(page) != expected->entries)
		concern_entries(page);
	FAILS_IF(VCPU_LEAK, page->RAW_COUNT.counter != references, &page->RAW_COUNT,
		 "{} is %d, references that exist: %d (mappings %d, pins %d, pagevecs %d, "
		 "page tables %d)", page->RAW_COUNT.counter, references,
		 expected->entries, expected->pins, expected->waiting, expected->is_table);
	FAILS_IF(VCPU_LEAK, raw_mapcount(page) != expected->entries, &page->_mapcount,
		 "{} counts %d, ptes that map the page: %d", raw_mapcount(page),
		 expected->entries);
	/* In use and referenced, or free; a page that is neither is lost. */
	FAILS_IF(VCPU_LEAK, expected->is_free == (references != 0), &page->RAW_COUNT,
		 expected->is_free ? "a page with %d references is on a free list (that of {})" :
		 "a page with %d references is on no free list (that of {})", references);
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_pages(struct expected *all)
{
	long on_lru = 0, on_lists = 0, mapped = 0, anon_pages;
	const struct vcpu_site *site;
	unsigned pfn, i;

	for (pfn = 1; pfn < world_pages(); pfn++) {
		const struct page *page = &world_mem_map()[pfn];
		bool page_is_locked;

		if (world_page_is_nobodys(pfn))
			continue;
		page_is_locked = raw_flag(page, PG_locked);
		FAILS_IF(VCPU_LEAK, page_is_locked, &page->flags,
			 "PG_locked is set in {}, and no CPU is left to clear it");
		on_lru += raw_flag(page, PG_lru);
		site = check_flags(all, page);
		if (site)
			return site;
		if (!raw_flag(page, PG_head)) {
			site = check_single(all, page);
			mapped += raw_mapcount(page) > 0 && !raw_is_of_file(page);
		} else {
			site = check_compound(all, page);
			for (i = 1; i < raw_pages(page); i++)
				on_lru += raw_flag(page + i, PG_lru);
			mapped += raw_is_of_file(page) ? 0 : mapped_subpages(page);
			pfn += raw_pages(page) - 1;
		}
		if (site)
			return site;
	}
	for (i = 0; i < raw_lru_lists(); i++)
		on_lists += raw_list_length(&raw_lru()[i]);
	FAILS_IF(VCPU_LEAK, on_lru != on_lists, NULL,
		 "pages with PageLRU: %ld, pages on LRU lists: %ld", on_lru, on_lists);
	/*
	 * Not RAW_ANON_THP: when the last mapping is zapped after page_get_anon_vma() has
	 * seen the page mapped, kernels with compound_lock count the page out twice, in
	 * page_remove_rmap() and in the split.
	 */
	anon_pages = raw_state(RAW_ANON_PAGES);
	FAILS_IF(VCPU_LEAK, anon_pages != mapped, raw_statistic(RAW_ANON_PAGES),
		 QUOTED(RAW_ANON_PAGES) " is %ld, anonymous pages mapped: %ld", anon_pages, mapped);
	return NULL;
}
