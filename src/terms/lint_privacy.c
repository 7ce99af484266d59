/* SPDX-License-Identifier: Apache-2.0 */
/* Rules P: privacy and security (lint.md section 6). */
#include "terms/lint_rules.h"

void lint_privacy(struct lint *l)
{
	(void)l;
}
