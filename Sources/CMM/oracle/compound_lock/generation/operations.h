/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel with compound_lock can do what every kernel can, and no more. */
#define GENERATION_OPERATIONS
