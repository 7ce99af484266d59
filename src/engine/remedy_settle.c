/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the credits of a month to what is owed (sla.md R22 steps 11 to 15): one credit a cause, combination, claims, caps, one
 * rounding; then earn-back and bonus.
 */
#include "engine/remedy_work.h"

#include "engine/shares.h"

#include <stdlib.h>

/* --- step 11: one credit per root cause (R59) --- */

/* By falling amount, ties in file order; drafts are in file order already. */
struct ranked {
	struct fraction amount;
	uint32_t draft;
};

static int by_amount(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;
	int order = fraction_cmp(b->amount, a->amount);

	if (order != 0)
		return order;
	return (a->draft > b->draft) - (a->draft < b->draft);
}

static void one_per_cause(struct remedy *r, uint32_t from, uint32_t to)
{
	struct ranked *ranked = arena_array(r->arena, struct ranked, to - from);

	for (uint32_t i = from; i < to; i++)
		ranked[i - from] = (struct ranked){r->drafts[i].c.exact, i};
	qsort(ranked, to - from, sizeof(*ranked), by_amount);

	/* Each cause belongs to the first credit that was kept with it. */
	struct cause_map *kept = cause_map_new(r->arena);

	for (uint32_t i = 0; i < to - from; i++) {
		struct draft *d = &r->drafts[ranked[i].draft];
		uint32_t first = UINT32_MAX;

		for (size_t k = 0; k < d->causes.n && d->c.fate == CREDIT_DUE; k++) {
			uint32_t owner = cause_map_number(kept, &d->causes.v[k]);

			if (owner < first)
				first = owner;
		}
		if (first != UINT32_MAX &&
		    !promise_at(r->o, d->c.version)->credits.same_cause_sum) {
			d->c.fate = CREDIT_SAME_CAUSE;
			d->c.other = ranked[first].draft;
		}
		for (size_t k = 0; k < d->causes.n && d->c.fate == CREDIT_DUE; k++)
			(void)cause_map_add(kept, &d->causes.v[k], i);
	}
}

/* --- step 12: combine (R60) --- */

/* The late report's credit is no rule's and stands beside them. */
static bool combines(const struct draft *d, enum combine how)
{
	return d->c.fate == CREDIT_DUE && d->c.rule >= 0 && how != COMBINE_SUM;
}

/* largest: the largest credit; first: all of the first rule that gives something. Ties are in file order. */
static uint32_t combined_into(const struct remedy *r, uint32_t from, uint32_t to, uint16_t version,
			      enum combine how)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t i = from; i < to; i++) {
		const struct draft *d = &r->drafts[i];

		if (d->c.version != version || !combines(d, how) || d->c.exact.num == 0)
			continue;
		if (found == UINT32_MAX)
			found = i;
		else if (how == COMBINE_LARGEST &&
			 fraction_cmp(d->c.exact, r->drafts[found].c.exact) > 0)
			found = i;
	}
	return found;
}

static void combine_version(struct remedy *r, uint32_t from, uint32_t to, uint16_t version)
{
	enum combine how = promise_at(r->o, version)->credits.combine;
	uint32_t kept = combined_into(r, from, to, version, how);

	if (kept == UINT32_MAX)
		return;
	for (uint32_t i = from; i < to; i++) {
		struct draft *d = &r->drafts[i];
		bool together = how == COMBINE_FIRST && d->c.rule == r->drafts[kept].c.rule;

		if (i == kept || together || d->c.version != version || !combines(d, how))
			continue;
		d->c.fate = CREDIT_NOT_COMBINED;
		d->c.other = kept;
	}
}

/* --- step 13: claims (R61) --- */

static void filter_claim(const struct remedy *r, struct draft *d)
{
	const struct credits *k = &promise_at(r->o, d->c.version)->credits;
	const struct credit *c = &d->c;

	if (!k->set || !k->claim || c->fate != CREDIT_DUE)
		return;

	bool in_time = c->claim_until == INSTANT_NONE || c->claimed <= c->claim_until;

	if (c->claimed != INSTANT_NONE && in_time)
		return;
	d->c.fate = c->claim_until != INSTANT_NONE && r->o->in.as_of > c->claim_until
			    ? CREDIT_UNCLAIMED
			    : CREDIT_CLAIM_OPEN;
}

/* --- step 14: caps, one rounding --- */

/* Caps of each version over its own credits; returns how many credits are in `due`, and what is left of them. */
static size_t cap_month(struct remedy *r, struct settlement *s, uint32_t from, uint32_t to,
			uint32_t *due, struct fraction *left)
{
	size_t n = 0;

	*left = (struct fraction){0, 1};
	for (uint16_t v = 0; (size_t)v < r->o->in.n_versions; v++) {
		size_t first = n;

		for (uint32_t i = from; i < to; i++)
			if (r->drafts[i].c.version == v && r->drafts[i].c.fate == CREDIT_DUE)
				due[n++] = i;
		if (n > first)
			*left = fraction_add(*left,
					     caps_apply(r, s, due + first, n - first, *left));
	}
	return n;
}

