/* SPDX-License-Identifier: GPL-2.0-only */
/* Shrinkers are registered; no memory pressure calls them, but a scenario can. */
#include <linux/mm.h>
#include <linux/shrinker.h>
#include "runtime/reclaim.h"

static struct shrinker shrinkers[4];
static unsigned used;
/* The one that is asked for each node: that of the deferred split queue. */
static struct shrinker *of_nodes;

/* Runs at boot, before any CPU does. */
__attribute__((no_sanitize("thread")))
static void note(struct shrinker *shrinker)
{
	if (shrinker->flags & SHRINKER_NUMA_AWARE)
		of_nodes = shrinker;
}

__attribute__((no_sanitize("thread")))
struct shrinker *mmrace_shrinker_alloc(unsigned flags, const char *format, ...) asm("shrinker_alloc");
__attribute__((no_sanitize("thread")))
struct shrinker *mmrace_shrinker_alloc(unsigned flags, const char *format, ...)
{
	struct shrinker *shrinker = used < ARRAY_SIZE(shrinkers) ? &shrinkers[used++] : NULL;

	if (shrinker)
		shrinker->flags = flags;
	return shrinker;
}

void mmrace_shrinker_register(struct shrinker *shrinker) asm("shrinker_register");
void mmrace_shrinker_register(struct shrinker *shrinker)
{
	note(shrinker);
}

void mmrace_shrinker_free(struct shrinker *shrinker) asm("shrinker_free");
void mmrace_shrinker_free(struct shrinker *shrinker)
{
}

/* Has the name of the shrinker for its second parameter, in some trees. */
int mmrace_register_shrinker(struct shrinker *shrinker) asm("register_shrinker");
int mmrace_register_shrinker(struct shrinker *shrinker)
{
	note(shrinker);
	return 0;
}

void mmrace_unregister_shrinker(struct shrinker *shrinker) asm("unregister_shrinker");
void mmrace_unregister_shrinker(struct shrinker *shrinker)
{
}

void mmrace_deferred_scan(void)
{
	struct shrink_control control = { .gfp_mask = GFP_KERNEL, .nr_to_scan = 128 };

	of_nodes->scan_objects(of_nodes, &control);
}
