/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each rule gives for each window (sla.md R22 step 10; R57, R58, R67), before causes, combination, claims and caps; with
 * the last instant to claim it and when it was claimed (R61), which may decide the month of its base (FK-16).
 */
#include "engine/remedy_work.h"

#include "engine/excuse.h"
#include "engine/windows.h"

#include <stdlib.h>

/* --- claims (R61) --- */

/* A claim for the window, or for the month in which it failed, covers all metrics; the earliest counts. */
static void find_claim(struct remedy *r, const struct window_result *w, struct credit *c)
{
	const struct view *v = r->o->view;
	const struct promise *p = promise_at(r->o, w->version);
	struct fact_run run = v->kinds[FACT_CREDIT_CLAIMED];
	char month[24];

	window_label(p, WINDOW_CALENDAR_MONTH, failure_month(r->o, w), month);
	for (size_t i = 0; i < run.n; i++) {
		struct text label = symbol_text(v->facts->symbols, view_fact(v, run.v[i])->subject);

		if (!view_counts(v, run.v[i]) ||
		    (!text_is(label, w->label) && !text_is(label, month)))
			continue;

		instant at = excuse_act(v, run.v[i], PARTY_PROVIDER);

		if (c->claimed == INSTANT_NONE || at < c->claimed) {
			c->claimed = at;
			c->claim_fact = run.v[i];
		}
	}
}

static enum rc set_claim(struct remedy *r, const struct window_result *w, struct credit *c,
			 struct err *err)
{
	const struct promise *p = promise_at(r->o, w->version);
	const struct credits *k = &p->credits;

	c->claim_until = INSTANT_NONE;
	c->claimed = INSTANT_NONE;
	c->claim_fact = NO_FACT;
	if (!k->set || !k->claim)
		return RC_OK;
	find_claim(r, w, c);
	/* A claim without a time limit is an error of the file (rule.claim); no report, no expiry. */
	if (!k->claim_within.set)
		return RC_OK;
	if (k->claim_from_window_end)
		return act_due(p, &k->claim_within, ANCHOR_EDGE, w->window.to, &c->claim_until,
			       err);
	if (w->report_delivered == INSTANT_NONE)
		return RC_OK;
	return act_due(p, &k->claim_within, ANCHOR_DATE,
		       zone_midnight(p->zone, zone_day(p->zone, w->report_delivered)),
		       &c->claim_until, err);
}

/* --- bases (R58, FK-16) --- */

/* With `amendments.windows: split` the parts of a month before and after an amendment have bases of their own (R20). */
static struct days base_days(const struct remedy *r, uint16_t version, struct span month)
{
	const struct evaluation *in = &r->o->in;
	const struct zone *z = promise_at(r->o, version)->zone;
	struct days days = {zone_day(z, month.from), zone_day(z, month.to)};

	if (version + 1u < in->n_versions && in->versions[version].promise->amendments_split &&
	    in->versions[version + 1].from > month.from &&
	    in->versions[version + 1].from < month.to)
		days.to = zone_day(z, in->versions[version + 1].from);
	if (version > 0 && in->versions[version - 1].promise->amendments_split &&
	    in->versions[version].from > month.from && in->versions[version].from < month.to)
		days.from = zone_day(z, in->versions[version].from);
	return days;
}

/* The month in which a credit is given: after its settlement, or after what made it due if that came later. */
static struct span month_of_credit(const struct promise *p, struct span failed, instant due_from)
{
	instant at = failed.to;

	if (p->credits.settle_quarterly)
		at = window_at(p, WINDOW_CALENDAR_QUARTER, failed.from).to;
	return month_around(p, due_from > at ? due_from : at);
}

static uint32_t credit_base(struct remedy *r, const struct credit *c, instant due_from)
{
	const struct window_result *w = &r->o->windows[c->window];
	const struct promise *p = promise_at(r->o, w->version);
	struct span failed = failure_month(r->o, w);

	if (!p->credits.base_of_month_of_credit)
		return base_index(r, w->version, failed, base_days(r, w->version, failed));

	struct span given = month_of_credit(p, failed, due_from);
	struct days days = {zone_day(p->zone, given.from), zone_day(p->zone, given.to)};

	return base_index(r, w->version, given, days);
}

/* --- drafts --- */

/* A credit of a window before its rule has said anything. */
static struct draft draft_of(const struct remedy *r, uint32_t window, int rule)
{
	const struct window_result *w = &r->o->windows[window];
	struct draft d = {.order = rule < 0 ? SIZE_MAX : (size_t)rule};

