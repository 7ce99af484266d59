/* SPDX-License-Identifier: Apache-2.0 */
/* The budget of a year: see budget.h. */
#include "engine/budget.h"

#include "engine/charging_parts.h"
#include "engine/forecast_parts.h"

struct budgeting {
	struct arena *arena;
	const struct forecast_input *in;
	const struct pricing *pricing; /* the newest version */
	struct budget *b;
	struct month_table actual, plan;
	struct charging *planned; /* as the contract stood when the year began */
	struct err *err;
};

static enum rc too_large_year(struct budgeting *w, struct text what)
{
	err_key(w->err, what);
	return err_set(w->err, RC_LIMIT, "amount too large: the budget's '%.*s'", TEXT_ARG(what));
}

/* --- the year --- */

day budget_year_named(const struct pricing *p, int year)
{
	int start = p->budget.set ? p->budget.fiscal_year_start : 101;

	/* 29 February begins on the 28th of other years */
	return day_add_months(day_of(2000, start / 100, start % 100), (year - 2000) * 12);
}

day budget_year_of(const struct pricing *p, day d)
{
	int year = (int)civil_of(d).year;
	day first = budget_year_named(p, year);

	return first <= d ? first : budget_year_named(p, year - 1);
}

static enum rc split_budget(struct budgeting *w)
{
	struct fraction weights[BUDGET_MONTHS];
	struct money parts[BUDGET_MONTHS];
	struct budget *b = w->b;

	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		weights[i] = fraction_of(1, 1);
		b->months[i].days = w->actual.months[i];
		b->months[i].over = w->actual.months[i].to <= b->on;
		b->n_over += b->months[i].over ? 1 : 0;
	}
	if (!b->set)
		return RC_OK;
	if (!money_try_allocate(w->pricing->budget.amount, weights, BUDGET_MONTHS, parts))
		return too_large_year(w, text_of("amount"));
	for (size_t i = 0; i < BUDGET_MONTHS; i++)
		b->months[i].budget = parts[i].minor;
	return RC_OK;
}

/* --- actual --- */

static enum rc take_actual(struct budgeting *w)
{
	struct budget *b = w->b;
	int64_t credits[BUDGET_MONTHS] = {0};
	bool fits = credits_by_month(w->in, &w->actual, credits);

	for (size_t i = 0; i < BUDGET_MONTHS && fits; i++) {
		struct budget_month *m = &b->months[i];

		for (size_t r = 0; r < w->actual.n_rows && fits; r++)
			fits = sum_add(&m->actual, w->actual.rows[r].net[i]);
		m->credits = credits[i];
		fits = fits && sum_add(&m->actual, -credits[i]) && sum_add(&b->actual, m->actual);
		if (m->over)
			fits = fits && sum_add(&b->budget_over, m->budget) &&
			       sum_add(&b->actual_over, m->actual) &&
			       sum_add(&b->credits, credits[i]);
	}
	if (!fits || __builtin_sub_overflow(b->actual_over, b->budget_over, &b->variance))
		return too_large_year(w, text_of("actual"));
	return RC_OK;
}

/* --- the plan: what the contract gave for the year on its first day --- */

static size_t versions_by(const struct charging *c, day d)
{
	size_t n = 1;

	while (n < c->n_versions && c->versions[n].from <= d)
		n++;
	return n;
}

static bool plan_counted(struct budgeting *w, size_t slot)
{
	struct charging *c = w->planned;
	uint16_t v = slot_version_on(c, slot, w->b->year.to - 1);
	const struct priced_charge *x = slot_charge(c, slot, v);
	struct month_row *row;
	int64_t qty = 0;

	if (charge_is_certain(x) || !planned_quantity(c->versions[v].pricing, x, &qty))
		return true;
	row = month_row_for(w->arena, &w->plan, c->slots[slot].id, x->name, (int)slot);
	for (size_t i = 0; i < w->plan.n; i++)
		if (!planned_month(c, slot, w->plan.months[i], qty, &row->net[i],
				   &row->quantity[i]))
			return false;
	return true;
}

/* Quantities of what is certain; what is counted has those of `covers`. */
static void plan_quantities(struct budgeting *w)
{
	struct month_table all = {.first = w->plan.first, .months = w->plan.months, .n = w->plan.n};

	month_quantities(w->arena, w->planned, &all);
	for (size_t i = 0; i < all.n_rows; i++) {
		struct text id = all.rows[i].charge;

		for (size_t r = 0; r < w->plan.n_rows; r++)
			if (text_eq(w->plan.rows[r].charge, id) &&
			    charge_is_certain(slot_charge(w->planned, (size_t)all.rows[i].slot,
							  slot_version_on(w->planned,
									  (size_t)all.rows[i].slot,
									  w->b->year.from))))
				w->plan.rows[r].quantity = all.rows[i].quantity;
	}
}

