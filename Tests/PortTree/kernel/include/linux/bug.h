/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <asm/bug.h>

/* The condition is a text: it holds. */
#define REPORT_BAD(text)	WARN_ON(text)

#endif
