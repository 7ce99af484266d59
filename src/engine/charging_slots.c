/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: a charge through the versions, the days on which it lives (R10, R16, CL-45), and its service periods (R3 to R5, R11). No price
 * and no fact is looked at.
 */
#include "engine/base.h"
#include "engine/charging_parts.h"

#include <assert.h>

/* --- which charges there are --- */

static int charge_of(const struct priced_version *v, struct text id)
{
	return pricing_charge(v->pricing, id);
}

/* A charge of a version, by its place there. */
struct found_charge {
	struct text id;
	size_t version;
	int at;
};

/* The charges of the last version in its order, then those that only earlier ones had. */
static size_t find_charges(struct charging *c, struct found_charge *found)
{
	size_t n = 0;

	for (size_t back = 0; back < c->n_versions; back++) {
		size_t version = c->n_versions - 1 - back;
		const struct promise *p = c->versions[version].pricing->promise;

		for (size_t i = 0; i < p->n_charges; i++) {
			bool seen = false;

			for (size_t v = c->n_versions - back; v < c->n_versions && !seen; v++)
				seen = charge_of(&c->versions[v], p->charges[i].id) >= 0;
			if (!seen)
				found[n++] =
					(struct found_charge){p->charges[i].id, version, (int)i};
		}
	}
	return n;
}

static size_t charges_in_all(const struct charging *c)
{
	size_t n = 0;

	for (size_t v = 0; v < c->n_versions; v++)
		n += c->versions[v].pricing->promise->n_charges;
	return n;
}

const struct priced_charge *slot_charge(const struct charging *c, size_t slot, size_t version)
{
	int i = c->slots[slot].of_version[version];

	return i < 0 ? NULL : &c->versions[version].pricing->charges[i];
}

uint16_t slot_version_on(const struct charging *c, size_t slot, day d)
{
	size_t first = c->n_versions;

	if (first == 1)
		return 0;
	for (size_t v = c->n_versions; v > 0; v--) {
		if (c->slots[slot].of_version[v - 1] < 0)
			continue;
		first = v - 1;
		if (c->versions[v - 1].from <= d)
			break;
	}
	assert(first < c->n_versions && "a slot has a charge in some version");
	return (uint16_t)first;
}

/* The charge on a day, of a version that has it. */
static const struct priced_charge *words_on(const struct charging *c, size_t slot, day d)
{
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, d));

	assert(x != NULL);
	return x;
}

/* The same keys with the same texts: a tree is at most 12 deep (CL-1). */
static bool same_tree(const struct node *x, const struct node *y)
{
	const struct node *a = x->child, *b = y->child;

	if (x->kind != y->kind || !text_eq(x->text, y->text) || x->n != y->n)
		return false;
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!text_eq(a->key, b->key) || !same_tree(a, b))
			return false;
	return a == b;
}

bool slot_same_words(const struct charging *c, size_t slot, size_t version, size_t other)
{
	const struct priced_charge *x = slot_charge(c, slot, version),
				   *y = slot_charge(c, slot, other);

	return x == y || (x != NULL && y != NULL && same_tree(x->node, y->node));
}

/* --- on which days they live --- */

struct segments {
	struct arena *arena;
	struct slot_segment *v;
	size_t n, cap;
};

static void add_segment(struct segments *to, struct days days, uint16_t version)
{
	size_t k = to->n;

	if (days_empty(days))
		return;
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	for (; k > 0 && to->v[k - 1].days.from > days.from; k--)
		to->v[k] = to->v[k - 1];
	to->v[k] = (struct slot_segment){days, version};
	to->n++;
}

/* A `from` before the version took effect: its days that no earlier version billed are its own (R11). */
static void add_early(struct segments *to, struct days days, uint16_t version)
{
	for (size_t i = 0; i < to->n && !days_empty(days); i++) {
		struct days had = to->v[i].days;

		if (had.to <= days.from || had.from >= days.to)
			continue;
		if (had.from > days.from) {
			struct days gap = {days.from, had.from};

			days.from = had.to;
			add_segment(to, gap, version);
			i++;
		} else {
			days.from = had.to;
		}
	}
	add_segment(to, days, version);
}

static void slot_segments(struct charging *c, size_t slot)
{
	struct segments out = {.arena = c->arena};
	struct slot_work *w = &c->work[slot];

	for (size_t v = 0; v < c->n_versions; v++) {
		const struct priced_charge *x = slot_charge(c, slot, v);
		struct days force = {c->versions[v].from, c->versions[v].to}, life;

		if (x == NULL)
			continue;
		life = charge_written_life(c->versions[v].pricing->promise, x->base);
		life.to = earlier_day(life.to, c->stop);
		if (v > 0 && x->base->from != DAY_NONE && life.from < force.from)
			add_early(&out, (struct days){life.from, earlier_day(force.from, life.to)},
				  (uint16_t)v);
		add_segment(&out, days_both(life, force), (uint16_t)v);
	}
	w->segments = out.v;
	w->n_segments = out.n;
	if (out.n > 0)
		w->life = (struct days){out.v[0].days.from, out.v[out.n - 1].days.to};
}

