/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time and prepaid charges (money.md R27 to R35): the lines of what work_entries.c and work_grants.c found. Each class at each price is
 * one line of its period, rounded once; included, drawn, covered and lapsed hours are lines at 0.00.
 */
#include "engine/work_parts.h"

#include <string.h>

/* All uses of one kind, class, price and grant in one period. */
struct bucket {
	enum use_kind kind;
	int multiplier;
	struct decimal factor;
	const struct price_piece *price;
	size_t grant;
	struct fraction minutes, balance;
	int64_t worked;
	uint32_t *facts;
	size_t n_facts, cap_facts;
	const struct limit_excess *beyond; /* the furthest of them */
	size_t last_group;                 /* whose facts are in it already */
};

struct buckets {
	struct bucket *v;
	size_t n, cap;
};

static bool in_bucket(const struct bucket *b, const struct work_use *x, const struct work_group *g,
		      const struct work_piece *p)
{
	return b->kind == x->kind && b->grant == x->grant &&
	       work_same_limit(b->beyond, g->beyond) &&
	       (x->kind == USE_INCLUDED || b->multiplier == p->multiplier) &&
	       (x->kind != USE_BILLED || work_same_price(b->price, p->price));
}

static bool put(struct charging *c, struct buckets *to, const struct work *w,
		const struct work_use *x)
{
	const struct work_group *g = &w->groups[x->group];
	const struct work_piece *p = &g->pieces[x->piece];
	struct bucket *b = NULL;

	for (size_t i = 0; i < to->n && b == NULL; i++)
		if (in_bucket(&to->v[i], x, g, p))
			b = &to->v[i];
	if (b == NULL) {
		to->v = arena_grow(c->arena, to->v, to->n, &to->cap, sizeof(*to->v));
		b = &to->v[to->n++];
		*b = (struct bucket){.kind = x->kind,
				     .multiplier = p->multiplier,
				     .factor = p->factor,
				     .price = p->price,
				     .grant = x->grant,
				     .minutes = {0, 1},
				     .beyond = g->beyond,
				     .last_group = SIZE_MAX};
	}
	b->balance = x->balance;
	if (g->beyond != NULL && g->beyond->ordinal > b->beyond->ordinal)
		b->beyond = g->beyond;
	if (b->last_group != x->group) {
		for (size_t i = 0; i < g->n_facts; i++) {
			b->facts = arena_grow(c->arena, b->facts, b->n_facts, &b->cap_facts,
					      sizeof(*b->facts));
			b->facts[b->n_facts++] = g->facts[i];
		}
		b->worked += g->worked;
		b->last_group = x->group;
	}
	return fraction_try_add(b->minutes, x->minutes, &b->minutes);
}

/* --- lines --- */

static struct text class_id(const struct charging *c, size_t slot, uint16_t version, int multiplier)
{
	const struct priced_charge *x = slot_charge(c, slot, version);

	return multiplier < 0 || (size_t)multiplier >= x->n_multipliers
		       ? text_of(NULL)
		       : x->multipliers[multiplier].id;
}

/* Price x factor with at most nine decimals, as a line can print it; else the line has only its net (R151). */
static bool hour_rate(struct decimal price, struct decimal factor, struct decimal *out)
{
	struct fraction f;

	if (!fraction_try_mul(fraction_of_decimal(price), fraction_of_decimal(factor), &f))
		return false;
	*out = fraction_round(f, 9, ROUND_DOWN);
	return fraction_cmp(fraction_of_decimal(*out), f) == 0;
}

/* Hours of the grant: at factor f an hour draws f (R33). */
static struct fraction drawn_hours(const struct bucket *b)
{
	return fraction_div(fraction_mul(b->minutes, fraction_of_decimal(b->factor)),
			    fraction_of(60, 1));
}

