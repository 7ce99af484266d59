/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hours included and hours bought ahead (money.md R29, R31 to R35): the work of all charges in its own order, not in the order of its
 * entry, uses up what its charge includes, then grants; what nobody uses lapses. One pass over the year.
 */
#include "engine/work_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A grant with what is left of it now. Indexes are those of c->grants. */
struct live_grant {
	struct fraction left;
	bool over; /* expired, refunded or lapsed to nothing */
};

/* The end of a period of a prepaid charge: what is above the roll-over lapses (R34). */
struct period_end {
	day date;
	size_t slot;
};

/* Free hours of a time charge in one stretch of days. */
struct allowance {
	const struct service_period *windows;
	size_t n, at;
	struct fraction left; /* minutes in windows[at] */
	bool begun;
};

struct using
{
	struct work *w;
	struct charging *c;
	struct work_uses *out;
	struct live_grant *live; /* of c->grants */
	struct period_end *ends;
	size_t n_ends, at_end;
	struct allowance *allowances; /* of each slot */
};

static const struct priced_charge *charge_on(const struct charging *c, size_t slot, day d)
{
	return slot_charge(c, slot, slot_version_on(c, slot, d));
}

static bool is_prepaid(const struct charging *c, size_t slot)
{
	return slot_charge(c, slot, slot_version_on(c, slot, INT32_MAX))->base->type ==
	       CHARGE_PREPAID;
}

/* --- grants (R31) --- */

static day days_after(day from, struct duration d)
{
	switch (d.unit) {
	case UNIT_MO:
		return d.n < 12000 ? day_add_months(from, (int32_t)d.n) : INT32_MAX;
	case UNIT_Y:
		return d.n < 1000 ? day_add_months(from, (int32_t)d.n * 12) : INT32_MAX;
	case UNIT_W:
		return d.n < 52000 ? from + (day)d.n * 7 : INT32_MAX;
	case UNIT_D:
		return d.n < 365000 ? from + (day)d.n : INT32_MAX;
	case UNIT_MIN:
	case UNIT_H:
	case UNIT_BD:
		break;
	}
	return INT32_MAX;
}

static size_t add_grant(struct charging *c, struct grant g)
{
	c->grants =
		arena_grow(c->arena, c->grants, c->n_grants, &c->grants_cap, sizeof(*c->grants));
	c->grants[c->n_grants] = g;
	return c->n_grants++;
}

/* The price of an hour: what the grant cost over its hours, exactly. */
static bool hour_price(const struct charging *c, size_t slot, day d, struct fraction hours,
		       struct fraction share, struct fraction *out)
{
	const struct price_piece *price = NULL;
	struct fraction amount;

	*out = fraction_of(0, 1);
	if (hours.num <= 0 || slot_prices(c, slot, (struct days){d, d + 1}, &price) == 0)
		return true;
	return fraction_try_mul(fraction_of_decimal(price->amount), share, &amount) &&
	       fraction_try_div(amount, hours, out);
}

/* Each period makes one (R31), a stub its share of the hours. It lives to the end of its period, or beyond by the roll-over. */
static enum rc grant_periods(struct using *u, size_t slot, struct err *err)
{
	struct charging *c = u->c;
	const struct service_periods *p = &u->w->periods[slot];

	for (size_t i = 0; i < p->n; i++) {
		struct days own = p->v[i].own;
		const struct priced_charge *x = charge_on(c, slot, own.from);
		struct weight weight = slot_weight(c, slot, own, p->v[i].full);
		struct fraction share = fraction_of(weight.days, weight.of);
		struct buf id;
		struct grant g = {.slot = slot, .start = own.from, .expiry = own.to, .entry = -1};

		g.drawn = g.lapsed = fraction_of(0, 1);
		if (x->rollover_set)
			g.expiry = x->rollover_expires_set ? days_after(own.to, x->rollover_expires)
							   : INT32_MAX;
		if (!fraction_try_mul(fraction_of_decimal(x->hours), share, &g.bought) ||
		    !hour_price(c, slot, own.from, g.bought, share, &g.price))
			return too_large(c, slot, err);
		buf_init(&id, 32);
		day_print(&id, own.from);
		g.id = text_copy(c->arena, buf_view(&id));
		buf_free(&id);
		add_grant(c, g);
		u->ends[u->n_ends++] = (struct period_end){own.to, slot};
	}
	return RC_OK;
}

