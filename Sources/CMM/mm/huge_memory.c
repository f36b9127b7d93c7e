/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transparent huge pages, after mm/huge_memory.c.  Each commit that the project
 * knows is an if here, and so is each deliberate mistake.
 */
#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <linux/memcontrol.h>
#include <linux/mmu_notifier.h>
#include "internal.h"

static inline pmd_t maybe_pmd_mkwrite(pmd_t pmd, struct vm_area_struct *vma)
{
	if (likely(vma->vm_flags & VM_WRITE))
		pmd = pmd_mkwrite(pmd);
	return pmd;
}

static inline pmd_t mk_huge_pmd(struct page *page, pgprot_t protection)
{
	return pmd_mkhuge(mk_pmd(page, protection));
}

/* The content of a page is not a part of the world. */
static void clear_huge_page(struct page *page,
			    unsigned long address,
			    int pages)
{
	vcpu_mark(CMM_MARK_CLEAR_HUGE_PAGE);
}

static void copy_user_huge_page(struct page *to,
				struct page *from)
{
	vcpu_mark(CMM_MARK_COPY_HUGE_PAGE);
}

static void copy_user_highpage(struct page *to,
			       struct page *from)
{
	vcpu_mark(CMM_MARK_COPY_PAGE);
}

static int __do_huge_pmd_anonymous_page(struct mm_struct *mm,
					struct vm_area_struct *vma,
					unsigned long haddr, pmd_t *pmd,
					struct page *page)
{
	pgtable_t pgtable;
	spinlock_t *ptl;

	VM_BUG_ON_PAGE(!PageCompound(page), page);
	pgtable = pte_alloc_one(mm, haddr);
	if (unlikely(!pgtable))
		return VM_FAULT_OOM;

	clear_huge_page(page, haddr, HPAGE_PMD_NR);
	/* The content must be visible before the pmd is. */
	__SetPageUptodate(page);

	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lock(mm, pmd);
	else
		spin_lock(ptl = &mm->page_table_lock);
	if (unlikely(!pmd_none(*pmd))) {
		spin_unlock(ptl);
		mem_cgroup_uncharge_page(page);
		put_page(page);
		pte_free(mm, pgtable);
	} else {
		pmd_t entry;

		entry = mk_huge_pmd(page, vma->vm_page_prot);
		entry = maybe_pmd_mkwrite(pmd_mkdirty(entry), vma);
		page_add_new_anon_rmap(page, vma, haddr);
		pgtable_trans_huge_deposit(mm, pmd, pgtable);
		set_pmd_at(mm, haddr, pmd, entry);
		add_mm_counter(mm, MM_ANONPAGES, HPAGE_PMD_NR);
		mm_inc_nr_ptes(mm);
		spin_unlock(ptl);
	}
	return 0;
}

static int do_huge_pmd_anonymous_page(struct mm_struct *mm,
				      struct vm_area_struct *vma,
				      unsigned long address, pmd_t *pmd,
				      unsigned int flags)
{
	struct page *page;
	unsigned long haddr = address & HPAGE_PMD_MASK;

	if (haddr < vma->vm_start || haddr + HPAGE_PMD_SIZE > vma->vm_end)
		return VM_FAULT_FALLBACK;
	if (unlikely(anon_vma_prepare(vma)))
		return VM_FAULT_OOM;
	page = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);
	if (unlikely(!page)) {
		count_vm_event(THP_FAULT_FALLBACK);
		return VM_FAULT_FALLBACK;
	}
	if (unlikely(mem_cgroup_newpage_charge(page, mm))) {
		put_page(page);
		count_vm_event(THP_FAULT_FALLBACK);
		return VM_FAULT_FALLBACK;
	}
	if (unlikely(__do_huge_pmd_anonymous_page(mm, vma, haddr, pmd, page))) {
		mem_cgroup_uncharge_page(page);
		put_page(page);
		count_vm_event(THP_FAULT_FALLBACK);
		return VM_FAULT_FALLBACK;
	}
	count_vm_event(THP_FAULT_ALLOC);
	return 0;
}

