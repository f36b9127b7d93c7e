/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of kernel/fork.c: the life of an mm, of a process with one VMA.
 * That VMA and its pages are left to the tree's own functions.
 */
#include <linux/mm.h>
#include <linux/khugepaged.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/tlbflush.h>
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "tree/world.h"
#include <CMM/oracle/types.h>

struct kmem_cache *vm_area_cachep;
static struct kmem_cache *mm_cachep;

void mmrace_boot_fork(void)
{
	mm_cachep = kmem_cache_create("mm_struct", sizeof(struct mm_struct), 0, 0, NULL);
	vm_area_cachep = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct),
					   0, 0, NULL);
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cachep, GFP_KERNEL | __GFP_ZERO);

	if (!mm)
		return NULL;
	mm->mm_rb = RB_ROOT;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_sem);
	INIT_LIST_HEAD(&mm->mmlist);
	spin_lock_init(&mm->page_table_lock);
	mm->task_size = TASK_SIZE_MAX;
	mmu_notifier_mm_init(mm);
	mm->pgd = (pgd_t *)get_zeroed_page(GFP_KERNEL);
	if (!mm->pgd) {
		kmem_cache_free(mm_cachep, mm);
		return NULL;
	}
	mmrace_note_table(virt_to_page(mm->pgd), LEVEL_PGD, mm);
	return mm;
}

int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *old = oldmm->mmap, *vma;
	int error;

	down_write(&oldmm->mmap_sem);
	down_write_nested(&mm->mmap_sem, SINGLE_DEPTH_NESTING);
	error = khugepaged_fork(mm, oldmm);
	if (error)
		goto out;
	error = -ENOMEM;
	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);
	if (!vma)
		goto out;
	*vma = *old;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->vm_mm = mm;
	error = anon_vma_fork(vma, old);
	if (error) {
		kmem_cache_free(vm_area_cachep, vma);
		goto out;
	}
	vma->vm_next = vma->vm_prev = NULL;
	mm->mmap = vma;
	__vma_link_rb(mm, vma, &mm->mm_rb.rb_node, NULL);
	mm->map_count++;
	error = copy_page_range(mm, oldmm, old);
out:
	up_write(&mm->mmap_sem);
	flush_tlb_mm(oldmm);
	up_write(&oldmm->mmap_sem);
	return error;
}

/* The last reference to a process. */
void __mmdrop(struct mm_struct *mm)
{
	free_page((unsigned long)mm->pgd);
	kmem_cache_free(mm_cachep, mm);
}

void mmput(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_users)) {
		khugepaged_exit(mm);
		exit_mmap(mm);
		mmdrop(mm);
	}
}
