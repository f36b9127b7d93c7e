/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations of kernels that can map a huge page by ptes: see CMM_SPLIT_PMD in cmm.h. */
#ifndef GENERATION_OPERATIONS_H
#define GENERATION_OPERATIONS_H

#include <CMM/oracle/scene.h>
#include "runtime/collapse.h"
#include "runtime/file.h"
#include "runtime/reclaim.h"
#include "runtime/tlb.h"
#include "runtime/version.h"

#define GENERATION_OPERATIONS						\
	[CMM_SPLIT_PMD] = { run_split_pmd, true },			\
	[CMM_ZAP_PAGE] = { run_zap_page, true },			\
	[CMM_SPLIT_FOLIO] = { run_split_folio, false },			\
	[CMM_PIN_FAST] = { run_pin_fast, true },			\
	[CMM_UNPIN_FAST] = { run_unpin_fast, false },			\
	[CMM_MIGRATE] = { run_migrate, false },				\
	[CMM_REFERENCED] = { run_referenced, false },			\
	[CMM_DEFERRED_SCAN] = { run_deferred_scan, false },		\
	[CMM_USER_FAULT] = { run_user_fault, true },			\
	[CMM_NO_HUGE_PAGE] = { run_no_huge_page, true },		\
	[CMM_TLB_FILL] = { run_tlb_fill, true },			\
	[CMM_TLB_STORE] = { run_tlb_store, false },			\
	[CMM_MAP_FILE] = { run_map_file, true },			\
	[CMM_FORK_PART] = { run_fork_part, true },			\
	[CMM_SPLIT_TO_ORDER] = { run_split_folio, false },		\
	[CMM_POISON] = { run_poison, false },				\
	[CMM_COLLAPSE] = { run_collapse, true },

/* The folio of the page that the splitter has pinned, or NULL. */
static struct folio *pinned_folio(void)
{
	struct page *page = world_pin(PIN_OF_SPLITTER);

	return page ? page_folio(page) : NULL;
}

/* Has a page or a folio for a fourth argument in some trees, which is NULL. */
#define SPLIT_PMD(...)	void (struct vm_area_struct *, unsigned long, bool, ##__VA_ARGS__)

static void run_split_pmd(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	_Static_assert(IS_FUNCTION(split_huge_pmd_address, SPLIT_PMD()) ||
		       IS_FUNCTION(split_huge_pmd_address, SPLIT_PMD(struct page *)) ||
		       IS_FUNCTION(split_huge_pmd_address, SPLIT_PMD(struct folio *)),
		       "split_huge_pmd_address() has other parameters");
	mmap_read_lock(mm);
	CALL_AS(split_huge_pmd_address, SPLIT_PMD(void *))
		(mmrace_vma(mm), SCENARIO_ADDRESS, false, NULL);
	mmap_read_unlock(mm);
}

static void run_zap_page(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	mmap_read_lock(mm);
	zap(mmrace_vma(mm), address_of(operation), PAGE_SIZE);
	mmap_read_unlock(mm);
}

/* A tree that cannot split to an order has no operation that asks for one. */
static int split_to_list(struct folio *folio, struct list_head *list, unsigned order)
{
#ifdef MMRACE_HAS_SPLIT_TO_ORDER
	return split_huge_page_to_list_to_order((struct page *)folio, list, order);
#else
	return split_huge_page_to_list((struct page *)folio, list);
#endif
}

/* As reclaim: the reference that isolation takes is the one that the split knows of. */
static void split_isolated(struct folio *folio, unsigned order)
{
	struct page *pin = world_pin(PIN_OF_SPLITTER);
	LIST_HEAD(list);

	if (!mmrace_isolate(folio))
		return;
	set_pin(PIN_OF_SPLITTER, NULL);
	put_page(pin);
	folio_lock(folio);
	split_to_list(folio, &list, order);
	folio_unlock(folio);
	list_add(&((struct page *)folio)->lru, &list);
	mmrace_putback(&list);
}

static void run_split_folio(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();

	if (!folio)
		return;
	if (operation->other) {
		split_isolated(folio, operation->subpage);
		return;
	}
	folio_lock(folio);
	split_to_list(folio, NULL, operation->subpage);
	folio_unlock(folio);
}

/* Ends to be a thread of an mm, which is given what the task has counted for it. */
static void end_thread(void)
{
#ifdef MMRACE_HAS_SYNC_RSS
	sync_mm_rss(current->mm);
#endif
	current->mm = NULL;
}

/* The kernel's function acts on the current task's own mm. */
static void run_pin_fast(const struct cmm_operation *operation)
{
	struct page *page;
	int taken;

	current->mm = process(operation->mm);
	taken = pin_user_pages_fast(address_of(operation), 1, FOLL_WRITE, &page);
	end_thread();
	if (taken == 1)
		set_pin(PIN_OF_DEVICE, page);
}

static void run_unpin_fast(const struct cmm_operation *operation)
{
	struct page *page = world_pin(PIN_OF_DEVICE);

	if (page) {
		set_pin(PIN_OF_DEVICE, NULL);
		unpin_user_page(page);
	}
}

static void run_migrate(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();
	struct anon_vma *anon_vma;

	if (!folio)
		return;
	folio_lock(folio);
	anon_vma = folio_get_anon_vma(folio);
	if (anon_vma) {
#ifdef MMRACE_HAS_TRY_TO_MIGRATE
		try_to_migrate(folio, 0);
#else
		try_to_unmap(folio, TTU_MIGRATION | TTU_IGNORE_MLOCK);
#endif
		remove_migration_ptes(folio, folio, 0);
		put_anon_vma(anon_vma);
	}
	folio_unlock(folio);
}