static void huge_pmd_set_accessed(struct mm_struct *mm,
				  struct vm_area_struct *vma,
				  unsigned long address, pmd_t *pmd,
				  pmd_t orig_pmd, int dirty)
{
	spinlock_t *ptl;
	pmd_t entry;
	unsigned long haddr;

	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lock(mm, pmd);
	else
		spin_lock(ptl = &mm->page_table_lock);
	if (unlikely(!pmd_same(*pmd, orig_pmd)))
		goto unlock;

	entry = pmd_mkyoung(orig_pmd);
	haddr = address & HPAGE_PMD_MASK;
	pmdp_set_access_flags(vma, haddr, pmd, entry, dirty);

unlock:
	spin_unlock(ptl);
}

static int copy_huge_pmd(struct mm_struct *dst_mm, struct mm_struct *src_mm,
			 pmd_t *dst_pmd, pmd_t *src_pmd, unsigned long addr,
			 struct vm_area_struct *vma)
{
	spinlock_t *dst_ptl, *src_ptl;
	struct page *src_page;
	pmd_t pmd;
	pgtable_t pgtable;
	int ret;

	ret = -ENOMEM;
	pgtable = pte_alloc_one(dst_mm, addr);
	if (unlikely(!pgtable))
		goto out;

	if (MMRACE_COMMIT(c4088ebdca64)) {
		dst_ptl = pmd_lock(dst_mm, dst_pmd);
		src_ptl = pmd_lockptr(src_mm, src_pmd);
	} else {
		spin_lock(dst_ptl = &dst_mm->page_table_lock);
		src_ptl = &src_mm->page_table_lock;
	}
	spin_lock_nested(src_ptl, SINGLE_DEPTH_NESTING);

	ret = -EAGAIN;
	pmd = *src_pmd;
	if (unlikely(!pmd_trans_huge(pmd))) {
		pte_free(dst_mm, pgtable);
		goto out_unlock;
	}
	if (unlikely(pmd_trans_splitting(pmd))) {
		/* The splitter needs these locks to go on. */
		spin_unlock(src_ptl);
		spin_unlock(dst_ptl);
		pte_free(dst_mm, pgtable);

		wait_split_huge_page(vma->anon_vma, src_pmd);
		goto out;
	}
	src_page = pmd_page(pmd);
	VM_BUG_ON_PAGE(!PageHead(src_page), src_page);
	get_page(src_page);
	page_dup_rmap(src_page);
	add_mm_counter(dst_mm, MM_ANONPAGES, HPAGE_PMD_NR);

	pmdp_set_wrprotect(src_mm, addr, src_pmd);
	pmd = pmd_mkold(pmd_wrprotect(pmd));
	pgtable_trans_huge_deposit(dst_mm, dst_pmd, pgtable);
	set_pmd_at(dst_mm, addr, dst_pmd, pmd);
	mm_inc_nr_ptes(dst_mm);

	ret = 0;
out_unlock:
	spin_unlock(src_ptl);
	spin_unlock(dst_ptl);
out:
	return ret;
}

/*
 * No huge page is to be had: as many single ones, under the pte table that was
 * set aside.  The caller holds a reference on page, and no lock.
 */
