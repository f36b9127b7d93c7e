/* SPDX-License-Identifier: GPL-2.0-only */
/* A folio of kernels with migration entries: pmds and ptes map it, and its counts lie in its
 * first tails. */
#include <CMM/oracle/expected.h>

/* Returns the number of entries that map a page, the pmds of its folio among them. */
__uninstrumented static int entries_of(struct expected *all, const struct page *page)
{
	const struct page *head = raw_tail(page) ? raw_head(page) : page;

	return expected_of(all, page)->entries + expected_of(all, head)->huge_entries;
}

__uninstrumented static const struct vcpu_site *check_vmas(struct expected *all);

/*
 * A page that a device writes to is that of one process, which may write to it: it would
 * not see what the device writes to a copy.  So it is exclusive, and an exclusive page is
 * mapped once.
 */
__uninstrumented static const struct vcpu_site *check_owner(struct expected *all,
							    const struct page *page)
{
	const struct page *head = raw_tail(page) ? raw_head(page) : page;
	int entries = entries_of(all, page);

	if (expected_of(all, page)->device && entries > 1)
		concern_entries(head);
	FAILS_IF(VCPU_INVARIANT, expected_of(all, page)->device && entries > 1, &page->_mapcount,
		 "entries that map a page which a device writes to (that of {}): %d, must be at most: 1",
		 entries);
#ifdef MMRACE_HAS_ANON_EXCLUSIVE
	/* While a pmd maps the folio, the head says it of all. */
	const struct page *teller = expected_of(all, head)->huge_entries ? head : page;
	bool exclusive = raw_flag(teller, PG_anon_exclusive) && entries;

	/* A writable entry is the worse of the two. */
	const struct vcpu_site *writable = exclusive && entries > 1 ? check_vmas(all) : NULL;

	if (writable)
		return writable;
	FAILS_IF(VCPU_INVARIANT, exclusive && entries > 1, &teller->flags,
		 "PG_anon_exclusive is set in {}, entries that map the page: %d", entries);
	FAILS_IF(VCPU_INVARIANT, expected_of(all, page)->device && entries && !exclusive,
		 &teller->flags, "PG_anon_exclusive is not set in {}, and a device has pinned the page");
#endif
	return NULL;
}

#include <generation/check_mappings.c>
#include <generation/check_pins.c>
#include <generation/check_store.c>

/* Checks the flags of a single page, or of a folio and its tails. */
__uninstrumented static const struct vcpu_site *check_flags(struct expected *all,
							    const struct page *page)
{
	const struct vcpu_site *site = NULL;
	unsigned i, pages = raw_pages_from(page);

	for (i = 0; !site && i < pages; i++)
		site = check_owner(all, page + i);
	return site;
}

/* Memory that has failed stays marked: nobody may be given it again. */
__uninstrumented static const struct vcpu_site *check_poison(void)
{
#ifdef CONFIG_MEMORY_FAILURE
	const struct page *poisoned = world_scenario()->poisoned;

	FAILS_IF(VCPU_INVARIANT, poisoned && !raw_flag(poisoned, PG_hwpoison), &poisoned->flags,
		 "PG_hwpoison is not set in {}, and the memory of the page has failed");
#endif
	return NULL;
}

/* Checks what only this generation has: the deferred split queue has as many folios as it
 * counts, each of them in use; the pin of a device; the VMAs of mapped pages; and a store. */
__uninstrumented static const struct vcpu_site *check_generation(struct expected *all)
{
	const struct list_head *queue = &raw_node()->deferred_split_queue.split_queue, *entry;
	long counted = raw_node()->deferred_split_queue.split_queue_len, folios = 0;
	const struct vcpu_site *site = check_pin_of_device(all);
	bool queue_lock_held = raw_locked(&raw_node()->deferred_split_queue.split_queue_lock);

	if (site)
		return site;
	FAILS_IF_HELD(queue_lock_held, &raw_node()->deferred_split_queue.split_queue_lock);
	FAILS_IF(VCPU_INVARIANT, !raw_list_ends(queue), queue, "the deferred split queue does not end");
	for (entry = queue->next; entry && entry != queue; entry = entry->next) {
		/* It lies in the third page of the folio. */
		const struct page *head = raw_page_at(entry) - 2;

		folios++;
		FAILS_IF(VCPU_INVARIANT, !raw_flag(head, PG_head) || !head->_refcount.counter,
			 &head->_refcount, "a folio that is not in use waits to be split (that of {})");
	}
	FAILS_IF(VCPU_LEAK, folios != counted,
		 &raw_node()->deferred_split_queue.split_queue_len,
		 "{} is %ld, folios that wait to be split: %ld", counted, folios);
	site = check_vmas(all);
	if (!site)
		site = check_store();
	return site ? site : check_poison();
}

/* Returns the number of subpages of a folio that are mapped. */
__uninstrumented static unsigned mapped_subpages(const struct page *head)
{
	unsigned i, mapped = 0;

	if (raw_entire_mapcount(head) > 0)
		return raw_pages(head);
	for (i = 0; i < raw_pages(head); i++)
		mapped += raw_mapcount(head + i) > 0;
	return mapped;
}

