/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In the place of mm/filemap.c and of a file system, for faults: the file has one folio, and a
 * fault anywhere in the VMA finds it.  What is done with it is left to the tree's do_fault().
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "mm/internal.h"
#include "runtime/compound.h"
#include "runtime/file.h"
#include "runtime/folio.h"
#include "runtime/vma.h"
#include "tree/world.h"

static struct address_space mapping;
static struct page *cached;

/* Gives the fault the folio, locked; the file can neither shrink nor lose it. */
static vm_fault_t file_fault(struct vm_fault *vmf)
{
	unsigned subpage = (vmf->address - SCENARIO_ADDRESS) >> PAGE_SHIFT;

	get_page(cached);
	lock_page(cached);
	vmf->page = cached + (PageHead(cached) ? subpage : 0);
	return VM_FAULT_LOCKED;
}

/* Maps no neighbours: the fault goes on to file_fault(). */
static vm_fault_t map_none(struct vm_fault *vmf, pgoff_t start, pgoff_t end)
{
	return 0;
}

/* A fault takes a file that can map neighbours under the lock of the VMA, and no other. */
static const struct vm_operations_struct file_operations = {
	.fault = file_fault,
	.map_pages = (void *)map_none,
};

static void set_flags(struct vm_area_struct *vma, bool shared)
{
	const unsigned long flags = (vma->vm_flags & ~VM_WRITE) |
				    (shared ? VM_SHARED | VM_MAYSHARE : 0);

#ifdef MMRACE_HAS_VM_FLAGS_INIT
	vm_flags_reset(vma, flags);
#else
	vma->vm_flags = flags;
#endif
	vma->vm_page_prot = vm_get_page_prot(flags);
}

struct page *mmrace_map_file(struct mm_struct *mm, bool huge, bool shared)
{
	struct vm_area_struct *vma = mmrace_vma(mm);
	struct page *page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_COMP, huge ? HPAGE_PMD_ORDER : 0);

	if (!page)
		return NULL;
	if (huge)
		mmrace_large_folio(page);
	page->mapping = &mapping;
	__set_bit(PG_uptodate, &FLAGS_OF(page));
	cached = page;
	mmap_write_lock(mm);
#ifdef MMRACE_HAS_LOCK_VMA
	vma_start_write(vma);
#endif
	vma->vm_ops = &file_operations;
	set_flags(vma, shared);
	mmap_write_unlock(mm);
	return page;
}
