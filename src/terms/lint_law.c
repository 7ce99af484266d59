/* SPDX-License-Identifier: Apache-2.0 */
/* Rules L: law and documents (lint.md section 5). */
#include "terms/lint_rules.h"

void lint_law(struct lint *l)
{
	(void)l;
}
