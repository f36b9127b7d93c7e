/* SPDX-License-Identifier: GPL-2.0-only */
/* Capstone: what each instruction of a function reads and writes. */
#include <capstone.h>
