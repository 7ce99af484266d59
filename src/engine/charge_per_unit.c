/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units of a period at a price or by tiers (money.md R7, R16, R21, R23 to R26). Counts are units.c. With period_start, period_end and
 * peak one count stands for the period, and days weigh its price; with average_daily the days are counted one by one, so an amount is
 * that of the average of a piece times the weight of the piece, which is unit-days / days of the period.
 *
 * In advance nothing is special: the count known now holds to the end of the period, and what comes later changes T (R7, R17).
 */
#include "engine/units.h"

struct counting {
	struct charging *c;
	size_t slot;
	struct unit_counts units, other;
	struct unit_roll *roll;
	bool orders;
};

/* Where it is counted (R24), as a count of 10^-scale units; average_daily: unit-days. */
struct counted {
	int64_t n;
	day on;
};

static bool count_in(const struct unit_counts *u, enum count_at at, struct days days,
		     struct counted *out)
{
	switch (at) {
	case AT_PERIOD_START:
		*out = (struct counted){units_on(u, days.from), days.from};
		return true;
	case AT_PERIOD_END:
		*out = (struct counted){units_on(u, days.to - 1), days.to - 1};
		return true;
	case AT_PEAK:
		out->n = units_peak(u, days, &out->on);
		return true;
	case AT_AVERAGE_DAILY:
		out->on = days.to - 1;
		return units_days(u, days, &out->n);
	}
	return false;
}

static int64_t tens(uint8_t scale)
{
	int64_t n = 1;

	for (uint8_t i = 0; i < scale; i++)
		n *= 10;
	return n;
}

/* The units that a piece is priced for. */
static bool quantity_of(const struct counting *k, const struct counted *period,
			const struct share *s, enum count_at at, struct fraction *out)
{
	int64_t one = tens(k->units.scale), days = 0, unit_days = 0;

	if (at != AT_AVERAGE_DAILY) {
		*out = fraction_of(period->n, one);
		return true;
	}
	days = s->days.to - s->days.from;
	if (!units_days(&k->units, s->days, &unit_days))
		return false;
	*out = fraction_of(unit_days, (i128)one * days);
	return true;
}

static void add_steps(struct counting *k, struct invoice_line *line, const struct counted *n,
		      const struct share *s, struct fraction quantity, enum count_at at)
{
	struct charging *c = k->c;
	struct decimal count = {n->n, k->units.scale};
	int64_t entry = line->evidence.n_entries > 0
				? line->evidence.entries[line->evidence.n_entries - 1]
				: -1;

	line_step(
		c, line,
		step_from(step_decimal(at == AT_AVERAGE_DAILY ? STEP_UNIT_DAYS : STEP_UNITS_COUNTED,
				       24, count),
			  entry));
	line_step(c, line, step_days(STEP_COUNTED_ON, 24, (struct days){n->on, n->on + 1}));
	if (k->other.n_steps > 0)
		line_step(c, line, step_count(STEP_OTHER_COUNT, 23, units_on(&k->other, n->on)));
	if (s->price->card->included.den > 0)
		line_step(c, line, step_fraction(STEP_INCLUDED, 25, s->price->card->included));
	if (at == AT_AVERAGE_DAILY)
		line_step(c, line, step_fraction(STEP_QUANTITY, 24, quantity));
	price_steps_add(c, line, s->price, STEP_PRICE);
	if (s->weight.days != s->weight.of)
		line_step(c, line, step_weight(STEP_WEIGHT, 13, s->weight));
}

struct piece {
	struct fraction quantity;
	const struct rate_card *card;
};

static bool add_lines(struct counting *k, struct item *it, const struct counted *n,
		      const struct share *s, const struct piece *piece, enum count_at at,
		      const struct evidence *evidence)
{
	const struct priced_charge *x = slot_charge(k->c, k->slot, s->price->version);
	struct invoice_line like = line_of(k->c, it, at == AT_AVERAGE_DAILY ? 24 : 23);
	struct card_lines lines = {.like = &like,
				   .card = piece->card,
				   .charge = x,
				   .total = piece->quantity,
				   .weight = s->weight,
				   .net = s->net,
				   .exact = s->exact};

	like.name = x->name;
	like.clause = x->clause;
	like.unit = x->unit;
	like.period = s->days;
	like.evidence = *evidence;
	if (s->weight.days != s->weight.of)
		like.weight = s->weight;
	if (at == AT_AVERAGE_DAILY)
		lines.unit_days = s->days.to - s->days.from;
	add_steps(k, &like, n, s, piece->quantity, at);
	return card_lines_add(k->c, it, &lines);
}

