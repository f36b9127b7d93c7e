/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario can make a process do.  Here is what kernel/fork.c, mm/madvise.c
 * and the architecture's fault handler do around the functions of mm; adding an
 * operation is a function and a line in the table at the end.
 */
#include <linux/mm.h>
#include <linux/khugepaged.h>
#include <linux/mman.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlbflush.h>
#include "world.h"

/* An operation ran out of objects or of pages, or its process is not there. */
#define OPERATION_NEEDS(condition) do {					\
	__MMRACE_SITE(VCPU_BUG_ON, "the operation needs " #condition);	\
	if (!(condition))						\
		vcpu_bug(&__site);					\
} while (0)

/* The scenario's bookkeeping is nobody's business: reading it is no event. */
#define BOOKKEEPING __attribute__((no_sanitize("thread")))

BOOKKEEPING static struct mm_struct *process(unsigned index)
{
	return index < CMM_MM_MAX ? mmrace_world.process[index] : NULL;
}

/* Its writes are events, as the machine restores what it saw written. */
static void set_process(unsigned index, struct mm_struct *mm)
{
	mmrace_world.process[index] = mm;
}

BOOKKEEPING static struct page *pinned(void)
{
	return mmrace_world.pin;
}

static void set_pinned(struct page *page)
{
	mmrace_world.pin = page;
}

/* The first huge page that was ever mapped is the one that reports speak of. */
static void note_subject(struct mm_struct *mm)
{
	struct page *page = raw_candidate(mm);

	if (page)
		mmrace_world.subject_page = page;
}

/* mm_init() of kernel/fork.c. */
static struct mm_struct *new_process(unsigned index)
{
	struct mm_struct *mm;

	OPERATION_NEEDS(index < CMM_MM_MAX && !process(index));
	mm = kmem_cache_alloc(mmrace_mm_cachep, GFP_KERNEL | __GFP_ZERO);
	OPERATION_NEEDS(mm != NULL);
	set_process(index, mm);
	mm->mm_rb = RB_ROOT;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_sem);
	INIT_LIST_HEAD(&mm->mmlist);
	spin_lock_init(&mm->page_table_lock);
	mm->task_size = TASK_SIZE_MAX;
	mmu_notifier_mm_init(mm);
	mm->pgd = (pgd_t *)get_zeroed_page(GFP_KERNEL);
	OPERATION_NEEDS(mm->pgd != NULL);
	mmrace_note_table(virt_to_page(mm->pgd), LEVEL_PGD, mm);
	return mm;
}

/* A huge page's worth of private anonymous memory. */
static void do_mmap_operation(const struct cmm_call *call)
{
	struct mm_struct *mm = new_process(call->mm);
	struct vm_area_struct *vma;

	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL | __GFP_ZERO);
	OPERATION_NEEDS(vma != NULL);
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->vm_mm = mm;
	vma->vm_start = SCENARIO_ADDRESS;
	vma->vm_end = SCENARIO_ADDRESS + PMD_SIZE;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	down_write(&mm->mmap_sem);
	OPERATION_NEEDS(insert_vm_struct(mm, vma) == 0);
	up_write(&mm->mmap_sem);
}

/* A write of the user; what the architecture does for it. */
static void do_fault(const struct cmm_call *call)
{
	struct mm_struct *mm = process(call->mm);
	unsigned long address = SCENARIO_ADDRESS + ((unsigned long)call->subpage << PAGE_SHIFT);
	int fault;

	down_read(&mm->mmap_sem);
	fault = handle_mm_fault(mm, mm->mmap, address, FAULT_FLAG_WRITE);
	up_read(&mm->mmap_sem);
	OPERATION_NEEDS(!(fault & VM_FAULT_ERROR));
	note_subject(mm);
}

