/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is metered (money.md R21, R22, R37 to R41): the records of a period become a quantity, and the quantity an amount. A sum is a flow:
 * a stub has less of it, so only its free quantity is prorated. All other aggregates are levels, of which a period pays one: in a stub
 * their amount is weighed as a price is, free quantity and all, as with units (R25).
 *
 * Where the price changes inside a period, each record has the price of its own day (R22), at its position in the running quantity. A
 * largest or last reading is priced by its day; an average and a number of subjects, which have none, by the days of each price.
 */
#include "engine/usage.h"

#include "engine/charging_parts.h"

#include <assert.h>
#include <string.h>

struct metering {
	struct charging *c;
	size_t slot;
	struct usage_records records;
	const uint32_t *facts; /* of each record */
	struct err *err;
};

/* --- records --- */

static struct decimal quantity_of(const struct fact *f)
{
	const struct fact_value *v = fact_value(f, FIELD_QUANTITY);

	return v == NULL ? (struct decimal){0, 0} : (struct decimal){v->number, (uint8_t)v->scale};
}

static bool units_of(struct decimal d, uint8_t scale, int64_t *out)
{
	*out = d.units;
	for (uint8_t s = d.scale; s < scale; s++)
		if (__builtin_mul_overflow(*out, 10, out))
			return false;
	return true;
}

