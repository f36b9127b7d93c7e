/* SPDX-License-Identifier: GPL-2.0-only */
/* Shrinkers are registered, and no memory pressure calls them. */
#include <linux/mm.h>
#include <linux/shrinker.h>

static struct shrinker shrinkers[4];
static unsigned used;

/* Runs at boot, before any CPU does. */
__attribute__((no_sanitize("thread")))
struct shrinker *mmrace_shrinker_alloc(unsigned flags, const char *format, ...) asm("shrinker_alloc");
__attribute__((no_sanitize("thread")))
struct shrinker *mmrace_shrinker_alloc(unsigned flags, const char *format, ...)
{
	return used < ARRAY_SIZE(shrinkers) ? &shrinkers[used++] : NULL;
}

void mmrace_shrinker_register(struct shrinker *shrinker) asm("shrinker_register");
void mmrace_shrinker_register(struct shrinker *shrinker)
{
}

void mmrace_shrinker_free(struct shrinker *shrinker) asm("shrinker_free");
void mmrace_shrinker_free(struct shrinker *shrinker)
{
}

/* Has the name of the shrinker for its second parameter, in some trees. */
int mmrace_register_shrinker(struct shrinker *shrinker) asm("register_shrinker");
int mmrace_register_shrinker(struct shrinker *shrinker)
{
	return 0;
}

void mmrace_unregister_shrinker(struct shrinker *shrinker) asm("unregister_shrinker");
void mmrace_unregister_shrinker(struct shrinker *shrinker)
{
}
