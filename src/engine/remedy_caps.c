/* SPDX-License-Identifier: Apache-2.0 */
/* Caps (sla.md R62): in list order, each with its own base, each working on what the one before left. */
#include "engine/remedy_work.h"

#include "engine/windows.h"

#include <assert.h>

/* The FK-3 date, from which contract years count; DAY_NONE if the contract has no date. */
static day contract_start(const struct promise *p)
{
	enum { FROM_EFFECTIVE_DATE, FROM_SERVICE_START };
	const struct node *term = NULL;

	if (p->contract != NULL && p->contract->root != NULL)
		term = node_at(p->contract->root, "term");

	bool from_service = term != NULL && term_choice(term, "counts_from") == FROM_SERVICE_START;
	day first = from_service ? p->service_start_day : p->effective_day;

	if (first == DAY_NONE)
		first = from_service ? p->effective_day : p->service_start_day;
	return first;
}

/* The contract year that contains t; before the first date, and without one, the calendar year. */
static struct span contract_year(const struct promise *p, instant t)
{
	enum { MONTHS_OF_YEAR = 12 };
	day start = contract_start(p), on = zone_day(p->zone, t);

	if (start == DAY_NONE || on < start)
		return window_at(p, WINDOW_CALENDAR_YEAR, t);

	int32_t years = civil_of(on).year - civil_of(start).year;

	if (day_add_months(start, years * MONTHS_OF_YEAR) > on)
		years--;
	return (struct span){
		zone_midnight(p->zone, day_add_months(start, years * MONTHS_OF_YEAR)),
		zone_midnight(p->zone, day_add_months(start, (years + 1) * MONTHS_OF_YEAR))};
}

static struct span cap_period(const struct promise *p, const struct cap_rule *cap, instant t)
{
	switch (cap->per) {
	case CAP_CALENDAR_MONTH:
		return month_around(p, t);
	case CAP_CALENDAR_QUARTER:
		return window_at(p, WINDOW_CALENDAR_QUARTER, t);
	case CAP_CALENDAR_YEAR:
		return window_at(p, WINDOW_CALENDAR_YEAR, t);
	case CAP_CONTRACT_YEAR:
		break;
	}
	return contract_year(p, t);
}

/* The instant by which a month of failure belongs to a period: its last one under the contract. */
static instant month_instant(const struct promise *p, struct span month)
{
	if (p->end != INSTANT_NONE && p->end > month.from && p->end < month.to)
		return p->end - 1;
	return month.to - 1;
}

static struct days days_of(const struct promise *p, struct span s)
{
	return (struct days){zone_day(p->zone, s.from), zone_day(p->zone, s.to)};
}

/* What a cap is a percentage of. Charges of a running period count with what the engine would invoice for the rest of it. */
static struct fraction cap_of(struct remedy *r, uint16_t version, const struct cap_rule *cap,
			      struct span month, int64_t *months)
{
	const struct promise *p = promise_at(r->o, version);
	instant at = month_instant(p, month);
	struct span period = month;

	*months = 0;
	switch (cap->of) {
	case CAP_MONTH_CHARGES:
		break;
	case CAP_QUARTER_CHARGES:
		period = window_at(p, WINDOW_CALENDAR_QUARTER, at);
		break;
	case CAP_YEAR_CHARGES:
		period = cap->per == CAP_CONTRACT_YEAR ? contract_year(p, at)
						       : window_at(p, WINDOW_CALENDAR_YEAR, at);
		break;
	case CAP_AVERAGE_MONTH_12MO:
		return base_average_month(r->arena, r->o, version, zone_day(p->zone, month.from),
					  months);
	}
	return base_all_charges(r->arena, r->o, version, days_of(p, period));
}

/*
 * What earlier months of the period took, as it was rounded and given, so that the printed sums never pass the cap either.
 * Settlements are made in order of the month of failure, whatever the dates of documents (R62); this month's has no total yet.
 */
static struct fraction used_before(const struct remedy *r, const struct promise *p,
				   struct span period)
{
	struct fraction sum = {0, 1};

	for (size_t i = 0; i < r->n_settlements; i++) {
		const struct settlement *x = &r->settlements[i];
		instant at = month_instant(p, x->month);

		if (at >= period.from && at < period.to)
			sum = fraction_add(sum, money_exact(x->total));
	}
	return sum;
}

static struct fraction smaller(struct fraction x, struct fraction y)
{
	return fraction_cmp(x, y) <= 0 ? x : y;
}

static bool is_some(struct fraction f)
{
	return f.num > 0;
}

/* R62: a cut is shared in proportion to the uncapped amounts. */
static void share_cut(struct remedy *r, const uint32_t *credits, size_t n, int cap,
		      struct fraction cut, struct fraction uncapped)
{
	for (size_t i = 0; i < n; i++) {
		struct credit *c = &r->drafts[credits[i]].c;
		struct cap_cut *cuts = arena_array(r->arena, struct cap_cut, c->n_cuts + 1);

		for (size_t k = 0; k < c->n_cuts; k++)
			cuts[k] = c->cuts[k];
		cuts[c->n_cuts].cap = cap;
		cuts[c->n_cuts].cut = fraction_mul(cut, fraction_div(c->exact, uncapped));
		c->cuts = cuts;
		c->n_cuts++;
	}
}

static void add_use(struct remedy *r, struct settlement *s, const struct cap_use *use)
{
	struct cap_use *uses = arena_array(r->arena, struct cap_use, s->n_caps + 1);

	for (size_t i = 0; i < s->n_caps; i++)
		uses[i] = s->caps[i];
	uses[s->n_caps++] = *use;
	s->caps = uses;
}

struct fraction caps_apply(struct remedy *r, struct settlement *s, const uint32_t *credits,
			   size_t n, struct fraction before)
{
	uint16_t version = r->drafts[credits[0]].c.version;
	const struct promise *p = promise_at(r->o, version);
	struct fraction uncapped = {0, 1};

	for (size_t i = 0; i < n; i++)
		uncapped = fraction_add(uncapped, r->drafts[credits[i]].c.exact);

	struct fraction left = uncapped;
	size_t first_use = s->n_caps;

	for (size_t i = 0; i < p->credits.n_caps; i++) {
		const struct cap_rule *cap = &p->credits.caps[i];
		struct cap_use use = {.cap = (int)i, .version = version};

		use.period = cap_period(p, cap, month_instant(p, s->month));
		use.of = cap_of(r, version, cap, s->month, &use.months);
		use.limit = percent_of(cap->pct, use.of);
		use.used_before = fraction_add(used_before(r, p, use.period), before);

		struct fraction room = fraction_sub(use.limit, use.used_before);

		if (room.num < 0)
			room = (struct fraction){0, 1};

		struct fraction kept = smaller(left, room);

		use.cut = fraction_sub(left, kept);
		use.used = use.used_before; /* and what is left in the end, below */
		if (is_some(use.cut))
			share_cut(r, credits, n, (int)i, use.cut, uncapped);
		left = kept;
		add_use(r, s, &use);
	}

	struct cap_use *uses = arena_array(r->arena, struct cap_use, s->n_caps);

	for (size_t i = 0; i < s->n_caps; i++) {
		uses[i] = s->caps[i];
		if (i >= first_use)
			uses[i].used = fraction_add(uses[i].used_before, left);
	}
	s->caps = uses;
	for (size_t i = 0; i < n && is_some(uncapped); i++) {
		struct credit *c = &r->drafts[credits[i]].c;

		/* The share first: what the base has in common cancels, and the numbers stay short. */
		c->after_caps = fraction_mul(left, fraction_div(c->exact, uncapped));
	}
	return left;
}
