/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The months ahead put together (money.md R133 to R135). History is forecast_actual.c, fees ahead forecast_certain.c, commitments
 * forecast_commitment.c.
 */
#include "engine/forecast_parts.h"

#include "engine/acceptance.h"
#include "engine/charging_parts.h"
#include "engine/index.h"

#include <assert.h>

enum {
	LOOKED_BACK = 2 * FORECAST_HISTORY
}; /* the back-check's oldest month has a history of its own */

struct forecasting {
	struct arena *arena;
	const struct forecast_input *in;
	struct charging *c;            /* ahead, unknown adjustments at the floor */
	const struct pricing *pricing; /* the newest version */
	struct forecast *f;
	struct month_table *low, *high; /* certain nets, at the floor and at the cap */
	bool trends; /* budget.forecast: contract_plus_trend, or no budget to say otherwise */
	struct err *err;
};

static enum rc too_large_month(struct forecasting *w, struct text id)
{
	err_key(w->err, id);
	return err_set(w->err, RC_LIMIT, "amount too large: the forecast of '%.*s'", TEXT_ARG(id));
}

void forecast_assume(struct arena *a, struct forecast *f, struct assumption x)
{
	struct assumption *v =
		arena_grow(a, f->assumptions, f->n_assumptions, &f->assumptions_cap, sizeof(*v));

	v[f->n_assumptions++] = x;
	f->assumptions = v;
}

static bool round_minor(const struct forecasting *w, struct fraction minor, int64_t *out)
{
	struct decimal d = {0, 0};

	if (!fraction_try_round(minor, 0, w->pricing->promise->rounding, &d))
		return false;
	*out = d.units;
	return true;
}

/* --- one charge --- */

/* Its actual is complete up to here: the end of the last service period that is due, at most the running month's beginning. */
static day known_to(struct forecasting *w, size_t slot)
{
	struct charging *c = w->in->charging;
	day running = w->f->months[0].days.from;
	struct service_periods all = slot_due(c, slot, false);
	day to = INT32_MIN;

	/* orders, purchases and deliveries have no periods: what happened is known */
	if (all.n == 0 && slot_life(c, slot).from >= running)
		return running;
	for (size_t i = 0; i < all.n; i++)
		to = later_day(to, all.v[i].own.to);
	if (slot_charge(c, slot, slot_version_on(c, slot, c->on))->base->period_set == false)
		return running;
	return to < running ? to : running;
}

/* Full months [from, to) of the table that end by `known` and begin in the life, at most 12. */
static size_t full_months(const struct month_table *t, struct days life, size_t to, size_t *first)
{
	size_t n = 0;

	while (n < FORECAST_HISTORY && n < to && t->months[to - 1 - n].from >= life.from)
		n++;
	*first = to - n;
	return n;
}

static size_t months_known(const struct month_table *t, day known)
{
	size_t n = 0;

	while (n < t->n && t->months[n].to <= known)
		n++;
	return n;
}

/* What part of a month the charge lives, by day: a trend ends with its contract. */
static struct fraction life_share(const struct forecasting *w, size_t slot, struct days month)
{
	struct days both = days_both(slot_life(w->c, slot), month);

	return days_empty(both) ? (struct fraction){0, 1}
				: fraction_of(both.to - both.from, month.to - month.from);
}

/* R134: P50 is the line, P90 what lies the residual above it. */
static bool trend_months(struct forecasting *w, struct forecast_charge *x, size_t known)
{
	const struct month_table *t = &w->f->actual;

	for (size_t i = known; i < t->n; i++) {
		struct fraction p50 = {0, 1}, high = x->trend.residual,
				share = life_share(w, x->slot, t->months[i]);

		if (!trend_p50(&x->trend, (int64_t)(i - known) + 1, &p50) ||
		    !fraction_try_mul(p50, share, &p50) || !fraction_try_mul(high, share, &high) ||
		    !fraction_try_add(p50, high, &high) || !round_minor(w, p50, &x->p50[i]) ||
		    !round_minor(w, high, &x->p90[i]))
			return false;
	}
	return true;
}

