/* SPDX-License-Identifier: GPL-2.0-only */
/* Reverse mappings of anonymous pages, after mm/rmap.c. */
#include <linux/huge_mm.h>
#include <linux/memcontrol.h>
#include <linux/rmap.h>
#include "internal.h"

static inline struct anon_vma *anon_vma_alloc(void)
{
	struct anon_vma *anon_vma = kmem_cache_alloc(anon_vma_cachep, GFP_KERNEL);

	if (anon_vma) {
		atomic_set(&anon_vma->refcount, 1);
		if (MMRACE_COMMIT(7a3ef208e662)) {
			/* The VMA that it is made for. */
			anon_vma->degree = 1;
			anon_vma->parent = anon_vma;
		}
		/* fork() makes this the parent's root. */
		anon_vma->root = anon_vma;
	}
	return anon_vma;
}

static inline void anon_vma_free(struct anon_vma *anon_vma)
{
	VM_BUG_ON(atomic_read(&anon_vma->refcount));

	/*
	 * A CPU may have found this anon_vma through a page and taken its lock
	 * without a reference; it must leave before the memory is another one.
	 */
	might_sleep();
	if (rwsem_is_locked(&anon_vma->root->rwsem)) {
		anon_vma_lock_write(anon_vma);
		anon_vma_unlock_write(anon_vma);
	}
	kmem_cache_free(anon_vma_cachep, anon_vma);
}

static inline struct anon_vma_chain *anon_vma_chain_alloc(gfp_t gfp)
{
	return kmem_cache_alloc(anon_vma_chain_cachep, gfp);
}

static void anon_vma_chain_free(struct anon_vma_chain *avc)
{
	kmem_cache_free(anon_vma_chain_cachep, avc);
}

static void anon_vma_chain_link(struct vm_area_struct *vma,
				struct anon_vma_chain *avc,
				struct anon_vma *anon_vma)
{
	avc->vma = vma;
	avc->anon_vma = anon_vma;
	list_add(&avc->same_vma, &vma->anon_vma_chain);
	anon_vma_interval_tree_insert(avc, &anon_vma->rb_root);
}

static int anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;
	struct anon_vma_chain *avc;

	might_sleep();
	if (unlikely(!anon_vma)) {
		struct mm_struct *mm = vma->vm_mm;
		struct anon_vma *allocated;

		avc = anon_vma_chain_alloc(GFP_KERNEL);
		if (!avc)
			goto out_enomem;

		/* A process has one VMA, so that there is none to merge with. */
		anon_vma = anon_vma_alloc();
		if (unlikely(!anon_vma))
			goto out_enomem_free_avc;
		allocated = anon_vma;

		anon_vma_lock_write(anon_vma);
		/* mmap_sem is held for reading only: another fault may be here. */
		spin_lock(&mm->page_table_lock);
		if (likely(!vma->anon_vma)) {
			vma->anon_vma = anon_vma;
			anon_vma_chain_link(vma, avc, anon_vma);
			/* A root is a child of its own, so that it never falls to 1. */
			if (MMRACE_COMMIT(7a3ef208e662))
				anon_vma->degree++;
			allocated = NULL;
			avc = NULL;
		}
		spin_unlock(&mm->page_table_lock);
		anon_vma_unlock_write(anon_vma);

		if (unlikely(allocated))
			put_anon_vma(allocated);
		if (unlikely(avc))
			anon_vma_chain_free(avc);
	}
	return 0;

out_enomem_free_avc:
	anon_vma_chain_free(avc);
out_enomem:
	return -ENOMEM;
}

/* All anon_vmas of a VMA have one root, whose lock is taken once. */
static inline struct anon_vma *lock_anon_vma_root(struct anon_vma *root,
						  struct anon_vma *anon_vma)
{
	struct anon_vma *new_root = anon_vma->root;

	if (new_root != root) {
		WARN_ON(root);
		if (root)
			up_write(&root->rwsem);
		root = new_root;
		down_write(&root->rwsem);
	}
	return root;
}

static inline void unlock_anon_vma_root(struct anon_vma *root)
{
	if (root)
		up_write(&root->rwsem);
}