/* The first fact of a run that is not before t. */
static size_t run_from(const struct charging *c, struct fact_run run, instant t)
{
	size_t low = 0, high = run.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (view_fact(c->view, run.v[mid])->occurred_at < t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What becomes a record: read once, since the facts of a meter lie far apart in memory. */
struct source {
	uint32_t fact;
	symbol subject;
	instant at;
	struct decimal quantity;
};

static struct source source_of(const struct fact *f, uint32_t fact)
{
	struct source s = {.fact = fact, .at = f->occurred_at};

	for (size_t i = f->n_values; i > 0; i--) {
		const struct fact_value *v = &f->values[i - 1];

		if (v->field == FIELD_QUANTITY)
			s.quantity = (struct decimal){v->number, (uint8_t)v->scale};
		else if (v->field == FIELD_SUBJECT)
			s.subject = v->word;
	}
	return s;
}

/* Two cache lines a fact, both asked for some facts ahead: that is half of the time of rating millions of records. */
static void ask_ahead(const struct charging *c, struct fact_run run, size_t i)
{
	enum { FACT_AHEAD = 16, VALUES_AHEAD = 8 };
	const struct fact *facts = c->view->facts->v;

	if (i + FACT_AHEAD < run.n)
		__builtin_prefetch(&facts[run.v[i + FACT_AHEAD]]);
	if (i + VALUES_AHEAD < run.n)
		__builtin_prefetch(facts[run.v[i + VALUES_AHEAD]].values);
}

static enum rc take_record(struct metering *m, struct usage_record *r, const struct source *s)
{
	struct text id = m->c->slots[m->slot].id;

	if (s->quantity.units < 0) {
		struct buf b;
		enum rc rc;

		buf_init(&b, 64);
		decimal_print(&b, s->quantity);
		rc = err_set(m->err, RC_INVALID,
			     "negative quantity: '%.*s' for '%.*s': correct the earlier record "
			     "instead",
			     TEXT_ARG(buf_view(&b)), TEXT_ARG(id));
		buf_free(&b);
		return rc;
	}
	r->at = s->at;
	r->subject = s->subject;
	if (!units_of(s->quantity, m->records.scale, &r->units))
		return too_large(m->c, m->slot, m->err);
	return RC_OK;
}

/* R21: what is ordered once is a record of its own, less what was cancelled of it. */
static bool ordered(struct charging *c, uint32_t order, struct decimal *out)
{
	const struct fact *f = view_fact(c->view, order);
	struct fact_run run = charging_facts(c, FACT_ORDER_CANCELLED,
					     symbol_text(c->view->facts->symbols, f->subject));
	struct fraction left = fraction_of_decimal(quantity_of(f));

	*out = quantity_of(f);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *x = view_fact(c->view, run.v[i]);

		if (fact_value(x, FIELD_QUANTITY) == NULL ||
		    fraction_cmp(fraction_of_decimal(quantity_of(x)), left) >= 0)
			left = fraction_of(0, 1);
		else if (!fraction_try_sub(left, fraction_of_decimal(quantity_of(x)), &left))
			return false;
	}
	return run.n == 0 || fraction_try_round(left, 9, ROUND_DOWN, out);
}

static void tell_unapproved(struct charging *c, size_t slot, uint32_t order)
{
	const struct fact *f = view_fact(c->view, order);

	wait_add(c, (struct waiting){.kind = NOTE_WAITS,
				     .what = STEP_NOT_APPROVED,
				     .subject = symbol_text(c->view->facts->symbols, f->subject),
				     .date = fact_day(c, order),
				     .entry = entry_of(c, order),
				     .asks = true,
				     .fact = order,
				     .charge = c->slots[slot].id});
}

/* Orders among the readings by time. */
static enum rc take_orders(struct metering *m, struct fact_run run, struct source *v, size_t *n)
{
	for (size_t i = 0; i < run.n; i++) {
		struct source s = source_of(view_fact(m->c->view, run.v[i]), run.v[i]);
		size_t k = *n;

		if (!order_approved(m->c, s.fact)) {
			tell_unapproved(m->c, m->slot, s.fact);
			continue;
		}
		if (!ordered(m->c, s.fact, &s.quantity))
			return too_large(m->c, m->slot, m->err);
		for (; k > 0 && v[k - 1].at > s.at; k--)
			v[k] = v[k - 1];
		v[k] = s;
		++*n;
	}
	return RC_OK;
}

/* Readings alone, all of one scale: read straight into their records. false: the longer way has to be taken. */
static bool gather_plain(struct metering *m, struct fact_run run, struct usage_record *records)
{
	for (size_t i = 0; i < run.n; i++) {
		struct source s;

		ask_ahead(m->c, run, i);
		s = source_of(view_fact(m->c->view, run.v[i]), run.v[i]);
		if (i == 0)
			m->records.scale = s.quantity.scale;
		if (s.quantity.scale != m->records.scale || s.quantity.units < 0)
			return false;
		records[i] = (struct usage_record){s.at, s.quantity.units, s.subject};
	}
	return true;
}

/* Readings and orders, of any scale. */
static enum rc gather_mixed(struct metering *m, struct fact_run run, struct fact_run orders)
{
	struct charging *c = m->c;
	size_t n = run.n;
	struct source *v = arena_array(c->arena, struct source, n + orders.n);
	uint32_t *facts = arena_array(c->arena, uint32_t, n + orders.n);
	struct usage_record *records;
	enum rc rc;

	for (size_t i = 0; i < n; i++) {
		ask_ahead(c, run, i);
		v[i] = source_of(view_fact(c->view, run.v[i]), run.v[i]);
	}
	rc = take_orders(m, orders, v, &n);
	records = arena_array(c->arena, struct usage_record, n);
	m->records.scale = 0;
	for (size_t i = 0; i < n; i++)
		if (v[i].quantity.scale > m->records.scale)
			m->records.scale = v[i].quantity.scale;
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		facts[i] = v[i].fact;
		rc = take_record(m, &records[i], &v[i]);
	}
	m->records.v = records;
	m->records.n = n;
	m->facts = facts;
	return rc;
}

/* The records from `from` on. */
static enum rc gather(struct metering *m, struct text meter, day from)
{
	struct charging *c = m->c;
	struct fact_run run = charging_facts(c, FACT_USAGE_RECORDED, meter),
			orders = charging_facts(c, FACT_ORDER_PLACED, c->slots[m->slot].id);
	size_t first = run.n == 0 || from == INT32_MIN
			       ? 0
			       : run_from(c, run, zone_midnight(c->zone, from));
	struct usage_record *records;