static bool planned_months(struct forecasting *w, struct forecast_charge *x, size_t known)
{
	const struct month_table *t = &w->f->actual;

	for (size_t i = known; i < t->n; i++) {
		if (!planned_month(w->c, x->slot, t->months[i], x->planned_qty, &x->p50[i], NULL))
			return false;
		x->p90[i] = x->p50[i];
	}
	return true;
}

static bool counted_months(struct forecasting *w, struct forecast_charge *x,
			   const struct priced_charge *words, size_t known)
{
	const struct month_table *t = &w->f->actual;
	const struct month_row *row = month_row_of(t, x->id);
	size_t first, n = full_months(t, slot_life(w->in->charging, x->slot), known, &first);
	int64_t *history = arena_array(w->arena, int64_t, n);

	for (size_t i = 0; i < n && row != NULL; i++)
		history[i] = row->net[first + i];
	x->history = history;
	x->n_history = n;
	x->history_from = n > 0 ? t->months[first].from : DAY_NONE;
	if (!trend_make(w->arena, history, n, &x->trend))
		return false;
	if (w->trends && x->trend.kind != TREND_NONE) {
		x->basis = x->trend.kind == TREND_LINE ? FORECAST_TREND : FORECAST_MEDIAN;
		return trend_months(w, x, known);
	}
	x->basis = FORECAST_UNKNOWN;
	if (!planned_quantity(w->pricing, words, &x->planned_qty))
		return true;
	x->basis = FORECAST_PLANNED;
	return planned_months(w, x, known);
}

static void certain_months(struct forecasting *w, struct forecast_charge *x, size_t known)
{
	const struct month_row *low = month_row_of(w->low, x->id),
			       *high = month_row_of(w->high, x->id);

	x->basis = FORECAST_CERTAIN;
	for (size_t i = known; i < w->f->actual.n; i++) {
		x->p50[i] = low == NULL ? 0 : low->net[i];
		x->p90[i] = high == NULL ? x->p50[i] : high->net[i];
		if (x->p90[i] < x->p50[i])
			x->p90[i] = x->p50[i];
	}
}

static enum rc one_charge(struct forecasting *w, size_t slot)
{
	struct forecast *f = w->f;
	struct forecast_charge *x = &f->charges[f->n_charges];
	const struct priced_charge *words =
		slot_charge(w->c, slot, slot_version_on(w->c, slot, w->in->charging->on));
	size_t known;

	if (words->base->type == CHARGE_DISCOUNT)
		return RC_OK; /* it is in the nets of what it lowers */
	*x = (struct forecast_charge){.id = w->c->slots[slot].id,
				      .name = words->name,
				      .slot = slot,
				      .history_from = DAY_NONE,
				      .p50 = arena_array(w->arena, int64_t, f->actual.n),
				      .p90 = arena_array(w->arena, int64_t, f->actual.n)};
	x->known_to = known_to(w, slot);
	known = months_known(&f->actual, x->known_to);
	if (charge_is_certain(words))
		certain_months(w, x, known);
	else if (!counted_months(w, x, words, known))
		return too_large_month(w, x->id);
	f->n_charges++;
	return RC_OK;
}

/* --- planned milestones (R133, R45) --- */

static enum rc milestones_of(struct forecasting *w, size_t slot)
{
	const struct priced_charge *x =
		slot_charge(w->c, slot, slot_version_on(w->c, slot, INT32_MAX));
	struct month_table *tables[] = {w->low, w->high};
	struct fraction *weights = arena_array(w->arena, struct fraction, x->n_milestones);
	struct money *parts = arena_array(w->arena, struct money, x->n_milestones);
	enum rc rc = RC_OK;

