/* SPDX-License-Identifier: GPL-2.0-only */
/* Kind: changed.  The bits of x86-64 page-table entries, exactly. */
#ifndef _ASM_PGTABLE_TYPES_H
#define _ASM_PGTABLE_TYPES_H

#include <asm/page.h>

#define _PAGE_BIT_RW		1
#define _PAGE_BIT_SPLITTING	9

#define _PAGE_PRESENT	(1UL << 0)
#define _PAGE_RW	(1UL << _PAGE_BIT_RW)
#define _PAGE_USER	(1UL << 2)
#define _PAGE_ACCESSED	(1UL << 5)
#define _PAGE_DIRTY	(1UL << 6)
#define _PAGE_PSE	(1UL << 7)
/* The global bit has no meaning in an entry that is not present. */
#define _PAGE_PROTNONE	(1UL << 8)
#define _PAGE_NUMA	_PAGE_PROTNONE
#define _PAGE_SPLITTING	(1UL << _PAGE_BIT_SPLITTING)
#define _PAGE_NX	(1UL << 63)

#define _PAGE_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | \
			 _PAGE_ACCESSED | _PAGE_DIRTY)
#define _KERNPG_TABLE	(_PAGE_TABLE & ~_PAGE_USER)

#define PTE_PFN_MASK	(((1UL << 46) - 1) & PAGE_MASK)
#define PTE_FLAGS_MASK	(~PTE_PFN_MASK)

typedef struct { unsigned long pte; } pte_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pud; } pud_t;
typedef struct { unsigned long pgd; } pgd_t;
typedef struct { unsigned long pgprot; } pgprot_t;
typedef struct page *pgtable_t;

#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pud_val(x)	((x).pud)
#define pgd_val(x)	((x).pgd)
#define pgprot_val(x)	((x).pgprot)
#define __pte(x)	((pte_t) { (x) })
#define __pmd(x)	((pmd_t) { (x) })
#define __pgprot(x)	((pgprot_t) { (x) })

/* A private mapping is not writable by its protection; the fault adds the bit. */
#define PAGE_COPY __pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_NX)

#define PTRS_PER_TABLE	512
#define PTRS_PER_PTE	((unsigned long)world_subpages())
#define PMD_SHIFT	(PAGE_SHIFT + world_order())
#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))
#define PUD_SHIFT	(PMD_SHIFT + 9)
#define PUD_SIZE	(1UL << PUD_SHIFT)
#define PUD_MASK	(~(PUD_SIZE - 1))
#define PGDIR_SHIFT	(PUD_SHIFT + 9)
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)
#define PGDIR_MASK	(~(PGDIR_SIZE - 1))

#endif