static int do_huge_pmd_wp_page_fallback(struct mm_struct *mm,
					struct vm_area_struct *vma, pmd_t *pmd,
					pmd_t orig_pmd, struct page *page,
					unsigned long haddr)
{
	spinlock_t *ptl;
	pgtable_t pgtable;
	pmd_t _pmd;
	int i;
	struct page **pages;
	const unsigned long mmun_start = haddr;
	const unsigned long mmun_end = haddr + HPAGE_PMD_SIZE;

	/* Room for 512 pointers. */
	pages = (struct page **)__get_free_page(GFP_KERNEL);
	if (unlikely(!pages))
		return VM_FAULT_OOM;

	for (i = 0; i < HPAGE_PMD_NR; i++) {
		pages[i] = alloc_pages(GFP_HIGHUSER_MOVABLE, 0);
		if (unlikely(!pages[i] ||
			     mem_cgroup_newpage_charge(pages[i], mm))) {
			if (pages[i])
				put_page(pages[i]);
			while (--i >= 0) {
				mem_cgroup_uncharge_page(pages[i]);
				put_page(pages[i]);
			}
			free_page((unsigned long)pages);
			return VM_FAULT_OOM;
		}
	}

	for (i = 0; i < HPAGE_PMD_NR; i++) {
		copy_user_highpage(pages[i], page + i);
		__SetPageUptodate(pages[i]);
		cond_resched();
	}

	mmu_notifier_invalidate_range_start(mm, mmun_start, mmun_end);

	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lock(mm, pmd);
	else
		spin_lock(ptl = &mm->page_table_lock);
	if (unlikely(!pmd_same(*pmd, orig_pmd)))
		goto out_free_pages;
	VM_BUG_ON_PAGE(!PageHead(page), page);

	/* None until the table is full: no CPU may use both sizes at a time. */
	pmdp_clear_flush(vma, haddr, pmd);

	pgtable = pgtable_trans_huge_withdraw(mm, pmd);
	pmd_populate(mm, &_pmd, pgtable);

	for (i = 0; i < HPAGE_PMD_NR; i++, haddr += PAGE_SIZE) {
		pte_t *pte, entry;

		entry = mk_pte(pages[i], vma->vm_page_prot);
		entry = maybe_mkwrite(pte_mkdirty(entry), vma);
		page_add_new_anon_rmap(pages[i], vma, haddr);
		pte = pte_offset_map(&_pmd, haddr);
		VM_BUG_ON(!pte_none(*pte));
		set_pte_at(mm, haddr, pte, entry);
		pte_unmap(pte);
	}
	free_page((unsigned long)pages);

	/* The ptes before the pmd that leads to them. */
	smp_wmb();
	pmd_populate(mm, pmd, pgtable);
	page_remove_rmap(page);
	spin_unlock(ptl);

	mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
	/* The mapping's reference. */
	put_page(page);
	return VM_FAULT_WRITE;

out_free_pages:
	spin_unlock(ptl);
	mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
	for (i = 0; i < HPAGE_PMD_NR; i++) {
		mem_cgroup_uncharge_page(pages[i]);
		put_page(pages[i]);
	}
	free_page((unsigned long)pages);
	return 0;
}

static int do_huge_pmd_wp_page(struct mm_struct *mm, struct vm_area_struct *vma,
			       unsigned long address, pmd_t *pmd, pmd_t orig_pmd)
{
	spinlock_t *ptl;
	int ret = 0;
	struct page *page, *new_page;
	pmd_t entry;
	const unsigned long haddr = address & HPAGE_PMD_MASK;
	const unsigned long mmun_start = haddr;
	const unsigned long mmun_end = haddr + HPAGE_PMD_SIZE;

	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lockptr(mm, pmd);
	else
		ptl = &mm->page_table_lock;
	VM_BUG_ON(!vma->anon_vma);
	spin_lock(ptl);
	if (unlikely(!pmd_same(*pmd, orig_pmd)))
		goto out_unlock;

	page = pmd_page(orig_pmd);
	VM_BUG_ON_PAGE(!PageCompound(page) || !PageHead(page), page);
	if (page_mapcount(page) == 1) {
		/* All others have left: no other mm can see the write. */
		entry = pmd_mkyoung(orig_pmd);
		entry = maybe_pmd_mkwrite(pmd_mkdirty(entry), vma);
		pmdp_set_access_flags(vma, haddr, pmd, entry, 1);
		ret |= VM_FAULT_WRITE;
		goto out_unlock;
	}
	get_page(page);
	spin_unlock(ptl);

	new_page = alloc_pages(GFP_TRANSHUGE, HPAGE_PMD_ORDER);
	if (unlikely(!new_page)) {
		ret = do_huge_pmd_wp_page_fallback(mm, vma, pmd, orig_pmd, page,
						   haddr);
		if (ret & VM_FAULT_OOM) {
			/* One page will do, then: for the pte. */
			split_huge_page(page);
			ret |= VM_FAULT_FALLBACK;
		}
		put_page(page);
		count_vm_event(THP_FAULT_FALLBACK);
		goto out;
	}
	if (unlikely(mem_cgroup_newpage_charge(new_page, mm))) {
		put_page(new_page);
		split_huge_page(page);
		put_page(page);
		ret |= VM_FAULT_FALLBACK;
		count_vm_event(THP_FAULT_FALLBACK);
		goto out;
	}
	count_vm_event(THP_FAULT_ALLOC);

	/*
	 * Without the lock: page may be split meanwhile, and a tail of it freed
	 * and used again.  Then the pmd has changed, and the copy is thrown away.
	 */
	copy_user_huge_page(new_page, page);
	__SetPageUptodate(new_page);

	mmu_notifier_invalidate_range_start(mm, mmun_start, mmun_end);

	spin_lock(ptl);
	put_page(page);
	if (!MMRACE_MUTATION(cow_checks_pmd_once) &&
	    unlikely(!pmd_same(*pmd, orig_pmd))) {
		spin_unlock(ptl);
		mem_cgroup_uncharge_page(new_page);
		put_page(new_page);
		mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
		goto out;
	}
	entry = mk_huge_pmd(new_page, vma->vm_page_prot);
	entry = maybe_pmd_mkwrite(pmd_mkdirty(entry), vma);
	pmdp_clear_flush(vma, haddr, pmd);
	page_add_new_anon_rmap(new_page, vma, haddr);
	set_pmd_at(mm, haddr, pmd, entry);
	if (MMRACE_MUTATION(cow_unlocks_before_rmap))
		spin_unlock(ptl);
	VM_BUG_ON_PAGE(!PageHead(page), page);
	page_remove_rmap(page);
	put_page(page);
	ret |= VM_FAULT_WRITE;
	if (!MMRACE_MUTATION(cow_unlocks_before_rmap))
		spin_unlock(ptl);
	mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
out:
	return ret;
out_unlock:
	spin_unlock(ptl);
	return ret;
}