/* Which limit of which service, how many it gives, and how many there were (services[].limits). */
static void limit_steps(struct charging *c, struct invoice_line *line, symbol service,
			struct text limit, int64_t max, int64_t reached)
{
	struct text name = text_format(c->arena, "%.*s.%.*s",
				       TEXT_ARG(symbol_text(c->view->facts->symbols, service)),
				       TEXT_ARG(limit));

	line_step(c, line,
		  (struct step){.what = STEP_FAIR_USE,
				.rule = 30,
				.type = STEP_IS_TEXT,
				.entry = -1,
				.value.text = name});
	line_step(c, line, step_count(STEP_FAIR_USE_MAX, 30, max));
	line_step(c, line, step_count(STEP_FAIR_USE_REACHED, 30, reached));
}

static bool billed_line(struct charging *c, struct item *it, const struct bucket *b,
			struct invoice_line *line)
{
	struct fraction exact, hours;

	if (b->price == NULL || !fraction_try_div(b->minutes, fraction_of(60, 1), &hours) ||
	    !fraction_try_mul(hours, fraction_of_decimal(b->price->amount), &exact) ||
	    !fraction_try_mul(exact, fraction_of_decimal(b->factor), &exact) ||
	    !charge_round(c, exact, &line->net) ||
	    __builtin_add_overflow(it->total, line->net, &it->total))
		return false;
	line->price_base = 60;
	line->priced = hour_rate(b->price->amount, b->factor, &line->price);
	line_step(c, line, step_count(STEP_MINUTES, 27, b->worked));
	line_step(c, line, step_fraction(STEP_MINUTES_ROUNDED, 27, b->minutes));
	price_steps_add(c, line, b->price, STEP_PRICE);
	if (b->multiplier >= 0)
		line_step(c, line, step_decimal(STEP_FACTOR, 28, b->factor));
	line_step(c, line, step_fraction(STEP_EXACT, 14, exact));
	line_step(c, line, step_money(STEP_ROUNDED, 83, line->net));
	return true;
}

static struct text beyond_part(const struct charging *c, const struct bucket *b, struct text class)
{
	if (b->beyond == NULL)
		return class;
	return text_format(c->arena, "%.*s%sbeyond.%.*s", TEXT_ARG(class), class.n > 0 ? "." : "",
			   TEXT_ARG(b->beyond->limit));
}

static bool add_bucket(struct charging *c, struct item *it, const struct bucket *b)
{
	struct invoice_line line = line_of(c, it,
					   b->kind == USE_DRAWN      ? 33
					   : b->kind == USE_INCLUDED ? 29
								     : 28);

	line.part = class_id(c, it->slot, it->version, b->multiplier);
	line.unit = text_of("minute");
	line.quantity = b->minutes;
	line.evidence = evidence_of(c, "time_entries", b->facts, b->n_facts);
	if (b->beyond != NULL)
		limit_steps(c, &line, b->beyond->service, b->beyond->limit, b->beyond->max,
			    b->beyond->ordinal);
	if (b->kind == USE_BILLED) {
		line.part = beyond_part(c, b, line.part);
		if (!billed_line(c, it, b, &line))
			return false;
		line_add(c, it, &line);
		return true;
	}
	line.role = LINE_COVERED;
	line.counts = false;
	line_step(c, &line, step_count(STEP_MINUTES, 27, b->worked));
	if (b->kind == USE_INCLUDED) {
		line.part = text_of("included");
		line_step(c, &line, step_fraction(STEP_INCLUDED, 29, b->minutes));
		line_step(c, &line, step_fraction(STEP_BALANCE, 29, b->balance));
	} else {
		line.part = text_format(c->arena, "drawn.%.*s", TEXT_ARG(c->grants[b->grant].id));
		line.unit = text_of("hour");
		line.quantity = drawn_hours(b);
		line_step(c, &line,
			  (struct step){.what = STEP_GRANT,
					.rule = 33,
					.type = STEP_IS_TEXT,
					.entry = c->grants[b->grant].entry,
					.value.text = c->grants[b->grant].id});
		line_step(c, &line, step_fraction(STEP_DRAWN, 33, line.quantity));
		line_step(c, &line, step_fraction(STEP_BALANCE, 33, b->balance));
	}
	line_add(c, it, &line);
	return true;
}

