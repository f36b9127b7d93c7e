/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations of processes, by the kernel's own functions; one text
 * for the port and for kernel trees.  Adding an operation is a function and a
 * line in the table at the end.
 *
 * The port, or the process.h of a tree, is included before this file and defines the
 * functions of interface.h that are called here.  So is the generation's operations.h,
 * which has the operations that only it can do.
 */
#include "scene.h"

/* Returns the page that reports should speak of, if it is mapped there. */
__uninstrumented static struct page *candidate(struct mm_struct *mm)
{
	struct raw_walk walk;

	if (world_reported_page() || !raw_walk(mm, &walk))
		return NULL;
	return *walk.pmd & _PAGE_PSE ? raw_page(*walk.pmd) : NULL;
}

/* The first huge page that was ever mapped is the one that reports speak of. */
static void note_reported_page(struct mm_struct *mm)
{
	struct page *page = candidate(mm);

	if (page)
		world_scenario()->reported_page = page;
}

/* Makes a process that is known from now on, so that its page tables are, too. */
static struct mm_struct *new_process(unsigned index)
{
	struct mm_struct *mm;

	OPERATION_NEEDS(index < CMM_MM_MAX && !process(index));
	mm = mm_alloc();
	OPERATION_NEEDS(mm != NULL);
	set_process(index, mm);
	return mm;
}

/* Maps a huge page's worth of private anonymous memory. */
static void run_mmap(const struct cmm_operation *operation)
{
	struct mm_struct *mm = new_process(operation->mm);

	OPERATION_NEEDS(mmap_anonymous(mm, SCENARIO_ADDRESS, SCENARIO_ADDRESS + PMD_SIZE) == 0);
}

/* A write of the user, as the architecture handles it. */
static void run_fault(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	int fault;

	down_read(&mm->RAW_MMAP_LOCK);
	fault = fault_in(mm, address_of(operation));
	up_read(&mm->RAW_MMAP_LOCK);
	OPERATION_NEEDS(!(fault & VM_FAULT_ERROR));
	note_reported_page(mm);
}

static void run_fork(const struct cmm_operation *operation)
{
	struct mm_struct *oldmm = process(operation->mm), *mm = new_process(operation->other);

	OPERATION_NEEDS(dup_mmap(mm, oldmm) == 0);
}

static void run_pin(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	struct page *page;

	down_read(&mm->RAW_MMAP_LOCK);
	page = follow(mm, address_of(operation));
	up_read(&mm->RAW_MMAP_LOCK);
	if (page)
		set_pin(PIN_OF_SPLITTER, page);
}

static void put_pin(unsigned slot)
{
	struct page *page = world_pin(slot);

	if (page) {
		set_pin(slot, NULL);
		put_page(page);
	}
}

static void run_unpin(const struct cmm_operation *operation)
{
	put_pin(PIN_OF_SPLITTER);
}

/* The kernel's function walks the current task's own mm, by its addresses. */
static void run_gup_fast(const struct cmm_operation *operation)
{
	struct page *page;
	int taken;

	current->mm = process(operation->mm);
	taken = gup_fast(address_of(operation), &page);
	current->mm = NULL;
	if (taken == 1)
		set_pin(PIN_OF_GUP, page);
}

static void run_put(const struct cmm_operation *operation)
{
	put_pin(PIN_OF_GUP);
}

static void run_drain(const struct cmm_operation *operation)
{
	lru_add_drain();
}

/*
 * Splits as add_to_swap() and memory_failure() do: with the page locked, and with a
 * reference on the head.  A caller that has pinned a tail only, as KSM may, takes one: the
 * split gives the pin's reference to the tail, and if every mapping was zapped
 * meanwhile the head would be left with none.
 */
static void run_split(const struct cmm_operation *operation)
{
	struct page *page = world_pin(PIN_OF_SPLITTER), *head;

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

/* Does what madvise(MADV_DONTNEED) does. */
static void run_zap(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	struct vm_area_struct *vma;

	down_read(&mm->RAW_MMAP_LOCK);
	vma = raw_vma(mm);
	zap(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	up_read(&mm->RAW_MMAP_LOCK);
}

static void run_exit(const struct cmm_operation *operation)
{
	mmput(process(operation->mm));
	set_process(operation->mm, NULL);
}

static const struct body {
	void (*run)(const struct cmm_operation *operation);
	bool needs_process;
} bodies[] = {
	[CMM_MMAP] = { run_mmap, false },
	[CMM_FAULT] = { run_fault, true },
	[CMM_COW] = { run_fault, true },
	[CMM_FORK] = { run_fork, true },
	[CMM_PIN] = { run_pin, true },
	[CMM_UNPIN] = { run_unpin, false },
	[CMM_GUP_FAST] = { run_gup_fast, true },
	[CMM_PUT] = { run_put, false },
	[CMM_LRU_DRAIN] = { run_drain, false },
	[CMM_SPLIT] = { run_split, false },
	[CMM_ZAP] = { run_zap, true },
	[CMM_EXIT] = { run_exit, true },
	GENERATION_OPERATIONS
};

/* The operation is plain data of the caller's, outside the arena: no event. */
__uninstrumented static void world_run(const struct cmm_operation *operation)
{
	const struct cmm_operation copy = *operation;
	const struct mm_struct *mm = process(copy.mm);
	const struct body *body;

	OPERATION_NEEDS(copy.code < ARRAY_SIZE(bodies));
	body = &bodies[copy.code];
	OPERATION_NEEDS(body->run != NULL);
	if (body->needs_process)
		OPERATION_NEEDS(mm != NULL);
	body->run(&copy);
}