static struct page *follow_trans_huge_pmd(struct vm_area_struct *vma,
					  unsigned long addr, pmd_t *pmd,
					  unsigned int flags)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = NULL;

	if (MMRACE_COMMIT(c4088ebdca64))
		assert_spin_locked(pmd_lockptr(mm, pmd));
	else
		assert_spin_locked(&mm->page_table_lock);

	if (flags & FOLL_WRITE && !pmd_write(*pmd))
		goto out;
	/* A hinting fault must come first. */
	if ((flags & FOLL_NUMA) && pmd_numa(*pmd))
		goto out;

	page = pmd_page(*pmd);
	VM_BUG_ON_PAGE(!PageHead(page), page);
	page += (addr & ~HPAGE_PMD_MASK) >> PAGE_SHIFT;
	VM_BUG_ON_PAGE(!PageCompound(page), page);
	if (flags & FOLL_GET)
		get_page_foll(page);

out:
	return page;
}

/*
 * Returns 1: the pmd is huge and stays so, its lock is held; 0: it is not huge;
 * -1: it was being split, and the split is over now.
 */
static int __pmd_trans_huge_lock(pmd_t *pmd, struct vm_area_struct *vma,
				 spinlock_t **ptl)
{
	/* bf929152e9f6: which lock it is, the caller is told, and need not know. */
	if (MMRACE_COMMIT(bf929152e9f6))
		*ptl = pmd_lock(vma->vm_mm, pmd);
	else
		spin_lock(*ptl = &vma->vm_mm->page_table_lock);
	if (likely(pmd_trans_huge(*pmd))) {
		if (!MMRACE_MUTATION(zap_ignores_splitting) &&
		    unlikely(pmd_trans_splitting(*pmd))) {
			spin_unlock(*ptl);
			wait_split_huge_page(vma->anon_vma, pmd);
			return -1;
		}
		return 1;
	}
	spin_unlock(*ptl);
	return 0;
}

static int zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma,
			pmd_t *pmd, unsigned long addr)
{
	spinlock_t *ptl;
	struct page *page;
	pgtable_t pgtable;
	pmd_t orig_pmd;

	if (__pmd_trans_huge_lock(pmd, vma, &ptl) != 1)
		return 0;
	if (MMRACE_MUTATION(zap_takes_no_ptl))
		spin_unlock(ptl);
	if (MMRACE_MUTATION(rmap_before_clear))
		page_remove_rmap(pmd_page(*pmd));
	orig_pmd = pmdp_get_and_clear(tlb->mm, addr, pmd);
	tlb_remove_pmd_tlb_entry(tlb, pmd, addr);
	if (MMRACE_MUTATION(zap_takes_no_ptl))
		spin_lock(ptl);
	pgtable = pgtable_trans_huge_withdraw(tlb->mm, pmd);
	if (MMRACE_MUTATION(zap_unlocks_before_rmap) || MMRACE_MUTATION(zap_takes_no_ptl))
		spin_unlock(ptl);
	page = pmd_page(orig_pmd);
	if (!MMRACE_MUTATION(rmap_before_clear))
		page_remove_rmap(page);
	VM_BUG_ON_PAGE(page_mapcount(page) < 0, page);
	add_mm_counter(tlb->mm, MM_ANONPAGES, -HPAGE_PMD_NR);
	VM_BUG_ON_PAGE(!PageHead(page), page);
	mm_dec_nr_ptes(tlb->mm);
	if (!MMRACE_MUTATION(zap_unlocks_before_rmap) && !MMRACE_MUTATION(zap_takes_no_ptl))
		spin_unlock(ptl);
	tlb_remove_page(tlb, page);
	pte_free(tlb->mm, pgtable);
	return 1;
}

