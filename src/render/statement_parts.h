/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a statement that statement_rest.c writes. Private to the statement. */
#ifndef RENDER_STATEMENT_PARTS_H
#define RENDER_STATEMENT_PARTS_H

#include "render/reason.h"

/* The figures at a glance, on a page. */
void statement_tiles(struct report *r);
/* What is next, for both parties, and what is overdue. */
void statement_deadlines(struct report *r);
void statement_maintenance(struct report *r);
/* Urgent alerts of the period that went through their levels and that a side acknowledged at none (sla.md R74). */
void statement_alerts(struct report *r);
/* These alerts, those that were told first in the period, as facts, in the order of the record. */
size_t alerts_unseen(struct arena *a, const struct outcome *o, uint32_t **out);
/* A base that lacks an amount nobody has counted yet is said, not guessed (sla.md R58). */
void statement_unknown_base(struct report *r);
void statement_uncounted(struct report *r);
void statement_trend(struct report *r);
void statement_import(struct report *r);
void statement_footer(struct report *r);
/* 1 for the first of a period, then counted up as it is issued again (sla.md R21). */
int64_t statement_revision(const struct report *r);

#endif