	if (first > 0)
		run = (struct fact_run){run.v + first, run.n - first};
	if (orders.n > 0)
		return gather_mixed(m, run, orders);
	records = arena_array(c->arena, struct usage_record, run.n);
	if (!gather_plain(m, run, records))
		return gather_mixed(m, run, orders);
	m->records.v = records;
	m->records.n = run.n;
	m->facts = run.v;
	return RC_OK;
}

/* --- the quantity, shared out among the prices of a period --- */

struct portion {
	struct usage_span span;
	struct usage_records in;
	struct fraction quantity;
};

static const struct priced_charge *charge_on(const struct metering *m, day d)
{
	return slot_charge(m->c, m->slot, slot_version_on(m->c, m->slot, d));
}

static struct fraction scaled(const struct metering *m, i128 units)
{
	i128 one = 1;

	for (uint8_t s = 0; s < m->records.scale; s++) {
		if (units % 10 == 0)
			units /= 10;
		else
			one *= 10;
	}
	return (struct fraction){units, one};
}

/* R39: what held when the span began: the last reading of it or of the period before, else 0. */
static int64_t held_at(const struct metering *m, const struct service_period *p, instant from)
{
	size_t i = usage_from(&m->records, from);
	struct grid before = {.anchor = p->full.from, .days = p->full.to - p->full.from};
	const struct priced_charge *x = charge_on(m, p->own.from);
	struct duration d = x->base->period;
	day since = grid_edge(&before, -1);

	if (d.unit == UNIT_MO || d.unit == UNIT_Y)
		since = day_add_months(p->full.from, (int32_t)(-d.n * (d.unit == UNIT_Y ? 12 : 1)));
	if (i == 0 || m->records.v[i - 1].at < zone_midnight(m->c->zone, since))
		return 0;
	return m->records.v[i - 1].units;
}

/* Of the reading that is the largest or the last, in the portion where it lies. */
static void one_reading(const struct metering *m, struct portion *v, size_t n, bool largest)
{
	size_t at = n;
	int64_t units = 0;

	for (size_t i = 0; i < n; i++) {
		const struct usage_records *in = &v[i].in;
		size_t k;

		if (in->n == 0)
			continue;
		k = largest ? usage_max(in) : in->n - 1;
		if (largest && at < n && in->v[k].units <= units)
			continue;
		at = i;
		units = in->v[k].units;
	}
	if (at < n)
		v[at].quantity = scaled(m, units);
}

/* What has no day of its own: of all records, by the days of each portion. */
static bool by_days(const struct metering *m, struct portion *v, size_t n, enum aggregate how)
{
	struct usage_record *all;
	size_t count = 0;
	int64_t days = 0;
	struct usage_records r = {NULL, 0, m->records.scale};
	struct usage_span whole = {INSTANT_MIN, INSTANT_MAX, 0, 0};
	struct fraction q = {0, 1};

	for (size_t i = 0; i < n; i++) {
		count += v[i].in.n;
		days += v[i].span.end - v[i].span.first;
	}
	all = arena_array(m->c->arena, struct usage_record, count);
	for (size_t i = 0; i < n; i++) {
		if (v[i].in.n > 0)
			memcpy(all + r.n, v[i].in.v, v[i].in.n * sizeof(*all));
		r.n += v[i].in.n;
	}
	r.v = all;
	q = usage_quantity(m->c->arena, &r, how, &whole, m->c->zone, 0);
	q = fraction_of(q.num, q.den);
	for (size_t i = 0; i < n; i++) {
		if (n == 1)
			v[i].quantity = q;
		else if (!fraction_try_mul(q, fraction_of(v[i].span.end - v[i].span.first, days),
					   &v[i].quantity))
			return false;
	}
	return true;
}