/* dup_mmap() of kernel/fork.c, of a process with one VMA. */
static void do_fork_operation(const struct cmm_call *call)
{
	struct mm_struct *oldmm = process(call->mm), *mm = new_process(call->other);
	struct vm_area_struct *old = oldmm->mmap, *vma;

	down_write(&oldmm->mmap_sem);
	down_write_nested(&mm->mmap_sem, SINGLE_DEPTH_NESTING);
	OPERATION_NEEDS(khugepaged_fork(mm, oldmm) == 0);
	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);
	OPERATION_NEEDS(vma != NULL);
	*vma = *old;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->vm_mm = mm;
	OPERATION_NEEDS(anon_vma_fork(vma, old) == 0);
	vma->vm_next = vma->vm_prev = NULL;
	mm->mmap = vma;
	__vma_link_rb(mm, vma, &mm->mm_rb.rb_node, NULL);
	mm->map_count++;
	OPERATION_NEEDS(copy_page_range(mm, oldmm, old) == 0);
	up_write(&mm->mmap_sem);
	flush_tlb_mm(oldmm);
	up_write(&oldmm->mmap_sem);
}

static void do_pin(const struct cmm_call *call)
{
	struct mm_struct *mm = process(call->mm);
	unsigned long address = SCENARIO_ADDRESS + ((unsigned long)call->subpage << PAGE_SHIFT);
	struct page *page;

	down_read(&mm->mmap_sem);
	page = follow_page(mm->mmap, address, FOLL_GET);
	up_read(&mm->mmap_sem);
	if (page && !IS_ERR(page))
		set_pinned(page);
}

static void do_unpin(const struct cmm_call *call)
{
	struct page *page = pinned();

	if (page) {
		set_pinned(NULL);
		put_page(page);
	}
}

static void do_drain(const struct cmm_call *call)
{
	lru_add_drain();
}

/*
 * As add_to_swap() and memory_failure() do: with the page locked, and with a
 * reference on the head; who has pinned a tail only takes one.
 */
static void do_split(const struct cmm_call *call)
{
	struct page *page = pinned(), *head;

	if (!page)
		return;
	head = compound_head(page);
	if (head != page && !get_page_unless_zero(head))
		return;
	lock_page(head);
	split_huge_page(head);
	unlock_page(head);
	if (head != page)
		put_page(head);
}

/* madvise(MADV_DONTNEED). */
static void do_zap(const struct cmm_call *call)
{
	struct mm_struct *mm = process(call->mm);
	struct vm_area_struct *vma;

	down_read(&mm->mmap_sem);
	vma = mm->mmap;
	zap_page_range(vma, vma->vm_start, vma->vm_end - vma->vm_start, NULL);
	up_read(&mm->mmap_sem);
}

/* mmput() of kernel/fork.c. */
static void do_exit_operation(const struct cmm_call *call)
{
	struct mm_struct *mm = process(call->mm);

	if (atomic_dec_and_test(&mm->mm_users)) {
		khugepaged_exit(mm);
		exit_mmap(mm);
		mmdrop(mm);
	}
	set_process(call->mm, NULL);
}

static const struct operation {
	void (*run)(const struct cmm_call *call);
	bool needs_process;
} operations[] = {
	[CMM_MMAP] = { do_mmap_operation },
	[CMM_FAULT] = { do_fault, true },
	[CMM_COW] = { do_fault, true },
	[CMM_FORK] = { do_fork_operation, true },
	[CMM_PIN] = { do_pin, true },
	[CMM_UNPIN] = { do_unpin },
	[CMM_LRU_DRAIN] = { do_drain },
	[CMM_SPLIT] = { do_split },
	[CMM_ZAP] = { do_zap, true },
	[CMM_EXIT] = { do_exit_operation, true },
};

/* The arguments are plain data of the caller, outside the arena. */
void mmrace_run(const struct cmm_call *call)
{
	const struct cmm_call c = *call;
	const struct operation *operation;

	OPERATION_NEEDS(c.operation < ARRAY_SIZE(operations));
	operation = &operations[c.operation];
	OPERATION_NEEDS(operation->run != NULL);
	OPERATION_NEEDS(!operation->needs_process || process(c.mm) != NULL);
	operation->run(&c);
}
