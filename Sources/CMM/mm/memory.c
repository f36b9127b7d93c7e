/* SPDX-License-Identifier: GPL-2.0-only */
/* Walking, copying, zapping and freeing page tables, after mm/memory.c. */
#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <linux/memcontrol.h>
#include <linux/mmu_notifier.h>
#include "internal.h"

/* ---- allocation of tables ------------------------------------------------- */

static int __pud_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long address)
{
	pud_t *new = pud_alloc_one(mm, address);

	if (!new)
		return -ENOMEM;
	smp_wmb();

	spin_lock(&mm->page_table_lock);
	if (pgd_present(*pgd))
		pud_free(mm, new);
	else
		pgd_populate(mm, pgd, new);
	spin_unlock(&mm->page_table_lock);
	return 0;
}

static int __pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long address)
{
	pmd_t *new = pmd_alloc_one(mm, address);

	if (!new)
		return -ENOMEM;
	smp_wmb();

	spin_lock(&mm->page_table_lock);
	if (pud_present(*pud))
		pmd_free(mm, new);
	else
		pud_populate(mm, pud, new);
	spin_unlock(&mm->page_table_lock);
	return 0;
}

static int __pte_alloc(struct mm_struct *mm, struct vm_area_struct *vma,
		       pmd_t *pmd, unsigned long address)
{
	spinlock_t *ptl;
	pgtable_t new = pte_alloc_one(mm, address);
	int must_wait = 0;

	if (!new)
		return -ENOMEM;
	/* Cleared before it can be found. */
	smp_wmb();

	if (MMRACE_COMMIT(c4088ebdca64))
		ptl = pmd_lock(mm, pmd);
	else
		spin_lock(ptl = &mm->page_table_lock);
	if (likely(pmd_none(*pmd))) {
		mm_inc_nr_ptes(mm);
		pmd_populate(mm, pmd, new);
		new = NULL;
	} else if (unlikely(pmd_trans_splitting(*pmd))) {
		must_wait = 1;
	}
	spin_unlock(ptl);
	if (new)
		pte_free(mm, new);
	if (must_wait)
		wait_split_huge_page(vma->anon_vma, pmd);
	return 0;
}

/* ---- freeing of tables ----------------------------------------------------- */

static void free_pte_range(struct mmu_gather *tlb, pmd_t *pmd, unsigned long addr)
{
	pgtable_t token = pmd_pgtable(*pmd);

	pmd_clear(pmd);
	pte_free_tlb(tlb, token, addr);
	mm_dec_nr_ptes(tlb->mm);
}

static inline void free_pmd_range(struct mmu_gather *tlb, pud_t *pud,
				  unsigned long addr, unsigned long end,
				  unsigned long floor, unsigned long ceiling)
{
	pmd_t *pmd;
	unsigned long next;
	unsigned long start = addr;

	pmd = pmd_offset(pud, addr);
	do {
		next = pmd_addr_end(addr, end);
		if (pmd_none_or_clear_bad(pmd))
			continue;
		free_pte_range(tlb, pmd, addr);
	} while (pmd++, addr = next, addr != end);

	/* The table itself goes when no neighbour can need it. */
	start &= PUD_MASK;
	if (start < floor)
		return;
	if (ceiling) {
		ceiling &= PUD_MASK;
		if (!ceiling)
			return;
	}
	if (end - 1 > ceiling - 1)
		return;

	pmd = pmd_offset(pud, start);
	pud_clear(pud);
	pmd_free_tlb(tlb, pmd, start);
}

static inline void free_pud_range(struct mmu_gather *tlb, pgd_t *pgd,
				  unsigned long addr, unsigned long end,
				  unsigned long floor, unsigned long ceiling)
{
	pud_t *pud;
	unsigned long next;
	unsigned long start = addr;

	pud = pud_offset(pgd, addr);
	do {
		next = pud_addr_end(addr, end);
		if (pud_none_or_clear_bad(pud))
			continue;
		free_pmd_range(tlb, pud, addr, next, floor, ceiling);
	} while (pud++, addr = next, addr != end);

	start &= PGDIR_MASK;
	if (start < floor)
		return;
	if (ceiling) {
		ceiling &= PGDIR_MASK;
		if (!ceiling)
			return;
	}
	if (end - 1 > ceiling - 1)
		return;

	pud = pud_offset(pgd, start);
	pgd_clear(pgd);
	pud_free_tlb(tlb, pud, start);
}

