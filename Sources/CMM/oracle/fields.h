/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of the names of members, which a generation's fields.c and describe.c fill. */
#ifndef ORACLE_FIELDS_H
#define ORACLE_FIELDS_H

#include "raw.h"

struct field {
	size_t offset, size;
	const char *name;
};

#define FIELD(type, member)		FIELD_AS(type, member, QUOTED(member))
#define FIELD_AS(type, member, name)	\
	{ offsetof(type, member), sizeof(((type *)0)->member), name }

/* Writes "OBJECT->MEMBER", if the member is in the table. */
__uninstrumented static bool put_member(char *name, size_t bytes, const char *object,
					const struct field *fields, size_t offset)
{
	for (; fields->name; fields++) {
		if (offset - fields->offset < fields->size) {
			snprintf(name, bytes, "%s->%s", object, fields->name);
			return true;
		}
	}
	return false;
}

#endif
