/* SPDX-License-Identifier: Apache-2.0 */
/* Rules T: term, renewal, end (lint.md section 4). */
#include "terms/lint_rules.h"

void lint_term(struct lint *l)
{
	(void)l;
}
