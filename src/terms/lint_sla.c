/* SPDX-License-Identifier: Apache-2.0 */
/* Rules S: service levels (lint.md section 2). */
#include "terms/lint_rules.h"

void lint_service_levels(struct lint *l)
{
	(void)l;
}