/* --- time charges --- */

static enum rc time_period(struct work *w, const struct work_uses *uses, size_t slot, size_t period,
			   struct err *err)
{
	struct charging *c = w->c;
	const struct service_period *p = &w->periods[slot].v[period];
	struct item *it = item_add(c, slot, p->own, p->full);
	struct buckets all = {NULL, 0, 0};
	static const enum use_kind order[] = {USE_BILLED, USE_INCLUDED, USE_DRAWN};

	for (size_t i = 0; i < uses->n; i++) {
		const struct work_group *g = &w->groups[uses->v[i].group];

		if (g->slot == slot && g->period == period && !put(c, &all, w, &uses->v[i]))
			return too_large(c, slot, err);
	}
	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (size_t i = 0; i < all.n; i++)
			if (all.v[i].kind == order[k] && !add_bucket(c, it, &all.v[i]))
				return too_large(c, slot, err);
	return RC_OK;
}

/* Which of the slot's periods are due: slot_due gives a stretch of them. */
static enum rc charge_time(struct work *w, const struct work_uses *uses, size_t slot,
			   struct err *err)
{
	struct service_periods due = slot_due(w->c, slot, w->c->interim);

	for (size_t i = 0; i < due.n; i++)
		for (size_t k = 0; k < w->periods[slot].n; k++) {
			enum rc rc = RC_OK;

			if (w->periods[slot].v[k].own.from == due.v[i].own.from)
				rc = time_period(w, uses, slot, k, err);
			if (rc != RC_OK)
				return rc;
		}
	return RC_OK;
}

/* --- work that a service covers: shown, at 0.00 (R30, R75) --- */

static void cover_period(struct work *w, size_t slot, const struct service_period *p,
			 symbol service)
{
	struct charging *c = w->c;
	struct text id = symbol_text(c->view->facts->symbols, service);
	uint32_t *facts = arena_array(c->arena, uint32_t, w->n_covered);
	struct invoice_line line;
	struct item *it;
	int64_t minutes = 0;
	size_t n = 0;

	for (size_t i = 0; i < w->n_covered; i++) {
		day d = fact_day(c, w->covered[i].fact);

		if (w->covered[i].service != service || d < p->own.from || d >= p->own.to)
			continue;
		facts[n++] = w->covered[i].fact;
		minutes += w->covered[i].minutes;
	}
	if (n == 0)
		return;
	it = item_add(c, slot, p->own, p->full);
	it->part = text_format(c->arena, "covered.%.*s", TEXT_ARG(id));
	line = line_of(c, it, 30);
	line.role = LINE_COVERED;
	line.counts = false;
	line.part = it->part;
	line.unit = text_of("minute");
	line.quantity = fraction_of(minutes, 1);
	line.evidence = evidence_of(c, "time_entries", facts, n);
	for (size_t v = 0; v < c->n_versions; v++) { /* the last words win */
		const struct promise *promise = c->versions[v].pricing->promise;

		for (size_t s = 0; s < promise->n_services; s++)
			if (text_eq(promise->services[s].id, id))
				line.name = promise->services[s].name;
	}
	line_step(c, &line, step_count(STEP_MINUTES, 30, minutes));
	for (size_t i = 0; i < w->n_tallies; i++) {
		const struct limit_tally *t = &w->tallies[i];

		if (t->service == service && t->window.to > zone_midnight(c->zone, p->own.from) &&
		    t->window.from < zone_midnight(c->zone, p->own.to))
			limit_steps(c, &line, service, t->limit, t->max, t->n);
	}
	line_add(c, it, &line);
}