static void free_pgd_range(struct mmu_gather *tlb, unsigned long addr,
			   unsigned long end, unsigned long floor,
			   unsigned long ceiling)
{
	pgd_t *pgd;
	unsigned long next;

	addr &= PMD_MASK;
	if (addr < floor) {
		addr += PMD_SIZE;
		if (!addr)
			return;
	}
	if (ceiling) {
		ceiling &= PMD_MASK;
		if (!ceiling)
			return;
	}
	if (end - 1 > ceiling - 1)
		end -= PMD_SIZE;
	if (addr > end - 1)
		return;

	pgd = pgd_offset(tlb->mm, addr);
	do {
		next = pgd_addr_end(addr, end);
		if (pgd_none_or_clear_bad(pgd))
			continue;
		free_pud_range(tlb, pgd, addr, next, floor, ceiling);
	} while (pgd++, addr = next, addr != end);
}

static void free_pgtables(struct mmu_gather *tlb, struct vm_area_struct *vma,
			  unsigned long floor, unsigned long ceiling)
{
	while (vma) {
		struct vm_area_struct *next = vma->vm_next;
		unsigned long addr = vma->vm_start;

		/* Reverse mappings lead to the tables, so they go first. */
		unlink_anon_vmas(vma);
		free_pgd_range(tlb, addr, vma->vm_end, floor,
			       next ? next->vm_start : ceiling);
		vma = next;
	}
}

/* ---- fork ------------------------------------------------------------------- */

static void add_mm_rss_vec(struct mm_struct *mm, int *rss)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (rss[i])
			add_mm_counter(mm, i, rss[i]);
}

static inline void init_rss_vec(int *rss)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		rss[i] = 0;
}

/* Anonymous pages only: there is no swap entry and no file page to copy. */
static inline void copy_one_pte(struct mm_struct *dst_mm, struct mm_struct *src_mm,
				pte_t *dst_pte, pte_t *src_pte,
				struct vm_area_struct *vma, unsigned long addr,
				int *rss)
{
	unsigned long vm_flags = vma->vm_flags;
	pte_t pte = *src_pte;
	struct page *page;

	if (is_cow_mapping(vm_flags)) {
		ptep_set_wrprotect(src_mm, addr, src_pte);
		pte = pte_wrprotect(pte);
	}
	pte = pte_mkold(pte);

	page = pte_page(pte);
	get_page(page);
	page_dup_rmap(page);
	if (PageAnon(page))
		rss[MM_ANONPAGES]++;
	else
		rss[MM_FILEPAGES]++;
	set_pte_at(dst_mm, addr, dst_pte, pte);
}

static int copy_pte_range(struct mm_struct *dst_mm, struct mm_struct *src_mm,
			  pmd_t *dst_pmd, pmd_t *src_pmd,
			  struct vm_area_struct *vma, unsigned long addr,
			  unsigned long end)
{
	pte_t *src_pte, *dst_pte;
	spinlock_t *src_ptl, *dst_ptl;
	int rss[NR_MM_COUNTERS];

	init_rss_vec(rss);
	if (unlikely(pmd_none(*dst_pmd)) && __pte_alloc(dst_mm, NULL, dst_pmd, addr))
		return -ENOMEM;
	dst_pte = pte_offset_map_lock(dst_mm, dst_pmd, addr, &dst_ptl);
	src_pte = pte_offset_map(src_pmd, addr);
	src_ptl = pte_lockptr(src_mm, src_pmd);
	spin_lock_nested(src_ptl, SINGLE_DEPTH_NESTING);
	do {
		if (pte_none(*src_pte))
			continue;
		copy_one_pte(dst_mm, src_mm, dst_pte, src_pte, vma, addr, rss);
	} while (dst_pte++, src_pte++, addr += PAGE_SIZE, addr != end);
	spin_unlock(src_ptl);
	add_mm_rss_vec(dst_mm, rss);
	spin_unlock(dst_ptl);
	return 0;
}

