/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics, windows and months of two outcomes, and what each side has of them. What differences rest on: compare_items.c. */
#include "engine/compare_parts.h"

#include <assert.h>
#include <stdlib.h>

enum side other_side(enum side s)
{
	return s == BEFORE ? AFTER : BEFORE;
}

const struct metric *compared_metric_of(const struct comparing *c, enum side s,
					const struct window_result *w)
{
	return &outcome_promise(c->of[s], w->version)->metrics[w->metric];
}

size_t compared_key(const struct comparing *c, enum side s, uint16_t version, uint16_t metric)
{
	return c->keys.of[version + (s == AFTER ? c->n_versions_before : 0)][metric];
}

const struct window_result *compared_side(const struct comparing *c,
					  const struct compared_window *w, enum side s)
{
	return w->of[s] == NO_INDEX ? NULL : &c->of[s]->windows[w->of[s]];
}

bool compared_is_late(const struct clock *c)
{
	return c->state == CLOCK_MISSED || c->state == CLOCK_BREACHED;
}

/* --- metrics --- */

static void make_keys(struct comparing *c)
{
	const struct evaluation *x = &c->of[BEFORE]->in, *y = &c->of[AFTER]->in;
	size_t n = x->n_versions + y->n_versions;
	struct version *all = arena_array(c->arena, struct version, n);

	for (size_t i = 0; i < n; i++)
		all[i] = i < x->n_versions ? x->versions[i] : y->versions[i - x->n_versions];
	c->keys = metric_keys_make(c->arena, all, n);
	c->n_versions_before = x->n_versions;
}

static struct tally nothing(struct currency currency)
{
	return (struct tally){.exact = {0, 1}, .credit = {0, currency}};
}

static struct compared_metric *make_metrics(struct comparing *c)
{
	struct compared_metric *v = arena_array(c->arena, struct compared_metric, c->keys.n);
	bool *has = arena_array(c->arena, bool, c->keys.n *SIDES);

	for (size_t s = BEFORE; s < SIDES; s++) {
		const struct evaluation *in = &c->of[s]->in;

		for (uint16_t k = 0; k < in->n_versions; k++)
			for (uint16_t m = 0; m < in->versions[k].promise->n_metrics; m++) {
				size_t key = compared_key(c, (enum side)s, k, m);

				has[key * SIDES + s] = true;
				v[key].id = in->versions[k].promise->metrics[m].id;
				v[key].version[s] = k;
				v[key].metric[s] = m;
			}
	}
	for (size_t i = 0; i < c->keys.n; i++) {
		v[i].presence = !has[i * SIDES + BEFORE]  ? ADDED
				: !has[i * SIDES + AFTER] ? REMOVED
							  : IN_BOTH;
		v[i].tally[BEFORE] = v[i].tally[AFTER] = nothing(c->out->currency);
	}
	return v;
}

/* --- credits by window --- */

/* A day of the month that begins at t, whatever the zone: versions may have different ones. */
static instant middle_of(instant month)
{
	enum { MID_MONTH_D = 15 };

	return month + MID_MONTH_D * DAY_MS;
}

/* month: its first instant */
static bool in_period(const struct comparing *c, instant month)
{
	instant t = middle_of(month);

	return t >= c->of[AFTER]->in.period.from && t < c->of[AFTER]->in.period.to;
}

static bool is_counted(const struct comparing *c, const struct credit *x)
{
	return x->fate == CREDIT_DUE && in_period(c, x->month);
}

static struct credits_of credits_by_window(const struct comparing *c, const struct outcome *o)
{
	uint32_t *first = arena_array(c->arena, uint32_t, o->n_windows + 1),
		 *v = arena_array(c->arena, uint32_t, o->n_credits);

	for (size_t i = 0; i < o->n_credits; i++)
		if (is_counted(c, &o->credits[i]))
			first[o->credits[i].window + 1]++;
	for (size_t i = 0; i < o->n_windows; i++)
		first[i + 1] += first[i];

	uint32_t *at = arena_array(c->arena, uint32_t, o->n_windows);

	for (size_t i = 0; i < o->n_windows; i++)
		at[i] = first[i];
	for (uint32_t i = 0; i < o->n_credits; i++)
		if (is_counted(c, &o->credits[i]))
			v[at[o->credits[i].window]++] = i;
	return (struct credits_of){v, first};
}

/* --- windows --- */

/* The month of failure, as the engine's remedies have it: in which the judged part ended. */
static instant month_of(const struct comparing *c, enum side s, const struct window_result *w)
{
	instant end = w->judged.from < w->judged.to ? w->judged.to : w->window.to;

	return window_month(outcome_promise(c->of[s], w->version), end - 1, 0);
}

/* A window of one side on its way to its counterpart. */
struct placed {
	size_t key;
	struct span window;
	instant judged_from;
	instant month;
	uint32_t index;
};

static int by_instant(instant x, instant y)
{
	return (x > y) - (x < y);
}

static int by_window(const struct placed *x, const struct placed *y)
{
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->window.to != y->window.to)
		return by_instant(x->window.to, y->window.to);
	return by_instant(x->window.from, y->window.from);
}