static int anon_vma_clone(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	struct anon_vma_chain *avc, *pavc;
	struct anon_vma *root = NULL;

	list_for_each_entry_reverse(pavc, &src->anon_vma_chain, same_vma) {
		struct anon_vma *anon_vma;

		avc = anon_vma_chain_alloc(GFP_NOWAIT | __GFP_NOWARN);
		if (unlikely(!avc)) {
			unlock_anon_vma_root(root);
			root = NULL;
			avc = anon_vma_chain_alloc(GFP_KERNEL);
			if (!avc)
				goto enomem_failure;
		}
		anon_vma = pavc->anon_vma;
		root = lock_anon_vma_root(root, anon_vma);
		anon_vma_chain_link(dst, avc, anon_vma);

		/*
		 * One with a degree below two has no VMA of its own any more and one
		 * child: it can be dst's.  Not the parent's, or the first child of
		 * each process would share it.
		 */
		if (MMRACE_COMMIT(7a3ef208e662) && !dst->anon_vma &&
		    anon_vma != src->anon_vma && anon_vma->degree < 2)
			dst->anon_vma = anon_vma;
	}
	if (MMRACE_COMMIT(7a3ef208e662) && dst->anon_vma)
		dst->anon_vma->degree++;
	unlock_anon_vma_root(root);
	return 0;

enomem_failure:
	unlink_anon_vmas(dst);
	return -ENOMEM;
}

static int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma)
{
	struct anon_vma_chain *avc;
	struct anon_vma *anon_vma;
	int error;

	if (!pvma->anon_vma)
		return 0;

	/* Copied from the parent's VMA. */
	if (MMRACE_COMMIT(7a3ef208e662))
		vma->anon_vma = NULL;

	/* First the parent's, so that the child is found through any of them. */
	error = anon_vma_clone(vma, pvma);
	if (error)
		return error;

	/* One of those is its own, then. */
	if (MMRACE_COMMIT(7a3ef208e662) && vma->anon_vma)
		return 0;

	/* Then one of its own, for what it will write. */
	anon_vma = anon_vma_alloc();
	if (!anon_vma)
		goto out_error;
	avc = anon_vma_chain_alloc(GFP_KERNEL);
	if (!avc)
		goto out_error_free_anon_vma;

	anon_vma->root = pvma->anon_vma->root;
	if (MMRACE_COMMIT(7a3ef208e662))
		anon_vma->parent = pvma->anon_vma;
	/* The root is needed for its lock as long as this exists. */
	get_anon_vma(anon_vma->root);
	vma->anon_vma = anon_vma;
	anon_vma_lock_write(anon_vma);
	anon_vma_chain_link(vma, avc, anon_vma);
	if (MMRACE_COMMIT(7a3ef208e662))
		anon_vma->parent->degree++;
	anon_vma_unlock_write(anon_vma);
	return 0;

out_error_free_anon_vma:
	put_anon_vma(anon_vma);
out_error:
	unlink_anon_vmas(vma);
	return -ENOMEM;
}

static void unlink_anon_vmas(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc, *next;
	struct anon_vma *root = NULL;

	list_for_each_entry_safe(avc, next, &vma->anon_vma_chain, same_vma) {
		struct anon_vma *anon_vma = avc->anon_vma;

		root = lock_anon_vma_root(root, anon_vma);
		anon_vma_interval_tree_remove(avc, &anon_vma->rb_root);

		/* One that became empty is freed below, without the lock. */
		if (RB_EMPTY_ROOT(&anon_vma->rb_root)) {
			if (MMRACE_COMMIT(7a3ef208e662))
				anon_vma->parent->degree--;
			continue;
		}

		list_del(&avc->same_vma);
		anon_vma_chain_free(avc);
	}
	if (MMRACE_MUTATION(degree_dropped_unlocked)) {
		unlock_anon_vma_root(root);
		root = NULL;
	}
	if (MMRACE_COMMIT(7a3ef208e662) && vma->anon_vma)
		vma->anon_vma->degree--;
	unlock_anon_vma_root(root);

	list_for_each_entry_safe(avc, next, &vma->anon_vma_chain, same_vma) {
		struct anon_vma *anon_vma = avc->anon_vma;

		if (MMRACE_COMMIT(7a3ef208e662))
			BUG_ON(anon_vma->degree);
		put_anon_vma(anon_vma);
		list_del(&avc->same_vma);
		anon_vma_chain_free(avc);
	}
}

/* Runs once per object, not at each allocation. */
static void anon_vma_ctor(void *data)
{
	struct anon_vma *anon_vma = data;

	init_rwsem(&anon_vma->rwsem);
	atomic_set(&anon_vma->refcount, 0);
	anon_vma->rb_root.rb_node = NULL;
}

/*
 * The page may be unmapped, and its anon_vma freed and reused, at any time; RCU
 * keeps the memory an anon_vma, and a mapped page keeps its anon_vma alive.
 */