static void show_covered(struct work *w)
{
	struct charging *c = w->c;
	size_t slot = 0;
	struct service_periods due;

	while (slot < c->n_slots &&
	       slot_charge(c, slot, slot_version_on(c, slot, INT32_MAX))->base->type != CHARGE_TIME)
		slot++;
	if (slot == c->n_slots || w->n_covered == 0)
		return;
	due = slot_due(c, slot, c->interim);
	for (size_t i = 0; i < due.n; i++)
		for (size_t k = 0; k < w->n_covered; k++) {
			bool first = true;

			for (size_t m = 0; m < k; m++)
				first = first && w->covered[m].service != w->covered[k].service;
			if (first)
				cover_period(w, slot, &due.v[i], w->covered[k].service);
		}
}

/* --- prepaid hours --- */

static enum rc purchase(struct charging *c, size_t slot, uint32_t fact, struct err *err)
{
	const struct fact *f = view_fact(c->view, fact);
	const struct fact_value *q = fact_value(f, FIELD_QUANTITY);
	day d = fact_day(c, fact);
	const struct price_piece *price = NULL;
	struct fraction exact;
	struct invoice_line line;
	struct item *it;

	if (d > c->on || d < c->since || slot_prices(c, slot, (struct days){d, d + 1}, &price) == 0)
		return RC_OK;
	it = item_add(c, slot, (struct days){d, d + 1}, (struct days){d, d + 1});
	it->part = symbol_text(c->view->facts->symbols, f->subject);
	it->due = d;
	line = line_of(c, it, 31);
	line.part = it->part;
	line.quantity =
		q == NULL ? fraction_of(1, 1)
			  : fraction_of_decimal((struct decimal){q->number, (uint8_t)q->scale});
	line.priced = true;
	line.price = price->amount;
	line.evidence = evidence_of(c, "orders", &fact, 1);
	if (!fraction_try_mul(line.quantity, fraction_of_decimal(price->amount), &exact) ||
	    !charge_round(c, exact, &line.net))
		return too_large(c, slot, err);
	it->total = line.net;
	price_steps_add(c, &line, price, STEP_AMOUNT);
	line_step(c, &line,
		  step_from(step_fraction(STEP_QUANTITY, 31, line.quantity), entry_of(c, fact)));
	line_step(c, &line, step_money(STEP_ROUNDED, 83, line.net));
	line_add(c, it, &line);
	return RC_OK;
}

static enum rc charge_prepaid(struct charging *c, size_t slot, struct err *err)
{
	struct fact_run run = charging_facts(c, FACT_PREPAID_BOUGHT, c->slots[slot].id);
	enum rc rc = RC_OK;

	if (slot_charge(c, slot, slot_version_on(c, slot, INT32_MAX))->base->period_set)
		rc = charge_recurring(c, slot, err);
	for (size_t i = 0; i < run.n && rc == RC_OK; i++)
		rc = purchase(c, slot, run.v[i], err);
	return rc;
}

/* What lapsed is a line at 0.00; what is paid back is a credit of its own (R35, R92). */
static enum rc show_lapse(struct charging *c, const struct work_lapse *l, struct err *err)
{
	const struct grant *g = &c->grants[l->grant];
	day d = l->refund ? l->date - 1 : l->date;
	struct fraction back;
	struct invoice_line line;
	struct item *it;

