/* SPDX-License-Identifier: Apache-2.0 */
/* Availability of a metric: its history once, then a value, a verdict and an error budget per window (sla.md section 5). */
#include "engine/availability.h"

#include "engine/availability_parts.h"

#include <assert.h>

/* mean and weighted judge each component alone, every other group as a whole (R49). */
static bool judged_alone(const struct metric *m)
{
	return m->group == GROUP_MEAN || m->group == GROUP_WEIGHTED;
}

static void make_units(struct arena *a, struct availability_history *h)
{
	bool alone = judged_alone(h->m);

	h->n_units = alone ? h->c.n : 1;
	h->units = arena_array(a, struct judged_unit, h->n_units);
	for (size_t i = 0; i < h->n_units; i++) {
		struct judged_unit *u = &h->units[i];

		u->group = alone ? GROUP_ANY_DOWN : h->m->group;
		u->k = h->m->k;
		u->first = alone ? i : 0;
		u->n = alone ? 1 : h->c.n;
		unit_make(a, h, u);
	}
}

struct availability_history *availability_history_make(struct arena *a, const struct view *v,
						       const struct promise *p,
						       const struct metric *m)
{
	struct availability_history *h = arena_one(a, struct availability_history);
	int metric = (int)(m - p->metrics);

	assert(metric >= 0 && (size_t)metric < p->n_metrics);
	h->v = v;
	h->p = p;
	h->m = m;
	h->proclaimed = days_proclaimed(a, v, p, m);
	h->outages = outages_make(a, v);
	h->c = components_make(a, v, p, m, &h->outages);
	h->claims = claims_make(a, v, p, metric, &h->c, &h->outages);
	h->grants = grants_make(a, h);
	make_units(a, h);
	return h;
}

/* Sums over units, each with its weight, as exact fractions of a millisecond. */
struct weighed {
	struct fraction base, down, whole; /* A', D', and A' of the whole window as known now */
	struct fraction weight;
};

static struct fraction weight_of(const struct metric *m, size_t unit)
{
	return m->group == GROUP_WEIGHTED && m->weights != NULL ? m->weights[unit]
								: fraction_of(1, 1);
}

static void weigh(struct weighed *x, const struct unit_result *r, struct fraction weight)
{
	/* R46: means of degraded as down and as up; both are the same unless the contract says half */
	i128 down = (i128)r->sum.down_ms + r->sum.down_as_up_ms;
	i128 whole = (i128)r->base_twice_ms + r->future_twice_ms;

	x->base = fraction_add(x->base, fraction_mul(weight, fraction_of(r->base_twice_ms, 2)));
	x->down = fraction_add(x->down, fraction_mul(weight, fraction_of(down, 2)));
	x->whole = fraction_add(x->whole, fraction_mul(weight, fraction_of(whole, 2)));
	x->weight = fraction_add(x->weight, weight);
}

static void add_member(struct availability *sum, const struct availability *v)
{
	sum->agreed_ms += v->agreed_ms;
	sum->removed_ms += v->removed_ms;
	sum->excused_ms += v->excused_ms;
	sum->as_up_ms += v->as_up_ms;
	sum->unknown_ms += v->unknown_ms;
	sum->dropped_ms += v->dropped_ms;
	sum->base_ms += v->base_ms;
	sum->down_ms += v->down_ms;
	sum->down_as_up_ms += v->down_as_up_ms;
}

/* (|A'| - |D'|) / |A'| */
static struct fraction share_up(struct fraction base, struct fraction down)
{
	return fraction_div(fraction_sub(base, down), base);
}

static int64_t whole_ms(struct fraction f, enum rounding mode)
{
	return fraction_round(f, 0, mode).units;
}

enum { BUDGET_ON_TRACK, BUDGET_AT_RISK, BUDGET_LOST };

/* R56: A' of the whole window x (1 - target); lost when all the rest being up could not save the verdict. */
static void tell_budget(const struct metric *m, const struct weighed *x, struct availability *v)
{
	struct fraction share = fraction_of_decimal(m->target), budget, spent;

	if (!m->target_set || x->whole.num == 0 || x->weight.num == 0)
		return;
	share = fraction_sub(fraction_of(1, 1), fraction_div(share, fraction_of(100, 1)));
	budget = fraction_div(fraction_mul(x->whole, share), x->weight);
	spent = fraction_div(x->down, x->weight);
	v->budget_ms = whole_ms(budget, ROUND_DOWN);
	v->spent_ms = whole_ms(spent, ROUND_HALF_UP);
	if (decimal_cmp(fraction_percent(share_up(x->whole, x->down), m->decimals, ROUND_HALF_UP),
			m->target) < 0)
		v->budget_state = BUDGET_LOST;
	else if (spent.num > 0 && fraction_cmp(fraction_mul(spent, fraction_of(4, 1)),
					       fraction_mul(budget, fraction_of(3, 1))) >= 0)
		v->budget_state = BUDGET_AT_RISK;
}

/* R55: rounded once; what is printed is what is compared. */
static void tell_verdict(const struct metric *m, const struct weighed *x, struct window_result *w)
{
	bool decided = w->why_not != JUDGED;

	w->target = m->target;
	w->target_set = m->target_set;
	w->verdict = VERDICT_NOT_JUDGED;
	w->value_set = x->base.num > 0;
	if (w->value_set) {
		w->value = share_up(x->base, x->down);
		w->shown = fraction_percent(w->value, m->decimals, ROUND_HALF_UP);
	}
	if (decided)
		return;
	if (!w->value_set)
		w->why_not = NJ_NO_AGREED_TIME;
	else if (!m->target_set)
		w->why_not = NJ_NO_TARGET;
	else
		w->verdict = decimal_cmp(w->shown, m->target) >= 0 ? VERDICT_MET : VERDICT_MISSED;
}

void availability_window(struct arena *a, const struct availability_history *h,
			 struct window_result *w)
{
	struct availability *all = arena_one(a, struct availability);
	struct availability *members = arena_array(a, struct availability, h->n_units);
	struct fraction none = fraction_of(0, 1);
	struct weighed x = {none, none, none, none};
	size_t n_excuses = 0;
	const struct excuse *excuses = window_excuses(a, h, w, &n_excuses);

	for (size_t i = 0; i < h->n_units; i++) {
		struct unit_result r = unit_window(a, h, &h->units[i], w, excuses, n_excuses);

		members[i] = r.sum;
		weigh(&x, &r, weight_of(h->m, i));
		add_member(all, &members[i]);
	}
	if (judged_alone(h->m)) {
		all->window_ms = members[0].window_ms;
		all->members = members;
		all->n_members = h->n_units;
	} else {
		*all = members[0];
	}
	all->excuses = excuses;
	all->n_excuses = n_excuses;
	tell_budget(h->m, &x, all);
	tell_verdict(h->m, &x, w);
	w->availability = all;
}
