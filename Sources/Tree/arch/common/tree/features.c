/* SPDX-License-Identifier: GPL-2.0-only */
/* Never compiled: what the tree declares is read from this file as preprocessed. */
#include "tree/headers.h"
