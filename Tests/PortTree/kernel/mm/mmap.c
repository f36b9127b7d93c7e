/* SPDX-License-Identifier: GPL-2.0-only */
/* A private mapping is not writable by its protection; the fault adds the bit. */
pgprot_t vm_get_page_prot(unsigned long vm_flags)
{
	return PAGE_COPY;
}

/* The only one that the process has: there is nothing to balance. */
void __vma_link_rb(struct mm_struct *mm, struct vm_area_struct *vma,
		   struct rb_node **link, struct rb_node *parent)
{
	rb_link_node(&vma->vm_rb, parent, link);
}

int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (mm->mmap)
		return -ENOMEM;
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	__vma_link_rb(mm, vma, &mm->mm_rb.rb_node, NULL);
	mm->mmap = vma;
	mm->map_count++;
	return 0;
}
