/* SPDX-License-Identifier: GPL-2.0-only */
/* Every file of the tree is compiled with this before all else. */
#ifndef __LINUX_KCONFIG_H
#define __LINUX_KCONFIG_H

#include <generated/autoconf.h>

#endif
