/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VCPU_FIBRE_H
#define VCPU_FIBRE_H

/* Ample for mm code at -O0; a guard page below turns overflow into an oops. */
#define FIBRE_STACK_BYTES (128u << 10)
#define FIBRE_GUARD_BYTES 4096u

#endif