	for (size_t i = 0; i < x->n_milestones; i++)
		weights[i] = fraction_of_decimal(x->milestones[i].pct);
	if (!money_try_allocate(x->total, weights, x->n_milestones, parts))
		return too_large_month(w, w->c->slots[slot].id);
	for (size_t i = 0; i < x->n_milestones && rc == RC_OK; i++) {
		const struct milestone *m = &x->milestones[i];
		struct acceptance_state s;
		day date = later_day(m->due, w->in->charging->on);
		int64_t net = 0;

		rc = acceptance_of(w->in->charging, slot, m->id, &s, w->err);
		if (rc != RC_OK || m->due == DAY_NONE || s.accepted ||
		    month_index(&w->f->actual, date) < 0)
			continue;
		if (!without_tax(w->pricing, x, parts[i].minor, &net))
			return too_large_month(w, m->id);
		for (size_t k = 0; k < ARRAY_SIZE(tables); k++) {
			struct month_row *row = month_row_for(
				w->arena, tables[k], w->c->slots[slot].id, x->name, (int)slot);
			struct days once = {date, date + 1};

			if (!month_spread(tables[k], once, net, ROUND_HALF_UP, row->net) ||
			    !month_spread(tables[k], once, net, ROUND_HALF_UP, row->printed))
				return too_large_month(w, m->id);
		}
		forecast_assume(w->arena, w->f,
				(struct assumption){.kind = ASSUME_MILESTONE,
						    .subject = m->id,
						    .date = date,
						    .amount = net});
	}
	return rc;
}

static enum rc milestones_ahead(struct forecasting *w)
{
	enum rc rc = RC_OK;

	for (size_t s = 0; s < w->c->n_slots && rc == RC_OK; s++)
		if (slot_charge(w->c, s, slot_version_on(w->c, s, INT32_MAX))->base->type ==
		    CHARGE_MILESTONE)
			rc = milestones_of(w, s);
	return rc;
}

/* --- what is told with the numbers --- */

static struct decimal percent_of(struct decimal applied)
{
	struct fraction f = {0, 1};
	struct decimal out = {0, 0};

	if (fraction_try_sub(fraction_of_decimal(applied), fraction_of(1, 1), &f) &&
	    fraction_try_mul(f, fraction_of(100, 1), &f) &&
	    fraction_try_round(f, 4, ROUND_HALF_UP, &out))
		while (out.scale > 0 && out.units % 10 == 0) {
			out.units /= 10;
			out.scale--;
		}
	return out;
}

static void tell_indexes(struct forecasting *w, const struct charging *high)
{
	day last = w->f->months[w->f->n - 1].days.to;

	for (size_t i = 0; i < w->c->n_adjustments && i < high->n_adjustments; i++) {
		const struct adjustment *low = &w->c->adjustments[i], *top = &high->adjustments[i];
		const struct indexation *x = &w->c->versions[low->version].pricing->indexation;
		struct assumption said = {.kind = ASSUME_INDEX_KNOWN, .date = top->effective};

		if (low->date <= w->in->charging->on || low->date >= last)
			continue;
		said.low = low->state == ADJUST_CHOICE ? decimal_of(0) : percent_of(low->applied);
		said.high = percent_of(top->applied);
		if (low->assumed || low->state == ADJUST_CHOICE)
			said.kind =
				low->assumed && !x->cap_set ? ASSUME_INDEX_NO_CAP : ASSUME_INDEX;
		forecast_assume(w->arena, w->f, said);
	}
}

static void tell_charges(struct forecasting *w)
{
	static const enum assumption_kind kinds[] = {[FORECAST_TREND] = ASSUME_TREND,
						     [FORECAST_MEDIAN] = ASSUME_MEDIAN,
						     [FORECAST_PLANNED] = ASSUME_PLANNED,
						     [FORECAST_UNKNOWN] = ASSUME_UNKNOWN};

	for (size_t i = 0; i < w->f->n_charges; i++) {
		const struct forecast_charge *x = &w->f->charges[i];
		bool trend = x->basis == FORECAST_TREND || x->basis == FORECAST_MEDIAN;

		if (x->basis == FORECAST_CERTAIN)
			continue;
		forecast_assume(w->arena, w->f,
				(struct assumption){.kind = kinds[x->basis],
						    .subject = x->id,
						    .date = x->history_from,
						    .count = trend ? (int64_t)x->n_history
								   : x->planned_qty});
	}
}

