/* SPDX-License-Identifier: GPL-2.0-only */
/* Life and death of an mm, after mm/mmap.c and kernel/fork.c. */
#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>

static struct mm_struct *mm_init(struct mm_struct *mm)
{
	int i;

	mm->mmap = NULL;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	mm->nr_ptes.counter = 0;
	if (!MMRACE_COMMIT_e009bb30c8df)
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

static void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count)) {
		pgd_free(mm, mm->pgd);
		if (!MMRACE_COMMIT_e009bb30c8df)
			VM_BUG_ON(mm->pmd_huge_pte);
		free_mm(mm);
	}
}

/* One anonymous private mapping; the only one that the process has. */
static int mmap_anonymous(struct mm_struct *mm, unsigned long start,
			  unsigned long end)
{
	struct vm_area_struct *vma;

	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_next = vma->vm_prev = NULL;
	vma->vm_mm = mm;
	vma->vm_page_prot = PAGE_COPY;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->anon_vma = NULL;
	vma->vm_pgoff = start >> PAGE_SHIFT;

	down_write(&mm->mmap_sem);
	mm->mmap = vma;
	mm->map_count++;
	up_write(&mm->mmap_sem);
	return 0;
}

/* mm is new and nobody's yet; it gets what oldmm has. */
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

static struct vm_area_struct *remove_vma(struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma->vm_next;

	might_sleep();
	kmem_cache_free(vm_area_cachep, vma);
	return next;
}

static void exit_mmap(struct mm_struct *mm)
{
	struct mmu_gather tlb;
	struct vm_area_struct *vma;

	mmu_notifier_release(mm);

	vma = mm->mmap;
	if (!vma)
		return;

	lru_add_drain();
	tlb_gather_mmu(&tlb, mm, 0, -1UL);
	unmap_vmas(&tlb, vma, 0, -1UL);
	free_pgtables(&tlb, vma, 0, 0);
	tlb_finish_mmu(&tlb, 0, -1UL);

	while (vma)
		vma = remove_vma(vma);

	if (MMRACE_COMMIT_e1f56c89b040)
		WARN_ON(atomic_long_read(&mm->nr_ptes) > 0);
	else
		WARN_ON(mm->nr_ptes.counter > 0);
}

static void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (atomic_dec_and_test(&mm->mm_users)) {
		exit_mmap(mm);
		mmdrop(mm);
	}
}
