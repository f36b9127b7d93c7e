/* SPDX-License-Identifier: GPL-2.0-only */
/* xxHash: 128 bits of a file's contents, for names in a cache. */
#include <xxhash.h>
