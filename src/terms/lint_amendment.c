/* SPDX-License-Identifier: Apache-2.0 */
/* Rules G: signature and amendment (lint.md section 7). */
#include "terms/lint_rules.h"

void lint_amendment(struct lint *l)
{
	(void)l;
}