static void by_time(const struct metering *m, const struct service_period *p, struct portion *v,
		    size_t n)
{
	int64_t days = 0;
	i128 one = 1;

	for (size_t i = 0; i < n; i++)
		days += v[i].span.end - v[i].span.first;
	for (uint8_t s = 0; s < m->records.scale; s++)
		one *= 10;
	for (size_t i = 0; i < n; i++) {
		i128 sum =
			usage_time(&v[i].in, held_at(m, p, v[i].span.from), &v[i].span, m->c->zone);

		v[i].quantity = fraction_of(sum, one * days * DAY_MS);
	}
}

static bool portions_of(const struct metering *m, const struct service_period *p,
			enum aggregate how, const struct share *shares, size_t n,
			struct portion **out)
{
	struct portion *v = arena_array(m->c->arena, struct portion, n);

	*out = v;
	for (size_t i = 0; i < n; i++) {
		v[i].span = usage_span(m->c->zone, shares[i].days);
		v[i].in = usage_within(&m->records, &v[i].span);
		v[i].quantity = (struct fraction){0, 1};
	}
	switch (how) {
	case AGGREGATE_SUM:
		for (size_t i = 0; i < n; i++)
			v[i].quantity = scaled(m, usage_sum(&v[i].in));
		return true;
	case AGGREGATE_MAX:
	case AGGREGATE_LAST:
		one_reading(m, v, n, how == AGGREGATE_MAX);
		return true;
	case AGGREGATE_AVERAGE:
	case AGGREGATE_UNIQUE:
		return by_days(m, v, n, how);
	case AGGREGATE_TIME_WEIGHTED:
		by_time(m, p, v, n);
		return true;
	}
	return false;
}

/* --- free quantity (R25, R38) --- */

/* What is left of it: it lasts for a period, or for `per`, and a part of the rest may go on. */
struct allowance {
	bool carries; /* more than a period's own */
	struct days window;
	struct fraction left;
};

static bool same_length(struct duration x, struct duration y)
{
	int64_t months_x = x.unit == UNIT_Y    ? 12 * x.n
			   : x.unit == UNIT_MO ? x.n
					       : 0,
		months_y = y.unit == UNIT_Y    ? 12 * y.n
			   : y.unit == UNIT_MO ? y.n
					       : 0;

	return months_x > 0 || months_y > 0 ? months_x == months_y : x.unit == y.unit && x.n == y.n;
}

static bool own_window(const struct priced_charge *x)
{
	return x->included_per_set && !same_length(x->included_per, x->base->period);
}

static struct weight billed_weight(const struct share *shares, size_t n)
{
	struct weight w = {0, 1};

	for (size_t i = 0; i < n; i++)
		w = (struct weight){w.days + shares[i].weight.days, shares[i].weight.of};
	/* without proration every piece weighs all, and together no more than that */
	if (w.days > w.of)
		w.days = w.of;
	return w;
}

/* The free quantity when a period begins. */
static bool refill(struct metering *m, struct allowance *a, const struct priced_charge *x,
		   const struct service_period *p, struct weight w)
{
	struct fraction fresh = fraction_of_decimal(x->included),
			most = fraction_of_decimal(x->included_rollover_max), rest = a->left;

	if (own_window(x)) {
		struct grid g = grid_of(x->included_per, !x->base->anchor_anniversary,
					slot_life(m->c, m->slot).from);
		struct days window = grid_around(&g, p->own.from);

		if (window.from == a->window.from && window.to == a->window.to)
			return true;
		a->window = window;
	} else if (x->aggregate == AGGREGATE_SUM &&
		   !fraction_try_mul(fresh, fraction_of(w.days, w.of), &fresh)) {
		return false;
	}
	if (fraction_cmp(rest, most) > 0)
		rest = most;
	return fraction_try_add(fresh, rest, &a->left);
}

static bool use_up(struct allowance *a, struct fraction quantity)
{
	if (fraction_cmp(quantity, a->left) >= 0) {
		a->left = fraction_of(0, 1);
		return true;
	}
	return fraction_try_sub(a->left, quantity, &a->left);
}