	d.c.version = w->version;
	d.c.rule = rule;
	d.c.window = window;
	d.c.tier = -1;
	d.c.clock = UINT32_MAX;
	d.c.other = UINT32_MAX;
	d.c.exact = d.c.after_caps = (struct fraction){0, 1};
	d.c.amount = (struct money){0, promise_at(r->o, w->version)->currency};
	d.c.month = failure_month(r->o, w).from;
	return d;
}

/* Adds a draft once its percentage is known: claim, base and exact amount follow. */
static enum rc add_draft(struct remedy *r, struct draft *d, instant due_from, struct err *err)
{
	enum rc rc = set_claim(r, &r->o->windows[d->c.window], &d->c, err);

	if (rc != RC_OK)
		return rc;
	if (d->c.claimed != INSTANT_NONE && d->c.claimed > due_from)
		due_from = d->c.claimed;
	d->c.base = credit_base(r, &d->c, due_from);
	d->c.exact = percent_of(d->c.pct, r->bases[d->c.base].exact);
	d->c.after_caps = d->c.exact;
	r->drafts =
		arena_grow(r->arena, r->drafts, r->n_drafts, &r->drafts_cap, sizeof(*r->drafts));
	r->drafts[r->n_drafts++] = *d;
	return RC_OK;
}

/* --- values against thresholds --- */

/* The value a rule looks at: the window's, or that of its priority (R40). false: there is none that counts. */
static bool rule_value(const struct window_result *w, const struct credit_rule *rule,
		       struct decimal *out)
{
	if (w->why_not != JUDGED || w->verdict == VERDICT_NOT_JUDGED)
		return false;
	if (rule->priority >= 0 && w->priorities != NULL) {
		const struct priority_share *share = &w->priorities[rule->priority];

		if (share->samples > 0)
			*out = share->shown;
		return share->samples > 0;
	}
	if (w->value_set)
		*out = w->shown;
	return w->value_set;
}

static bool is_below(struct decimal value, struct decimal threshold, enum tier_edge edge)
{
	int order = decimal_cmp(value, threshold);

	return order < 0 || (order == 0 && edge == EDGE_AT_OR_BELOW);
}

/* The lowest tier reached (R57), or -1. */
static int tier_reached(const struct credit_rule *rule, struct decimal value)
{
	int found = -1;

	for (size_t i = 0; i < rule->n_tiers; i++)
		if (is_below(value, rule->tiers[i].below, rule->edge) &&
		    (found < 0 || decimal_cmp(rule->tiers[i].below, rule->tiers[found].below) < 0))
			found = (int)i;
	return found;
}

static int smallest_tier(const struct credit_rule *rule)
{
	size_t found = 0;

	for (size_t i = 1; i < rule->n_tiers; i++)
		if (decimal_cmp(rule->tiers[i].credit, rule->tiers[found].credit) < 0)
			found = i;
	return (int)found;
}

static enum rc tier_credit(struct remedy *r, uint32_t window, int index,
			   const struct credit_rule *rule, struct err *err)
{
	const struct window_result *w = &r->o->windows[window];
	struct draft d = draft_of(r, window, index);
	struct decimal value;

	if (rule_value(w, rule, &value))
		d.c.tier = tier_reached(rule, value);
	if (d.c.tier >= 0) {
		d.causes = causes_of_window(r, w, rule->priority);
	} else if (w->deemed && rule->n_tiers > 0) {
		/* R67: at least the smallest tier; what is only deemed has no cause. */
		d.c.tier = smallest_tier(rule);
		d.c.deemed = true;
	} else {
		return RC_OK;
	}
	d.c.pct = rule->tiers[d.c.tier].credit;
	return add_draft(r, &d, w->window.to, err);
}

static bool is_missed(const struct clock *c)
{
	return c->state == CLOCK_MISSED || c->state == CLOCK_BREACHED;
}

/* How many samples were missed: the clocks say, or for the other result of a held window its shares do (R19). */
static int64_t missed_samples(const struct remedy *r, const struct window_result *w,
			      const struct credit_rule *rule)
{
	int64_t n = 0;

	if (r->other_way && w->held) {
		if (rule->priority < 0 || w->priorities == NULL)
			return w->samples - w->in_time;
		return w->priorities[rule->priority].samples -
		       w->priorities[rule->priority].in_time;
	}
	for (size_t i = 0; i < w->n_clocks; i++) {
		const struct clock *c = &r->o->clocks[w->clocks[i]];

		if (is_missed(c) && (rule->priority < 0 || c->priority == rule->priority))
			n++;
	}
	return n;
}

