/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of forecast and budget share. Private. */
#ifndef ENGINE_FORECAST_PARTS_H
#define ENGINE_FORECAST_PARTS_H

#include "engine/forecast.h"

/* The row of a charge, made if there is none. */
struct month_row *month_row_for(struct arena *a, struct month_table *t, struct text charge,
				struct text name, int slot);
bool sum_add(int64_t *sum, int64_t more) MUST_USE;
/* An amount by day over the months of `over`, rounded once from its beginning; what lies outside of the table is left out. */
bool month_spread(const struct month_table *t, struct days over, int64_t amount, enum rounding mode,
		  int64_t *to) MUST_USE;
void month_spread_quantity(const struct month_table *t, struct days over, struct fraction q,
			   struct fraction *to);
/* Quantities of items, as priced. */
void month_quantities(struct arena *a, const struct charging *c, struct month_table *t);
/* An amount of a category without the tax that it holds where prices include it. false: too large. */
bool without_tax(const struct pricing *p, const struct priced_charge *x, int64_t amount,
		 int64_t *out) MUST_USE;

/* forecast_commitment.c: R133, what is missing to a commitment by the end of its period, over actual and forecast. */
enum rc commitment_ahead(struct arena *a, struct forecast *f, const struct forecast_input *in,
			 struct err *err) MUST_USE;
void forecast_assume(struct arena *a, struct forecast *f, struct assumption x);

#endif
