/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base.h"

#include <assert.h>

/* Days of one charge at one amount inside one of its periods: a line of an invoice (money.md R5, R13, R15). */
struct billed {
	day from, to;
	struct days period; /* the full period around it */
	struct grid grid;   /* of which it is one */
	enum prorate prorate;
	struct money amount; /* of a full period */
	enum rounding rounding;
	bool exact; /* rounding.place: document: the line itself is not rounded */
};

struct billings {
	struct arena *arena;
	struct billed *v;
	size_t n, cap;
};

static day later(day x, day y)
{
	return x > y ? x : y;
}

static day earlier(day x, day y)
{
	return x < y ? x : y;
}

static const struct promise *promise_of(const struct outcome *o, size_t version)
{
	return o->in.versions[version].promise;
}

/* The days on which a version is in force (CL-45). */
static struct days version_days(const struct outcome *o, size_t version)
{
	const struct zone *z = promise_of(o, version)->zone;
	struct days d = {INT32_MIN, INT32_MAX};

	if (version > 0)
		d.from = zone_day(z, o->in.versions[version].from);
	if (version + 1 < o->in.n_versions)
		d.to = zone_day(z, o->in.versions[version + 1].from);
	return d;
}

struct days charge_written_life(const struct promise *p, const struct charge *c)
{
	struct days life = {c->from, INT32_MAX};

	if (life.from == DAY_NONE)
		life.from =
			p->service_start_day != DAY_NONE ? p->service_start_day : p->effective_day;
	if (c->until != DAY_NONE)
		life.to = c->last_day_billed ? c->until + 1 : c->until;
	return life;
}

/* Or to the end of the contract (section 4). */
static struct days charge_life(const struct promise *p, const struct charge *c)
{
	struct days life = charge_written_life(p, c);

	if (p->end != INSTANT_NONE)
		life.to = earlier(life.to, zone_day(p->zone, p->end));
	return life;
}

/* The edges of a charge's periods (money.md R3, R4); a month if it names no period. */
static struct grid charge_grid(const struct charge *c, day start)
{
	struct duration period = {.n = 1, .unit = UNIT_MO};

	return grid_of(c->period_set ? c->period : period, !c->anchor_anniversary, start);
}

/* The amount in force on a day (money.md R22, R52). */
static struct money amount_on(const struct charge *c, day d)
{
	struct money amount = c->amount;

	for (size_t i = 0; i < c->n_schedule && c->schedule[i].from <= d; i++)
		amount = c->schedule[i].amount;
	return amount;
}

static bool same_line(const struct billed *x, const struct billed *y)
{
	if (x->to != y->from || x->period.from != y->period.from || x->period.to != y->period.to ||
	    x->prorate != y->prorate)
		return false;
	/* Without proration a period has one price: that of its first day. */
	return x->prorate == PRORATE_NONE || x->amount.minor == y->amount.minor;
}

static void add_piece(struct billings *to, const struct billed *piece)
{
	if (piece->from >= piece->to)
		return;
	if (to->n > 0 && same_line(&to->v[to->n - 1], piece)) {
		to->v[to->n - 1].to = piece->to;
		return;
	}
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = *piece;
}

/* A period's days are cut where the amount changes (money.md R15). */
static void cut_period(struct billings *to, const struct promise *p, const struct charge *c,
		       const struct grid *grid, const struct service_period *service)
{
	struct billed piece = {.from = service->own.from,
			       .period = service->full,
			       .grid = *grid,
			       .prorate = c->prorate,
			       .rounding = p->rounding,
			       .exact = p->round_document};

	for (size_t i = 0; i < c->n_schedule; i++) {
		day cut = c->schedule[i].from;

		if (cut <= piece.from || cut >= service->own.to)
			continue;
		piece.to = cut;
		piece.amount = amount_on(c, piece.from);
		add_piece(to, &piece);
		piece.from = cut;
	}
	piece.to = service->own.to;
	piece.amount = amount_on(c, piece.from);
	add_piece(to, &piece);
}

static const struct charge *charge_by_id(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_charges; i++)
		if (text_eq(p->charges[i].id, id))
			return &p->charges[i];
	return NULL;
}

/* Every line of a fixed charge whose service touches the days, under the version in force on each. */
static struct billings pieces_of(struct arena *a, const struct outcome *o, struct text id,
				 struct days days)
{
	struct billings out = {.arena = a};