static struct anon_vma *page_get_anon_vma(struct page *page)
{
	struct anon_vma *anon_vma = NULL;
	unsigned long anon_mapping;

	rcu_read_lock();
	anon_mapping = (unsigned long)ACCESS_ONCE(page->mapping);
	if ((anon_mapping & PAGE_MAPPING_FLAGS) != PAGE_MAPPING_ANON)
		goto out;
	if (!page_mapped(page))
		goto out;

	anon_vma = (struct anon_vma *)(anon_mapping - PAGE_MAPPING_ANON);
	if (!atomic_inc_not_zero(&anon_vma->refcount)) {
		anon_vma = NULL;
		goto out;
	}

	/* Still mapped: then the reference is on the right one. */
	if (!page_mapped(page)) {
		rcu_read_unlock();
		put_anon_vma(anon_vma);
		return NULL;
	}
out:
	rcu_read_unlock();
	return anon_vma;
}

static void __put_anon_vma(struct anon_vma *anon_vma)
{
	struct anon_vma *root = anon_vma->root;

	anon_vma_free(anon_vma);
	if (root != anon_vma && atomic_dec_and_test(&root->refcount))
		anon_vma_free(root);
}

static inline unsigned long __vma_address(struct page *page,
					  struct vm_area_struct *vma)
{
	pgoff_t pgoff = page->index << (PAGE_CACHE_SHIFT - PAGE_SHIFT);

	return vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
}

static inline unsigned long vma_address(struct page *page,
					struct vm_area_struct *vma)
{
	unsigned long address = __vma_address(page, vma);

	VM_BUG_ON(address < vma->vm_start || address >= vma->vm_end);
	return address;
}

static pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd = NULL, pmde;

	pgd = pgd_offset(mm, address);
	if (!pgd_present(*pgd))
		goto out;
	pud = pud_offset(pgd, address);
	if (!pud_present(*pud))
		goto out;
	pmd = pmd_offset(pud, address);
	if (!MMRACE_COMMIT(f72e7dcdd252)) {
		if (!pmd_present(*pmd))
			pmd = NULL;
		goto out;
	}
	/*
	 * For those who want ptes.  A fault may replace a huge pmd by way of
	 * none: a caller that looked once more could take none for a table.
	 */
	pmde = ACCESS_ONCE(*pmd);
	if (!pmd_present(pmde) || pmd_trans_huge(pmde))
		pmd = NULL;
out:
	return pmd;
}

/* A page that one process is left with is looked for in that one only. */
static void page_move_anon_rmap(struct page *page, struct vm_area_struct *vma,
				unsigned long address)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	VM_BUG_ON_PAGE(!PageLocked(page), page);
	VM_BUG_ON(!anon_vma);
	VM_BUG_ON_PAGE(page->index != linear_page_index(vma, address), page);

	page->mapping = (struct address_space *)
			((unsigned long)anon_vma + PAGE_MAPPING_ANON);
}

static void __page_set_anon_rmap(struct page *page, struct vm_area_struct *vma,
				 unsigned long address, int exclusive)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	BUG_ON(!anon_vma);

	if (PageAnon(page))
		return;
	/* A page that others may have goes to the anon_vma that all share. */
	if (!exclusive)
		anon_vma = anon_vma->root;

	page->mapping = (struct address_space *)
			((unsigned long)anon_vma + PAGE_MAPPING_ANON);
	page->index = linear_page_index(vma, address);
}

static void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
				   unsigned long address)
{
	VM_BUG_ON(address < vma->vm_start || address >= vma->vm_end);
	SetPageSwapBacked(page);
	/* One mapping. */
	atomic_set(&page->_mapcount, 0);
	if (PageTransHuge(page))
		__inc_zone_page_state(page, NR_ANON_TRANSPARENT_HUGEPAGES);
	__mod_zone_page_state(page_zone(page), NR_ANON_PAGES,
			      hpage_nr_pages(page));
	__page_set_anon_rmap(page, vma, address, 1);
	/* No VMA is mlocked. */
	SetPageActive(page);
	lru_cache_add(page);
}

static void page_remove_rmap(struct page *page)
{
	/* The last one to go does the accounting. */
	if (!atomic_add_negative(-1, &page->_mapcount))
		return;

	mem_cgroup_uncharge_page(page);
	if (PageTransHuge(page))
		__dec_zone_page_state(page, NR_ANON_TRANSPARENT_HUGEPAGES);
	__mod_zone_page_state(page_zone(page), NR_ANON_PAGES,
			      -hpage_nr_pages(page));
	/* The mapping is left alone: free_pages_prepare() clears it. */
}
