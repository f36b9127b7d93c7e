/* SPDX-License-Identifier: GPL-2.0-only */
/* The meaning of a value, for reports: entries of tables, page flags, pointers. */
#include "describe.c"

/* The numbers are the kernel's own; a flag that it does not have has none. */
static const char *const flag_names[__NR_PAGEFLAGS] = {
	[PG_locked] = "locked",
	[PG_referenced] = "referenced",
	[PG_uptodate] = "uptodate",
	[PG_dirty] = "dirty",
	[PG_lru] = "lru",
	[PG_active] = "active",
	[PG_owner_priv_1] = "owner_priv_1",
	[PG_arch_1] = "arch_1",
	[PG_reserved] = "reserved",
	[PG_private] = "private",
	[PG_private_2] = "private_2",
	[PG_writeback] = "writeback",
	[PG_head] = "head",
	[PG_swapcache] = "swapcache",
	[PG_reclaim] = "reclaim",
	[PG_swapbacked] = "swapbacked",
	[PG_unevictable] = "unevictable",
	[PG_mlocked] = "mlocked",
	RAW_GENERATION_FLAG_NAMES
	RAW_FLAG_NAMES
};

/* Appends a word, with a separator unless it is the first. */
__uninstrumented static void append(char *text, size_t bytes, const char *separator,
				    const char *word)
{
	size_t length = 0;

	while (length < bytes && text[length])
		length++;
	if (length < bytes)
		snprintf(text + length, bytes - length, "%s%s",
			 length ? separator : "", word);
}

__uninstrumented static bool put_flags(uint64_t value, char *text, size_t bytes)
{
	char bit[16];
	unsigned i;

	text[0] = '\0';
	for (i = 0; i < __NR_PAGEFLAGS; i++) {
		if (!(value >> i & 1))
			continue;
		snprintf(bit, sizeof(bit), "bit %u", i);
		append(text, bytes, "|", flag_names[i] ? flag_names[i] : bit);
	}
	if (!text[0])
		snprintf(text, bytes, "0");
	return true;
}

__uninstrumented static bool put_entry(uint64_t value, enum world_level level, char *text,
				       size_t bytes)
{
	bool is_pmd = level == LEVEL_PMD;

	text[0] = '\0';
	if (!value) {
		snprintf(text, bytes, "0 (none)");
		return true;
	}
	if (level != LEVEL_PTE && !(is_pmd && (value & _PAGE_PSE))) {
		snprintf(text, bytes, "table");
		return true;
	}
	if (is_pmd)
		append(text, bytes, " ", "huge");
	if (value & _PAGE_PRESENT)
		append(text, bytes, " ", "present");
	else
		append(text, bytes, " ", value & RAW_PAGE_NUMA ? "numa" : "not-present");
	if (is_pmd && (value & RAW_PAGE_SPLITTING))
		append(text, bytes, " ", "splitting");
	append(text, bytes, " ", value & _PAGE_RW ? "rw" : "ro");
	return true;
}

/* Names the object that a pointer leads to; an address would say nothing. */
__uninstrumented static bool put_pointer(uint64_t value, char *text, size_t bytes)
{
	char name[80];

	/* An anonymous page's mapping and a tail's head have a bit at their bottom. */
	if (!world_describe((void *)(uintptr_t)(value & ~7ull), name, sizeof(name)))
		return false;
	snprintf(text, bytes, "&%s", name);
	return true;
}

__uninstrumented static bool world_describe_value(const void *address, uint64_t value,
						  char *text, size_t bytes)
{
	const struct page *map = world_mem_map();
	const struct mm_struct *mm;
	enum world_level level;

	if (!bytes)
		return false;
	if (within(address, map, world_pages() * sizeof(struct page))) {
		size_t offset = ((const char *)address - (const char *)map) %
				sizeof(struct page);

		if (offset - offsetof(struct page, flags) < sizeof(unsigned long))
			return put_flags(value, text, bytes);
	} else if (within(address, world_memory(), world_memory_bytes())) {
		level = raw_level(raw_page_of(address), &mm);
		return level != LEVEL_NONE && put_entry(value, level, text, bytes);
	}
	return describe_generation_value(address, value, text, bytes) ||
	       put_pointer(value, text, bytes);
}