/* The next missed sample of the window at or after *i; UINT32_MAX: no more that are known by name. */
static uint32_t next_missed(const struct remedy *r, const struct window_result *w,
			    const struct credit_rule *rule, size_t *i)
{
	while (*i < w->n_clocks) {
		uint32_t clock = w->clocks[(*i)++];
		const struct clock *c = &r->o->clocks[clock];

		if (is_missed(c) && (rule->priority < 0 || c->priority == rule->priority))
			return clock;
	}
	return UINT32_MAX;
}

static void name_sample(struct remedy *r, struct draft *d)
{
	const struct clock *c = &r->o->clocks[d->c.clock];

	d->causes = causes_of_clock(r, c);
	d->settled = c->settled;
	d->sample = symbol_text(r->o->view->facts->symbols, c->subject);
	d->cycle = c->cycle;
}

/* What has no samples of its own (availability, requests) fails once a window; a deemed failure is one breach (R67). */
static enum rc whole_breach(struct remedy *r, struct draft *d, const struct credit_rule *rule,
			    struct err *err)
{
	const struct window_result *w = &r->o->windows[d->c.window];

	if (w->verdict != VERDICT_MISSED)
		return RC_OK;
	if (w->deemed)
		d->c.deemed = true;
	else if (w->why_not == JUDGED && w->samples == 0)
		d->causes = causes_of_window(r, w, rule->priority);
	else
		return RC_OK;
	return add_draft(r, d, w->window.to, err);
}

