/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/slab.h>

extern struct kmem_cache *anon_vma_cachep, *anon_vma_chain_cachep;

extern void anon_vma_init(void);

#include <linux/huge_mm.h>