/* The fix has two parts: the mutations take back one each. */
#define NO_LOOK_BEFORE_LOCK	\
	(MMRACE_COMMIT(b5a8cad376ee) && !MMRACE_MUTATION(keep_mm_find_pmd))
#define PRESENT_UNDER_LOCK	\
	(MMRACE_COMMIT(b5a8cad376ee) && !MMRACE_MUTATION(pmd_none_under_lock))

/*
 * Returns the pmd of mm at address, if it maps page as a huge page.  Since 117b0791ac42
 * with its lock held, and told to the caller; before, the caller held
 * page_table_lock, and there was no ptl to tell.
 */
static pmd_t *page_check_address_pmd(struct page *page, struct mm_struct *mm,
				     unsigned long address,
				     enum page_check_address_pmd_flag flag,
				     spinlock_t **ptl)
{
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd;

	if (address & ~HPAGE_PMD_MASK)
		return NULL;

	if (MMRACE_COMMIT(6219049ae1ce) && !MMRACE_COMMIT(f72e7dcdd252) &&
	    !NO_LOOK_BEFORE_LOCK) {
		pmd = mm_find_pmd(mm, address);
		if (!pmd)
			return NULL;
	} else {
		pgd = pgd_offset(mm, address);
		if (!pgd_present(*pgd))
			return NULL;
		pud = pud_offset(pgd, address);
		if (!pud_present(*pud))
			return NULL;
		pmd = pmd_offset(pud, address);
		/*
		 * b5a8cad376ee: the pmd itself is not looked at before its lock
		 * is held: a zap that has cleared it may not have dropped the
		 * mapcount yet.  f72e7dcdd252 without it: what mm_find_pmd() no
		 * longer does for a huge pmd is done here.
		 */
		if (MMRACE_COMMIT(f72e7dcdd252) && !NO_LOOK_BEFORE_LOCK &&
		    !pmd_present(*pmd))
			return NULL;
	}
	if (MMRACE_COMMIT(117b0791ac42))
		*ptl = pmd_lock(mm, pmd);
	if (PRESENT_UNDER_LOCK ? !pmd_present(*pmd) : pmd_none(*pmd))
		goto unlock;
	if (pmd_page(*pmd) != page)
		goto unlock;
	/* An mm that was seen splitting before is not counted again. */
	if (flag == PAGE_CHECK_ADDRESS_PMD_NOTSPLITTING_FLAG &&
	    pmd_trans_splitting(*pmd))
		goto unlock;
	if (pmd_trans_huge(*pmd)) {
		VM_BUG_ON(flag == PAGE_CHECK_ADDRESS_PMD_SPLITTING_FLAG &&
			  !pmd_trans_splitting(*pmd));
		return pmd;
	}
unlock:
	if (MMRACE_COMMIT(117b0791ac42))
		spin_unlock(*ptl);
	return NULL;
}

static int __split_huge_page_splitting(struct page *page,
				       struct vm_area_struct *vma,
				       unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pmd_t *pmd;
	int ret = 0;
	const unsigned long mmun_start = address;
	const unsigned long mmun_end = address + HPAGE_PMD_SIZE;

	mmu_notifier_invalidate_range_start(mm, mmun_start, mmun_end);
	if (!MMRACE_COMMIT(117b0791ac42))
		spin_lock(ptl = &mm->page_table_lock);
	pmd = page_check_address_pmd(page, mm, address,
			PAGE_CHECK_ADDRESS_PMD_NOTSPLITTING_FLAG, &ptl);
	if (pmd) {
		/* PSE stays set: only the splitting bit says what goes on. */
		pmdp_splitting_flush(vma, address, pmd);
		ret = 1;
	}
	if (pmd || !MMRACE_COMMIT(117b0791ac42))
		spin_unlock(ptl);
	mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
	return ret;
}

