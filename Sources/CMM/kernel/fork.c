/* SPDX-License-Identifier: GPL-2.0-only */
/* Life and death of an mm, after kernel/fork.c. */
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <linux/rmap.h>

#define allocate_mm()	kmem_cache_alloc(mm_cachep, GFP_KERNEL)

static struct mm_struct *mm_init(struct mm_struct *mm)
{
	int i;

	mm->mmap = NULL;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	mm->nr_ptes.counter = 0;
	if (!MMRACE_COMMIT(e009bb30c8df))
		mm->pmd_huge_pte = NULL;
	mm->map_count = 0;
	spin_lock_init(&mm->page_table_lock);
	init_rwsem(&mm->mmap_sem);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		mm->rss_stat.count[i].counter = 0;
	mm->pgd = pgd_alloc(mm);
	return mm->pgd ? mm : NULL;
}

static void free_mm(struct mm_struct *mm)
{
	kmem_cache_free(mm_cachep, mm);
}

static struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = allocate_mm();

	return mm ? mm_init(mm) : NULL;
}

static void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count)) {
		pgd_free(mm, mm->pgd);
		if (!MMRACE_COMMIT(e009bb30c8df))
			VM_BUG_ON(mm->pmd_huge_pte);
		free_mm(mm);
	}
}

/* Gives mm, which is new and has no user yet, what oldmm has. */
static int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *mpnt, *tmp, *prev, **pprev;
	int retval;

	down_write(&oldmm->mmap_sem);
	down_write_nested(&mm->mmap_sem, SINGLE_DEPTH_NESTING);

	mm->mmap = NULL;
	mm->map_count = 0;
	pprev = &mm->mmap;
	prev = NULL;
	for (mpnt = oldmm->mmap; mpnt; mpnt = mpnt->vm_next) {
		tmp = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);
		if (!tmp)
			goto fail_nomem;
		*tmp = *mpnt;
		INIT_LIST_HEAD(&tmp->anon_vma_chain);
		tmp->vm_mm = mm;
		if (anon_vma_fork(tmp, mpnt))
			goto fail_nomem_anon_vma_fork;
		tmp->vm_flags &= ~VM_LOCKED;
		tmp->vm_next = tmp->vm_prev = NULL;

		/* Linked before the copy, which may leave it half done. */
		*pprev = tmp;
		pprev = &tmp->vm_next;
		tmp->vm_prev = prev;
		prev = tmp;
		mm->map_count++;

		retval = copy_page_range(mm, oldmm, mpnt);
		if (retval)
			goto out;
	}
	retval = 0;
out:
	up_write(&mm->mmap_sem);
	flush_tlb_mm(oldmm);
	up_write(&oldmm->mmap_sem);
	return retval;
fail_nomem_anon_vma_fork:
	kmem_cache_free(vm_area_cachep, tmp);
fail_nomem:
	retval = -ENOMEM;
	goto out;
}

static void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (atomic_dec_and_test(&mm->mm_users)) {
		exit_mmap(mm);
		mmdrop(mm);
	}
}
