/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ORACLE_SITE_H
#define ORACLE_SITE_H

/* The place in the source at which an oracle fails, for the finding to name. */
#define RAW_SITE(site_kind, text) \
	({ static const struct vcpu_site __site = { \
		site_kind, text, __func__, __FILE__, __LINE__ }; &__site; })

#endif