/* Turns the tails into pages of their own; no pmd changes meanwhile. */
static void __split_huge_page_refcount(struct page *page, struct list_head *list)
{
	int i;
	struct zone *zone = page_zone(page);
	struct lruvec *lruvec;
	int tail_count = 0;

	/* The LRU must not see half a split. */
	spin_lock_irq(&zone->lru_lock);
	lruvec = mem_cgroup_page_lruvec(page, zone);

	if (!MMRACE_MUTATION(split_takes_no_compound_lock))
		compound_lock(page);
	mem_cgroup_split_huge_fixup(page);

	for (i = HPAGE_PMD_NR - 1; i >= 1; i--) {
		struct page *page_tail = page + i;

		/* A tail's _mapcount is the number of its pins until now. */
		BUG_ON(page_mapcount(page_tail) < 0);
		tail_count += page_mapcount(page_tail);
		BUG_ON(tail_count < 0);
		BUG_ON(atomic_read(&page_tail->_count) != 0);
		/*
		 * One reference for each mapping, each pin, and one that is put
		 * below.  get_page_unless_zero() may succeed from here on.
		 */
		if (MMRACE_MUTATION(tail_pin_not_counted))
			atomic_add(page_mapcount(page) + 1, &page_tail->_count);
		else
			atomic_add(page_mapcount(page) + page_mapcount(page_tail) + 1,
				   &page_tail->_count);
		smp_mb();

		/* Not atomic: no other CPU changes the flags of a tail. */
		page_tail->flags &= ~PAGE_FLAGS_CHECK_AT_PREP | __PG_HWPOISON;
		page_tail->flags |= (page->flags &
				     ((1L << PG_referenced) |
				      (1L << PG_swapbacked) |
				      (1L << PG_mlocked) |
				      (1L << PG_uptodate) |
				      (1L << PG_active) |
				      (1L << PG_unevictable)));
		page_tail->flags |= (1L << PG_dirty);

		/* PG_tail must be gone before first_page and _mapcount are. */
		smp_wmb();

		/* It has the mappings of the head: the ptes are made later. */
		page_tail->_mapcount = page->_mapcount;

		BUG_ON(page_tail->mapping);
		page_tail->mapping = page->mapping;
		page_tail->index = page->index + i;

		BUG_ON(!PageAnon(page_tail));
		BUG_ON(!PageUptodate(page_tail));
		BUG_ON(!PageDirty(page_tail));
		BUG_ON(!PageSwapBacked(page_tail));

		lru_add_page_tail(page, page_tail, lruvec, list);
	}
	atomic_sub(tail_count, &page->_count);
	BUG_ON(atomic_read(&page->_count) <= 0);

	__mod_zone_page_state(zone, NR_ANON_TRANSPARENT_HUGEPAGES, -1);

	ClearPageCompound(page);
	if (!MMRACE_MUTATION(split_takes_no_compound_lock))
		compound_unlock(page);
	spin_unlock_irq(&zone->lru_lock);

	for (i = 1; i < HPAGE_PMD_NR; i++) {
		struct page *page_tail = page + i;

		BUG_ON(page_count(page_tail) <= 0);
		/* May free it: an mm may be gone, and it is not pinned. */
		put_page(page_tail);
	}

	/* The head has at least the caller's reference. */
	BUG_ON(page_count(page) <= 0);
}

static int __split_huge_page_map(struct page *page, struct vm_area_struct *vma,
				 unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pmd_t *pmd, _pmd;
	int ret = 0, i;
	pgtable_t pgtable;
	unsigned long haddr;

	if (!MMRACE_COMMIT(117b0791ac42))
		spin_lock(ptl = &mm->page_table_lock);
	pmd = page_check_address_pmd(page, mm, address,
			PAGE_CHECK_ADDRESS_PMD_SPLITTING_FLAG, &ptl);
	if (pmd) {
		pgtable = pgtable_trans_huge_withdraw(mm, pmd);
		pmd_populate(mm, &_pmd, pgtable);

		haddr = address;
		for (i = 0; i < HPAGE_PMD_NR; i++, haddr += PAGE_SIZE) {
			pte_t *pte, entry;

			BUG_ON(PageCompound(page + i));
			entry = mk_pte(page + i, vma->vm_page_prot);
			entry = maybe_mkwrite(pte_mkdirty(entry), vma);
			if (!pmd_write(*pmd))
				entry = pte_wrprotect(entry);
			else
				BUG_ON(page_mapcount(page) != 1);
			if (!pmd_young(*pmd))
				entry = pte_mkold(entry);
			if (pmd_numa(*pmd))
				entry = pte_mknuma(entry);
			pte = pte_offset_map(&_pmd, haddr);
			BUG_ON(!pte_none(*pte));
			set_pte_at(mm, haddr, pte, entry);
			pte_unmap(pte);
		}

		/* The ptes before the pmd that leads to them. */
		smp_wmb();
		/*
		 * Never both sizes in the TLB: the huge pmd is made not present
		 * and flushed first.  It keeps PSE and the splitting bit.
		 */
		pmdp_invalidate(vma, address, pmd);
		pmd_populate(mm, pmd, pgtable);
		ret = 1;
	}
	if (pmd || !MMRACE_COMMIT(117b0791ac42))
		spin_unlock(ptl);
	return ret;
}