static bool all_equal(const struct remedy *r, const uint32_t *credits, size_t n)
{
	struct fraction first = r->drafts[credits[0]].c.after_caps;

	for (size_t i = 1; i < n; i++) {
		struct fraction other = r->drafts[credits[i]].c.after_caps;

		if (other.num != first.num || other.den != first.den)
			return false;
	}
	return true;
}

/*
 * Shares an amount over credits in proportion to what caps left of them. The samples of one line are all worth the same as a
 * rule, and there may be thousands.
 */
static void share(struct remedy *r, struct money amount, const uint32_t *credits, size_t n,
		  struct fraction sum)
{
	if (sum.num == 0)
		return;
	if (all_equal(r, credits, n)) {
		for (size_t i = 0; i < n; i++)
			r->drafts[credits[i]].c.amount = equal_share(amount, n, i);
		return;
	}

	struct fraction *weights = arena_array(r->arena, struct fraction, n);
	struct money *parts = arena_array(r->arena, struct money, n);

	for (size_t i = 0; i < n; i++)
		weights[i] = r->drafts[credits[i]].c.after_caps;
	money_allocate(amount, weights, n, parts);
	for (size_t i = 0; i < n; i++)
		r->drafts[credits[i]].c.amount = parts[i];
}

/* Credits of one rule for one window are one line on paper, however many samples were missed. */
static bool one_line(const struct credit *x, const struct credit *y)
{
	return x->version == y->version && x->rule == y->rule && x->window == y->window;
}

/*
 * R57: the total is rounded once and its lines share it by largest remainder; a line of several missed samples shares its
 * part in the same way (W15).
 */
static void round_month(struct remedy *r, struct settlement *s, const uint32_t *due, size_t n,
			struct fraction left, enum rounding mode)
{
	struct fraction *sums = arena_array(r->arena, struct fraction, n);
	struct money *parts = arena_array(r->arena, struct money, n);
	size_t *begins = arena_array(r->arena, size_t, n + 1), lines = 0;

	s->total = money_round(left, s->total.currency, mode);
	if (left.num == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct credit *c = &r->drafts[due[i]].c;

		if (i == 0 || !one_line(c, &r->drafts[due[i - 1]].c)) {
			sums[lines] = (struct fraction){0, 1};
			begins[lines++] = i;
		}
		sums[lines - 1] = fraction_add(sums[lines - 1], c->after_caps);
	}
	begins[lines] = n;
	money_allocate(s->total, sums, lines, parts);
	for (size_t i = 0; i < lines; i++)
		share(r, parts[i], due + begins[i], begins[i + 1] - begins[i], sums[i]);
}

/* What nobody will be paid: cut by caps, or not claimed in time; each such credit says its own amount. */
static void lapse(struct remedy *r, struct settlement *s, uint32_t from, uint32_t to,
		  struct fraction uncapped, enum rounding mode)
{
	struct fraction unclaimed = {0, 1};

	s->lapsed = money_sub(money_round(uncapped, s->total.currency, mode), s->total);
	for (uint32_t i = from; i < to; i++) {
		struct credit *c = &r->drafts[i].c;

		if (c->fate == CREDIT_UNCLAIMED)
			unclaimed = fraction_add(unclaimed, c->exact);
		if (c->fate == CREDIT_UNCLAIMED || c->fate == CREDIT_CLAIM_OPEN)
			c->amount = money_round(c->exact, s->total.currency, mode);
	}
	s->lapsed = money_add(s->lapsed, money_round(unclaimed, s->total.currency, mode));
}

static struct settlement *settlement_of(struct remedy *r, struct span month, uint16_t version)
{
	const struct promise *p = promise_at(r->o, version);
	struct money nothing = {0, p->currency};

	for (size_t i = 0; i < r->n_settlements; i++)
		if (r->settlements[i].month.from == month.from)
			return &r->settlements[i];
	r->settlements = arena_grow(r->arena, r->settlements, r->n_settlements, &r->settlements_cap,
				    sizeof(*r->settlements));

	struct settlement *s = &r->settlements[r->n_settlements++];

	*s = (struct settlement){.month = month,
				 .total = nothing,
				 .lapsed = nothing,
				 .bonus = nothing,
				 .earned_back = nothing};
	if (p->credits.node != NULL)
		s->applied = node_at(p->credits.node, "apply");
	return s;
}

static void settle_month(struct remedy *r, uint32_t from, uint32_t to)
{
	const struct credit *last = &r->drafts[to - 1].c;
	const struct promise *p = promise_at(r->o, last->version);
	struct settlement *s = settlement_of(r, month_around(p, last->month), last->version);
	uint32_t *all = arena_array(r->arena, uint32_t, to - from);
	uint32_t *due = arena_array(r->arena, uint32_t, to - from);
	struct fraction left, uncapped = {0, 1};

	one_per_cause(r, from, to);
	for (uint16_t v = 0; (size_t)v < r->o->in.n_versions; v++)
		combine_version(r, from, to, v);
	for (uint32_t i = from; i < to; i++) {
		all[i - from] = i;
		filter_claim(r, &r->drafts[i]);
	}
	s->credits = all;
	s->n_credits = to - from;

	size_t n = cap_month(r, s, from, to, due, &left);

	round_month(r, s, due, n, left, p->rounding);
	for (size_t i = 0; i < n; i++)
		uncapped = fraction_add(uncapped, r->drafts[due[i]].c.exact);
	lapse(r, s, from, to, uncapped, p->rounding);
	for (size_t i = 0; i < n; i++) {
		struct draft *d = &r->drafts[due[i]];

		if (d->c.after_caps.num == 0 && d->c.exact.num > 0)
			d->c.fate = CREDIT_CUT;
	}
}