	for (size_t v = 0; v < o->in.n_versions; v++) {
		const struct promise *p = promise_of(o, v);
		const struct charge *c = charge_by_id(p, id);

		if (c == NULL || !c->amount_set)
			continue;

		struct days force = version_days(o, v), life = charge_life(p, c);
		struct grid grid = charge_grid(c, life.from);

		life.from = later(life.from, force.from);
		life.to = earlier(life.to, force.to);

		struct service_periods all = periods_of(a, &grid, life, days);

		for (size_t i = 0; i < all.n; i++)
			cut_period(&out, p, c, &grid, &all.v[i]);
	}
	return out;
}

static enum day_count count_of(enum prorate prorate)
{
	/* Without proration a line's own days still share it out among months (line_of). */
	return prorate == PRORATE_DAYS_30 ? DAY_COUNT_30 : DAY_COUNT_ACTUAL;
}

/* By the piece's way of counting, how much of its full period the days are (money.md R13). */
static struct weight weight_of(const struct billed *piece, day from, day to)
{
	return days_weight(&piece->grid, (struct days){from, to}, piece->period,
			   count_of(piece->prorate));
}

/* What a line contributes to some of its days (R58: a longer period by its proration rule). */
static struct base_line line_of(const struct billed *piece, int charge, struct days days)
{
	struct base_line line = {.charge = charge,
				 .exact = {0, 1},
				 .from = later(piece->from, days.from),
				 .to = earlier(piece->to, days.to),
				 .known = true};
	struct fraction amount = money_exact(piece->amount);
	struct weight own = weight_of(piece, piece->from, piece->to),
		      share = weight_of(piece, line.from, line.to);

	line.days = share.days;
	line.of_days = share.of;
	if (piece->prorate == PRORATE_NONE) {
		/* The line has its whole amount however short it is; months of a longer one share it like days of 30. */
		line.days = days_30_between(line.from, line.to);
		line.of_days = days_30_between(piece->from, piece->to);
		if (line.of_days == 0 || (line.from == piece->from && line.to == piece->to))
			line.days = line.of_days = piece->to - piece->from;
		own.days = line.of_days;
	} else {
		amount = fraction_mul(amount, fraction_of(own.days, own.of));
	}
	if (own.days == 0)
		return line;
	/* R58: what was invoiced, and an invoice rounds each line once (money.md R14). */
	if (!piece->exact)
		amount = money_exact(money_round(amount, piece->amount.currency, piece->rounding));
	line.exact = fraction_mul(amount, fraction_of(line.days, own.days));
	return line;
}

struct lines {
	struct arena *arena;
	struct base_line *v;
	size_t n, cap;
};

static void add_line(struct lines *to, struct base_line line)
{
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = line;
}

static bool is_fixed(const struct charge *c)
{
	return c->amount_set &&
	       (c->type == CHARGE_RECURRING || (c->type == CHARGE_PREPAID && c->period_set));
}

/* A single payment belongs to the month in which it falls due, if the contract alone says when. */
static struct base_line one_time_line(const struct promise *p, int charge, struct days days)
{
	enum { DUE_EFFECTIVE_DATE, DUE_SERVICE_START, DUE_ACCEPTANCE };
	const struct charge *c = &p->charges[charge];
	int due = c->node != NULL ? term_choice(c->node, "due") : DUE_SERVICE_START;
	day on = due == DUE_EFFECTIVE_DATE ? p->effective_day : p->service_start_day;
	struct base_line line = {.charge = charge,
				 .exact = {0, 1},
				 .from = days.from,
				 .to = days.to,
				 .days = 1,
				 .of_days = 1,
				 .known = due != DUE_ACCEPTANCE};

	if (line.known && on >= days.from && on < days.to) {
		line.exact = money_exact(amount_on(c, on));
		line.from = on;
		line.to = on + 1;
	}
	return line;
}

static void add_charge(struct lines *to, const struct outcome *o, uint16_t version, int charge,
		       struct days days)
{
	const struct promise *p = promise_of(o, version);
	const struct charge *c = &p->charges[charge];

	if (is_fixed(c)) {
		struct billings pieces = pieces_of(to->arena, o, c->id, days);

		for (size_t i = 0; i < pieces.n; i++)
			if (pieces.v[i].to > days.from && pieces.v[i].from < days.to)
				add_line(to, line_of(&pieces.v[i], charge, days));
		return;
	}

	struct base_line line = {.charge = charge,
				 .exact = {0, 1},
				 .from = days.from,
				 .to = days.to,
				 .days = 1,
				 .of_days = 1};