/* The caller holds the lock of the anon_vma's root for writing. */
static void __split_huge_page(struct page *page, struct anon_vma *anon_vma,
			      struct list_head *list)
{
	int mapcount, mapcount2;
	pgoff_t pgoff = page->index << (PAGE_CACHE_SHIFT - PAGE_SHIFT);
	struct anon_vma_chain *avc;

	BUG_ON(!PageHead(page));
	BUG_ON(PageTail(page));

	mapcount = 0;
	anon_vma_interval_tree_foreach(avc, &anon_vma->rb_root, pgoff, pgoff) {
		struct vm_area_struct *vma = avc->vma;
		unsigned long addr = vma_address(page, vma);

		BUG_ON(is_vma_temporary_stack(vma));
		mapcount += __split_huge_page_splitting(page, vma, addr);
	}
	/*
	 * Every mapping must have been found.  One that fork() adds is found too:
	 * it is inserted behind its parent, or copied as splitting and waited for.
	 */
	if (mapcount != page_mapcount(page))
		printk(KERN_ERR "mapcount %d page_mapcount %d\n",
		       mapcount, page_mapcount(page));
	BUG_ON(mapcount != page_mapcount(page));

	__split_huge_page_refcount(page, list);

	mapcount2 = 0;
	anon_vma_interval_tree_foreach(avc, &anon_vma->rb_root, pgoff, pgoff) {
		struct vm_area_struct *vma = avc->vma;
		unsigned long addr = vma_address(page, vma);

		BUG_ON(is_vma_temporary_stack(vma));
		mapcount2 += __split_huge_page_map(page, vma, addr);
	}
	if (mapcount != mapcount2)
		printk(KERN_ERR "mapcount %d mapcount2 %d page_mapcount %d\n",
		       mapcount, mapcount2, page_mapcount(page));
	BUG_ON(mapcount != mapcount2);
}

static int split_huge_page_to_list(struct page *page, struct list_head *list)
{
	struct anon_vma *anon_vma;
	int ret = 1;

	BUG_ON(!PageAnon(page));

	/* Its reference keeps the anon_vma, its lock keeps the tree. */
	anon_vma = page_get_anon_vma(page);
	if (!anon_vma)
		goto out;
	anon_vma_lock_write(anon_vma);

	ret = 0;
	if (!PageCompound(page))
		goto out_unlock;

	BUG_ON(!PageSwapBacked(page));
	__split_huge_page(page, anon_vma, list);
	count_vm_event(THP_SPLIT);

	BUG_ON(PageCompound(page));
out_unlock:
	anon_vma_unlock_write(anon_vma);
	put_anon_vma(anon_vma);
out:
	return ret;
}

static void __split_huge_page_pmd(struct vm_area_struct *vma,
				  unsigned long address, pmd_t *pmd)
{
	spinlock_t *ptl;
	struct page *page;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long haddr = address & HPAGE_PMD_MASK;
	unsigned long mmun_start = haddr;
	unsigned long mmun_end = haddr + HPAGE_PMD_SIZE;

	BUG_ON(vma->vm_start > haddr || vma->vm_end < haddr + HPAGE_PMD_SIZE);

again:
	mmu_notifier_invalidate_range_start(mm, mmun_start, mmun_end);
	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lock(mm, pmd);
	else
		spin_lock(ptl = &mm->page_table_lock);
	if (unlikely(!pmd_trans_huge(*pmd))) {
		spin_unlock(ptl);
		mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
		return;
	}
	page = pmd_page(*pmd);
	VM_BUG_ON_PAGE(!page_count(page), page);
	get_page(page);
	spin_unlock(ptl);
	mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);

	split_huge_page(page);
	put_page(page);

	/* MADV_DONTNEED and a fault may have put another huge page there. */
	if (unlikely(pmd_trans_huge(*pmd)))
		goto again;
}