/* --- one period --- */

struct priced_portion {
	struct portion portion;
	struct share share;
	struct fraction before;
	const struct rate_card *card;
};

static void add_steps(struct metering *m, struct invoice_line *line, const struct priced_portion *x,
		      const struct priced_charge *ch)
{
	struct charging *c = m->c;

	line_step(c, line, step_count(STEP_RECORDS, 39, line->evidence.count));
	if (line->evidence.count == 0)
		line_step(c, line, step_count(STEP_NO_DATA, 39, 0));
	line_step(c, line, step_fraction(STEP_AGGREGATE, 39, x->portion.quantity));
	if (x->before.den > 0)
		line_step(c, line, step_fraction(STEP_ALREADY_BILLED, 38, x->before));
	if (x->card->included.den > 0)
		line_step(c, line, step_fraction(STEP_INCLUDED, 25, x->card->included));
	if (x->card->block.units > 0)
		line_step(c, line, step_decimal(STEP_BLOCKS, 37, x->card->block));
	if (!x->card->pct && x->card->n_tiers == 0)
		price_steps_add(c, line, x->share.price, STEP_PRICE);
	if (ch->aggregate != AGGREGATE_SUM && x->share.weight.days != x->share.weight.of)
		line_step(c, line, step_weight(STEP_WEIGHT, 13, x->share.weight));
}

static bool add_lines(struct metering *m, struct item *it, const struct priced_portion *x,
		      struct weight level)
{
	const struct priced_charge *ch = slot_charge(m->c, m->slot, x->share.price->version);
	struct invoice_line like = line_of(m->c, it, x->card->pct ? 41 : 37);
	size_t first = (size_t)(x->portion.in.n == 0 ? 0 : x->portion.in.v - m->records.v);
	struct card_lines lines = {.like = &like,
				   .card = x->card,
				   .charge = ch,
				   .before = x->before,
				   .weight = level,
				   .net = x->share.net,
				   .exact = x->share.exact};

	if (x->before.den == 0)
		lines.total = x->portion.quantity;
	else if (!fraction_try_add(x->before, x->portion.quantity, &lines.total))
		return false;
	like.name = ch->name;
	like.clause = ch->clause;
	like.unit = ch->unit;
	like.period = x->share.days;
	like.evidence = evidence_of(m->c, "usage_records",
				    m->facts == NULL ? NULL : m->facts + first, x->portion.in.n);
	if (level.days != level.of)
		like.weight = level;
	add_steps(m, &like, x, ch);
	return card_lines_add(m->c, it, &lines);
}

static bool price_portions(struct metering *m, struct priced_portion *v, size_t n,
			   struct fraction total, struct fraction included, struct weight level)
{
	struct fraction before = {0, 0};
	struct fraction whole = fraction_of(level.days, level.of);

	for (size_t i = 0; i < n; i++) {
		const struct rate_card *card = v[i].share.price->card;
		struct fraction upto = v[i].portion.quantity, amount = {0, 1};

		if (card->included.den > 0 || included.num > 0)
			card = card_including(m->c, card, included);
		if (n > 1)
			card = card_at_total(m->c, card, total);
		v[i].card = card;
		v[i].before = before;
		if (before.den > 0 && !fraction_try_add(before, upto, &upto))
			return false;
		if (!rate_more(card, before, upto, &amount))
			return false;
		v[i].share.exact = amount;
		if (level.days != level.of && !fraction_try_mul(fraction_of(amount.num, amount.den),
								whole, &v[i].share.exact))
			return false;
		before = upto;
	}
	return true;
}

static void tell_no_data(struct metering *m, const struct service_period *p, size_t records)
{
	if (records > 0)
		return;
	wait_add(m->c, (struct waiting){.kind = NOTE_NO_DATA,
					.what = STEP_NO_DATA,
					.subject = m->c->slots[m->slot].id,
					.date = p->own.from,
					.entry = -1});
}

