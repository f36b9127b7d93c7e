/* SPDX-License-Identifier: GPL-2.0-only */
#include "../core/operations.h"

#include "explore.h"

static int id(void)
{
	return explored_id();
}

const struct operations explored_cpu = {
	.id = id,
	.access = explored_access,
	.look = explored_look,
	.taken = explored_taken,
	.acquire = explored_acquire,
	.release = explored_release,
	.enter = explored_enter,
	.leave = explored_leave,
	.wait_for_all = explored_wait_for_all,
	.in_section = explored_in_section,
	.poison = explored_poison,
	.assert_not = explored_assert_not,
	.report = explored_report,
	.fail = explored_fail,
	.fault = explored_fault,
};
