/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kind: changed.  References, compound pages, page-table locks, counters of an
 * mm.  A tail of a compound page is pinned by one reference on the head and one
 * count in the tail's own _mapcount; the tail's _count stays 0 until the split.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/gfp.h>
#include <linux/mmdebug.h>
#include <linux/page-flags.h>
#include <linux/bit_spinlock.h>
#include <port/world.h>

static inline struct zone *page_zone(const struct page *page)
{
	return world_zone();
}

#include <linux/vmstat.h>

#define lruvec_zone(lruvec)	container_of(lruvec, struct zone, lruvec)

#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_SHARED	0x00000008UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_LOCKED	0x00002000UL

#define VM_FAULT_OOM		0x0001
#define VM_FAULT_WRITE		0x0008
#define VM_FAULT_FALLBACK	0x0800
#define VM_FAULT_ERROR		VM_FAULT_OOM
#define FAULT_FLAG_WRITE	0x01
#define FOLL_WRITE		0x01
#define FOLL_GET		0x04
#define FOLL_NUMA		0x200

#define PAGE_MAPPING_ANON	1UL
#define PAGE_MAPPING_FLAGS	3UL

static void put_page(struct page *page);
static bool __get_page_tail(struct page *page);

#define page_cache_get(page)	get_page(page)
#define page_cache_release(page)	put_page(page)

static inline int put_page_testzero(struct page *page)
{
	VM_BUG_ON_PAGE(atomic_read(&page->_count) == 0, page);
	return atomic_dec_and_test(&page->_count);
}

static inline int get_page_unless_zero(struct page *page)
{
	return atomic_inc_not_zero(&page->_count);
}

static inline void compound_lock(struct page *page)
{
	VM_BUG_ON_PAGE(PageSlab(page), page);
	bit_spin_lock(PG_compound_lock, &page->flags);
}

static inline void compound_unlock(struct page *page)
{
	VM_BUG_ON_PAGE(PageSlab(page), page);
	bit_spin_unlock(PG_compound_lock, &page->flags);
}

static inline struct page *compound_head(struct page *page)
{
	if (unlikely(PageTail(page))) {
		struct page *head = page->first_page;

		/* first_page may have been overwritten by a split meanwhile. */
		smp_rmb();
		if (likely(PageTail(page)))
			return head;
	}
	return page;
}

static inline void page_mapcount_reset(struct page *page)
{
	atomic_set(&page->_mapcount, -1);
}

static inline int page_mapcount(struct page *page)
{
	return atomic_read(&page->_mapcount) + 1;
}

static inline int page_mapped(struct page *page)
{
	return atomic_read(&page->_mapcount) >= 0;
}

static inline int page_count(struct page *page)
{
	return atomic_read(&compound_head(page)->_count);
}

static inline int PageAnon(struct page *page)
{
	return ((unsigned long)page->mapping & PAGE_MAPPING_ANON) != 0;
}

/* There is no hugetlbfs, whose tails are not counted. */
static inline bool __compound_tail_refcounted(struct page *page)
{
	return !PageSlab(page);
}

static inline bool compound_tail_refcounted(struct page *page)
{
	VM_BUG_ON_PAGE(!PageHead(page), page);
	return __compound_tail_refcounted(page);
}

static inline void get_huge_page_tail(struct page *page)
{
	VM_BUG_ON_PAGE(!PageTail(page), page);
	VM_BUG_ON_PAGE(page_mapcount(page) < 0, page);
	VM_BUG_ON_PAGE(atomic_read(&page->_count) != 0, page);
	if (compound_tail_refcounted(page->first_page))
		atomic_inc(&page->_mapcount);
}

static inline void get_page(struct page *page)
{
	if (unlikely(PageTail(page)))
		if (likely(__get_page_tail(page)))
			return;
	/* The caller holds a reference already. */
	VM_BUG_ON_PAGE(atomic_read(&page->_count) <= 0, page);
	atomic_inc(&page->_count);
}

typedef void compound_page_dtor(struct page *);

/* The first tail's lru is free to say what the compound page is. */
static inline void set_compound_page_dtor(struct page *page,
					  compound_page_dtor *dtor)
{
	page[1].lru.next = (void *)dtor;
}

static inline compound_page_dtor *get_compound_page_dtor(struct page *page)
{
	return (compound_page_dtor *)(void *)page[1].lru.next;
}

static inline unsigned int compound_order(struct page *page)
{
	if (!PageHead(page))
		return 0;
	return (unsigned int)(unsigned long)page[1].lru.prev;
}

static inline void set_compound_order(struct page *page, unsigned long order)
{
	page[1].lru.prev = (void *)order;
}

static inline void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

static inline int trylock_page(struct page *page)
{
	return !test_and_set_bit(PG_locked, &page->flags);
}

static inline void lock_page(struct page *page)
{
	might_sleep();
	vcpu_bit_lock(PG_locked, &page->flags);
}

static inline void unlock_page(struct page *page)
{
	VM_BUG_ON_PAGE(!PageLocked(page), page);
	vcpu_bit_unlock(PG_locked, &page->flags);
}

/* ---- locks of page tables ---------------------------------------------- */

static inline spinlock_t *ptlock_ptr(struct page *page)
{
	return &page->ptl;
}

