/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world in which nothing has happened yet.  It may be built any number of times
 * in the life of the object: what the arena was when it was loaded is kept.
 */
#include <linux/init.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include "runtime/kernel.h"
#include "world.h"

struct world_scenario mmrace_scenario;

extern char mmrace_tree_arena_begin[], mmrace_tree_arena_end[], mmrace_bss_begin[];
extern char mmrace_void_begin[], mmrace_void_end[];
extern char mmrace_tree_unresolved_begin[], mmrace_tree_unresolved_end[];
extern const initcall_t mmrace_initcalls[], mmrace_initcalls_end[];

static struct {
	void *data;		/* of the arena as it was loaded, up to .bss */
	size_t bytes;
} loaded __attribute__((section(".bss.0outside")));

extern void *mmap(void *at, size_t bytes, int protection, int flags, int file, long offset);
extern int mprotect(void *at, size_t bytes, int protection);

enum { HOST_PROT_RW = 3, HOST_MAP_PRIVATE_ANONYMOUS = 0x22 };

/* Runs when the object is loaded, before anything of it can be written. */
__attribute__((constructor, used))
static void load(void)
{
	loaded.bytes = mmrace_bss_begin - mmrace_tree_arena_begin;
	loaded.data = mmap(NULL, loaded.bytes, HOST_PROT_RW, HOST_MAP_PRIVATE_ANONYMOUS,
			   -1, 0);
	if (loaded.data == (void *)-1)
		loaded.bytes = 0;
	memcpy(loaded.data, mmrace_tree_arena_begin, loaded.bytes);
	mprotect(mmrace_void_begin, mmrace_void_end - mmrace_void_begin, 0);
}

void mmrace_boot(const struct cmm_config *config)
{
	const struct cmm_config wanted = *config;
	const initcall_t *call;

	memcpy(mmrace_tree_arena_begin, loaded.data, loaded.bytes);
	memset(mmrace_bss_begin, 0, mmrace_tree_arena_end - mmrace_bss_begin);
	BUG_ON(wanted.subpages != MMRACE_SUBPAGES);
	BUG_ON(wanted.processes > MMRACE_PROCESSES || wanted.cpus > MMRACE_CPUS);
	mmrace_boot_memory(wanted.cpus);
	mmrace_boot_slab();
	mmrace_boot_fork();
	anon_vma_init();
	mmrace_boot_huge_pages();
	for (call = mmrace_initcalls; call < mmrace_initcalls_end; call++)
		BUG_ON((*call)() != 0);
}
