/* SPDX-License-Identifier: GPL-2.0-only */
/* A page that a device writes to, and what its process has in the place of it: see
 * check_compound.c, which includes this. */

/* Returns the entry that maps a page of an mm's one VMA, by its number, or NULL. */
__uninstrumented static const unsigned long *entry_at(const struct mm_struct *mm, unsigned i)
{
	const unsigned long *entry;
	struct raw_walk walk;

	if (!raw_walk(mm, &walk) || !*walk.pmd)
		return NULL;
	entry = *walk.pmd & _PAGE_PSE ? walk.pmd : &raw_table(*walk.pmd)[i];
	return RAW_MAPS(*entry) ? entry : NULL;
}

__uninstrumented static unsigned long index_of(const struct page *page, const struct page *head)
{
#ifdef MMRACE_HAS_FOLIO
	return RAW_FOLIO(head)->index + (page - head);
#else
	return head->index + (page - head);
#endif
}

/* Returns the entry at the place of an anonymous page in the process that it was made for, or
 * NULL; children have an anon_vma of their own. */
__uninstrumented static const unsigned long *entry_of_owner(const struct page *page)
{
	const struct page *head = raw_tail(page) ? raw_head(page) : page;
	unsigned long anon_vma = (unsigned long)head->mapping & ~3ul;
	unsigned p;

	for (p = 0; p < CMM_MM_MAX; p++) {
		const struct mm_struct *mm = world_process(p);
		const struct vm_area_struct *vma = mm ? raw_vma(mm) : NULL;

		if (vma && vma->anon_vma && (unsigned long)vma->anon_vma == anon_vma)
			return entry_at(mm, index_of(page, head) - vma->vm_pgoff);
	}
	return NULL;
}

/*
 * A process that gives a pinned page up (MADV_DONTNEED) has nothing there then.  One that has
 * another page in the place of it never sees what the device writes.
 */
__uninstrumented static const struct vcpu_site *check_pin_of_device(struct expected *all)
{
	const struct page *page = world_pin(PIN_OF_DEVICE);
	const unsigned long *entry = page && !entries_of(all, page) ? entry_of_owner(page) : NULL;
	bool pinned_page_was_replaced = entry != NULL;

	if (pinned_page_was_replaced)
		vcpu_concern(&page->_mapcount);
	FAILS_IF(VCPU_INVARIANT, pinned_page_was_replaced, entry,
		 "{} maps page %ld, and a device writes to page %ld, which was there before",
		 (long)(raw_page(*entry) - world_mem_map()), (long)(page - world_mem_map()));
	return NULL;
}
