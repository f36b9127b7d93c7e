/* SPDX-License-Identifier: GPL-2.0-only */
#define pgd_index(address)	((address) >> PGDIR_SHIFT & (PTRS_PER_TABLE - 1))
#define pud_index(address)	((address) >> PUD_SHIFT & (PTRS_PER_TABLE - 1))
#define pmd_index(address)	((address) >> PMD_SHIFT & (PTRS_PER_TABLE - 1))
