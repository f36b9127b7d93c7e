/* SPDX-License-Identifier: GPL-2.0-only */
/* A compound page of kernels with compound_lock: only huge pmds map it, and a tail counts
 * its pins. */
#include <CMM/oracle/expected.h>

/* Checks the flags that no CPU can have set when none runs. */
__uninstrumented static const struct vcpu_site *check_flags(struct expected *all,
							    const struct page *page)
{
	bool compound_lock_held = raw_flag(page, PG_compound_lock);

	FAILS_IF(VCPU_LEAK, compound_lock_held, &page->flags,
		 "PG_compound_lock is set in {}, and no CPU is left to clear it");
	return NULL;
}

/* Checks what only this generation has: nothing. */
__uninstrumented static const struct vcpu_site *check_generation(struct expected *all)
{
	return NULL;
}

/* Returns the number of subpages of a compound page that are mapped. */
__uninstrumented static unsigned mapped_subpages(const struct page *head)
{
	return raw_mapcount(head) > 0 ? world_subpages() : 0;
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
		FAILS_IF(VCPU_LEAK, page_tail->RAW_COUNT.counter != 0,
			 &page_tail->RAW_COUNT, "{} is %d, that of a tail is 0",
			 page_tail->RAW_COUNT.counter);
		FAILS_IF(VCPU_LEAK, raw_mapcount(page_tail) != tail->pins,
			 &page_tail->_mapcount, "{} counts %d, pins of this tail: %d",
			 raw_mapcount(page_tail), tail->pins);
		FAILS_IF(VCPU_INVARIANT, tail->entries != 0, &page_tail->_mapcount,
			 "ptes that map a tail of a huge page (that of {}): %d, must be: 0",
			 tail->entries);
		FAILS_IF(VCPU_INVARIANT, tail->is_free, &page_tail->RAW_COUNT,
			 "a tail is on a free list and its head is not (that of {})");
		references += tail->pins;
	}
	if (head->RAW_COUNT.counter != references || raw_mapcount(head) != expected->huge_entries)
		concern_entries(head);
	FAILS_IF(VCPU_LEAK, head->RAW_COUNT.counter != references, &head->RAW_COUNT,
		 "{} is %d, references that exist: %d (mappings %d, pins of the head %d, "
		 "pins of tails %d, pagevecs %d)", head->RAW_COUNT.counter, references,
		 expected->huge_entries, expected->pins,
		 references - expected->huge_entries - expected->waiting - expected->pins,
		 expected->waiting);
	FAILS_IF(VCPU_LEAK, raw_mapcount(head) != expected->huge_entries, &head->_mapcount,
		 "{} counts %d, huge pmds that map the page: %d", raw_mapcount(head),
		 expected->huge_entries);
	FAILS_IF(VCPU_INVARIANT, expected->entries != 0, &head->_mapcount,
		 "ptes that map a huge page (that of {}): %d, must be: 0", expected->entries);
	FAILS_IF(VCPU_INVARIANT, expected->is_free, &head->RAW_COUNT,
		 "a page in use is on a free list (that of {})");
	return NULL;
}
