/* SPDX-License-Identifier: GPL-2.0-only */
/* elfutils: symbols and source lines of the running program. */
#include <elfutils/libdwfl.h>