static void tell_frame(struct forecasting *w)
{
	struct charging *c = w->in->charging;

	forecast_assume(w->arena, w->f, (struct assumption){.kind = ASSUME_FROZEN, .date = c->on});
	if (c->stop < w->f->months[w->f->n - 1].days.to)
		forecast_assume(w->arena, w->f,
				(struct assumption){.kind = ASSUME_ENDS, .date = c->stop});
	if (!w->trends)
		forecast_assume(
			w->arena, w->f,
			(struct assumption){.kind = ASSUME_ONLY_CONTRACT, .date = DAY_NONE});
}

/* --- credits (R135) --- */

static int compare(int64_t x, int64_t y)
{
	return x < y ? -1 : x > y ? 1 : 0;
}

static enum rc expected_credits(struct forecasting *w, int64_t *out)
{
	struct forecast *f = w->f;
	struct charging *c = w->in->charging;
	const struct promise *p = w->c->versions[0].pricing->promise;
	int64_t *all = arena_array(w->arena, int64_t, f->actual.n), v[FORECAST_HISTORY];
	struct days life = {p->service_start_day != DAY_NONE ? p->service_start_day
							     : p->effective_day,
			    c->stop};
	size_t first, n = full_months(&f->actual, life, f->ahead, &first);
	struct fraction middle = {0, 1};

	*out = 0;
	if (!credits_by_month(w->in, &f->actual, all))
		return too_large_month(w, text_of("credits"));
	for (size_t i = 0; i < n; i++) {
		size_t k = i;

		for (; k > 0 && compare(v[k - 1], all[first + i]) > 0; k--)
			v[k] = v[k - 1];
		v[k] = all[first + i];
	}
	if (n == 0)
		return RC_OK;
	middle = n % 2 == 1 ? fraction_of(v[n / 2], 1)
			    : fraction_of((i128)v[n / 2 - 1] + v[n / 2], 2);
	if (!round_minor(w, middle, out))
		return too_large_month(w, text_of("credits"));
	/* more earned back than given is no credit to expect */
	if (*out < 0)
		*out = 0;
	forecast_assume(w->arena, f,
			(struct assumption){.kind = ASSUME_CREDITS,
					    .date = f->actual.months[first].from,
					    .count = (int64_t)n,
					    .amount = *out});
	return RC_OK;
}

/* --- totals (R135) --- */

static bool add_month(struct forecast_month *to, const struct forecast_month *m)
{
	return sum_add(&to->certain, m->certain) && sum_add(&to->certain_p90, m->certain_p90) &&
	       sum_add(&to->trend, m->trend) && sum_add(&to->trend_p90, m->trend_p90) &&
	       sum_add(&to->credits, m->credits) && sum_add(&to->p50, m->p50) &&
	       sum_add(&to->p90, m->p90) && sum_add(&to->reserve, m->reserve);
}

static bool total_month(struct forecasting *w, size_t i, int64_t credits)
{
	struct forecast *f = w->f;
	struct forecast_month *m = &f->months[i];
	size_t at = f->ahead + i;

	m->certain = f->topup[i];
	m->certain_p90 = f->topup_p90[i];
	for (size_t k = 0; k < f->n_charges; k++) {
		struct forecast_charge *x = &f->charges[k];
		bool certain = x->basis == FORECAST_CERTAIN;

		if (!sum_add(certain ? &m->certain : &m->trend, x->p50[at]) ||
		    !sum_add(certain ? &m->certain_p90 : &m->trend_p90, x->p90[at]) ||
		    !sum_add(&x->sum_p50, x->p50[at]) || !sum_add(&x->sum_p90, x->p90[at]))
			return false;
	}
	m->p50 = m->certain;
	m->p90 = m->certain_p90;
	if (!sum_add(&m->p50, m->trend) || !sum_add(&m->p90, m->trend_p90))
		return false;
	/* credits never take more than there is (R62) */
	m->credits = m->days.from >= w->in->charging->stop || m->p50 <= 0 ? 0
		     : credits < m->p50                                   ? credits
									  : m->p50;
	m->p50 -= m->credits;
	if (m->p90 < m->p50)
		m->p90 = m->p50;
	m->reserve = m->p90 - m->p50;
	return add_month(&f->sum, m);
}