static enum rc grant_purchases(struct using *u, size_t slot, struct err *err)
{
	struct charging *c = u->c;
	struct fact_run run = charging_facts(c, FACT_PREPAID_BOUGHT, c->slots[slot].id);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(c->view, run.v[i]);
		const struct fact_value *q = fact_value(f, FIELD_QUANTITY);
		struct fraction blocks = q == NULL ? fraction_of(1, 1)
						   : fraction_of_decimal((struct decimal){
							     q->number, (uint8_t)q->scale});
		day d = fact_day(c, run.v[i]);
		const struct priced_charge *x = charge_on(c, slot, d);
		struct grant g = {.slot = slot,
				  .start = d,
				  .expiry = INT32_MAX,
				  .entry = entry_of(c, run.v[i])};

		g.id = symbol_text(c->view->facts->symbols, f->subject);
		g.drawn = g.lapsed = fraction_of(0, 1);
		if (x->rollover_expires_set)
			g.expiry = days_after(d, x->rollover_expires);
		if (!fraction_try_mul(fraction_of_decimal(x->hours), blocks, &g.bought) ||
		    !hour_price(c, slot, d, g.bought, blocks, &g.price))
			return too_large(c, slot, err);
		add_grant(c, g);
	}
	return RC_OK;
}

static int by_date(const void *x, const void *y)
{
	const struct period_end *a = x, *b = y;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

static enum rc make_grants(struct using *u, struct err *err)
{
	struct charging *c = u->c;
	size_t n = 0;
	enum rc rc = RC_OK;

	for (size_t s = 0; s < c->n_slots; s++)
		n += is_prepaid(c, s) ? u->w->periods[s].n : 0;
	u->ends = arena_array(c->arena, struct period_end, n);
	for (size_t s = 0; s < c->n_slots && rc == RC_OK; s++) {
		if (!is_prepaid(c, s))
			continue;
		if (slot_charge(c, s, slot_version_on(c, s, INT32_MAX))->base->period_set)
			rc = grant_periods(u, s, err);
		if (rc == RC_OK)
			rc = grant_purchases(u, s, err);
	}
	if (u->n_ends > 0)
		qsort(u->ends, u->n_ends, sizeof(*u->ends), by_date);
	u->live = arena_array(c->arena, struct live_grant, c->n_grants);
	for (size_t i = 0; i < c->n_grants; i++)
		u->live[i] = (struct live_grant){c->grants[i].bought, false};
	return rc;
}

/* --- lapsing --- */

static void lapse(struct using *u, size_t grant, struct fraction hours, day date, bool refund)
{
	struct work_uses *o = u->out;

	if (hours.num <= 0)
		return;
	u->live[grant].left = fraction_sub(u->live[grant].left, hours);
	u->c->grants[grant].lapsed = fraction_add(u->c->grants[grant].lapsed, hours);
	o->lapses =
		arena_grow(u->c->arena, o->lapses, o->n_lapses, &o->lapses_cap, sizeof(*o->lapses));
	o->lapses[o->n_lapses++] = (struct work_lapse){grant, date, hours, refund};
}

/* Of two grants, the one that goes first: nearest its expiry, then earliest start, then id; or the oldest (R32, FK-30). */
static bool goes_before(const struct charging *c, size_t x, size_t y, enum burn burn)
{
	const struct grant *a = &c->grants[x], *b = &c->grants[y];

	if (burn == BURN_EARLIEST_EXPIRY && a->expiry != b->expiry)
		return a->expiry < b->expiry;
	if (a->start != b->start)
		return a->start < b->start;
	return text_cmp(a->id, b->id) < 0;
}

/* Above the roll-over, those nearest their expiry lapse first (R34). */
static void end_period(struct using *u, const struct period_end *end)
{
	struct charging *c = u->c;
	const struct priced_charge *x = charge_on(c, end->slot, end->date - 1);
	struct fraction sum = fraction_of(0, 1), most = fraction_of_decimal(x->rollover_max);

	if (!x->rollover_set || !x->rollover_max_set)
		return;
	for (size_t i = 0; i < c->n_grants; i++)
		if (c->grants[i].slot == end->slot && c->grants[i].start < end->date)
			sum = fraction_add(sum, u->live[i].left);
	while (fraction_cmp(sum, most) > 0) {
		struct fraction over = fraction_sub(sum, most), take;
		size_t first = SIZE_MAX;

		for (size_t i = 0; i < c->n_grants; i++)
			if (c->grants[i].slot == end->slot && c->grants[i].start < end->date &&
			    u->live[i].left.num > 0 &&
			    (first == SIZE_MAX || goes_before(c, i, first, BURN_EARLIEST_EXPIRY)))
				first = i;
		assert(first != SIZE_MAX && "what is over the limit is left in some grant");
		take = fraction_cmp(u->live[first].left, over) < 0 ? u->live[first].left : over;
		lapse(u, first, take, end->date, false);
		sum = fraction_sub(sum, take);
	}
}

/* At local midnight of its expiry what is left lapses (R35). */
static void expire(struct using *u, day date)
{
	for (size_t i = 0; i < u->c->n_grants; i++)
		if (!u->live[i].over && u->c->grants[i].expiry <= date) {
			u->live[i].over = true;
			lapse(u, i, u->live[i].left, u->c->grants[i].expiry, false);
		}
}

/* Everything that happens by the clock up to the beginning of a day, in its order. */
static void advance(struct using *u, day to)
{
	while (u->at_end < u->n_ends && u->ends[u->at_end].date <= to) {
		expire(u, u->ends[u->at_end].date - 1);
		end_period(u, &u->ends[u->at_end++]);
	}
	expire(u, to);
}

/* --- included hours (R29) --- */

static struct fraction included_in(const struct charging *c, size_t slot,
				   const struct service_period *w)
{
	const struct priced_charge *x = charge_on(c, slot, w->own.from);
	struct weight weight = slot_weight(c, slot, w->own, w->full);

	return fraction_mul(fraction_mul(fraction_of_decimal(x->included), fraction_of(60, 1)),
			    fraction_of(weight.days, weight.of));
}

static void allow(struct using *u, size_t slot)
{
	struct charging *c = u->c;
	struct allowance *a = &u->allowances[slot];
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, INT32_MAX));
	struct service_periods p = u->w->periods[slot];
	struct days life = slot_life(c, slot);

	if (x->included_per_set && !days_empty(life)) {
		struct grid g = grid_of(x->included_per, !x->base->anchor_anniversary, life.from);
		day to = c->on < INT32_MAX ? c->on + 1 : c->on;

		p = periods_of(c->arena, &g, life,
			       (struct days){life.from, later_day(life.from + 1, to)});
	}
	a->windows = p.v;
	a->n = p.n;
}

