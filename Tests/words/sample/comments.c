/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the lock is.  BAD */
/*
 * How it works.  BAD
 * Holds the lock.
 */
int lock;	/**< Whose it is.  BAD */
int a = 2 * What;
int *Of;
#define What 1