static inline bool ptlock_init(struct page *page)
{
	/* A stale value here means that the lock is still in use. */
	VM_BUG_ON_PAGE(*(unsigned long *)&page->ptl, page);
	spin_lock_init(ptlock_ptr(page));
	return true;
}

static inline bool pgtable_page_ctor(struct page *page)
{
	inc_zone_page_state(page, NR_PAGETABLE);
	return ptlock_init(page);
}

static inline void pgtable_page_dtor(struct page *page)
{
	page->mapping = NULL;
	dec_zone_page_state(page, NR_PAGETABLE);
}

/*
 * e009bb30c8df: a huge page is mapped under the lock of its pmd table, so that
 * the faults of one process do not meet at one lock.
 */
static inline spinlock_t *pmd_lockptr(struct mm_struct *mm, pmd_t *pmd)
{
	if (MMRACE_COMMIT(e009bb30c8df))
		return ptlock_ptr(virt_to_page(pmd));
	return &mm->page_table_lock;
}

static inline bool pgtable_pmd_page_ctor(struct page *page)
{
	if (!MMRACE_COMMIT(e009bb30c8df))
		return true;
	page->pmd_huge_pte = NULL;
	return ptlock_init(page);
}

static inline void pgtable_pmd_page_dtor(struct page *page)
{
	if (MMRACE_COMMIT(e009bb30c8df))
		VM_BUG_ON_PAGE(page->pmd_huge_pte, page);
}

/* The deposits are under the lock of the pmd, and lie where that lock lies. */
#define pmd_huge_pte(mm, pmd)						\
	(*(MMRACE_COMMIT(e009bb30c8df) ?					\
	   &virt_to_page(pmd)->pmd_huge_pte : &(mm)->pmd_huge_pte))

/*
 * e1f56c89b040: no longer under page_table_lock alone, hence atomic.  In the
 * kernel the type changes with it.
 */
#define mm_inc_nr_ptes(mm) do {						\
	if (MMRACE_COMMIT(e1f56c89b040))					\
		atomic_long_inc(&(mm)->nr_ptes);			\
	else								\
		(mm)->nr_ptes.counter++;				\
} while (0)

#define mm_dec_nr_ptes(mm) do {						\
	if (MMRACE_COMMIT(e1f56c89b040))					\
		atomic_long_dec(&(mm)->nr_ptes);			\
	else								\
		(mm)->nr_ptes.counter--;				\
} while (0)

static inline spinlock_t *pmd_lock(struct mm_struct *mm, pmd_t *pmd)
{
	spinlock_t *ptl = pmd_lockptr(mm, pmd);

	spin_lock(ptl);
	return ptl;
}

/* ---- counters of an mm -------------------------------------------------- */

static inline void add_mm_counter(struct mm_struct *mm, int member, long value)
{
	atomic_long_add(value, &mm->rss_stat.count[member]);
}

static inline pgoff_t linear_page_index(struct vm_area_struct *vma,
					unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

static inline bool is_vma_temporary_stack(struct vm_area_struct *vma)
{
	/* Only a stack that exec() is setting up, which grows down, is one. */
	return (vma->vm_flags & VM_GROWSDOWN) != 0;
}

static inline bool is_cow_mapping(unsigned long flags)
{
	return (flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

#include <asm/pgtable.h>
#include <asm/pgalloc.h>
#include <linux/swap.h>

#define pte_unmap_unlock(pte, ptl) do {					\
	spin_unlock(ptl);						\
	pte_unmap(pte);							\
} while (0)

static inline spinlock_t *pte_lockptr(struct mm_struct *mm, pmd_t *pmd)
{
	return ptlock_ptr(pmd_page(*pmd));
}

static inline pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd,
					 unsigned long address,
					 spinlock_t **ptlp)
{
	spinlock_t *ptl = pte_lockptr(mm, pmd);
	pte_t *pte = pte_offset_map(pmd, address);

	*ptlp = ptl;
	spin_lock(ptl);
	return pte;
}

static inline pte_t maybe_mkwrite(pte_t pte, struct vm_area_struct *vma)
{
	if (likely(vma->vm_flags & VM_WRITE))
		pte = pte_mkwrite(pte);
	return pte;
}

struct mmu_gather;
struct zap_details;

static int __pud_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long address);
static int __pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long address);
static int __pte_alloc(struct mm_struct *mm, struct vm_area_struct *vma,
		       pmd_t *pmd, unsigned long address);
static int copy_page_range(struct mm_struct *dst_mm, struct mm_struct *src_mm,
			   struct vm_area_struct *vma);
static void unmap_vmas(struct mmu_gather *tlb, struct vm_area_struct *vma,
		       unsigned long start_addr, unsigned long end_addr);
static void free_pgtables(struct mmu_gather *tlb, struct vm_area_struct *vma,
			  unsigned long floor, unsigned long ceiling);

static inline pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd,
			       unsigned long address)
{
	if (unlikely(pgd_none(*pgd)) && __pud_alloc(mm, pgd, address))
		return NULL;
	return pud_offset(pgd, address);
}

static inline pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud,
			       unsigned long address)
{
	if (unlikely(pud_none(*pud)) && __pmd_alloc(mm, pud, address))
		return NULL;
	return pmd_offset(pud, address);
}

#endif