	if (c->type == CHARGE_ONE_TIME && c->amount_set) {
		line = one_time_line(p, charge, days);
		if (line.known && line.exact.num == 0)
			return;
	} else {
		struct days life = charge_life(p, c);

		line.from = later(days.from, life.from);
		line.to = earlier(days.to, life.to);
		if (line.from >= line.to)
			return;
	}
	add_line(to, line);
}

/* --- discounts (money.md R50, R51) --- */

static bool discount_covers(const struct promise *p, const struct charge *discount, int charge)
{
	const struct node *set = node_at(discount->node, "applies_to");

	if (set == NULL)
		return true;
	if (charge < 0)
		return false;
	for (const struct node *n = set->child; n != NULL; n = n->next)
		if (n->value.ref == p->charges[charge].node)
			return true;
	return false;
}

/* What a discount takes from the lines so far, each with what earlier discounts left of it. */
static void add_discount(struct lines *to, const struct promise *p, int discount,
			 struct fraction *left, size_t n, struct days days)
{
	enum { WHEN_ALWAYS };
	const struct charge *c = &p->charges[discount];
	struct decimal pct = {0, 0};
	bool known = term_decimal(c->node, "pct", &pct), covers = false;
	struct days life = charge_life(p, c);
	struct fraction off = {0, 1};

	/* Paid a year ahead: without the payment's fact it is not granted (R51). */
	if (term_choice(c->node, "when") != WHEN_ALWAYS)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct base_line *l = &to->v[i];

		if (l->from < life.from || l->from >= life.to || !discount_covers(p, c, l->charge))
			continue;

		struct fraction part = fraction_mul(
			left[i], fraction_mul(fraction_of_decimal(pct), fraction_of(1, 100)));

		covers = true;
		off = fraction_add(off, part);
		left[i] = fraction_sub(left[i], part);
	}
	if (!covers)
		return;
	if (!p->round_document)
		off = money_exact(money_round(off, p->currency, p->rounding));
	add_line(to, (struct base_line){.charge = discount,
					.exact = fraction_sub(fraction_of(0, 1), off),
					.from = days.from,
					.to = days.to,
					.days = 1,
					.of_days = 1,
					.known = known});
}

static void add_discounts(struct lines *to, const struct promise *p, struct days days)
{
	size_t n = to->n;
	struct fraction *left = arena_array(to->arena, struct fraction, n);

	for (size_t i = 0; i < n; i++)
		left[i] = to->v[i].exact;
	for (size_t i = 0; i < p->n_charges && n > 0; i++)
		if (p->charges[i].type == CHARGE_DISCOUNT && p->charges[i].node != NULL)
			add_discount(to, p, (int)i, left, n, days);
}

static struct fraction sum_of(const struct lines *lines)
{
	struct fraction sum = {0, 1};

	for (size_t i = 0; i < lines->n; i++)
		sum = fraction_add(sum, lines->v[i].exact);
	return sum;
}

/* F-13 is an error of lint, not of the file: without a list all money that comes back counts. */
static bool in_base(const struct promise *p, int charge)
{
	const struct credits *k = &p->credits;

	if (k->n_base_charges == 0) {
		enum charge_type type = p->charges[charge].type;

		return type == CHARGE_RECURRING || type == CHARGE_PER_UNIT ||
		       (type == CHARGE_PREPAID && p->charges[charge].period_set);
	}
	for (size_t i = 0; i < k->n_base_charges; i++)
		if (k->base_charges[i] == charge)
			return true;
	return false;
}

enum which { IN_BASE, NOT_IN_BASE, ALL_CHARGES };

/* Fixed charges of other versions that this one no longer has, or does not have yet; their lines have index -1. */
static void add_foreign(struct lines *to, const struct outcome *o, uint16_t version,
			struct days days)
{
	for (size_t v = 0; v < o->in.n_versions; v++) {
		const struct promise *p = promise_of(o, v);

		for (size_t i = 0; i < p->n_charges; i++) {
			const struct charge *c = &p->charges[i];
			bool seen = charge_by_id(promise_of(o, version), c->id) != NULL;

			for (size_t u = 0; u < v && !seen; u++)
				seen = charge_by_id(promise_of(o, u), c->id) != NULL;
			if (seen || !is_fixed(c))
				continue;

			struct billings pieces = pieces_of(to->arena, o, c->id, days);

			for (size_t k = 0; k < pieces.n; k++)
				if (pieces.v[k].to > days.from && pieces.v[k].from < days.to)
					add_line(to, line_of(&pieces.v[k], -1, days));
		}
	}
}