__uninstrumented static const struct vcpu_site *check_tail(struct expected *all,
							   const struct page *head,
							   const struct page *page_tail)
{
	struct expected *tail = expected_of(all, page_tail);

	FAILS_IF(VCPU_INVARIANT, !raw_tail(page_tail), &page_tail->flags,
		 "PageTail is 0 in {}, PageHead of its head is 1");
	FAILS_IF(VCPU_INVARIANT, raw_head(page_tail) != head,
		 &page_tail->RAW_HEAD_MEMBER, "{} is page %ld, the head is page %ld",
		 (long)(raw_head(page_tail) - world_mem_map()), (long)(head - world_mem_map()));
	FAILS_IF(VCPU_LEAK, page_tail->_refcount.counter != 0, &page_tail->_refcount,
		 "{} is %d, that of a tail is 0", page_tail->_refcount.counter);
	FAILS_IF(VCPU_LEAK, raw_mapcount(page_tail) != tail->entries, &page_tail->_mapcount,
		 "{} counts %d, ptes that map the page: %d", raw_mapcount(page_tail),
		 tail->entries);
	FAILS_IF(VCPU_INVARIANT, tail->is_free, &page_tail->_refcount,
		 "a tail is on a free list and its head is not (that of {})");
	return NULL;
}

/* Checks what the folio counts as a whole. */
__uninstrumented static const struct vcpu_site *check_folio(const struct page *head, int huge,
							    int ptes, int mapped_by_ptes)
{
	int entire = raw_entire_mapcount(head), mapcount = raw_folio_mapcount(head);

	FAILS_IF(VCPU_LEAK, entire != huge, raw_entire_word(head),
		 "{} counts %d, huge pmds that map the folio: %d", entire, huge);
	FAILS_IF(VCPU_LEAK, mapcount != huge + ptes, NULL,
		 "folio_mapcount is %d, entries that map the folio: %d", mapcount, huge + ptes);
#ifdef MMRACE_HAS_NR_PAGES_MAPPED
	/* Its upper half says that a pmd maps the folio. */
	int mapped = RAW_FOLIO(head)->_nr_pages_mapped.counter & 0x7fffff;
	bool entirely = RAW_FOLIO(head)->_nr_pages_mapped.counter >> 23;

	FAILS_IF(VCPU_LEAK, mapped != mapped_by_ptes, &RAW_FOLIO(head)->_nr_pages_mapped,
		 "{} counts %d, pages that ptes map: %d", mapped, mapped_by_ptes);
	FAILS_IF(VCPU_LEAK, entirely != (huge > 0), &RAW_FOLIO(head)->_nr_pages_mapped,
		 "{} says that a pmd maps the folio: %d, huge pmds that do: %d", entirely, huge);
#endif
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_compound(struct expected *all,
							       const struct page *head)
{
	const struct vcpu_site *site = NULL;
	struct expected *expected = expected_of(all, head);
	int ptes = 0, pins = 0, device = 0, mapped_by_ptes = 0, references;
	unsigned i, order = raw_order(head);
	/* The list of folios that wait to be split lies in the third page. */
	bool order_is_wrong = order < 2 || order > HPAGE_PMD_ORDER ||
			      (head - world_mem_map()) % raw_pages(head);

	FAILS_IF(VCPU_INVARIANT, order_is_wrong, &head[1].flags,
		 "a folio of page %ld has the order %u (in {})", (long)(head - world_mem_map()),
		 order);
	for (i = 0; i < raw_pages(head); i++) {
		ptes += expected_of(all, head + i)->entries;
		pins += expected_of(all, head + i)->pins;
		device += expected_of(all, head + i)->device;
		mapped_by_ptes += expected_of(all, head + i)->entries > 0;
		site = i ? check_tail(all, head, head + i) : NULL;
		if (site)
			return site;
	}
	references = expected->huge_entries + ptes + pins + device + expected->waiting;
	if (head->_refcount.counter != references)
		concern_entries(head);
	FAILS_IF(VCPU_LEAK, head->_refcount.counter != references, &head->_refcount,
		 "{} is %d, references that exist: %d (huge pmds %d, ptes %d, pins %d, batches %d)",
		 head->_refcount.counter, references, expected->huge_entries, ptes, pins + device,
		 expected->waiting);
#ifdef MMRACE_HAS_PINCOUNT
	FAILS_IF(VCPU_LEAK, RAW_FOLIO(head)->_pincount.counter != device, &RAW_FOLIO(head)->_pincount,
		 "{} is %d, pins of devices: %d", RAW_FOLIO(head)->_pincount.counter, device);
#endif
	FAILS_IF(VCPU_LEAK, raw_mapcount(head) != expected->entries, &head->_mapcount,
		 "{} counts %d, ptes that map the page: %d", raw_mapcount(head),
		 expected->entries);
	FAILS_IF(VCPU_INVARIANT, expected->is_free, &head->_refcount,
		 "a page in use is on a free list (that of {})");
	return check_folio(head, expected->huge_entries, ptes, mapped_by_ptes);
}
