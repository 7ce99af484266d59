/* SPDX-License-Identifier: Apache-2.0 */
/* What the back-test's document and its charges share. Private to backtest*.c. */
#ifndef RENDER_BACKTEST_PARTS_H
#define RENDER_BACKTEST_PARTS_H

#include "render/backtest.h"
#include "render/versus.h"

/* Anchors of a portfolio's parts must not be alike. */
const char *backtest_anchor(const struct versus *v, const char *what);

/* What charges came to, and what was paid in all; c may be NULL. */
void backtest_answer_charges(const struct versus *v, const struct compared_charges *c);
/* All in all, by month, by charge, and what differs by charge and month; nothing where c is NULL. */
void backtest_add_charges(const struct versus *v, const struct compared_charges *c);

/* A table of amounts of both sides with their tax, if c has any, and a row of it. */
struct table *backtest_charge_table(struct doc *d, enum wording first,
				    const struct compared_charges *c);
void backtest_charge_row(const struct versus *v, struct table *t, struct phrase name,
			 const struct compared_charges *c, struct two_amounts amount,
			 struct two_amounts tax);

void backtest_json_charges(struct json *j, const struct versus *v,
			   const struct compared_charges *c);

#endif