/* --- how well it would have done (R135) --- */

/* What the counted charges' P90 for one past month was, from the 12 months before it. false: too large. */
static bool past_p90(struct forecasting *w, size_t month, bool *told, int64_t *p90, int64_t *real)
{
	const struct month_table *t = &w->f->actual;

	*told = false;
	*p90 = *real = 0;
	for (size_t k = 0; k < w->f->n_charges; k++) {
		const struct forecast_charge *x = &w->f->charges[k];
		const struct month_row *row = month_row_of(t, x->id);
		struct days life = slot_life(w->in->charging, x->slot);
		int64_t history[FORECAST_HISTORY] = {0}, part = 0;
		size_t first, n = full_months(t, life, month, &first);
		struct trend trend;
		struct fraction high = {0, 1};

		if (x->basis == FORECAST_CERTAIN || life.from >= t->months[month].to)
			continue;
		if (n < TREND_MEDIAN_MONTHS || t->months[month].to > x->known_to) {
			*told = false;
			return true;
		}
		for (size_t i = 0; i < n && row != NULL; i++)
			history[i] = row->net[first + i];
		if (!trend_make(w->arena, history, n, &trend) || !trend_p50(&trend, 1, &high) ||
		    !fraction_try_add(high, trend.residual, &high) ||
		    !round_minor(w, high, &part) || !sum_add(p90, part) ||
		    !sum_add(real, row == NULL ? 0 : row->net[month]))
			return false;
		*told = true;
	}
	return true;
}

static enum rc check_back(struct forecasting *w)
{
	struct forecast *f = w->f;

	for (size_t i = f->ahead - FORECAST_HISTORY; i < f->ahead && w->trends; i++) {
		bool told;
		int64_t p90, real;

		if (!past_p90(w, i, &told, &p90, &real))
			return too_large_month(w, text_of("history"));
		f->checked += told ? 1 : 0;
		f->under += told && real <= p90 ? 1 : 0;
	}
	return RC_OK;
}

/* --- all of it --- */

/* The first day of the month of `on`, where months begin on that day. */
static day month_start(day on, int day_of_month)
{
	struct civil at = civil_of(on);
	day first = day_add_months(day_of(2000, 1, day_of_month),
				   (int32_t)((at.year - 2000) * 12 + at.month - 1));

	return first <= on ? first
			   : day_add_months(day_of(2000, 1, day_of_month),
					    (int32_t)((at.year - 2000) * 12 + at.month - 2));
}

/* The months looked back on and those ahead, from one anchor (R3). */
static void make_months(struct forecasting *w, size_t n, int day_of_month)
{
	struct forecast *f = w->f;
	day running = month_start(f->on, day_of_month);
	day anchor = day_of(1990, 1, day_of_month);
	int32_t to = 0;

	while (day_add_months(anchor, to) < running)
		to++;
	f->ahead = LOOKED_BACK;
	f->n = n;
	months_make(w->arena, anchor, (size_t)to + n, &f->actual);
	f->actual.months += to - LOOKED_BACK;
	f->actual.n = LOOKED_BACK + n;
	f->actual.first = f->actual.months[0];
	f->months = arena_array(w->arena, struct forecast_month, n);
	for (size_t i = 0; i < n; i++)
		f->months[i].days = f->actual.months[f->ahead + i];
	f->sum.days = (struct days){f->months[0].days.from, f->months[n - 1].days.to};
}