	if (l->date > c->on || l->date < c->since)
		return RC_OK;
	it = item_add(c, g->slot, (struct days){d, d + 1}, (struct days){d, d + 1});
	it->part =
		text_format(c->arena, "%s.%.*s", l->refund ? "refund" : "lapsed", TEXT_ARG(g->id));
	it->due = l->date;
	line = line_of(c, it, 35);
	line.part = it->part;
	line.role = l->refund ? LINE_CORRECTION : LINE_COVERED;
	line.counts = l->refund;
	line.unit = text_of("hour");
	line.quantity = l->refund ? fraction_sub(fraction_of(0, 1), l->hours) : l->hours;
	line_step(c, &line,
		  (struct step){.what = STEP_GRANT,
				.rule = 35,
				.type = STEP_IS_TEXT,
				.entry = g->entry,
				.value.text = g->id});
	line_step(c, &line, step_fraction(STEP_LAPSED, 35, l->hours));
	if (l->refund) {
		if (!fraction_try_mul(line.quantity, g->price, &back) ||
		    !charge_round(c, back, &line.net))
			return too_large(c, g->slot, err);
		line.priced = hour_rate(fraction_round(g->price, 9, ROUND_DOWN),
					(struct decimal){1, 0}, &line.price) &&
			      fraction_cmp(fraction_of_decimal(line.price), g->price) == 0;
		it->total = line.net;
		line_step(c, &line, step_fraction(STEP_PRICE, 35, g->price));
		line_step(c, &line, step_money(STEP_ROUNDED, 83, line.net));
	}
	line_add(c, it, &line);
	return RC_OK;
}

/* The largest share of `alert_at` that is used up: people are told (alert_at). */
static void alert(struct charging *c, size_t slot)
{
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, c->on));
	const struct node *shares = node_at(x->node, "alert_at");
	struct fraction bought = fraction_of(0, 1), drawn = fraction_of(0, 1);
	bool reached = false;

	for (size_t i = 0; i < c->n_grants; i++)
		if (c->grants[i].slot == slot && c->grants[i].start <= c->on &&
		    c->grants[i].expiry > c->on) {
			bought = fraction_add(bought, c->grants[i].bought);
			drawn = fraction_add(drawn, c->grants[i].drawn);
		}
	for (const struct node *n = shares == NULL || bought.num == 0 ? NULL : shares->child;
	     n != NULL; n = n->next)
		reached = reached ||
			  fraction_cmp(
				  fraction_mul(drawn, fraction_of(100, 1)),
				  fraction_mul(bought, fraction_of_decimal(n->value.decimal))) >= 0;
	if (reached)
		wait_add(c, (struct waiting){.kind = NOTE_AHEAD,
					     .what = STEP_DRAWN,
					     .subject = c->slots[slot].id,
					     .date = DAY_NONE,
					     .entry = -1});
}

enum rc charge_work(struct charging *c, struct err *err)
{
	struct work w = {.c = c,
			 .periods = arena_array(c->arena, struct service_periods, c->n_slots)};
	struct work_uses uses = {NULL, 0, 0, NULL, 0, 0};
	bool any = false;
	enum rc rc = RC_OK;

	memset(w.periods, 0, c->n_slots * sizeof(*w.periods));
	for (size_t s = 0; s < c->n_slots; s++) {
		enum charge_type type =
			slot_charge(c, s, slot_version_on(c, s, INT32_MAX))->base->type;

		if (type != CHARGE_TIME && type != CHARGE_PREPAID)
			continue;
		any = true;
		w.periods[s] = slot_periods(
			c, s, (struct days){INT32_MIN, c->on == INT32_MAX ? c->on : c->on + 1});
	}
	if (!any)
		return RC_OK;
	rc = work_read(&w, err);
	if (rc == RC_OK)
		rc = work_use_up(&w, &uses, err);
	for (size_t s = 0; s < c->n_slots && rc == RC_OK; s++) {
		enum charge_type type =
			slot_charge(c, s, slot_version_on(c, s, INT32_MAX))->base->type;

		if (type == CHARGE_TIME)
			rc = charge_time(&w, &uses, s, err);
		else if (type == CHARGE_PREPAID) {
			rc = charge_prepaid(c, s, err);
			alert(c, s);
		}
	}
	for (size_t i = 0; i < uses.n_lapses && rc == RC_OK; i++)
		rc = show_lapse(c, &uses.lapses[i], err);
	if (rc == RC_OK)
		show_covered(&w);
	return rc;
}