/* --- step 15: earn-back and bonus (R65) --- */

/* The window that completes n judged windows in a row that met the target, after the one that failed; NULL: none yet. */
static const struct window_result *earned_by(const struct outcome *o, struct indexes run,
					     uint32_t window, int64_t n)
{
	size_t i = 0;

	while (i < run.n && run.v[i] != window)
		i++;
	for (i++; i < run.n; i++) {
		const struct window_result *w = &o->windows[run.v[i]];

		if (w->verdict == VERDICT_NOT_JUDGED)
			continue;
		if (w->verdict == VERDICT_MISSED)
			return NULL;
		if (--n == 0)
			return w;
	}
	return NULL;
}

/* An exact amount of some month, to be summed with others of it before it is rounded. */
struct earned {
	instant month;
	uint16_t version;
	struct fraction amount;
};

struct earnings {
	struct earned *v;
	size_t n, cap;
};

static void earn(struct remedy *r, struct earnings *to, const struct window_result *w,
		 struct fraction amount)
{
	instant month = failure_month(r->o, w).from;

	for (size_t i = 0; i < to->n; i++) {
		if (to->v[i].month != month)
			continue;
		to->v[i].amount = fraction_add(to->v[i].amount, amount);
		return;
	}
	to->v = arena_grow(r->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct earned){month, w->version, amount};
}

static struct earnings earn_back(struct remedy *r)
{
	struct earnings out = {NULL, 0, 0};

	for (size_t i = 0; i < r->n_drafts; i++) {
		const struct credit *c = &r->drafts[i].c;
		const struct window_result *w = &r->o->windows[c->window];
		const struct credits *k = &promise_at(r->o, c->version)->credits;

		if (!k->earn_back || c->rule < 0 || c->fate != CREDIT_DUE || c->amount.minor == 0)
			continue;

		struct indexes run = metric_windows(r->arena, r->o, metric_of(r->o, w)->id);
		const struct window_result *by =
			earned_by(r->o, run, c->window, k->earn_back_windows);

		if (by != NULL)
			earn(r, &out, by, percent_of(k->earn_back_pct, money_exact(c->amount)));
	}
	return out;
}

static struct earnings bonuses(struct remedy *r)
{
	struct earnings out = {NULL, 0, 0};

	for (size_t i = 0; i < r->o->n_windows; i++) {
		const struct window_result *w = &r->o->windows[i];
		const struct promise *p = promise_at(r->o, w->version);
		const struct credits *k = &p->credits;

		if (!k->set || !k->bonus || k->bonus_metric != w->metric || w->running ||
		    w->deemed || w->verdict == VERDICT_NOT_JUDGED || !w->value_set ||
		    decimal_cmp(w->shown, k->bonus_at_or_above) < 0)
			continue;

		struct span month = failure_month(r->o, w);
		struct days days = {zone_day(p->zone, month.from), zone_day(p->zone, month.to)};
		uint32_t base = base_index(r, w->version, month, days);

		earn(r, &out, w, percent_of(k->bonus_pct, r->bases[base].exact));
	}
	return out;
}

static int by_month(const void *x, const void *y)
{
	const struct settlement *a = x, *b = y;

	return (a->month.from > b->month.from) - (a->month.from < b->month.from);
}

static void add_earnings(struct remedy *r)
{
	struct earnings back = earn_back(r), bonus = bonuses(r);

	for (size_t i = 0; i < back.n; i++) {
		const struct promise *p = promise_at(r->o, back.v[i].version);
		struct settlement *s =
			settlement_of(r, month_around(p, back.v[i].month), back.v[i].version);

		s->earned_back = money_round(back.v[i].amount, p->currency, p->rounding);
	}
	for (size_t i = 0; i < bonus.n; i++) {
		const struct promise *p = promise_at(r->o, bonus.v[i].version);
		struct settlement *s =
			settlement_of(r, month_around(p, bonus.v[i].month), bonus.v[i].version);

		s->bonus = money_round(bonus.v[i].amount, p->currency, p->rounding);
	}
	if (r->n_settlements > 0)
		qsort(r->settlements, r->n_settlements, sizeof(*r->settlements), by_month);
}

void credits_settle(struct remedy *r)
{
	for (uint32_t from = 0, to; from < r->n_drafts; from = to) {
		for (to = from + 1; to < r->n_drafts; to++)
			if (r->drafts[to].c.month != r->drafts[from].c.month)
				break;
		settle_month(r, from, to);
	}
	add_earnings(r);
}