static int by_place(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int order = by_window(a, b);

	if (order == 0)
		order = by_instant(a->judged_from, b->judged_from);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static struct placed *place_windows(const struct comparing *c, enum side s)
{
	const struct outcome *o = c->of[s];
	struct placed *v = arena_array(c->arena, struct placed, o->n_windows);

	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];

		v[i] = (struct placed){compared_key(c, s, w->version, w->metric), w->window,
				       w->judged.from, month_of(c, s, w), i};
	}
	if (o->n_windows > 0)
		qsort(v, o->n_windows, sizeof(*v), by_place);
	return v;
}

static void add_window(struct comparing *c, const struct placed *before, const struct placed *after)
{
	const struct placed *one = after != NULL ? after : before;
	bool shown = (before != NULL && in_period(c, before->month)) ||
		     (after != NULL && in_period(c, after->month));

	assert(one != NULL);
	if (!shown)
		return;
	c->windows[c->out->n_windows++] = (struct compared_window){
		.metric = one->key,
		.window = one->window,
		.month = one->month,
		.of = {before != NULL ? before->index : NO_INDEX,
		       after != NULL ? after->index : NO_INDEX},
		.tally = {nothing(c->out->currency), nothing(c->out->currency)},
	};
}

static void pair_windows(struct comparing *c)
{
	size_t n = c->of[BEFORE]->n_windows, m = c->of[AFTER]->n_windows, i = 0, k = 0;
	const struct placed *x = place_windows(c, BEFORE), *y = place_windows(c, AFTER);

	c->windows = arena_array(c->arena, struct compared_window, n + m);
	while (i < n || k < m) {
		int order = i == n ? 1 : k == m ? -1 : by_window(&x[i], &y[k]);

		add_window(c, order <= 0 ? &x[i] : NULL, order >= 0 ? &y[k] : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	c->out->windows = c->windows;
}

/* --- tallies --- */

/* Many credits of one line are the same amount: added once, times how many. */
static void tally_credits(const struct comparing *c, enum side s, uint32_t window,
			  struct tally *out)
{
	const struct outcome *o = c->of[s];
	uint32_t from = c->credits[s].first[window], to = c->credits[s].first[window + 1];

	for (uint32_t i = from, end; i < to; i = end) {
		struct fraction one = o->credits[c->credits[s].v[i]].after_caps;

		for (end = i; end < to; end++) {
			const struct credit *x = &o->credits[c->credits[s].v[end]];

			if (x->after_caps.num != one.num || x->after_caps.den != one.den)
				break;
			out->credit = money_add(out->credit, x->amount);
		}
		out->exact = fraction_add(out->exact,
					  fraction_mul(one, fraction_of((i128)(end - i), 1)));
	}
}

static struct tally tally_of(const struct comparing *c, enum side s, uint32_t window)
{
	const struct window_result *w = &c->of[s]->windows[window];
	const struct metric *m = compared_metric_of(c, s, w);
	struct tally t = nothing(c->out->currency);
	bool elapsed = m->kind == METRIC_ELAPSED;

	t.windows = w->verdict != VERDICT_NOT_JUDGED;
	t.missed = w->verdict == VERDICT_MISSED;
	if (elapsed) {
		t.samples = w->samples;
		t.late = w->samples - w->in_time;
	}
	if (m->role == ROLE_COMMITMENT && t.windows > 0)
		t.breaches = elapsed && t.late > 0 ? t.late : t.missed;
	tally_credits(c, s, window, &t);
	return t;
}

void tally_add(struct tally *to, const struct tally *t)
{
	to->windows += t->windows;
	to->missed += t->missed;
	to->samples += t->samples;
	to->late += t->late;
	to->breaches += t->breaches;
	to->exact = fraction_add(to->exact, t->exact);
	to->credit = money_add(to->credit, t->credit);
}

static bool differs(const struct comparing *c, const struct compared_window *w)
{
	const struct window_result *x = compared_side(c, w, BEFORE),
				   *y = compared_side(c, w, AFTER);

	if (x == NULL || y == NULL)
		return true;
	return x->verdict != y->verdict || x->value_set != y->value_set ||
	       (x->value_set && fraction_cmp(x->value, y->value) != 0) ||
	       w->tally[BEFORE].samples != w->tally[AFTER].samples ||
	       w->tally[BEFORE].late != w->tally[AFTER].late ||
	       w->tally[BEFORE].credit.minor != w->tally[AFTER].credit.minor;
}

static struct compared_month *month_at(struct compared_month *v, size_t n, instant t)
{
	for (size_t i = 0; i < n; i++)
		if (middle_of(t) >= v[i].month.from && middle_of(t) < v[i].month.to)
			return &v[i];
	return NULL;
}

static struct compared_month *make_months(struct comparing *c)
{
	const struct evaluation *in = &c->of[AFTER]->in;
	const struct promise *p = in->versions[in->n_versions - 1].promise;
	struct compared_month *v = NULL;
	size_t cap = 0;
	instant at = window_month(p, in->period.from, 0);

	while (at < in->period.to) {
		instant next = window_month(p, at, 1);
		struct money none = {0, c->out->currency};

		v = arena_grow(c->arena, v, c->out->n_months, &cap, sizeof(*v));
		v[c->out->n_months++] = (struct compared_month){
			.month = {at, next},
			.tally = {nothing(c->out->currency), nothing(c->out->currency)},
			.bonus = {none, none},
			.earned_back = {none, none},
		};
		at = next;
	}
	return v;
}

static void add_settlements(struct comparing *c, struct compared_month *months, enum side s)
{
	const struct outcome *o = c->of[s];

	for (size_t i = 0; i < o->n_settlements; i++) {
		const struct settlement *x = &o->settlements[i];
		struct compared_month *m = month_at(months, c->out->n_months, x->month.from);

		if (m == NULL)
			continue;
		m->bonus[s] = money_add(m->bonus[s], x->bonus);
		m->earned_back[s] = money_add(m->earned_back[s], x->earned_back);
		/* R57: a month's credits share its total, so windows sum to the settlement. */
		assert(m->tally[s].credit.minor == x->total.minor);
	}
	for (size_t i = 0; i < c->out->n_months; i++) {
		c->out->bonus[s] = money_add(c->out->bonus[s], months[i].bonus[s]);
		c->out->earned_back[s] =
			money_add(c->out->earned_back[s], months[i].earned_back[s]);
	}
}

static void tally_side(struct comparing *c, struct compared_metric *metrics,
		       struct compared_month *months, struct compared_window *w, enum side s)
{
	const struct window_result *x = compared_side(c, w, s);
	struct compared_month *month;

	if (x == NULL)
		return;
	w->tally[s] = tally_of(c, s, w->of[s]);
	tally_add(&metrics[w->metric].tally[s], &w->tally[s]);
	tally_add(&c->out->total[s], &w->tally[s]);
	month = month_at(months, c->out->n_months, month_of(c, s, x));
	if (month != NULL)
		tally_add(&month->tally[s], &w->tally[s]);
}

static void tally_all(struct comparing *c, struct compared_metric *metrics)
{
	struct compared_month *months = make_months(c);

	c->out->months = months;
	for (size_t i = 0; i < c->out->n_windows; i++) {
		struct compared_window *w = &c->windows[i];

		for (size_t s = BEFORE; s < SIDES; s++)
			tally_side(c, metrics, months, w, (enum side)s);
		w->changed = differs(c, w);
	}
	for (size_t s = BEFORE; s < SIDES; s++)
		add_settlements(c, months, (enum side)s);
	c->out->difference = money_sub(c->out->total[AFTER].credit, c->out->total[BEFORE].credit);
}

static enum rc check_currency(const struct comparing *c, struct err *err)
{
	struct currency want = c->out->currency;

	for (size_t s = BEFORE; s < SIDES; s++)
		for (size_t i = 0; i < c->of[s]->in.n_versions; i++) {
			struct money one = {0, c->of[s]->in.versions[i].promise->currency};

			if (money_same_currency(one, (struct money){0, want}))
				continue;
			err_hint(err, "compare versions of one currency");
			return err_set(err, RC_INVALID,
				       "credits in '%s' and in '%s' cannot be compared",
				       one.currency.code, want.code);
		}
	return RC_OK;
}

enum rc compare_outcomes(struct arena *a, const struct outcome *before, const struct outcome *after,
			 const struct compare_options *options, struct comparison **out,
			 struct err *err)
{
	struct comparison *made = arena_one(a, struct comparison);
	struct comparing c = {.arena = a, .of = {before, after}, .out = made};
	const struct evaluation *in = &after->in;
	struct compared_metric *metrics;
	enum rc rc;

	assert(before->in.period.from == in->period.from && before->in.period.to == in->period.to);
	assert(before->in.facts->symbols == in->facts->symbols);
	made->currency = in->versions[in->n_versions - 1].promise->currency;
	rc = check_currency(&c, err);
	if (rc != RC_OK)
		return rc;
	for (size_t s = BEFORE; s < SIDES; s++) {
		made->of[s] = c.of[s];
		made->total[s] = nothing(made->currency);
		made->bonus[s] = made->earned_back[s] = (struct money){0, made->currency};
		c.credits[s] = credits_by_window(&c, c.of[s]);
	}
	make_keys(&c);
	metrics = make_metrics(&c);
	made->metrics = metrics;
	made->n_metrics = c.keys.n;
	pair_windows(&c);
	tally_all(&c, metrics);
	compare_clocks(&c);
	compare_items(&c, options->items == 0 ? COMPARE_ITEMS_DEFAULT : options->items);
	*out = made;
	return RC_OK;
}

int64_t compare_not_judged(const struct comparison *c, enum side side, enum not_judged why)
{
	int64_t n = 0;

	for (size_t i = 0; i < c->n_windows; i++)
		if (c->windows[i].of[side] != NO_INDEX &&
		    c->of[side]->windows[c->windows[i].of[side]].why_not == why)
			n++;
	return n;
}