/* amount of the piece = A(quantity) x weight, exact */
static bool price_piece(struct share *s, const struct piece *p)
{
	struct fraction amount = {0, 1};

	return rate_amount(p->card, p->quantity, &amount) &&
	       fraction_try_mul(fraction_of(amount.num, amount.den),
				fraction_of(s->weight.days, s->weight.of), &s->exact);
}

static void add_annex(struct counting *k, struct item *it, const struct counted *n)
{
	int64_t other = k->other.n_steps > 0 ? units_on(&k->other, n->on) : -1;

	if (k->orders || k->units.n_events == 0)
		return;
	it->annex = units_annex(k->roll, k->c->slots[k->slot].id, n->on, other);
}

static void tell_missing(struct counting *k, const struct service_period *p)
{
	if (k->orders || (k->units.n_steps > 0 && k->units.steps[0].from < p->own.to))
		return;
	wait_add(k->c, (struct waiting){.kind = NOTE_NO_DATA,
					.what = STEP_NO_DATA,
					.subject = k->c->slots[k->slot].id,
					.date = p->own.from,
					.entry = -1});
}

static enum rc charge_period(struct counting *k, const struct service_period *p, struct err *err)
{
	struct charging *c = k->c;
	const struct priced_charge *x =
		slot_charge(c, k->slot, slot_version_on(c, k->slot, p->own.from));
	enum count_at at = x->count_at;
	struct share *v = NULL;
	size_t n = shares_of(c, k->slot, p, &v);
	struct piece *pieces = arena_array(c->arena, struct piece, n);
	struct counted counted = {0, p->own.from};
	struct fraction total = {0, 1};
	const uint32_t *facts = NULL;
	struct item *it;

	if (!count_in(&k->units, at, p->own, &counted))
		return too_large(c, k->slot, err);
	total = fraction_of(counted.n,
			    (i128)tens(k->units.scale) *
				    (at == AT_AVERAGE_DAILY ? p->own.to - p->own.from : 1));
	for (size_t i = 0; i < n; i++) {
		if (!quantity_of(k, &counted, &v[i], at, &pieces[i].quantity))
			return too_large(c, k->slot, err);
		pieces[i].card =
			n > 1 ? card_at_total(c, v[i].price->card, total) : v[i].price->card;
		if (!price_piece(&v[i], &pieces[i]))
			return too_large(c, k->slot, err);
	}
	if (!shares_round(c, v, n))
		return too_large(c, k->slot, err);
	it = item_add(c, k->slot, p->own, p->full);
	it->provisional = x->advance && c->on < p->own.to;

	size_t n_facts = units_evidence(c, &k->units, p->own, &facts);
	struct evidence evidence =
		evidence_of(c, k->orders ? "orders" : "unit_list", facts, n_facts);

	for (size_t i = 0; i < n; i++)
		if (!add_lines(k, it, &counted, &v[i], &pieces[i], at, &evidence) ||
		    __builtin_add_overflow(it->total, v[i].net, &it->total))
			return too_large(c, k->slot, err);
	add_annex(k, it, &counted);
	tell_missing(k, p);
	return RC_OK;
}

/* R21: à la carte units are named by the charge itself, all others by what is counted. */
static enum rc count_units(struct counting *k, struct err *err)
{
	const struct priced_charge *x =
		slot_charge(k->c, k->slot, slot_version_on(k->c, k->slot, k->c->on));

	k->orders = x->count == COUNT_ORDERS;
	if (k->orders)
		return units_ordered(k->c, k->slot, &k->units, err);
	return units_counted(k->c, text_of(count_word(x->count)), &k->units, &k->other, err);
}

enum rc charge_per_unit(struct charging *c, size_t slot, struct err *err)
{
	struct counting k = {.c = c, .slot = slot};
	struct service_periods all = slot_due(c, slot, false);
	enum rc rc = count_units(&k, err);

	if (rc != RC_OK || all.n == 0)
		return rc;
	if (k.units.n_events > 0) {
		k.roll = units_roll(c, &k.units);
		units_roll_from(k.roll, all.v[0].own.from);
	}
	for (size_t i = 0; i < all.n && rc == RC_OK; i++)
		rc = charge_period(&k, &all.v[i], err);
	return rc;
}