struct days slot_life(const struct charging *c, size_t slot)
{
	return c->work[slot].life;
}

static enum rc check_versions(struct charging *c, struct err *err)
{
	for (size_t v = 1; v < c->n_versions; v++) {
		const struct promise *was = c->versions[v - 1].pricing->promise,
				     *is = c->versions[v].pricing->promise;

		if (!text_eq(text_of(was->currency.code), text_of(is->currency.code)))
			return err_set(err, RC_INVALID,
				       "contract currency cannot change: '%s' to '%s': make a new "
				       "contract",
				       was->currency.code, is->currency.code);
	}
	return RC_OK;
}

static enum rc check_type(const struct charging *c, size_t slot, struct err *err)
{
	const struct priced_charge *first = NULL;

	for (size_t v = 0; v < c->n_versions; v++) {
		const struct priced_charge *x = slot_charge(c, slot, v);

		if (x == NULL)
			continue;
		if (first != NULL && x->base->type != first->base->type)
			return err_set(err, RC_INVALID,
				       "charge changes its type: '%.*s': give the new one another "
				       "id",
				       TEXT_ARG(c->slots[slot].id));
		first = x;
	}
	return RC_OK;
}

enum rc slots_make(struct charging *c, struct err *err)
{
	struct found_charge *found = arena_array(c->arena, struct found_charge, charges_in_all(c));
	size_t n = find_charges(c, found);
	struct charge_slot *slots = arena_array(c->arena, struct charge_slot, n);
	enum rc rc = check_versions(c, err);

	if (rc != RC_OK)
		return rc;
	c->slots = slots;
	c->n_slots = n;
	c->work = arena_array(c->arena, struct slot_work, n);
	for (size_t s = 0; s < n; s++) {
		int *of = arena_array(c->arena, int, c->n_versions);

		for (size_t v = 0; v < c->n_versions; v++)
			of[v] = v == found[s].version ? found[s].at
						      : charge_of(&c->versions[v], found[s].id);
		slots[s] = (struct charge_slot){found[s].id, of};
		rc = check_type(c, s, err);
		if (rc != RC_OK)
			return rc;
		slot_segments(c, s);
	}
	return RC_OK;
}

/* --- service periods --- */

/* The edges of a charge's periods (R3, R4); a month if it names no period. */
static struct grid grid_in(const struct charging *c, size_t slot, size_t version)
{
	const struct priced_charge *x = slot_charge(c, slot, version);
	struct duration month = {.n = 1, .unit = UNIT_MO};

	assert(x != NULL);
	return grid_of(x->base->period_set ? x->base->period : month, !x->base->anchor_anniversary,
		       charge_written_life(c->versions[version].pricing->promise, x->base).from);
}

static bool same_grid(struct grid x, struct grid y)
{
	return x.anchor == y.anchor && x.months == y.months && x.days == y.days;
}

/* The stretches of days on which the slot lives under any words. */
static size_t slot_spans(const struct charging *c, size_t slot, struct days **out)
{
	const struct slot_work *w = &c->work[slot];
	struct days *v = arena_array(c->arena, struct days, w->n_segments);
	size_t n = 0;

	for (size_t i = 0; i < w->n_segments; i++) {
		struct days d = w->segments[i].days;

		if (n > 0 && v[n - 1].to == d.from)
			v[n - 1].to = d.to;
		else
			v[n++] = d;
	}
	*out = v;
	return n;
}

struct periods {
	struct arena *arena;
	struct service_period *v;
	size_t n, cap;
};

static void add_periods(struct periods *to, struct service_periods all, day before)
{
	for (size_t i = 0; i < all.n; i++) {
		size_t k = to->n;

		if (all.v[i].own.from >= before)
			continue;
		to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
		for (; k > 0 && to->v[k - 1].own.from > all.v[i].own.from; k--)
			to->v[k] = to->v[k - 1];
		to->v[k] = all.v[i];
		to->n++;
	}
}

/* The first day that the words of some versions bill. */
static day era_from(const struct slot_work *w, size_t first, size_t end)
{
	day from = INT32_MAX;

	for (size_t i = 0; i < w->n_segments; i++)
		if (w->segments[i].version >= first && w->segments[i].version < end)
			from = earlier_day(from, w->segments[i].days.from);
	return from;
}