static inline int copy_pmd_range(struct mm_struct *dst_mm, struct mm_struct *src_mm,
				 pud_t *dst_pud, pud_t *src_pud,
				 struct vm_area_struct *vma, unsigned long addr,
				 unsigned long end)
{
	pmd_t *src_pmd, *dst_pmd;
	unsigned long next;

	dst_pmd = pmd_alloc(dst_mm, dst_pud, addr);
	if (!dst_pmd)
		return -ENOMEM;
	src_pmd = pmd_offset(src_pud, addr);
	do {
		next = pmd_addr_end(addr, end);
		if (pmd_trans_huge(*src_pmd)) {
			int err;

			VM_BUG_ON(next - addr != HPAGE_PMD_SIZE);
			err = copy_huge_pmd(dst_mm, src_mm, dst_pmd, src_pmd,
					    addr, vma);
			if (err == -ENOMEM)
				return -ENOMEM;
			if (!err)
				continue;
			/* It was split: copy it page by page. */
		}
		if (pmd_none_or_clear_bad(src_pmd))
			continue;
		if (copy_pte_range(dst_mm, src_mm, dst_pmd, src_pmd, vma, addr, next))
			return -ENOMEM;
	} while (dst_pmd++, src_pmd++, addr = next, addr != end);
	return 0;
}

static inline int copy_pud_range(struct mm_struct *dst_mm, struct mm_struct *src_mm,
				 pgd_t *dst_pgd, pgd_t *src_pgd,
				 struct vm_area_struct *vma, unsigned long addr,
				 unsigned long end)
{
	pud_t *src_pud, *dst_pud;
	unsigned long next;

	dst_pud = pud_alloc(dst_mm, dst_pgd, addr);
	if (!dst_pud)
		return -ENOMEM;
	src_pud = pud_offset(src_pgd, addr);
	do {
		next = pud_addr_end(addr, end);
		if (pud_none_or_clear_bad(src_pud))
			continue;
		if (copy_pmd_range(dst_mm, src_mm, dst_pud, src_pud, vma, addr, next))
			return -ENOMEM;
	} while (dst_pud++, src_pud++, addr = next, addr != end);
	return 0;
}

static int copy_page_range(struct mm_struct *dst_mm, struct mm_struct *src_mm,
			   struct vm_area_struct *vma)
{
	pgd_t *src_pgd, *dst_pgd;
	unsigned long next;
	unsigned long addr = vma->vm_start;
	unsigned long end = vma->vm_end;
	unsigned long mmun_start = addr;
	unsigned long mmun_end = end;
	bool is_cow;
	int ret = 0;

	/* Nothing was faulted in yet: the child can fault as well. */
	if (!vma->anon_vma)
		return 0;

	is_cow = is_cow_mapping(vma->vm_flags);
	if (is_cow)
		mmu_notifier_invalidate_range_start(src_mm, mmun_start, mmun_end);

	dst_pgd = pgd_offset(dst_mm, addr);
	src_pgd = pgd_offset(src_mm, addr);
	do {
		next = pgd_addr_end(addr, end);
		if (pgd_none_or_clear_bad(src_pgd))
			continue;
		if (unlikely(copy_pud_range(dst_mm, src_mm, dst_pgd, src_pgd,
					    vma, addr, next))) {
			ret = -ENOMEM;
			break;
		}
	} while (dst_pgd++, src_pgd++, addr = next, addr != end);

	if (is_cow)
		mmu_notifier_invalidate_range_end(src_mm, mmun_start, mmun_end);
	return ret;
}

/* ---- zap ---------------------------------------------------------------------- */

