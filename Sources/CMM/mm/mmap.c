/* SPDX-License-Identifier: GPL-2.0-only */
/* The mappings of an mm, after mm/mmap.c. */
#include <asm/tlb.h>
#include <linux/huge_mm.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>

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

	if (MMRACE_COMMIT(e1f56c89b040))
		WARN_ON(atomic_long_read(&mm->nr_ptes) > 0);
	else
		WARN_ON(mm->nr_ptes.counter > 0);
}
