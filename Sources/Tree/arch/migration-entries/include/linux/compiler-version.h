/* SPDX-License-Identifier: GPL-2.0-only */
/* Older trees do not have it. */
#if __has_include_next(<linux/compiler-version.h>)
#include_next <linux/compiler-version.h>
#endif
