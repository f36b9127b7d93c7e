/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is small: one folio, in the page cache and up to date. */
#ifndef MMRACE_RUNTIME_FILE_H
#define MMRACE_RUNTIME_FILE_H

#include <linux/mm.h>

/*
 * Makes the one VMA of an mm, of which nothing is mapped, one of the file, for reading.
 * Returns the folio, with the reference of the page cache, or NULL.
 */
struct page *mmrace_map_file(struct mm_struct *mm, bool huge, bool shared);

#endif
