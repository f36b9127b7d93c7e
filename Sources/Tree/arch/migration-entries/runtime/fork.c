/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of most of kernel/fork.c, mm/mmap.c and mm/vma.c: the life of an mm, of a
 * process with one VMA.  That VMA, its copy and its pages are left to the tree's own
 * functions: see tree_fork.c and tree_mmap.c.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/khugepaged.h>
#include <linux/mmu_notifier.h>
#include <linux/percpu_counter.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include "mm/internal.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "runtime/unmap.h"
#include "runtime/vma.h"
#include "tree/world.h"
#include <CMM/oracle/types.h>

static struct kmem_cache *mm_cachep;

void mmrace_boot_fork(void)
{
	mm_cachep = mmrace_cache_create("mm_struct", sizeof(struct mm_struct));
	vma_state_init();
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cachep, GFP_KERNEL | __GFP_ZERO);

	if (!mm)
		return NULL;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	seqcount_init(&mm->write_protect_seq);
	init_rwsem(&mm->mmap_lock);
	INIT_LIST_HEAD(&mm->mmlist);
	mm_pgtables_bytes_init(mm);
	spin_lock_init(&mm->page_table_lock);
	mmu_notifier_subscriptions_init(mm);
	init_tlb_flush_pending(mm);
#ifdef MMRACE_HAS_MAPLE_TREE
	mt_init_flags(&mm->mm_mt, MM_MT_FLAGS);
#endif
#ifdef MMRACE_HAS_MM_ID
	/* A folio counts the mappings of an mm under its number: that of the object here. */
	mm->mm_id = MM_ID_MIN + mmrace_cache_index(mm_cachep, mm);
#endif
	mm->task_size = TASK_SIZE_MAX;
	mm->pgd = (pgd_t *)get_zeroed_page(GFP_KERNEL);
	if (!mm->pgd) {
		kmem_cache_free(mm_cachep, mm);
		return NULL;
	}
	mmrace_note_table(virt_to_page(mm->pgd), LEVEL_PGD, mm);
	return mm;
}

int mmrace_mmap(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);
	const unsigned long flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	if (!vma)
		return -ENOMEM;
	vma_set_anonymous(vma);
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_pgoff = start >> PAGE_SHIFT;
#ifdef MMRACE_HAS_VM_FLAGS_INIT
	vm_flags_init(vma, flags);
#else
	vma->vm_flags = flags;
#endif
	vma->vm_page_prot = vm_get_page_prot(flags);
	mmap_write_lock(mm);
#ifdef MMRACE_HAS_LOCK_VMA
	vma_start_write(vma);
#endif
#ifdef MMRACE_HAS_MARK_ATTACHED
	vma_mark_attached(vma);
#endif
	mmrace_set_vma(mm, vma);
	mm->map_count++;
	mmap_write_unlock(mm);
	return 0;
}

/* Returns the one VMA, if the address is below its end, or in it. */
static struct vm_area_struct *vma_at(struct vm_area_struct *vma, unsigned long address, bool is_in)
{
	return vma && address < vma->vm_end && (!is_in || address >= vma->vm_start) ? vma : NULL;
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long address)
{
	return vma_at(mmrace_vma(mm), address, false);
}

struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long address)
{
	return vma_at(mmrace_vma(mm), address, true);
}

#ifndef MMRACE_HAS_MAPLE_TREE
/* The list of VMAs is enough to find the one that there is. */
void __vma_link_rb(struct mm_struct *mm, struct vm_area_struct *vma, struct rb_node **link,
		   struct rb_node *parent)
{
}
#endif

/* Gives back a VMA that no other task can find. */
static void free_vma(struct vm_area_struct *vma)
{
#ifdef MMRACE_HAS_FREE_AT_ONCE
	__vm_area_free(vma);
#else
#ifdef MMRACE_HAS_MARK_ATTACHED
	vma_mark_detached(vma);
#endif
	vm_area_free(vma);
#endif
}

/* The last user of an mm has gone: what exit_mmap() does to its one VMA. */
static void exit_one(struct mm_struct *mm)
{
	struct vm_area_struct *vma = mmrace_vma(mm);
	struct mmu_gather tlb;

	mmu_notifier_release(mm);
	mmap_read_lock(mm);
	lru_add_drain();
	gather_all(&tlb, mm);
	unmap_all(&tlb, mm, vma);
	mmap_read_unlock(mm);
	mmap_write_lock(mm);
	free_tables(&tlb, mm, vma);
	finish_all(&tlb);
	mmrace_set_vma(mm, NULL);
	free_vma(vma);
	mmap_write_unlock(mm);
}

void __mmdrop(struct mm_struct *mm)
{
	free_page((unsigned long)mm->pgd);
	kmem_cache_free(mm_cachep, mm);
}

void mmput(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_users)) {
		exit_one(mm);
		mmdrop(mm);
	}
}

/* There is no neighbour. */
struct anon_vma *find_mergeable_anon_vma(struct vm_area_struct *vma)
{
	return NULL;
}

/* No mm has a file that it runs, and no VMA has a file. */
#ifdef MMRACE_HAS_DUP_MMAP
void dup_mm_exe_file(struct mm_struct *mm, struct mm_struct *oldmm)
{
}
#endif

struct file *mmrace_get_file_rcu(void *file) asm("get_file_rcu");
struct file *mmrace_get_file_rcu(void *file)
{
	return NULL;
}

struct unlink_vma_file_batch;

void unlink_file_vma(struct vm_area_struct *vma)
{
}

void unlink_file_vma_batch_init(struct unlink_vma_file_batch *batch)
{
}

void unlink_file_vma_batch_add(struct unlink_vma_file_batch *batch, struct vm_area_struct *vma)
{
}

void unlink_file_vma_batch_final(struct unlink_vma_file_batch *batch)
{
}
