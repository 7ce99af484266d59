/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What needs attention now: clocks that have not stopped (late, at risk, paused, running), how much is left and when they are
 * due (sla.md R28, R36), and how much downtime each running window can still take (R56).
 */
#ifndef RENDER_ATRISK_H
#define RENDER_ATRISK_H

#include "render/statement.h"

struct doc *atrisk_doc(struct arena *a, const struct outcome *o,
		       const struct statement_options *options);
/* {"tenor_atrisk": 1, "as_of", "clocks": [...], "budgets": [window]}: objects as in the statement. */
void atrisk_json(struct arena *a, const struct outcome *o, const struct statement_options *options,
		 struct buf *out);

#endif