static enum rc make_item(struct metering *m, const struct service_period *p,
			 struct priced_portion *v, size_t n, struct weight level)
{
	struct charging *c = m->c;
	struct share *shares = arena_array(c->arena, struct share, n);
	struct item *it;
	size_t records = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		shares[i] = v[i].share;
	if (!shares_round(c, shares, n))
		return too_large(c, m->slot, m->err);
	it = item_add(c, m->slot, p->own, p->full);
	/* R12: billed ahead of its end, it says so */
	it->provisional = c->on < p->own.to;
	if (it->provisional)
		it->due = c->on;
	for (size_t i = 0; i < n; i++) {
		v[i].share.net = shares[i].net;
		records += v[i].portion.in.n;
		/* a price that met no use has no line, if another did */
		if (v[i].portion.quantity.num == 0 && v[i].share.exact.num == 0 &&
		    (kept > 0 || i + 1 < n))
			continue;
		if (!add_lines(m, it, &v[i], level) ||
		    __builtin_add_overflow(it->total, shares[i].net, &it->total))
			return too_large(c, m->slot, m->err);
		kept++;
	}
	tell_no_data(m, p, records);
	return RC_OK;
}

static enum rc charge_period(struct metering *m, struct allowance *a,
			     const struct service_period *p, bool wanted)
{
	struct charging *c = m->c;
	const struct priced_charge *x = charge_on(m, p->own.from);
	struct share *shares = NULL;
	size_t n = shares_cut(c, m->slot, p, &shares);
	struct weight w = billed_weight(shares, n),
		      level = x->aggregate == AGGREGATE_SUM ? (struct weight){1, 1} : w;
	struct priced_portion *v = arena_array(c->arena, struct priced_portion, n);
	struct portion *portions = NULL;
	struct fraction total = {0, 1};
	struct fraction free_units;

	if (!portions_of(m, p, x->aggregate, shares, n, &portions))
		return too_large(c, m->slot, m->err);
	for (size_t i = 0; i < n; i++) {
		v[i].portion = portions[i];
		v[i].share = shares[i];
		if (!fraction_try_add(total, portions[i].quantity, &total))
			return too_large(c, m->slot, m->err);
	}
	if (!refill(m, a, x, p, w))
		return too_large(c, m->slot, m->err);
	free_units = a->left;
	if (!use_up(a, total))
		return too_large(c, m->slot, m->err);
	if (!a->carries)
		a->left = fraction_of(0, 1);
	if (!wanted)
		return RC_OK;
	if (!price_portions(m, v, n, total, free_units, level))
		return too_large(c, m->slot, m->err);
	return make_item(m, p, v, n, level);
}

/* --- all of them --- */

static bool carries(const struct charging *c, size_t slot)
{
	for (size_t v = 0; v < c->n_versions; v++) {
		const struct priced_charge *x = slot_charge(c, slot, v);

		if (x != NULL && (own_window(x) || x->included_rollover_max.units > 0))
			return true;
	}
	return false;
}

enum rc charge_usage(struct charging *c, size_t slot, struct err *err)
{
	struct metering m = {.c = c, .slot = slot, .err = err};
	struct service_periods due = slot_due(c, slot, c->interim), all = due;
	struct allowance a = {.carries = carries(c, slot), .left = {0, 1}};
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, c->on));
	enum rc rc;

	if (due.n == 0)
		return RC_OK;
	/* What is left of a free quantity depends on all periods before. */
	if (a.carries)
		all = slot_periods(c, slot, (struct days){INT32_MIN, due.v[due.n - 1].own.to});

	struct days first = all.v[0].full;

	rc = gather(&m, x->meter, first.from - 2 * (first.to - first.from));
	for (size_t i = 0; i < all.n && rc == RC_OK; i++)
		rc = charge_period(&m, &a, &all.v[i], all.v[i].own.from >= due.v[0].own.from);
	return rc;
}