/* One credit a missed sample, so that one cause can take one sample out and leave the others (R59). */
static enum rc breach_credits(struct remedy *r, uint32_t window, int index,
			      const struct credit_rule *rule, struct err *err)
{
	const struct window_result *w = &r->o->windows[window];
	struct draft d = draft_of(r, window, index);
	int64_t n = w->why_not == JUDGED ? missed_samples(r, w, rule) : 0;
	size_t at = 0;

	d.c.pct = rule->each_breach;
	d.c.breaches = 1;
	if (n == 0)
		return whole_breach(r, &d, rule, err);
	for (; n > 0; n--) {
		enum rc rc;

		d.c.clock = next_missed(r, w, rule, &at);
		d.causes = (struct causes){NULL, 0};
		if (d.c.clock != UINT32_MAX)
			name_sample(r, &d);
		rc = add_draft(r, &d, w->window.to, err);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- patterns (R57) --- */

static const struct credit_rule *rule_by_id(const struct promise *p, struct text id, int *index)
{
	for (size_t i = 0; i < p->credits.n_rules; i++) {
		if (!text_eq(p->credits.rules[i].id, id))
			continue;
		*index = (int)i;
		return &p->credits.rules[i];
	}
	return NULL;
}

bool pattern_below(const struct window_result *w, const struct credit_rule *rule)
{
	struct decimal value;

	return w->deemed ||
	       (rule_value(w, rule, &value) && is_below(value, rule->pattern_below, rule->edge));
}

/*
 * The unused windows below, among the `in` that end with the last of the run, newest first; as many as `times`. A window
 * without a verdict keeps its place and is neither hit nor miss (R41), so only a hit breaks an unbroken run.
 */
static size_t find_pattern(const struct outcome *o, struct indexes run, size_t last,
			   const bool *used, const struct credit_rule *rule, uint32_t *places)
{
	size_t n = 0;

	for (size_t back = 0; back < (size_t)rule->pattern_in && back <= last; back++) {
		const struct window_result *w = &o->windows[run.v[last - back]];

		if (!window_judged(o, w))
			continue;
		if (!used[last - back] && pattern_below(w, rule)) {
			places[n++] = (uint32_t)(last - back);
			if (n == (size_t)rule->pattern_times)
				break;
		} else if (rule->pattern_consecutive || back == 0) {
			break;
		}
	}
	return n;
}

static enum rc pattern_at(struct remedy *r, struct indexes run, size_t last, bool *used,
			  struct text id, struct err *err)
{
	const struct outcome *o = r->o;
	const struct window_result *w = &o->windows[run.v[last]];
	int index = -1;
	const struct credit_rule *rule = rule_by_id(promise_at(o, w->version), id, &index);

	if (rule == NULL || rule->form != RULE_PATTERN || rule->metric != w->metric ||
	    !window_judged(o, w) || rule->pattern_times < 1)
		return RC_OK;

	uint32_t *places = arena_array(r->arena, uint32_t, run.n);
	size_t n = find_pattern(o, run, last, used, rule, places);

	if (n < (size_t)rule->pattern_times)
		return RC_OK;

	uint32_t *windows = arena_array(r->arena, uint32_t, n);
	struct draft d = draft_of(r, run.v[last], index);

	for (size_t i = 0; i < n; i++) {
		used[places[i]] = true;
		windows[n - 1 - i] = run.v[places[i]];
	}
	d.c.pattern_windows = windows;
	d.c.n_pattern_windows = n;
	d.c.pct = rule->pattern_credit;
	return add_draft(r, &d, w->window.to, err);
}

/* A rule that goes on under later versions goes on counting; the first version that has it starts. */
static bool rule_known_before(const struct outcome *o, uint16_t version, struct text id)
{
	int index;

	for (uint16_t v = 0; v < version; v++)
		if (rule_by_id(promise_at(o, v), id, &index) != NULL)
			return true;
	return false;
}

static enum rc pattern_credits(struct remedy *r, uint16_t version, struct err *err)
{
	const struct promise *p = promise_at(r->o, version);

	for (size_t i = 0; i < p->credits.n_rules; i++) {
		const struct credit_rule *rule = &p->credits.rules[i];

		if (rule->form != RULE_PATTERN || rule_known_before(r->o, version, rule->id))
			continue;

		struct indexes run = metric_windows(r->arena, r->o, p->metrics[rule->metric].id);
		bool *used = arena_array(r->arena, bool, run.n);

		for (size_t k = 0; k < run.n; k++) {
			enum rc rc = pattern_at(r, run, k, used, rule->id, err);

			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* --- late reports (R67) --- */

/* Of the windows that one report tells of, the one that stands for it: the last to end, in contract order. */
static bool stands_for_report(const struct outcome *o, uint32_t window)
{
	const struct window_result *w = &o->windows[window];
	instant end = report_end(promise_at(o, w->version), w);

	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *x = &o->windows[i];

		if (x->version != w->version || x->running || !report_is_late(o, x) ||
		    report_end(promise_at(o, x->version), x) != end)
			continue;
		if (window_end(x) > window_end(w) || (window_end(x) == window_end(w) && i < window))
			return false;
	}
	return true;
}

static enum rc late_credits(struct remedy *r, struct err *err)
{
	for (uint32_t i = 0; i < r->o->n_windows; i++) {
		const struct window_result *w = &r->o->windows[i];
		const struct reporting *reporting = &promise_at(r->o, w->version)->reporting;

		if (!reporting->set || reporting->if_late != LATE_CREDIT || w->running ||
		    !report_is_late(r->o, w) || !stands_for_report(r->o, i))
			continue;

		struct draft d = draft_of(r, i, -1);
		enum rc rc;

		d.c.pct = reporting->late_credit;
		rc = add_draft(r, &d, w->report_due + 1, err);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc window_credits(struct remedy *r, uint32_t window, struct err *err)
{
	const struct window_result *w = &r->o->windows[window];
	const struct promise *p = promise_at(r->o, w->version);
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->credits.n_rules && rc == RC_OK; i++) {
		const struct credit_rule *rule = &p->credits.rules[i];

		if (rule->metric != w->metric)
			continue;
		if (rule->form == RULE_TIERS)
			rc = tier_credit(r, window, (int)i, rule, err);
		else if (rule->form == RULE_EACH_BREACH)
			rc = breach_credits(r, window, (int)i, rule, err);
	}
	return rc;
}

/*
 * By month of failure, then as the file lists the rules, the late report after them; samples of one window by when they
 * settled. Where amounts tie this is the order that decides (R59, R60), so it does not depend on the order of facts.
 */
static int by_place(const void *x, const void *y)
{
	const struct draft *a = x, *b = y;

	if (a->c.month != b->c.month)
		return a->c.month < b->c.month ? -1 : 1;
	if (a->c.version != b->c.version)
		return a->c.version < b->c.version ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->c.window != b->c.window)
		return a->c.window < b->c.window ? -1 : 1;
	if (a->settled != b->settled)
		return a->settled < b->settled ? -1 : 1;
	if (!text_eq(a->sample, b->sample))
		return text_cmp(a->sample, b->sample);
	if (a->cycle != b->cycle)
		return a->cycle < b->cycle ? -1 : 1;
	return (a->c.clock > b->c.clock) - (a->c.clock < b->c.clock);
}

enum rc credits_make(struct remedy *r, struct err *err)
{
	enum rc rc = RC_OK;

	for (uint32_t i = 0; i < r->o->n_windows && rc == RC_OK; i++)
		if (window_judged(r->o, &r->o->windows[i]))
			rc = window_credits(r, i, err);
	for (size_t v = 0; v < r->o->in.n_versions && rc == RC_OK; v++)
		rc = pattern_credits(r, (uint16_t)v, err);
	if (rc == RC_OK)
		rc = late_credits(r, err);
	if (r->n_drafts > 0)
		qsort(r->drafts, r->n_drafts, sizeof(*r->drafts), by_place);
	return rc;
}
