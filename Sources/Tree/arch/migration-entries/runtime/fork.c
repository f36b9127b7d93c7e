/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of kernel/fork.c, mm/mmap.c and mm/vma.c: the life of an mm, of a process
 * with one VMA.  That VMA and its pages are left to the tree's own functions.
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
#include "runtime/version.h"
#include "runtime/vma.h"
#include "tree/world.h"
#include <CMM/oracle/types.h>

static struct kmem_cache *vma_cachep, *mm_cachep;

void mmrace_boot_fork(void)
{
	mm_cachep = mmrace_cache_create("mm_struct", sizeof(struct mm_struct));
	vma_cachep = mmrace_cache_create("vm_area_struct", sizeof(struct vm_area_struct));
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

static void link_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	mmrace_set_vma(mm, vma);
	mm->map_count++;
}

int mmrace_mmap(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cachep, GFP_KERNEL | __GFP_ZERO);
	const unsigned long flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	if (!vma)
		return -ENOMEM;
	vma_init(vma, mm);
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
	link_vma(mm, vma);
	mmap_write_unlock(mm);
	return 0;
}

int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *old = mmrace_vma(oldmm), *vma;
	int error;

	mmap_write_lock(oldmm);
	mmap_write_lock_nested(mm, SINGLE_DEPTH_NESTING);
	error = -ENOMEM;
	vma = kmem_cache_alloc(vma_cachep, GFP_KERNEL);
	if (!vma)
		goto out;
	__builtin_memcpy(vma, old, sizeof(*vma));
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->vm_mm = mm;
	error = anon_vma_fork(vma, old);
	if (error) {
		kmem_cache_free(vma_cachep, vma);
		goto out;
	}
	link_vma(mm, vma);
	error = copy_page_range(vma, old);
out:
	mmap_write_unlock(mm);
	flush_tlb_mm_range(oldmm, 0UL, TLB_FLUSH_ALL, 0UL, true);
	mmap_write_unlock(oldmm);
	return error;
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

#ifdef MMRACE_HAS_MAPLE_TREE
/* There is no VMA behind the first. */
void *mas_find(struct ma_state *mas, unsigned long max)
{
	return NULL;
}

void *mtree_load(struct maple_tree *tree, unsigned long index)
{
	return vma_at(tree->ma_root, index, true);
}
#endif

static void unmap_all(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
#ifdef MMRACE_HAS_MAPLE_TREE
	MA_STATE(mas, &mm->mm_mt, 0, 0);

	/* One that needs fewer arguments ignores the last ones. */
	if (IS_FUNCTION(unmap_vmas, void (struct mmu_gather *, struct maple_tree *,
					  struct vm_area_struct *, unsigned long, unsigned long)))
		CALL_AS(unmap_vmas, void (struct mmu_gather *, struct maple_tree *,
					  struct vm_area_struct *, unsigned long, unsigned long))
			(tlb, &mm->mm_mt, vma, 0, ULONG_MAX);
	else
		CALL_AS(unmap_vmas, void (struct mmu_gather *, struct ma_state *,
					  struct vm_area_struct *, unsigned long, unsigned long,
					  unsigned long, bool))
			(tlb, &mas, vma, 0, ULONG_MAX, ULONG_MAX, false);
#else
	unmap_vmas(tlb, vma, 0, ULONG_MAX);
#endif
}

static void free_tables(struct mmu_gather *tlb, struct mm_struct *mm, struct vm_area_struct *vma)
{
#ifdef MMRACE_HAS_MAPLE_TREE
	MA_STATE(mas, &mm->mm_mt, 0, 0);

	if (IS_FUNCTION(free_pgtables, void (struct mmu_gather *, struct maple_tree *,
					     struct vm_area_struct *, unsigned long, unsigned long)))
		CALL_AS(free_pgtables, void (struct mmu_gather *, struct maple_tree *,
					     struct vm_area_struct *, unsigned long, unsigned long))
			(tlb, &mm->mm_mt, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING);
	else
		CALL_AS(free_pgtables, void (struct mmu_gather *, struct ma_state *,
					     struct vm_area_struct *, unsigned long, unsigned long, bool))
			(tlb, &mas, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING, true);
#else
	free_pgtables(tlb, vma, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING);
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
	tlb_gather_mmu_fullmm(&tlb, mm);
	unmap_all(&tlb, mm, vma);
	mmap_read_unlock(mm);
	mmap_write_lock(mm);
	free_tables(&tlb, mm, vma);
	tlb_finish_mmu(&tlb);
	mmrace_set_vma(mm, NULL);
	kmem_cache_free(vma_cachep, vma);
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

/* No VMA has a file. */
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