static unsigned long zap_pte_range(struct mmu_gather *tlb,
				   struct vm_area_struct *vma,
				   pmd_t *pmd, unsigned long addr,
				   unsigned long end)
{
	struct mm_struct *mm = tlb->mm;
	int force_flush = 0;
	int rss[NR_MM_COUNTERS];
	spinlock_t *ptl;
	pte_t *start_pte;
	pte_t *pte;

again:
	init_rss_vec(rss);
	start_pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
	pte = start_pte;
	do {
		pte_t ptent = *pte;

		if (pte_none(ptent))
			continue;
		if (pte_present(ptent)) {
			struct page *page = pte_page(ptent);

			ptent = ptep_get_and_clear_full(mm, addr, pte,
							(int)tlb->fullmm);
			tlb_remove_tlb_entry(tlb, pte, addr);
			if (PageAnon(page))
				rss[MM_ANONPAGES]--;
			else
				rss[MM_FILEPAGES]--;
			page_remove_rmap(page);
			if (unlikely(page_mapcount(page) < 0))
				REPORT_BAD("page_mapcount(page) < 0");
			force_flush = !__tlb_remove_page(tlb, page);
			if (force_flush)
				break;
		}
	} while (pte++, addr += PAGE_SIZE, addr != end);

	add_mm_rss_vec(mm, rss);
	pte_unmap_unlock(start_pte, ptl);

	/* No room: flush and free without the lock, and go on. */
	if (force_flush) {
		unsigned long old_end;

		force_flush = 0;
		old_end = tlb->end;
		tlb->end = addr;
		tlb_flush_mmu(tlb);
		tlb->start = addr;
		tlb->end = old_end;
		if (addr != end)
			goto again;
	}
	return addr;
}

static inline unsigned long zap_pmd_range(struct mmu_gather *tlb,
					  struct vm_area_struct *vma, pud_t *pud,
					  unsigned long addr, unsigned long end)
{
	pmd_t *pmd;
	unsigned long next;

	pmd = pmd_offset(pud, addr);
	do {
		next = pmd_addr_end(addr, end);
		if (pmd_trans_huge(*pmd)) {
			if (next - addr != HPAGE_PMD_SIZE) {
				if (!rwsem_is_locked(&tlb->mm->mmap_sem))
					BUG();
				split_huge_page_pmd(vma, addr, pmd);
			} else if (zap_huge_pmd(tlb, vma, pmd, addr)) {
				goto next;
			}
			/* It was split: the ptes are zapped. */
		}
		/*
		 * Another MADV_DONTNEED or a fault may be at work here too: none
		 * or huge again means that there is nothing left for this one.
		 */
		if (pmd_none_or_trans_huge_or_clear_bad(pmd))
			goto next;
		next = zap_pte_range(tlb, vma, pmd, addr, next);
next:
		cond_resched();
	} while (pmd++, addr = next, addr != end);

	return addr;
}

static inline unsigned long zap_pud_range(struct mmu_gather *tlb,
					  struct vm_area_struct *vma, pgd_t *pgd,
					  unsigned long addr, unsigned long end)
{
	pud_t *pud;
	unsigned long next;

	pud = pud_offset(pgd, addr);
	do {
		next = pud_addr_end(addr, end);
		if (pud_none_or_clear_bad(pud))
			continue;
		next = zap_pmd_range(tlb, vma, pud, addr, next);
	} while (pud++, addr = next, addr != end);

	return addr;
}

static void unmap_page_range(struct mmu_gather *tlb, struct vm_area_struct *vma,
			     unsigned long addr, unsigned long end)
{
	pgd_t *pgd;
	unsigned long next;

	BUG_ON(addr >= end);
	pgd = pgd_offset(vma->vm_mm, addr);
	do {
		next = pgd_addr_end(addr, end);
		if (pgd_none_or_clear_bad(pgd))
			continue;
		next = zap_pud_range(tlb, vma, pgd, addr, next);
	} while (pgd++, addr = next, addr != end);
}

static void unmap_single_vma(struct mmu_gather *tlb, struct vm_area_struct *vma,
			     unsigned long start_addr, unsigned long end_addr)
{
	unsigned long start = max(vma->vm_start, start_addr);
	unsigned long end;

	if (start >= vma->vm_end)
		return;
	end = min(vma->vm_end, end_addr);
	if (end <= vma->vm_start)
		return;
	if (start != end)
		unmap_page_range(tlb, vma, start, end);
}