static struct month_table *table_like(struct arena *a, const struct month_table *t)
{
	struct month_table *out = arena_one(a, struct month_table);

	*out = (struct month_table){.first = t->first, .months = t->months, .n = t->n};
	return out;
}

static enum rc ahead(struct forecasting *w, struct charging **high)
{
	struct charging *c = w->in->charging;
	struct certain_input in = {.versions = c->versions,
				   .n_versions = c->n_versions,
				   .view = c->view,
				   .fact_entries = c->fact_entries,
				   .today = c->on,
				   .stop = c->stop,
				   .unknown = INDEX_AT_FLOOR,
				   .settings = w->in->settings};
	enum rc rc;

	w->low = table_like(w->arena, &w->f->actual);
	w->high = table_like(w->arena, &w->f->actual);
	rc = certain_by_month(w->arena, &in, w->low, &w->c, w->err);
	in.unknown = INDEX_AT_CAP;
	return rc == RC_OK ? certain_by_month(w->arena, &in, w->high, high, w->err) : rc;
}

enum rc forecast_make(struct arena *a, const struct forecast_input *in, size_t n, int day_of_month,
		      struct forecast *out, struct err *err)
{
	struct charging *c = in->charging, *high = NULL;
	struct forecasting w = {.arena = a,
				.in = in,
				.f = out,
				.pricing = c->versions[c->n_versions - 1].pricing,
				.err = err};
	int64_t credits = 0;
	enum rc rc;

	assert(n > 0 && n <= FORECAST_MONTHS_MAX);
	*out = (struct forecast){.on = c->on, .currency = c->currency};
	w.trends = w.pricing->budget.trend || !w.pricing->budget.set;
	make_months(&w, n, day_of_month);
	rc = actual_by_month(a, in, &out->actual, err);
	if (rc == RC_OK)
		rc = ahead(&w, &high);
	if (rc != RC_OK)
		return rc;
	tell_frame(&w);
	rc = milestones_ahead(&w);
	out->charges = arena_array(a, struct forecast_charge, w.c->n_slots);
	for (size_t s = 0; s < w.c->n_slots && rc == RC_OK; s++)
		rc = one_charge(&w, s);
	if (rc != RC_OK)
		return rc;
	tell_indexes(&w, high);
	tell_charges(&w);
	out->topup = arena_array(a, int64_t, n);
	out->topup_p90 = arena_array(a, int64_t, n);
	rc = commitment_ahead(a, out, in, err);
	if (rc == RC_OK)
		rc = expected_credits(&w, &credits);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		if (!total_month(&w, i, credits))
			rc = too_large_month(&w, text_of("total"));
	return rc == RC_OK ? check_back(&w) : rc;
}

const char *basis_word(enum forecast_basis b)
{
	static const char *const words[] = {[FORECAST_CERTAIN] = "certain",
					    [FORECAST_TREND] = "trend",
					    [FORECAST_MEDIAN] = "median",
					    [FORECAST_PLANNED] = "planned",
					    [FORECAST_UNKNOWN] = "unknown"};

	return words[b];
}

const char *assumption_word(enum assumption_kind k)
{
	static const char *const words[] = {
		[ASSUME_FROZEN] = "facts_frozen",
		[ASSUME_ENDS] = "contract_ends",
		[ASSUME_INDEX] = "index",
		[ASSUME_INDEX_NO_CAP] = "index_without_cap",
		[ASSUME_INDEX_KNOWN] = "index_known",
		[ASSUME_TREND] = "trend",
		[ASSUME_MEDIAN] = "median",
		[ASSUME_PLANNED] = "planned",
		[ASSUME_UNKNOWN] = "unknown",
		[ASSUME_ONLY_CONTRACT] = "contract_only",
		[ASSUME_MILESTONE] = "milestone",
		[ASSUME_COMMITMENT] = "commitment",
		[ASSUME_CREDITS] = "credits",
	};

	return words[k];
}