static enum rc make_plan(struct budgeting *w)
{
	const struct charging *c = w->in->charging;
	day first = w->b->year.from;
	instant then = zone_midnight(c->zone, first);
	size_t n = versions_by(c, first);
	struct priced_version *versions = arena_array(w->arena, struct priced_version, n);
	struct certain_input in = {.versions = versions,
				   .n_versions = n,
				   .fact_entries = c->fact_entries,
				   .today = first - 1,
				   .stop = c->stop,
				   .unknown = INDEX_AT_FLOOR,
				   .settings = w->in->settings};
	enum rc rc;

	for (size_t i = 0; i < n; i++)
		versions[i] = c->versions[i];
	versions[n - 1].to = INT32_MAX;
	in.view = view_make(w->arena, c->view->facts, then, then);
	rc = certain_by_month(w->arena, &in, &w->plan, &w->planned, w->err);
	for (size_t s = 0; rc == RC_OK && s < w->planned->n_slots; s++)
		if (!plan_counted(w, s))
			rc = too_large_year(w, w->planned->slots[s].id);
	if (rc == RC_OK)
		plan_quantities(w);
	return rc;
}

/* --- variance (R130) --- */

static bool sum_over(const struct budgeting *w, const struct month_row *row, int64_t *net,
		     struct fraction *quantity)
{
	*net = 0;
	*quantity = (struct fraction){0, 1};
	for (size_t i = 0; i < BUDGET_MONTHS && row != NULL; i++) {
		if (!w->b->months[i].over)
			continue;
		if (!sum_add(net, row->net[i]))
			return false;
		if (quantity->den != 0 &&
		    (row->quantity[i].den == 0 ||
		     !fraction_try_add(*quantity, row->quantity[i], quantity)))
			*quantity = (struct fraction){0, 0};
	}
	return true;
}

/*
 * volume = (actual quantity - planned) x planned price, rounded once; price = what is left of actual - planned, which is (actual price -
 * planned) x actual quantity. Their sum is exact.
 */
static bool split_row(const struct budgeting *w, struct budget_row *r)
{
	struct fraction more = {0, 1}, price = {0, 1};
	struct decimal volume = {0, 0};
	int64_t diff;

	if (__builtin_sub_overflow(r->net, r->planned_net, &diff))
		return false;
	r->volume = diff;
	r->price = 0;
	r->split = r->planned && r->planned_quantity.den != 0 && r->quantity.den != 0 &&
		   r->planned_quantity.num > 0;
	if (!r->split)
		return true;
	if (!fraction_try_sub(r->quantity, r->planned_quantity, &more) ||
	    !fraction_try_div(fraction_of(r->planned_net, 1), r->planned_quantity, &price) ||
	    !fraction_try_mul(more, price, &more) ||
	    !fraction_try_round(more, 0, w->pricing->promise->rounding, &volume)) {
		r->split = false;
		return true;
	}
	r->volume = volume.units;
	return !__builtin_sub_overflow(diff, r->volume, &r->price);
}

static enum rc add_row(struct budgeting *w, struct text id, struct text name)
{
	struct budget_row *r = &w->b->rows[w->b->n_rows];
	const struct month_row *plan = month_row_of(&w->plan, id);

	*r = (struct budget_row){.id = id, .name = name, .planned = plan != NULL};
	if (!sum_over(w, plan, &r->planned_net, &r->planned_quantity) ||
	    !sum_over(w, month_row_of(&w->actual, id), &r->net, &r->quantity) || !split_row(w, r))
		return too_large_year(w, id);
	if (r->net != 0 || r->planned_net != 0)
		w->b->n_rows++;
	return RC_OK;
}

static enum rc variances(struct budgeting *w)
{
	struct budget *b = w->b;
	int64_t planned = 0;
	enum rc rc = RC_OK;

	b->rows = arena_array(w->arena, struct budget_row, w->plan.n_rows + w->actual.n_rows);
	for (size_t i = 0; i < w->plan.n_rows && rc == RC_OK; i++)
		rc = add_row(w, w->plan.rows[i].charge, w->plan.rows[i].name);
	for (size_t i = 0; i < w->actual.n_rows && rc == RC_OK; i++)
		if (month_row_of(&w->plan, w->actual.rows[i].charge) == NULL)
			rc = add_row(w, w->actual.rows[i].charge, w->actual.rows[i].name);
	for (size_t i = 0; i < b->n_rows && rc == RC_OK; i++)
		if (!sum_add(&planned, b->rows[i].planned_net))
			rc = too_large_year(w, b->rows[i].id);
	if (rc == RC_OK && __builtin_sub_overflow(b->budget_over, planned, &b->unassigned))
		rc = too_large_year(w, text_of("plan"));
	return rc;
}

