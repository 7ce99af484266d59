/* SPDX-License-Identifier: Apache-2.0 */
/* Rules F: money (lint.md section 3). */
#include "terms/lint_rules.h"

void lint_money(struct lint *l)
{
	(void)l;
}
