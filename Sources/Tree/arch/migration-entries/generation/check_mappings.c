/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMAs through which pages are mapped: see check_compound.c, which includes this. */

/* Returns whether the VMA is in the tree of an anon_vma, below a node of it. */
__uninstrumented static bool tree_has(const struct rb_node *node, const struct vm_area_struct *vma)
{
	return node && (rb_entry(node, struct anon_vma_chain, rb)->vma == vma ||
			tree_has(node->rb_left, vma) || tree_has(node->rb_right, vma));
}

/* Checks an entry that maps a number of pages: the reverse map finds it, and it is not
 * writable if another maps the page, too. */
__uninstrumented static const struct vcpu_site *check_entry(struct expected *all,
							    const struct vm_area_struct *vma,
							    const unsigned long *entry, unsigned pages)
{
	const struct page *page = raw_page(*entry), *head;
	const struct anon_vma *anon_vma;
	bool rmap_finds_it;
	unsigned i;

	if (!RAW_MAPS(*entry) || (*entry & _PAGE_SPECIAL) || page < world_mem_map() ||
	    page >= world_mem_map() + world_pages())
		return NULL;
	head = raw_tail(page) ? raw_head(page) : page;
	if (!((unsigned long)head->mapping & 1))
		return NULL;
	anon_vma = (const void *)((unsigned long)head->mapping & ~3ul);
	FAILS_IF(VCPU_INVARIANT, !vma->anon_vma, &vma->anon_vma,
		 "an anonymous page is mapped, and {} is NULL");
	rmap_finds_it = tree_has(anon_vma->rb_root.rb_root.rb_node, vma);
	if (!rmap_finds_it)
		vcpu_concern(&vma->anon_vma);
	FAILS_IF(VCPU_INVARIANT, !rmap_finds_it, entry,
		 "{} maps a page, and its VMA is not in the anon_vma of the page");
	for (i = 0; i < pages; i++) {
		int entries = entries_of(all, page + i);
		bool shared_and_writable = entries > 1 && (*entry & _PAGE_RW);

		if (shared_and_writable)
			concern_entries(page + i);
		FAILS_IF(VCPU_INVARIANT, shared_and_writable, entry,
			 "{} is writable, entries that map the page: %d", entries);
	}
	return NULL;
}

/* No thread is left that could hold the lock of a VMA. */
__uninstrumented static const struct vcpu_site *check_vma_lock(const struct vm_area_struct *vma)
{
#ifdef MMRACE_HAS_VMA_RWSEM
	bool vma_lock_held = raw_sem_locked(&vma->vm_lock->lock);

	FAILS_IF_HELD(vma_lock_held, &vma->vm_lock->lock);
#endif
#ifdef MMRACE_HAS_VMA_REFCNT
	/* It counts the readers, and one while a process has the VMA. */
	int vma_refcount = vma->vm_refcnt.refs.counter;

	FAILS_IF(VCPU_LEAK, vma_refcount != 1, &vma->vm_refcnt,
		 "{} is %d, and no CPU is left to hold the lock of the VMA", vma_refcount);
#endif
	return NULL;
}

__uninstrumented static const struct vcpu_site *check_vma(struct expected *all,
							  const struct mm_struct *mm)
{
	const struct vcpu_site *site = check_vma_lock(raw_vma(mm));
	struct raw_walk walk;
	unsigned i;

	if (site || !raw_walk(mm, &walk) || !*walk.pmd)
		return site;
	if (*walk.pmd & _PAGE_PSE)
		return check_entry(all, raw_vma(mm), walk.pmd, world_subpages());
	for (i = 0; !site && i < world_subpages(); i++)
		site = check_entry(all, raw_vma(mm), &raw_table(*walk.pmd)[i], 1);
	return site;
}

__uninstrumented static const struct vcpu_site *check_vmas(struct expected *all)
{
	const struct vcpu_site *site = NULL;
	unsigned p;

	for (p = 0; !site && p < CMM_MM_MAX; p++)
		if (world_process(p) && raw_vma(world_process(p)))
			site = check_vma(all, world_process(p));
	return site;
}
