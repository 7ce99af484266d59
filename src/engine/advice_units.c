/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units that are paid for and that no fact speaks of (money.md R136): saving = what they cost a month x whole months left. Where no unit of a
 * list has any activity on record, silence says nothing and nothing is suggested.
 */
#include "engine/advice_parts.h"
#include "engine/units.h"

static bool is_count(enum fact_kind k)
{
	return k == FACT_UNITS_LISTED || k == FACT_UNIT_ADDED || k == FACT_UNIT_REMOVED;
}

/* The last day on which a fact names each word, by symbol. */
struct naming {
	day *last; /* DAY_NONE: never */
	size_t n;
};

static void name_on(struct naming *w, symbol word, day d)
{
	if (word < w->n && (w->last[word] == DAY_NONE || d > w->last[word]))
		w->last[word] = d;
}

/* Lists count and say nothing of use; a unit that came lately is not idle. */
static void read_names(struct advising *x, struct naming *w)
{
	const struct charging *c = x->in->charging;
	size_t most = 0;

	for (size_t i = 0; i < c->view->all.n; i++) {
		const struct fact *f = view_fact(c->view, c->view->all.v[i]);

		most = f->subject > most ? f->subject : most;
		for (size_t k = 0; k < f->n_values; k++)
			most = f->values[k].word > most ? f->values[k].word : most;
	}
	w->n = most + 1;
	w->last = arena_array(x->arena, day, w->n);
	for (size_t i = 0; i < w->n; i++)
		w->last[i] = DAY_NONE;
	for (size_t i = 0; i < c->view->all.n; i++) {
		const struct fact *f = view_fact(c->view, c->view->all.v[i]);
		day d = zone_day(c->zone, f->occurred_at);

		if (f->kind == FACT_UNIT_ADDED || !is_count((enum fact_kind)f->kind))
			name_on(w, f->subject, d);
		for (size_t k = 0; !is_count((enum fact_kind)f->kind) && k < f->n_values; k++)
			name_on(w, f->values[k].word, d);
	}
}

/* Units there on the last day that nothing named for 60 days. 0 also where nothing names any unit. */
static size_t idle_units(struct advising *x, const struct invoice_annex *there,
			 const struct text **out)
{
	const struct charging *c = x->in->charging;
	struct text *idle = arena_array(x->arena, struct text, there->n_units);
	struct naming names;
	size_t n = 0;
	bool any = false;

	read_names(x, &names);
	for (size_t i = 0; i < there->n_units; i++) {
		symbol unit = symbol_find(c->view->facts->symbols, there->units[i]);
		day last = unit < names.n ? names.last[unit] : DAY_NONE;

		any = any || last != DAY_NONE;
		if (last == DAY_NONE || last < x->in->window.to - ADVICE_IDLE_DAYS)
			idle[n++] = there->units[i];
	}
	*out = idle;
	return any ? n : 0;
}

static int64_t months_left(const struct advising *x)
{
	enum { MONTHS_AHEAD = 12 };

	return x->in->end == DAY_NONE ? MONTHS_AHEAD
				      : periods_whole(x->in->window.to, x->in->end, 1, 0);
}

/* What so many cost for the months left, rounded each month. */
static bool cost(const struct advising *x, const struct rate_card *card, int64_t units,
		 int64_t months, int64_t *out)
{
	struct fraction amount;

	return units >= 0 && rate_amount(card, fraction_of(units, 1), &amount) &&
	       charge_round(x->in->charging, amount, out) &&
	       !__builtin_mul_overflow(*out, months, out);
}

static enum rc units_of_slot(struct advising *x, size_t slot, const struct priced_charge *charge)
{
	struct charging *c = x->in->charging;
	day on = x->in->window.to - 1;
	struct unit_counts own = {.steps = NULL}, other = {.steps = NULL};
	const struct price_piece *price = NULL;
	const struct invoice_annex *there;
	const struct text *idle = NULL;
	int64_t months = months_left(x);
	struct advice *v;
	size_t n;
	enum rc rc = units_counted(c, text_of(count_word(charge->count)), &own, &other, x->err);

	if (rc != RC_OK || own.n_events == 0 || months <= 0 ||
	    slot_prices(c, slot, (struct days){on, on + 1}, &price) == 0 || price->card == NULL)
		return rc;
	there = units_annex(units_roll(c, &own), c->slots[slot].id, on, -1);
	n = there == NULL ? 0 : idle_units(x, there, &idle);
	if (n == 0)
		return RC_OK;
	v = advice_add(x, ADVICE_UNITS, c->slots[slot].id);
	v->units = idle;
	v->n_units = n;
	v->count = (int64_t)there->n_units;
	v->left = months;
	if (!cost(x, price->card, v->count, months, &v->now) ||
	    !cost(x, price->card, v->count - (int64_t)n, months, &v->then))
		return err_set(x->err, RC_LIMIT, "amount too large: the units of '%.*s'",
			       TEXT_ARG(c->slots[slot].id));
	v->saving = v->now - v->then;
	advice_judge(v, v->now);
	return RC_OK;
}

enum rc advice_units(struct advising *x)
{
	const struct charging *c = x->in->charging;
	enum rc rc = RC_OK;

	for (size_t s = 0; rc == RC_OK && s < c->n_slots; s++) {
		const struct priced_charge *charge =
			slot_charge(c, s, slot_version_on(c, s, x->in->window.to - 1));

		if (charge != NULL && charge->base->type == CHARGE_PER_UNIT &&
		    charge->count != COUNT_NONE && charge->count != COUNT_ORDERS &&
		    charge->base->period.unit == UNIT_MO && charge->base->period.n == 1)
			rc = units_of_slot(x, s, charge);
	}
	return rc;
}