static void unmap_vmas(struct mmu_gather *tlb, struct vm_area_struct *vma,
		       unsigned long start_addr, unsigned long end_addr)
{
	struct mm_struct *mm = vma->vm_mm;

	mmu_notifier_invalidate_range_start(mm, start_addr, end_addr);
	for ( ; vma && vma->vm_start < end_addr; vma = vma->vm_next)
		unmap_single_vma(tlb, vma, start_addr, end_addr);
	mmu_notifier_invalidate_range_end(mm, start_addr, end_addr);
}

/* The caller holds mmap_sem, for reading at least.  No details are asked for. */
static void zap_page_range(struct vm_area_struct *vma, unsigned long start,
			   unsigned long size, struct zap_details *details)
{
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_gather tlb;
	unsigned long end = start + size;

	lru_add_drain();
	tlb_gather_mmu(&tlb, mm, start, end);
	mmu_notifier_invalidate_range_start(mm, start, end);
	for ( ; vma && vma->vm_start < end; vma = vma->vm_next)
		unmap_single_vma(&tlb, vma, start, end);
	mmu_notifier_invalidate_range_end(mm, start, end);
	tlb_finish_mmu(&tlb, start, end);
}

/* ---- faults ------------------------------------------------------------------- */

/*
 * A write to a page that others may have, too.  The lock of the pte is held, and
 * is released.  Anonymous pages only, and no VMA is mlocked.
 */
static int do_wp_page(struct mm_struct *mm, struct vm_area_struct *vma,
		      unsigned long address, pte_t *page_table, pmd_t *pmd,
		      spinlock_t *ptl, pte_t orig_pte)
{
	struct page *old_page, *new_page = NULL;
	pte_t entry;
	int ret = 0;
	unsigned long mmun_start = 0;
	unsigned long mmun_end = 0;

	old_page = pte_page(orig_pte);
	if (PageAnon(old_page)) {
		if (!trylock_page(old_page)) {
			/* The CPU that has it locked may need the lock of the pte. */
			page_cache_get(old_page);
			pte_unmap_unlock(page_table, ptl);
			lock_page(old_page);
			page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
			if (!pte_same(*page_table, orig_pte)) {
				unlock_page(old_page);
				goto unlock;
			}
			page_cache_release(old_page);
		}
		if (reuse_swap_page(old_page)) {
			/* The lock of the page holds off those who look for its mappings. */
			page_move_anon_rmap(old_page, vma, address);
			unlock_page(old_page);
			entry = pte_mkyoung(orig_pte);
			entry = maybe_mkwrite(pte_mkdirty(entry), vma);
			ptep_set_access_flags(vma, address, page_table, entry, 1);
			pte_unmap_unlock(page_table, ptl);
			return ret | VM_FAULT_WRITE;
		}
		unlock_page(old_page);
	}

	/* Copied without the lock: an allocation may sleep. */
	page_cache_get(old_page);
	pte_unmap_unlock(page_table, ptl);

	if (unlikely(anon_vma_prepare(vma)))
		goto oom;
	new_page = alloc_pages(GFP_HIGHUSER_MOVABLE, 0);
	if (!new_page)
		goto oom;
	copy_user_highpage(new_page, old_page);
	__SetPageUptodate(new_page);

	if (mem_cgroup_newpage_charge(new_page, mm))
		goto oom_free_new;

	mmun_start = address & PAGE_MASK;
	mmun_end = mmun_start + PAGE_SIZE;
	mmu_notifier_invalidate_range_start(mm, mmun_start, mmun_end);

	page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (likely(pte_same(*page_table, orig_pte))) {
		if (!PageAnon(old_page)) {
			add_mm_counter(mm, MM_FILEPAGES, -1);
			add_mm_counter(mm, MM_ANONPAGES, 1);
		}
		entry = mk_pte(new_page, vma->vm_page_prot);
		entry = maybe_mkwrite(pte_mkdirty(entry), vma);
		/* None in between: no CPU may go on with the old page. */
		ptep_clear_flush(vma, address, page_table);
		page_add_new_anon_rmap(new_page, vma, address);
		set_pte_at_notify(mm, address, page_table, entry);
		/*
		 * Not before: a CPU that sees that the old page has one mapping left
		 * writes to it, which no thread of this mm may see.
		 */
		if (MMRACE_MUTATION(wp_page_unlocks_before_rmap))
			spin_unlock(ptl);
		page_remove_rmap(old_page);
		if (MMRACE_MUTATION(wp_page_unlocks_before_rmap))
			spin_lock(ptl);

		/* The mapping's reference, in place of the copy's. */
		new_page = old_page;
		ret |= VM_FAULT_WRITE;
	} else {
		mem_cgroup_uncharge_page(new_page);
	}
	page_cache_release(new_page);
unlock:
	pte_unmap_unlock(page_table, ptl);
	if (mmun_end > mmun_start)
		mmu_notifier_invalidate_range_end(mm, mmun_start, mmun_end);
	page_cache_release(old_page);
	return ret;

oom_free_new:
	page_cache_release(new_page);
oom:
	page_cache_release(old_page);
	return VM_FAULT_OOM;
}