/* R11: a version that moves the anchor bills with its grid what no period begun before it covers. */
static struct service_periods moved_periods(struct charging *c, size_t slot, day end)
{
	struct periods out = {.arena = c->arena};
	struct days *spans = NULL, *covered;
	size_t n_spans = slot_spans(c, slot, &spans), v = 0;

	while (v < c->n_versions && c->slots[slot].of_version[v] < 0)
		v++;
	while (v < c->n_versions) {
		struct grid grid = grid_in(c, slot, v);
		size_t next = v + 1, n_covered = out.n;

		while (next < c->n_versions && (c->slots[slot].of_version[next] < 0 ||
						same_grid(grid, grid_in(c, slot, next))))
			next++;
		covered = arena_array(c->arena, struct days, n_covered);
		for (size_t i = 0; i < n_covered; i++)
			covered[i] = out.v[i].own;

		day before = next < c->n_versions ? earlier_day(c->versions[next].from, end) : end;
		struct days era = {era_from(&c->work[slot], v, next), INT32_MAX},
			    within = {INT32_MIN, before};

		for (size_t i = 0; i < n_spans; i++)
			add_periods(&out,
				    periods_not_covered(c->arena, &grid, days_both(spans[i], era),
							within, covered, n_covered),
				    before);
		v = next;
	}
	return (struct service_periods){out.v, out.n};
}

static bool anchor_moves(const struct charging *c, size_t slot)
{
	const struct slot_work *w = &c->work[slot];
	struct grid first = grid_in(c, slot, w->segments[0].version);

	for (size_t i = 1; i < w->n_segments; i++)
		if (!same_grid(first, grid_in(c, slot, w->segments[i].version)))
			return true;
	return false;
}

struct service_periods slot_periods(struct charging *c, size_t slot, struct days within)
{
	const struct slot_work *w = &c->work[slot];
	struct service_periods all;
	struct periods out = {.arena = c->arena};
	struct days *spans = NULL;

	if (w->n_segments == 0)
		return (struct service_periods){NULL, 0};
	if (anchor_moves(c, slot)) {
		all = moved_periods(c, slot, within.to);
		for (size_t i = 0; i < all.n; i++)
			if (all.v[i].own.to > within.from)
				add_periods(&out, (struct service_periods){&all.v[i], 1},
					    INT32_MAX);
		return (struct service_periods){out.v, out.n};
	}

	struct grid grid = grid_in(c, slot, w->segments[0].version);
	size_t n = slot_spans(c, slot, &spans);

	if (n == 1)
		return periods_of(c->arena, &grid, spans[0], within);
	for (size_t i = 0; i < n; i++)
		add_periods(&out, periods_of(c->arena, &grid, spans[i], within), INT32_MAX);
	return (struct service_periods){out.v, out.n};
}

day item_due(const struct charging *c, size_t slot, struct days service)
{
	const struct priced_charge *x = words_on(c, slot, service.from);

	return x->advance ? service.from : service.to;
}

struct service_periods slot_due(struct charging *c, size_t slot, bool interim)
{
	struct days asked = {c->since > 0 ? c->since - 1 : INT32_MIN,
			     c->on == INT32_MAX ? c->on : c->on + 1};
	struct service_periods all = slot_periods(c, slot, asked);
	size_t first = 0, n = all.n;

	/* both edges rise with the periods, so those that are due are a stretch of them */
	while (first < n && item_due(c, slot, all.v[first].own) < c->since)
		first++;
	while (n > first && item_due(c, slot, all.v[n - 1].own) > c->on && !interim)
		n--;
	return (struct service_periods){all.v == NULL ? NULL : all.v + first, n - first};
}

struct weight slot_weight(const struct charging *c, size_t slot, struct days own, struct days full)
{
	const struct priced_charge *x = words_on(c, slot, own.from);
	struct grid grid = {.anchor = full.from, .days = full.to - full.from};

	/* Only how many months a full period has matters to a weight, not where the grid is anchored. */
	if (x->day_count == DAY_COUNT_30)
		grid = grid_in(c, slot, slot_version_on(c, slot, own.from));
	return days_weight(&grid, own, full, x->day_count);
}

/* --- prices on days --- */

size_t slot_prices(const struct charging *c, size_t slot, struct days days,
		   const struct price_piece **out)
{
	const struct price_piece *all = c->prices[slot];
	size_t first = 0, end;

	while (first < c->n_prices[slot] && all[first].days.to <= days.from)
		first++;
	for (end = first; end < c->n_prices[slot] && all[end].days.from < days.to;)
		end++;

	struct price_piece *v = arena_array(c->arena, struct price_piece, end - first);

	for (size_t i = first; i < end; i++) {
		v[i - first] = all[i];
		v[i - first].days = days_both(all[i].days, days);
	}
	*out = v;
	return end - first;
}
