/* SPDX-License-Identifier: GPL-2.0-only */
/* libnuma: which nodes there are, and where memory lies. */
#include <numa.h>
#include <numaif.h>
