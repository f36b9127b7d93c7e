/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_STRING_H_
#define _LINUX_STRING_H_

#include <asm/string_64.h>

#endif