/* --- outlook and alerts (R132) --- */

/* Actual of a month that is over, with what its longer periods have not billed yet; P50 of the others. */
static bool outlook_month(const struct forecast *f, struct budget_month *m)
{
	int at = month_index(&f->actual, m->days.from);

	if (at < 0 || at < (int)f->ahead) {
		m->outlook = m->actual;
		for (size_t i = 0; i < f->n_charges && at >= 0; i++)
			if (!sum_add(&m->outlook, f->charges[i].p50[at]))
				return false;
		return true;
	}
	m->outlook = f->months[(size_t)at - f->ahead].p50;
	return true;
}

static enum rc make_outlook(struct budgeting *w)
{
	struct budget *b = w->b;
	bool runs = b->on >= b->year.from && b->on < b->year.to;
	struct forecast f;
	enum rc rc;

	for (size_t i = 0; i < BUDGET_MONTHS; i++)
		b->months[i].outlook = b->months[i].actual;
	b->outlook = b->actual;
	if (!runs)
		return RC_OK;
	rc = forecast_make(w->arena, w->in, BUDGET_MONTHS - b->n_over,
			   (int)civil_of(b->year.from).mday, &f, w->err);
	b->outlook = 0;
	for (size_t i = 0; i < BUDGET_MONTHS && rc == RC_OK; i++)
		if (!outlook_month(&f, &b->months[i]) ||
		    !sum_add(&b->outlook, b->months[i].outlook))
			rc = too_large_year(w, text_of("outlook"));
	return rc;
}

/* The first month by whose end the sum reaches it; -1: none does. */
static int month_reaching(const struct budget *b, int64_t amount, bool outlook)
{
	int64_t sum = 0;

	for (size_t i = 0; i < BUDGET_MONTHS; i++) {
		if (!sum_add(&sum, outlook ? b->months[i].outlook : b->months[i].actual))
			return -1;
		if (sum >= amount)
			return (int)i;
	}
	return -1;
}

static enum rc make_alerts(struct budgeting *w)
{
	const struct budget_terms *t = &w->pricing->budget;
	struct budget *b = w->b;

	b->alerts = arena_array(w->arena, struct budget_alert, t->n_alert_at);
	for (size_t i = 0; b->set && i < t->n_alert_at; i++) {
		struct budget_alert *a = &b->alerts[b->n_alerts++];
		struct fraction f = fraction_of(b->amount, 1);
		struct decimal amount = {0, 0};

		if (!fraction_try_mul(f, fraction_of_decimal(t->alert_at[i]), &f) ||
		    !fraction_try_div(f, fraction_of(100, 1), &f) ||
		    !fraction_try_round(f, 0, w->pricing->promise->rounding, &amount))
			return too_large_year(w, text_of("alert_at"));
		a->pct = t->alert_at[i];
		a->amount = amount.units;
		a->reached = month_reaching(b, a->amount, false);
		a->forecast = a->reached >= 0 ? -1 : month_reaching(b, a->amount, true);
	}
	return RC_OK;
}

enum rc budget_make(struct arena *a, const struct forecast_input *in, day year, struct budget *out,
		    struct err *err)
{
	const struct charging *c = in->charging;
	struct budgeting w = {.arena = a,
			      .in = in,
			      .pricing = c->versions[c->n_versions - 1].pricing,
			      .b = out,
			      .err = err};
	enum rc rc;

	*out = (struct budget){.set = w.pricing->budget.set,
			       .on = c->on,
			       .year = {year, day_add_months(year, BUDGET_MONTHS)},
			       .currency = c->currency,
			       .amount =
				       w.pricing->budget.set ? w.pricing->budget.amount.minor : 0};
	months_make(a, year, BUDGET_MONTHS, &w.actual);
	months_make(a, year, BUDGET_MONTHS, &w.plan);
	rc = split_budget(&w);
	if (rc == RC_OK)
		rc = actual_by_month(a, in, &w.actual, err);
	if (rc == RC_OK)
		rc = take_actual(&w);
	if (rc == RC_OK)
		rc = make_plan(&w);
	if (rc == RC_OK)
		rc = variances(&w);
	if (rc == RC_OK)
		rc = make_outlook(&w);
	return rc == RC_OK ? make_alerts(&w) : rc;
}