/* A page that is mapped; what is to be mapped yet, or comes from swap, is left. */
static int handle_pte_fault(struct mm_struct *mm, struct vm_area_struct *vma,
			    unsigned long address, pte_t *pte, pmd_t *pmd,
			    unsigned int flags)
{
	pte_t entry;
	spinlock_t *ptl;

	entry = *pte;
	if (!pte_present(entry))
		return 0;

	ptl = pte_lockptr(mm, pmd);
	spin_lock(ptl);
	if (unlikely(!pte_same(*pte, entry)))
		goto unlock;
	if (flags & FAULT_FLAG_WRITE) {
		if (!pte_write(entry))
			return do_wp_page(mm, vma, address, pte, pmd, ptl, entry);
		entry = pte_mkdirty(entry);
	}
	entry = pte_mkyoung(entry);
	ptep_set_access_flags(vma, address, pte, entry,
			      (flags & FAULT_FLAG_WRITE) != 0);
unlock:
	pte_unmap_unlock(pte, ptl);
	return 0;
}

/* A page that is not mapped yet is to be huge: a single one is not ported. */
static int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
			   unsigned long address, unsigned int flags)
{
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	pgd = pgd_offset(mm, address);
	pud = pud_alloc(mm, pgd, address);
	if (!pud)
		return VM_FAULT_OOM;
	pmd = pmd_alloc(mm, pud, address);
	if (!pmd)
		return VM_FAULT_OOM;
	if (pmd_none(*pmd)) {
		return do_huge_pmd_anonymous_page(mm, vma, address, pmd, flags);
	} else {
		pmd_t orig_pmd = *pmd;
		int dirty = (flags & FAULT_FLAG_WRITE) != 0;
		int ret;

		barrier();
		if (pmd_trans_huge(orig_pmd)) {
			/* The fault is taken again until the split is over. */
			if (pmd_trans_splitting(orig_pmd))
				return 0;
			if (dirty && !pmd_write(orig_pmd)) {
				ret = do_huge_pmd_wp_page(mm, vma, address, pmd,
							  orig_pmd);
				if (!(ret & VM_FAULT_FALLBACK))
					return ret;
			} else {
				huge_pmd_set_accessed(mm, vma, address, pmd,
						      orig_pmd, dirty);
				return 0;
			}
		}
	}

	/* Zapped meanwhile, and perhaps huge again: the fault is taken once more. */
	if (unlikely(pmd_none(*pmd)) &&
	    unlikely(__pte_alloc(mm, vma, pmd, address)))
		return VM_FAULT_OOM;
	if (unlikely(pmd_trans_huge(*pmd)))
		return 0;
	/* A table stays one: only khugepaged makes it huge, and takes mmap_sem. */
	pte = pte_offset_map(pmd, address);

	return handle_pte_fault(mm, vma, address, pte, pmd, flags);
}