static void run_referenced(const struct cmm_operation *operation)
{
	struct folio *folio = pinned_folio();
	unsigned long flags[2];

	if (!folio)
		return;
	folio_lock(folio);
	folio_referenced(folio, 1, NULL, (void *)flags);
	folio_unlock(folio);
}

static void run_deferred_scan(const struct cmm_operation *operation)
{
	mmrace_deferred_scan();
}

#ifndef MMRACE_HAS_FAULT_COMPLETED
#define VM_FAULT_COMPLETED	0
#endif

/* Returns what the fault came to under the lock of the VMA, or VM_FAULT_RETRY if that could
 * not be had. */
static unsigned fault_under_vma_lock(struct mm_struct *mm, unsigned long address, unsigned flags)
{
	unsigned fault = VM_FAULT_RETRY;
#ifdef MMRACE_HAS_LOCK_VMA
	struct vm_area_struct *vma = lock_vma_under_rcu(mm, address);

	if (!vma)
		return fault;
	fault = handle_mm_fault(vma, address, flags | FAULT_FLAG_VMA_LOCK, NULL);
	if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		vma_end_read(vma);
#endif
	return fault;
}

/* Returns whether the processor, which walks the page tables, may write to a subpage. */
static bool user_may_write(const struct mm_struct *mm, unsigned subpage)
{
	unsigned long entry, both = _PAGE_PRESENT | _PAGE_RW;
	struct raw_walk walk;

	if (!raw_walk(mm, &walk))
		return false;
	entry = READ_ONCE(*walk.pmd);
	if ((entry & _PAGE_PRESENT) && !(entry & _PAGE_PSE))
		entry = READ_ONCE(raw_table(entry)[subpage]);
	return (entry & both) == both;
}

/*
 * Does what do_user_addr_fault() of arch/x86 does for an access of a user's thread.  The page
 * is not the one that reports speak of: it may be freed and made anew while CPUs run.
 */
static void run_user_fault(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	unsigned long address = address_of(operation);
	unsigned flags = FAULT_FLAG_DEFAULT | FAULT_FLAG_USER, fault;

	if (operation->other == CMM_ACCESS_WRITE && user_may_write(mm, operation->subpage))
		return;
	if (operation->other != CMM_ACCESS_READ_FAULT)
		flags |= FAULT_FLAG_WRITE;
	fault = fault_under_vma_lock(mm, address, flags);

	while (fault & VM_FAULT_RETRY) {
		mmap_read_lock(mm);
		fault = handle_mm_fault(mmrace_vma(mm), address, flags, NULL);
		flags |= FAULT_FLAG_TRIED;
		if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
			mmap_read_unlock(mm);
	}
	OPERATION_NEEDS(!(fault & VM_FAULT_ERROR));
}

static void run_no_huge_page(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);

	mmap_write_lock(mm);
#ifdef MMRACE_HAS_VM_FLAGS_INIT
	vm_flags_set(mmrace_vma(mm), VM_NOHUGEPAGE);
#else
	mmrace_vma(mm)->vm_flags |= VM_NOHUGEPAGE;
#endif
	mmap_write_unlock(mm);
}

static void run_tlb_fill(const struct cmm_operation *operation)
{
	struct mm_struct *mm = process(operation->mm);
	const struct page *page;
	struct raw_walk walk;

	OPERATION_NEEDS(user_may_write(mm, operation->subpage));
	raw_walk(mm, &walk);
	page = *walk.pmd & _PAGE_PSE ? raw_page(*walk.pmd) + operation->subpage :
	       raw_page(raw_table(*walk.pmd)[operation->subpage]);
	mmrace_tlb_fill(mm, address_of(operation), page);
}

static void run_tlb_store(const struct cmm_operation *operation)
{
	mmrace_tlb_store();
}

static void run_map_file(const struct cmm_operation *operation)
{
	struct page *page = mmrace_map_file(process(operation->mm), operation->other & CMM_FILE_HUGE,
					    operation->other & CMM_FILE_SHARED);

	OPERATION_NEEDS(page != NULL);
	set_pin(PIN_OF_CACHE, page);
}

static void run_fork(const struct cmm_operation *operation);

/* MADV_DONTFORK makes a VMA of its own of a part, and MADV_DOFORK one of both: here the one
 * VMA lacks that part meanwhile. */
static void run_fork_part(const struct cmm_operation *operation)
{
	struct vm_area_struct *vma = mmrace_vma(process(operation->mm));
	unsigned long pages = operation->subpage;

	vma->vm_start += pages << PAGE_SHIFT;
	vma->vm_pgoff += pages;
	run_fork(operation);
	vma->vm_start -= pages << PAGE_SHIFT;
	vma->vm_pgoff -= pages;
}

/* A tree without MEMORY_FAILURE has no such flag, and not the operation. */
static void run_poison(const struct cmm_operation *operation)
{
#ifdef CONFIG_MEMORY_FAILURE
	struct page *page = world_reported_page() + operation->subpage;

	TestSetPageHWPoison(page);
	world_scenario()->poisoned = page;
#endif
}

static void run_collapse(const struct cmm_operation *operation)
{
	mmrace_collapse(process(operation->mm));
}

#endif
