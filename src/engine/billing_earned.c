/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the outcome of service levels to credits that documents give (sla.md R57, R61, R65; money.md R61, R98): one for each rule and
 * month. A month whose rule was judged and gives nothing is told with 0, so that what documents gave for it goes back.
 */
#include "engine/billing_parts.h"
#include "engine/remedy_work.h"
#include "engine/windows.h"

#include <stdlib.h>

/* What a month's credits of a rule come from: tickets, outages (sla.md R59), a report that was late (R67). */
struct earned_causes {
	symbol *v;
	size_t n, cap;
	uint32_t late; /* the window whose report it was; UINT32_MAX: none */
};

struct earning {
	struct arena *arena;
	const struct outcome *o;
	struct earned_credit *v;
	size_t n, cap;
	struct earned_causes *causes; /* of each of v, until they are put in order */
	size_t causes_cap;
	struct err *err;
};

static const char late_report[] = "late_report";

static struct text month_label(struct arena *a, const struct promise *p, instant month)
{
	struct civil c = civil_of(zone_day(p->zone, month));

	return text_format(a, "%04d-%02d", (int)c.year, (int)c.month);
}

static struct earned_credit *find(struct earning *e, struct text rule, struct text month)
{
	for (size_t i = 0; i < e->n; i++)
		if (text_eq(e->v[i].rule, rule) && text_eq(e->v[i].month, month))
			return &e->v[i];
	return NULL;
}

static enum rc set_expiry(struct earning *e, struct earned_credit *k, const struct promise *p,
			  instant month)
{
	const struct node *apply = node_at(p->credits.node, "apply");
	struct duration_context context = {
		.zone = p->zone, .business = p->business, .roll = p->roll};
	struct duration d;
	instant at = INSTANT_NONE;
	enum rc rc;

	k->expires = DAY_NONE;
	if (apply == NULL || !term_duration(apply, "expires", &d))
		return RC_OK;
	/* from the end of the credit's month (R62) */
	rc = duration_add(d, 1, ANCHOR_EDGE, month_around(p, month).to, &context, &at, e->err);
	if (rc == RC_OK)
		k->expires = zone_day(p->zone, at - 1);
	return rc;
}

static void set_words(struct earning *e, struct earned_credit *k, const struct promise *p, int rule)
{
	const struct node *why = p->credits.node;

	if (rule >= 0) {
		const struct credit_rule *r = &p->credits.rules[rule];

		why = r->node != NULL ? r->node : why;
		k->metric = p->metrics[r->metric].id;
		k->name = k->metric;
	} else {
		k->name = k->rule;
		if (text_is(k->rule, late_report) && p->reporting.node != NULL)
			why = p->reporting.node;
	}
	if (why != NULL && node_clause(why) != NULL)
		k->clause = clause_label(e->arena, node_clause(why));
}

static void set_base(struct earning *e, struct earned_credit *k, const struct promise *p)
{
	struct index_list *list = arena_one(e->arena, struct index_list);

	*list = (struct index_list){p->credits.base_charges, p->credits.n_base_charges};
	k->base_charges = list->n > 0 ? list : NULL;
}

static enum rc entry(struct earning *e, uint16_t version, int rule, struct text id, instant month,
		     struct earned_credit **out)
{
	const struct promise *p = promise_at(e->o, version);
	struct text label = month_label(e->arena, p, month);
	struct earned_credit *k = find(e, id, label);

	*out = k;
	if (k != NULL)
		return RC_OK;
	e->v = arena_grow(e->arena, e->v, e->n, &e->cap, sizeof(*e->v));
	e->causes = arena_grow(e->arena, e->causes, e->n, &e->causes_cap, sizeof(*e->causes));
	e->causes[e->n] = (struct earned_causes){.late = UINT32_MAX};
	k = &e->v[e->n++];
	*k = (struct earned_credit){.rule = id,
				    .month = label,
				    .version = version,
				    .damages = p->credits.liquidated_damages,
				    .due = true,
				    .lapses_at_end = p->credits.if_no_invoice_expire};
	k->apply_to = p->credits.apply_to == 1   ? CREDIT_ON_NOTE
		      : p->credits.apply_to == 2 ? CREDIT_PAID
						 : CREDIT_ON_INVOICE;
	set_words(e, k, p, rule);
	set_base(e, k, p);
	*out = k;
	return set_expiry(e, k, p, month);
}

