/* SPDX-License-Identifier: GPL-2.0-only */
#define VM_MAYEXEC	0x00000040UL

struct zap_details;

extern void unlock_page(struct page *page);

extern unsigned long max_mapnr, max_pfn, highest_memmap_pfn, totalram_pages;

extern int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
			   unsigned long address, unsigned int flags);
extern void zap_page_range(struct vm_area_struct *vma, unsigned long start,
			   unsigned long size, struct zap_details *details);
extern struct page *follow_page_mask(struct vm_area_struct *vma,
				     unsigned long address, unsigned int flags);
extern int __get_user_pages_fast(unsigned long start, int nr_pages, int write,
				 struct page **pages);
extern void copy_user_highpage(struct page *to, struct page *from);
extern int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);
extern void __vma_link_rb(struct mm_struct *mm, struct vm_area_struct *vma,
			  struct rb_node **link, struct rb_node *parent);
extern void exit_mmap(struct mm_struct *mm);
extern pgprot_t vm_get_page_prot(unsigned long vm_flags);

static inline struct page *follow_page(struct vm_area_struct *vma,
				       unsigned long address, unsigned int flags)
{
	return follow_page_mask(vma, address, flags);
}