/* Moves to the window of a day; what is unused of the one before carries over up to rollover_max. false: none. */
static bool window_of_day(struct using *u, size_t slot, day d)
{
	struct allowance *a = &u->allowances[slot];
	const struct charging *c = u->c;

	if (a->n == 0)
		return false;
	if (!a->begun) {
		a->begun = true;
		a->left = included_in(c, slot, &a->windows[0]);
	}
	while (a->at + 1 < a->n && a->windows[a->at].own.to <= d) {
		struct fraction most = fraction_mul(
			fraction_of_decimal(charge_on(c, slot, d)->included_rollover_max),
			fraction_of(60, 1));
		struct fraction carried = fraction_cmp(a->left, most) < 0 ? a->left : most;

		a->at++;
		a->left = fraction_add(included_in(c, slot, &a->windows[a->at]), carried);
	}
	return a->windows[a->at].own.from <= d && d < a->windows[a->at].own.to;
}

/* --- using --- */

static void use(struct using *u, struct work_use x)
{
	struct work_uses *o = u->out;

	o->v = arena_grow(u->c->arena, o->v, o->n, &o->cap, sizeof(*o->v));
	o->v[o->n++] = x;
}

static struct fraction smaller(struct fraction x, struct fraction y)
{
	return fraction_cmp(x, y) < 0 ? x : y;
}

static bool draws_for(const struct charging *c, size_t prepaid, size_t slot, day d)
{
	const struct priced_charge *x = charge_on(c, prepaid, d);
	uint16_t version = slot_version_on(c, prepaid, d);

	for (size_t i = 0; i < x->draws_for.n; i++)
		if (c->slots[slot].of_version[version] == x->draws_for.v[i])
			return true;
	return false;
}

/* The grant that an hour of this charge is drawn from on a day. SIZE_MAX: none has any left. */
static size_t next_grant(const struct using *u, size_t slot, day d)
{
	const struct charging *c = u->c;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < c->n_grants; i++) {
		const struct grant *g = &c->grants[i];

		if (u->live[i].left.num <= 0 || g->start > d || g->expiry <= d ||
		    !draws_for(c, g->slot, slot, d))
			continue;
		if (best == SIZE_MAX || goes_before(c, i, best, charge_on(c, g->slot, d)->burn))
			best = i;
	}
	return best;
}