static struct text rule_id(const struct promise *p, int rule)
{
	return rule < 0 ? text_of(late_report) : p->credits.rules[rule].id;
}

/* Every month in which a rule's metric was judged. */
static enum rc judged_months(struct earning *e)
{
	for (size_t i = 0; i < e->o->n_windows; i++) {
		const struct window_result *w = &e->o->windows[i];
		const struct promise *p = promise_at(e->o, w->version);

		if (!p->credits.set || !window_judged(e->o, w))
			continue;
		for (size_t r = 0; r < p->credits.n_rules; r++) {
			struct earned_credit *k;
			enum rc rc;

			if (p->credits.rules[r].metric != (int)w->metric)
				continue;
			rc = entry(e, w->version, (int)r, rule_id(p, (int)r),
				   failure_month(e->o, w).from, &k);
			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* Does the window have cases of tickets that were left out? Only those that were late are causes. */
static void add_past(struct earning *e, struct earned_credit *k, uint32_t window)
{
	const struct window_result *w = &e->o->windows[window];
	bool any = false;

	for (size_t i = 0; i < w->n_clocks && !any; i++)
		any = w->clocks[i] >= e->o->n_own_clocks;
	if (any)
		window_hull(&k->past, w->window);
}

static void add_causes(struct earning *e, struct earned_credit *k, const struct credit *c)
{
	struct earned_causes *to = &e->causes[k - e->v];

	if (c->n_causes > 0)
		add_past(e, k, c->window);
	if (c->rule < 0 && to->late == UINT32_MAX)
		to->late = c->window;
	for (size_t i = 0; i < c->n_causes; i++) {
		to->v = arena_grow(e->arena, to->v, to->n, &to->cap, sizeof(*to->v));
		to->v[to->n++] = c->causes[i];
	}
}

static enum rc add_credit(struct earning *e, const struct credit *c)
{
	const struct promise *p = promise_at(e->o, c->version);
	struct earned_credit *k;
	struct money base = {0, p->currency};
	enum rc rc = entry(e, c->version, c->rule, rule_id(p, c->rule), c->month, &k);
	bool first;

	if (rc != RC_OK)
		return rc;
	if (c->fate == CREDIT_CLAIM_OPEN) {
		k->due = false;
		return RC_OK;
	}
	if (c->fate != CREDIT_DUE || c->amount.minor == 0)
		return RC_OK;
	first = k->amount == 0;
	if (!add_to(&k->amount, c->amount.minor) ||
	    !money_try_round(e->o->bases[c->base].exact, p->currency, p->rounding, &base))
		return err_set(e->err, RC_LIMIT, "amount too large: credits of %.*s",
			       TEXT_ARG(k->month));
	/* a percentage explains one credit; of several samples or causes it would not give the sum */
	k->base = first ? base.minor : k->base;
	k->pct = first && c->breaches <= 1 ? c->pct : decimal_of(0);
	add_causes(e, k, c);
	return RC_OK;
}

/* R65: what is earned back and a bonus are set off against the month's credits. */
static enum rc set_off(struct earning *e, const struct settlement *s, uint16_t version,
		       const char *name, int64_t amount)
{
	struct earned_credit *k;
	enum rc rc;

	if (amount == 0)
		return RC_OK;
	rc = entry(e, version, -1, text_of(name), s->month.from, &k);
	if (rc == RC_OK)
		k->amount = -amount;
	return rc;
}

/* The entry of the first fact of a ticket, or of that an outage began; -1: it is known by another name only. */
static int64_t first_entry(const struct outcome *o, symbol cause)
{
	const struct fact_run ticket = view_ticket(o->view, cause);
	const struct fact_run *began = &o->view->kinds[FACT_OUTAGE_BEGAN];

	if (ticket.n > 0)
		return outcome_entry(o, ticket.v[0]);
	for (size_t i = 0; i < began->n; i++)
		if (view_fact(o->view, began->v[i])->subject == cause)
			return outcome_entry(o, began->v[i]);
	return -1;
}

static struct step step_day(struct arena *a, enum step_what what, day d, int64_t entry)
{
	struct step s = {.what = (uint16_t)what, .rule = 61, .type = STEP_IS_TEXT, .entry = entry};
	struct buf b;

	buf_init(&b, 16);
	day_print(&b, d);
	s.value.text = text_copy(a, buf_view(&b));
	buf_free(&b);
	return s;
}

/* sla.md R67: the last day it was due, and the day on which it came, by the fact that says so; none: it has not come. */
static size_t late_steps(const struct earning *e, uint32_t window, struct step *out)
{
	const struct window_result *w = &e->o->windows[window];
	const struct zone *z = promise_at(e->o, w->version)->zone;
	uint32_t fact = NO_FACT;
	instant came = report_delivery(e->o, w, &fact);

	out[0] = step_day(e->arena, STEP_REPORT_DUE, zone_day(z, w->report_due - 1), -1);
	if (came == INSTANT_NONE)
		return 1;
	out[1] = step_day(e->arena, STEP_REPORT_CAME, zone_day(z, came),
			  fact == NO_FACT ? -1 : outcome_entry(e->o, fact));
	return 2;
}

static void put_steps(struct earning *e)
{
	for (size_t i = 0; i < e->n; i++) {
		struct earned_credit *k = &e->v[i];
		const struct earned_causes *c = &e->causes[i];
		size_t n = 0, shown = c->n < EVIDENCE_LISTED ? c->n : EVIDENCE_LISTED;
		struct step *steps = arena_array(e->arena, struct step, 5 + shown);

		if (k->base != 0)
			steps[n++] = step_money(STEP_BASE, 61, k->base);
		if (k->pct.units != 0)
			steps[n++] = step_pct(STEP_PERCENT, 61, k->pct);
		if (shown < c->n)
			steps[n++] = step_count(STEP_RECORDS, 61, (int64_t)c->n);
		if (c->late != UINT32_MAX)
			n += late_steps(e, c->late, steps + n);
		for (size_t m = 0; m < shown; m++)
			steps[n++] = (struct step){
				.what = STEP_CAUSE,
				.rule = 61,
				.type = STEP_IS_TEXT,
				.entry = first_entry(e->o, c->v[m]),
				.value.text = symbol_text(e->o->in.facts->symbols, c->v[m])};
		k->steps = steps;
		k->n_steps = n;
	}
}

static int by_month(const void *p, const void *q)
{
	const struct earned_credit *x = p, *y = q;
	int order = text_cmp(x->month, y->month);

	return order != 0 ? order : text_cmp(x->rule, y->rule);
}

enum rc credits_earned(struct arena *a, const struct outcome *o, uint16_t version,
		       struct earned_credit **out, size_t *n, struct err *err)
{
	struct earning e = {.arena = a, .o = o, .err = err};
	enum rc rc = judged_months(&e);

	for (size_t i = 0; i < o->n_credits && rc == RC_OK; i++)
		rc = add_credit(&e, &o->credits[i]);
	for (size_t i = 0; i < o->n_settlements && rc == RC_OK; i++) {
		const struct settlement *s = &o->settlements[i];

		rc = set_off(&e, s, version, "earn_back", s->earned_back.minor);
		if (rc == RC_OK)
			rc = set_off(&e, s, version, "bonus", s->bonus.minor);
	}
	if (rc != RC_OK)
		return rc;
	put_steps(&e);
	if (e.n > 0)
		qsort(e.v, e.n, sizeof(*e.v), by_month);
	*out = e.v;
	*n = e.n;
	return RC_OK;
}