/* --- what was charged --- */

/* The nets that are known hold all of those days. */
static bool nets_hold(const struct outcome *o, struct days days)
{
	return o->in.nets != NULL && days.to <= o->in.nets_to;
}

static int charge_index(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_charges; i++)
		if (text_eq(p->charges[i].id, id))
			return (int)i;
	return -1;
}

/* Printed nets of service on those days; of a longer period the part that its days are (R58). Discounts are in them. */
static struct lines lines_charged(struct arena *a, const struct outcome *o, uint16_t version,
				  struct days days, enum which which)
{
	const struct promise *p = promise_of(o, version);
	struct lines out = {.arena = a};

	for (size_t i = 0; i < o->in.n_nets; i++) {
		const struct month_net *n = &o->in.nets[i];
		struct days both = days_both(n->service, days);
		int charge = charge_index(p, n->charge);
		bool base = charge >= 0 && in_base(p, charge);
		int64_t of = n->service.to - n->service.from;

		if (days_empty(both) || (which != ALL_CHARGES && base != (which == IN_BASE)))
			continue;
		add_line(&out, (struct base_line){
				       .charge = charge,
				       .exact = fraction_mul(
					       money_exact((struct money){n->net, p->currency}),
					       fraction_of(both.to - both.from, of)),
				       .from = both.from,
				       .to = both.to,
				       .days = both.to - both.from,
				       .of_days = of,
				       .known = true});
	}
	return out;
}

static struct lines lines_make(struct arena *a, const struct outcome *o, uint16_t version,
			       struct days days, enum which which)
{
	const struct promise *p = promise_of(o, version);
	struct lines out = {.arena = a};

	if (nets_hold(o, days))
		return lines_charged(a, o, version, days, which);
	for (size_t i = 0; i < p->n_charges; i++) {
		if (p->charges[i].type == CHARGE_DISCOUNT)
			continue;
		if (which == ALL_CHARGES || in_base(p, (int)i) == (which == IN_BASE))
			add_charge(&out, o, version, (int)i, days);
	}
	if (which != IN_BASE)
		add_foreign(&out, o, version, days);
	add_discounts(&out, p, days);
	return out;
}

struct base base_make(struct arena *a, const struct outcome *o, uint16_t version, struct span month,
		      struct days days)
{
	struct base base = {.month = month, .exact = {0, 1}};

	if (o->in.base_given) {
		base.given = true;
		base.exact = money_exact(o->in.base);
		return base;
	}

	struct lines lines = lines_make(a, o, version, days, IN_BASE);

	base.lines = lines.v;
	base.n_lines = lines.n;
	base.exact = sum_of(&lines);
	return base;
}

static day month_first(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1);
}

struct fraction base_all_charges(struct arena *a, const struct outcome *o, uint16_t version,
				 struct days days)
{
	struct fraction sum = {0, 1};

	/* Month by month, as invoices do, so that discounts round as theirs. */
	for (day first = month_first(days.from); first < days.to;
	     first = day_add_months(first, 1)) {
		struct days month = {later(first, days.from),
				     earlier(day_add_months(first, 1), days.to)};
		struct lines lines = lines_make(a, o, version, month,
						o->in.base_given ? NOT_IN_BASE : ALL_CHARGES);

		sum = fraction_add(sum, sum_of(&lines));
		if (o->in.base_given)
			sum = fraction_add(sum, money_exact(o->in.base));
	}
	return sum;
}

struct fraction base_average_month(struct arena *a, const struct outcome *o, uint16_t version,
				   day first, int64_t *months)
{
	enum { MONTHS_BEFORE = 12 };
	const struct promise *p = promise_of(o, version);
	day start = p->service_start_day != DAY_NONE ? p->service_start_day : p->effective_day;
	day end = p->end != INSTANT_NONE ? zone_day(p->zone, p->end) : INT32_MAX;
	struct fraction sum = {0, 1};

	*months = 0;
	for (int32_t back = MONTHS_BEFORE; back >= 1; back--) {
		struct days month = {day_add_months(first, -back), day_add_months(first, 1 - back)};

		/* Without a known start no month before is known to have been a full one. */
		if (start == DAY_NONE || month.from < start || month.to > end)
			continue;
		sum = fraction_add(sum, base_all_charges(a, o, version, month));
		++*months;
	}
	if (*months > 0)
		return fraction_mul(sum, fraction_of(1, *months));
	return base_all_charges(a, o, version, (struct days){first, day_add_months(first, 1)});
}
