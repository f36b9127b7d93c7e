/* SPDX-License-Identifier: GPL-2.0-only */
struct kmem_cache *anon_vma_cachep, *anon_vma_chain_cachep;

void anon_vma_init(void)
{
	anon_vma_cachep = kmem_cache_create("anon_vma", sizeof(struct anon_vma), 0,
					    SLAB_DESTROY_BY_RCU, anon_vma_ctor);
	anon_vma_chain_cachep = kmem_cache_create("anon_vma_chain",
						  sizeof(struct anon_vma_chain), 0, 0,
						  NULL);
}