static bool draw(struct using *u, size_t group, size_t piece, day d, struct fraction *left)
{
	struct charging *c = u->c;
	const struct work_group *g = &u->w->groups[group];
	struct fraction factor = fraction_of_decimal(g->pieces[piece].factor),
			hour = fraction_of(60, 1);

	for (size_t from = next_grant(u, g->slot, d);
	     left->num > 0 && from != SIZE_MAX && factor.num > 0;
	     from = next_grant(u, g->slot, d)) {
		/* an hour at factor f draws f hours (R33) */
		struct fraction wanted = fraction_div(fraction_mul(*left, factor), hour);
		struct fraction hours = smaller(wanted, u->live[from].left),
				minutes = fraction_div(fraction_mul(hours, hour), factor);

		u->live[from].left = fraction_sub(u->live[from].left, hours);
		c->grants[from].drawn = fraction_add(c->grants[from].drawn, hours);
		c->draws = arena_grow(c->arena, c->draws, c->n_draws, &c->draws_cap,
				      sizeof(*c->draws));
		c->draws[c->n_draws++] =
			(struct draw){from, entry_of(c, g->facts[0]), g->start, hours};
		use(u,
		    (struct work_use){group, piece, USE_DRAWN, from, minutes, u->live[from].left});
		*left = fraction_sub(*left, minutes);
	}
	return left->num > 0;
}

static void use_group(struct using *u, size_t group)
{
	struct charging *c = u->c;
	const struct work_group *g = &u->w->groups[group];
	day d = zone_day(c->zone, g->start);
	bool included = window_of_day(u, g->slot, d);

	for (size_t i = 0; i < g->n_pieces; i++) {
		struct fraction left = g->pieces[i].minutes;

		if (included && u->allowances[g->slot].left.num > 0) {
			struct fraction free = smaller(left, u->allowances[g->slot].left);

			u->allowances[g->slot].left =
				fraction_sub(u->allowances[g->slot].left, free);
			left = fraction_sub(left, free);
			use(u, (struct work_use){group, i, USE_INCLUDED, SIZE_MAX, free,
						 u->allowances[g->slot].left});
		}
		if (left.num > 0 && draw(u, group, i, d, &left))
			use(u, (struct work_use){group, i, USE_BILLED, SIZE_MAX, left,
						 fraction_of(0, 1)});
	}
}

/* At the end of the contract the rest is paid back at the price paid, or forfeited (R35). */
static void end_contract(struct using *u)
{
	struct charging *c = u->c;

	if (c->stop == INT32_MAX || c->stop > c->on)
		return;
	for (size_t i = 0; i < c->n_grants; i++)
		if (!u->live[i].over) {
			u->live[i].over = true;
			lapse(u, i, u->live[i].left, c->stop,
			      charge_on(c, c->grants[i].slot, c->stop - 1)->at_end == END_REFUND);
		}
}

static void tell_left(struct using *u, size_t slot)
{
	struct charging *c = u->c;
	struct allowance *a = &u->allowances[slot];

	if (!window_of_day(u, slot, c->on))
		return;
	c->left = arena_grow(c->arena, c->left, c->n_left, &c->left_cap, sizeof(*c->left));
	c->left[c->n_left++] = (struct hours_left){slot, a->windows[a->at].own.to, a->left};
}

enum rc work_use_up(struct work *w, struct work_uses *out, struct err *err)
{
	struct charging *c = w->c;
	struct using u = {.w = w,
			  .c = c,
			  .out = out,
			  .allowances = arena_array(c->arena, struct allowance, c->n_slots)};
	enum rc rc = make_grants(&u, err);

	memset(u.allowances, 0, c->n_slots * sizeof(*u.allowances));
	if (rc != RC_OK)
		return rc;
	for (size_t s = 0; s < c->n_slots; s++) {
		const struct priced_charge *x = slot_charge(c, s, slot_version_on(c, s, INT32_MAX));

		if (x->base->type == CHARGE_TIME && x->included.units > 0)
			allow(&u, s);
	}
	for (size_t i = 0; i < w->n_groups; i++) {
		advance(&u, zone_day(c->zone, w->groups[i].start));
		use_group(&u, i);
	}
	advance(&u, earlier_day(c->on, c->stop == INT32_MAX ? c->on : c->stop));
	for (size_t s = 0; s < c->n_slots; s++)
		tell_left(&u, s);
	end_contract(&u);
	return RC_OK;
}
