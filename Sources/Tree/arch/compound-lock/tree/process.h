/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel tree, as operations drive it: see CMM/oracle/interface.h.  This does what
 * the system calls do around the functions of mm.
 */
#ifndef WORLD_PROCESS_H
#define WORLD_PROCESS_H

#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/tlbflush.h>
#include "tree/inspect.h"
#include <generation/calls.h>
#include "runtime/kernel.h"

static int mmap_anonymous(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vm_area_cachep,
						      GFP_KERNEL | __GFP_ZERO);
	int error;

	if (!vma)
		return -ENOMEM;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	vma->vm_mm = mm;
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	down_write(&mm->mmap_sem);
	error = insert_vm_struct(mm, vma);
	up_write(&mm->mmap_sem);
	return error;
}

#endif
