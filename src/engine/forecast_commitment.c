/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A commitment is the lower bound of what is ahead (money.md R133): what actual and forecast miss of it by the end of its period is owed
 * then (R48). Before discounts and credits, as a true-up is.
 */
#include "engine/forecast_parts.h"

#include "engine/charging_parts.h"

static bool counts(const struct pricing *p, struct text charge)
{
	for (size_t i = 0; i < p->commitment.counts.n; i++)
		if (text_eq(p->promise->charges[p->commitment.counts.v[i]].id, charge))
			return true;
	return false;
}

/* What is charged and forecast of the counted charges in the period's months. */
static bool reached(const struct forecast *f, const struct pricing *p, struct days period,
		    bool high, int64_t *out)
{
	*out = 0;
	for (size_t m = 0; m < f->actual.n; m++) {
		day from = f->actual.months[m].from;

		if (from < period.from || from >= period.to)
			continue;
		for (size_t i = 0; i < f->actual.n_rows; i++) {
			const struct month_row *row = &f->actual.rows[i];

			if (m < f->ahead && counts(p, row->charge) &&
			    !sum_add(out, row->printed[m]))
				return false;
		}
		for (size_t i = 0; i < f->n_charges; i++) {
			const struct forecast_charge *x = &f->charges[i];

			if (counts(p, x->id) && !sum_add(out, high ? x->p90[m] : x->p50[m]))
				return false;
		}
	}
	return true;
}

static bool missing(const struct forecast *f, const struct pricing *p, struct days period,
		    bool high, int64_t bound, int64_t *out)
{
	int64_t sum = 0;

	if (!reached(f, p, period, high, &sum) || __builtin_sub_overflow(bound, sum, &bound))
		return false;
	*out = bound > 0 ? bound : 0;
	return true;
}

enum rc commitment_ahead(struct arena *a, struct forecast *f, const struct forecast_input *in,
			 struct err *err)
{
	struct charging *c = in->charging;
	const struct pricing *p = c->versions[c->n_versions - 1].pricing;
	const struct promise *q = p->promise;
	struct days life = {q->service_start_day != DAY_NONE ? q->service_start_day
							     : q->effective_day,
			    c->stop};
	struct service_periods all;
	struct grid grid;

	if (!p->commitment.set || !p->commitment.bill || life.from == DAY_NONE || days_empty(life))
		return RC_OK;
	grid = grid_of(p->commitment.per, true, life.from);
	all = periods_of(a, &grid, life, f->sum.days);
	for (size_t i = 0; i < all.n; i++) {
		struct service_period s = all.v[i];
		struct weight w = days_weight(&grid, s.own, s.full, DAY_COUNT_ACTUAL);
		int at = month_index(&f->actual, s.own.to - 1);
		struct fraction exact = {0, 1};
		struct decimal bound = {0, 0};
		size_t m;

		/* one that ends later, or began before what is looked back on, is not told */
		if (at < (int)f->ahead || s.own.from < f->actual.first.from)
			continue;
		m = (size_t)at - f->ahead;
		if (!fraction_try_mul(fraction_of(p->commitment.amount.minor, 1),
				      fraction_of(w.days, w.of), &exact) ||
		    !fraction_try_round(exact, 0, q->rounding, &bound) ||
		    !missing(f, p, s.own, false, bound.units, &f->topup[m]) ||
		    !missing(f, p, s.own, true, bound.units, &f->topup_p90[m]))
			return err_set(err, RC_LIMIT, "amount too large: the commitment");
		forecast_assume(a, f,
				(struct assumption){.kind = ASSUME_COMMITMENT,
						    .date = s.own.to - 1,
						    .amount = bound.units,
						    .count = f->topup[m]});
	}
	return RC_OK;
}
