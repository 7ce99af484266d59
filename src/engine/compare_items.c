/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a difference rests on: the shares of clocks, outages and windows (the rules stand in compare.h), gathered by subject and
 * ranked.
 */
#include "engine/compare_parts.h"

#include "engine/shares.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct gathering {
	struct comparing *c;
	const struct symbols *symbols;
	size_t most;
	struct compared_part *parts; /* those that count, by window */
	size_t n, cap;
	struct compared_part *few; /* the most changed of those with nothing but another time */
	size_t n_few;
	uint32_t *mark; /* by clock after: 1: in the window at hand */
	int64_t *own
		[SIDES]; /* by clock: credits of the window at hand that are its own, minor units */
};

static struct money zero(const struct gathering *g)
{
	return (struct money){0, g->c->out->currency};
}

static int64_t apart(int64_t x, int64_t y)
{
	return x > y ? x - y : y - x;
}

static bool part_verdict(const struct compared_part *p)
{
	return (p->state[BEFORE] == PART_LATE) != (p->state[AFTER] == PART_LATE);
}

/* --- order by start, then id --- */

struct place {
	instant start;
	struct text id;
	uint32_t cycle;
	size_t at;
};

static int by_place(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (!text_eq(a->id, b->id))
		return text_cmp(a->id, b->id);
	if (a->cycle != b->cycle)
		return a->cycle < b->cycle ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static const struct clock *clock_at(const struct gathering *g, const struct compared_part *p)
{
	enum side s = p->clock[AFTER] != NO_INDEX ? AFTER : BEFORE;

	return p->clock[s] == NO_INDEX ? NULL : &g->c->of[s]->clocks[p->clock[s]];
}

static struct place *places_of(const struct gathering *g, size_t from, size_t n)
{
	struct place *v = arena_array(g->c->arena, struct place, n);

	for (size_t i = 0; i < n; i++) {
		const struct compared_part *p = &g->parts[from + i];
		const struct clock *clock = clock_at(g, p);

		v[i] = (struct place){p->start, symbol_text(g->symbols, p->subject),
				      clock != NULL ? clock->cycle : 0, from + i};
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_place);
	return v;
}

static struct compared_part *part_add(struct gathering *g, const struct compared_part *p)
{
	g->parts = arena_grow(g->c->arena, g->parts, g->n, &g->cap, sizeof(*g->parts));
	g->parts[g->n] = *p;
	return &g->parts[g->n++];
}

/* --- those with nothing but another time --- */

static bool more_changed(const struct gathering *g, const struct compared_part *x,
			 const struct compared_part *y)
{
	int64_t a = apart(x->time_ms[BEFORE], x->time_ms[AFTER]),
		b = apart(y->time_ms[BEFORE], y->time_ms[AFTER]);

	if (a != b)
		return a > b;
	if (x->start != y->start)
		return x->start < y->start;
	return text_cmp(symbol_text(g->symbols, x->subject), symbol_text(g->symbols, y->subject)) <
	       0;
}

static void offer_few(struct gathering *g, const struct compared_part *p)
{
	size_t at = g->n_few;

	if (p->time_ms[BEFORE] == p->time_ms[AFTER])
		return;
	if (at == g->most) {
		if (!more_changed(g, p, &g->few[at - 1]))
			return;
		at--;
	} else {
		g->n_few++;
	}
	for (; at > 0 && more_changed(g, p, &g->few[at - 1]); at--)
		g->few[at] = g->few[at - 1];
	g->few[at] = *p;
}

/* --- clocks of a window --- */

static void set_own(struct gathering *g, const struct compared_window *w, bool set)
{
	for (size_t s = BEFORE; s < SIDES; s++) {
		const struct credits_of *list = &g->c->credits[s];
		const struct outcome *o = g->c->of[s];

		if (w->of[s] == NO_INDEX)
			continue;
		for (uint32_t i = list->first[w->of[s]]; i < list->first[w->of[s] + 1]; i++) {
			const struct credit *x = &o->credits[list->v[i]];

			if (x->clock == NO_INDEX)
				continue;
			if (g->own[s] == NULL)
				g->own[s] = arena_array(g->c->arena, int64_t, o->n_clocks);
			g->own[s][x->clock] = set ? g->own[s][x->clock] + x->amount.minor : 0;
		}
	}
}

static int64_t own_of(const struct gathering *g, enum side s, uint32_t clock)
{
	return clock == NO_INDEX || g->own[s] == NULL ? 0 : g->own[s][clock];
}

static void set_side(const struct gathering *g, const struct compared_window *w, enum side s,
		     uint32_t clock, bool inside, struct compared_part *p)
{
	const struct clock *x;

	p->clock[s] = clock;
	p->state[s] = PART_ABSENT;
	if (clock == NO_INDEX)
		return;
	x = &g->c->of[s]->clocks[clock];
	p->subject = x->subject;
	p->start = x->start;
	p->time_ms[s] = x->used_ms;
	if (!inside)
		return;
	if (compared_metric_of(g->c, s, compared_side(g->c, w, s))->kind != METRIC_ELAPSED)
		p->state[s] = PART_VALUE;
	else
		p->state[s] = compared_is_late(x) ? PART_LATE : PART_IN_TIME;
}

/* Has the clock a part in what the window's other credits differ by? */
static bool part_differs(const struct compared_part *p)
{
	if (p->state[BEFORE] != p->state[AFTER])
		return true;
	return p->state[AFTER] == PART_VALUE && p->time_ms[BEFORE] != p->time_ms[AFTER];
}

/* One clock of the window: before, after or on both sides; whichever is not in it may count elsewhere. */
static void compare_clock(struct gathering *g, size_t window, uint32_t before, bool in_before,
			  uint32_t after, bool in_after)
{
	const struct compared_window *w = &g->c->out->windows[window];
	struct compared_part p = {.window = (uint32_t)window, .share = zero(g)};

	set_side(g, w, BEFORE, before, in_before, &p);
	set_side(g, w, AFTER, after, in_after, &p);
	p.share.minor = (in_after ? own_of(g, AFTER, after) : 0) -
			(in_before ? own_of(g, BEFORE, before) : 0);
	if (part_differs(&p) || p.share.minor != 0)
		(void)part_add(g, &p);
	else
		offer_few(g, &p);
}

static void compare_clocks_of(struct gathering *g, size_t window)
{
	const struct compared_window *w = &g->c->out->windows[window];
	const struct window_result *x = compared_side(g->c, w, BEFORE),
				   *y = compared_side(g->c, w, AFTER);

	for (size_t i = 0; y != NULL && i < y->n_clocks; i++)
		g->mark[y->clocks[i]] = 1;
	for (size_t i = 0; x != NULL && i < x->n_clocks; i++) {
		uint32_t before = x->clocks[i], after = g->c->pair[BEFORE][before];
		bool both = after != NO_INDEX && g->mark[after] == 1;

		if (both)
			g->mark[after] = 0;
		compare_clock(g, window, before, true, after, both);
	}
	for (size_t i = 0; y != NULL && i < y->n_clocks; i++) {
		if (g->mark[y->clocks[i]] == 0)
			continue;
		g->mark[y->clocks[i]] = 0;
		compare_clock(g, window, g->c->pair[AFTER][y->clocks[i]], false, y->clocks[i],
			      true);
	}
}

/* Rules 2 and 3 of compare.h for the parts from there on; returns what nobody of them takes. */
static struct money share_among_clocks(struct gathering *g, size_t from, struct money difference)
{
	size_t n = g->n - from, takers = 0, place = 0;
	struct money left = difference;

	for (size_t i = from; i < g->n; i++) {
		left = money_sub(left, g->parts[i].share);
		takers += part_differs(&g->parts[i]);
	}
	if (left.minor == 0 || takers == 0)
		return left;

	const struct place *places = places_of(g, from, n);

	for (size_t i = 0; i < n; i++) {
		struct compared_part *p = &g->parts[places[i].at];

		if (part_differs(p))
			p->share = money_add(p->share, equal_share(left, takers, place++));
	}
	return zero(g);
}

/* Of a mean whose credits are the same, clocks have nothing but another time. */
static void drop_idle(struct gathering *g, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < g->n; i++) {
		const struct compared_part *p = &g->parts[i];
		bool value = p->state[BEFORE] == PART_VALUE || p->state[AFTER] == PART_VALUE;

		if (value && p->share.minor == 0)
			offer_few(g, p);
		else
			g->parts[n++] = *p;
	}
	g->n = n;
}

/* --- outages of a window --- */

struct named_outage {
	const struct raw_outage *outage;
	symbol id;
};

static int by_id(const void *x, const void *y)
{
	const struct named_outage *a = x, *b = y;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->outage->span.from != b->outage->span.from)
		return a->outage->span.from < b->outage->span.from ? -1 : 1;
	return (a->outage->span.to > b->outage->span.to) -
	       (a->outage->span.to < b->outage->span.to);
}

static void name_outages(const struct gathering *g, const struct availability *av,
			 struct named_outage *v, size_t *n)
{
	const struct facts *facts = g->c->of[AFTER]->in.facts;

	for (size_t i = 0; i < av->n_outages; i++) {
		const struct raw_outage *x = &av->outages[i];
		symbol id = 0;

		if (x->began_fact != NO_FACT)
			id = facts->v[x->began_fact].kind == FACT_OUTAGE_BEGAN
				     ? facts->v[x->began_fact].subject
				     : facts->v[x->began_fact].id;
		v[(*n)++] = (struct named_outage){x, id};
	}
}

/* Also those of the members of a mean (sla.md R46), each alone. */
static struct named_outage *outages_by_id(const struct gathering *g, const struct window_result *w,
					  size_t *n)
{
	const struct availability *av = w == NULL ? NULL : w->availability;
	size_t most = av == NULL ? 0 : av->n_outages;

	for (size_t i = 0; av != NULL && i < av->n_members; i++)
		most += av->members[i].n_outages;

	struct named_outage *v = arena_array(g->c->arena, struct named_outage, most);

	*n = 0;
	if (av != NULL) {
		name_outages(g, av, v, n);
		for (size_t i = 0; i < av->n_members; i++)
			name_outages(g, &av->members[i], v, n);
	}
	if (*n > 0)
		qsort(v, *n, sizeof(*v), by_id);
	return v;
}

static void add_outage(struct gathering *g, size_t window, const struct named_outage *before,
		       const struct named_outage *after)
{
	const struct named_outage *one = after != NULL ? after : before;
	struct compared_part p = {.window = (uint32_t)window,
				  .clock = {NO_INDEX, NO_INDEX},
				  .outage = {before != NULL ? before->outage : NULL,
					     after != NULL ? after->outage : NULL},
				  .share = zero(g)};

	assert(one != NULL);
	p.subject = one->id;
	p.start = one->outage->span.from;
	for (size_t s = BEFORE; s < SIDES; s++)
		if (p.outage[s] != NULL)
			p.time_ms[s] = p.outage[s]->counted_ms;
	(void)part_add(g, &p);
}

static void pair_outages(struct gathering *g, size_t window)
{
	const struct compared_window *w = &g->c->out->windows[window];
	size_t n, m, i = 0, k = 0;
	const struct named_outage *x = outages_by_id(g, compared_side(g->c, w, BEFORE), &n),
				  *y = outages_by_id(g, compared_side(g->c, w, AFTER), &m);

	while (i < n || k < m) {
		bool left = k == m || (i < n && x[i].id <= y[k].id),
		     right = i == n || (k < m && y[k].id <= x[i].id);

		add_outage(g, window, left ? &x[i] : NULL, right ? &y[k] : NULL);
		i += left;
		k += right;
	}
}

/* Rule 4: by the change of counted time, else by the time. false: nothing was counted. */
static bool outage_weights(const struct gathering *g, const struct place *places, size_t n,
			   struct fraction *weights)
{
	int64_t changed = 0, counted = 0;

	for (size_t i = 0; i < n; i++) {
		const struct compared_part *p = &g->parts[places[i].at];

		changed += apart(p->time_ms[BEFORE], p->time_ms[AFTER]);
		counted += p->time_ms[BEFORE] + p->time_ms[AFTER];
	}
	for (size_t i = 0; i < n; i++) {
		const struct compared_part *p = &g->parts[places[i].at];

		weights[i] = fraction_of(changed > 0 ? apart(p->time_ms[BEFORE], p->time_ms[AFTER])
						     : p->time_ms[BEFORE] + p->time_ms[AFTER],
					 1);
	}
	return counted > 0;
}

/* Returns what no outage takes. Outages without a share stay only if their time differs. */
static struct money share_among_outages(struct gathering *g, size_t window, struct money left)
{
	size_t from = g->n, n, kept = from;
	struct fraction *weights;
	struct money *shares;
	const struct place *places;

	pair_outages(g, window);
	n = g->n - from;
	weights = arena_array(g->c->arena, struct fraction, n);
	shares = arena_array(g->c->arena, struct money, n);
	places = places_of(g, from, n);
	if (outage_weights(g, places, n, weights) && left.minor != 0) {
		money_allocate(left, weights, n, shares);
		for (size_t i = 0; i < n; i++)
			g->parts[places[i].at].share = shares[i];
		left = zero(g);
	}
	for (size_t i = from; i < g->n; i++) {
		struct compared_part p = g->parts[i];

		if (p.share.minor != 0 || p.time_ms[BEFORE] != p.time_ms[AFTER])
			g->parts[kept++] = p;
	}
	g->n = kept;
	return left;
}

/* --- the window itself --- */

static bool verdict_differs(const struct gathering *g, const struct compared_window *w)
{
	const struct window_result *x = compared_side(g->c, w, BEFORE),
				   *y = compared_side(g->c, w, AFTER);

	return (x != NULL && x->verdict == VERDICT_MISSED) !=
	       (y != NULL && y->verdict == VERDICT_MISSED);
}

static void add_itself(struct gathering *g, size_t window, struct money share)
{
	const struct compared_window *w = &g->c->out->windows[window];
	struct compared_part p = {.window = (uint32_t)window,
				  .clock = {NO_INDEX, NO_INDEX},
				  .share = share,
				  .start = w->window.from};

	(void)part_add(g, &p);
}

static void gather_window(struct gathering *g, size_t window)
{
	const struct compared_window *w = &g->c->out->windows[window];
	struct money left = money_sub(w->tally[AFTER].credit, w->tally[BEFORE].credit);
	size_t from = g->n;

	set_own(g, w, true);
	compare_clocks_of(g, window);
	set_own(g, w, false);
	left = share_among_clocks(g, from, left);
	drop_idle(g, from);
	if (g->n == from)
		left = share_among_outages(g, window, left);
	if (left.minor != 0 || (g->n == from && verdict_differs(g, w)))
		add_itself(g, window, left);
}

/* --- by subject --- */

static enum item_kind kind_of(const struct compared_part *p)
{
	if (p->outage[BEFORE] != NULL || p->outage[AFTER] != NULL)
		return ITEM_OUTAGE;
	return p->clock[BEFORE] != NO_INDEX || p->clock[AFTER] != NO_INDEX ? ITEM_CASE
									   : ITEM_WINDOW;
}

/* Subjects by kind and symbol, windows each by itself. */
struct keyed {
	uint64_t key;
	size_t part;
};

static uint64_t key_of(const struct compared_part *p)
{
	enum item_kind kind = kind_of(p);

	return (uint64_t)kind << 32 | (kind == ITEM_WINDOW ? p->window : p->subject);
}

static int by_key(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->part > b->part) - (a->part < b->part);
}

/* An item with where its parts are, until they are known to be shown. */
struct ranked {
	struct compared_item item;
	struct text id;
	size_t from, to; /* of keyed */
};

/* Ranked higher? As compare.h says. */
static bool ranks_before(const struct ranked *x, const struct ranked *y)
{
	int64_t a = apart(x->item.share.minor, 0), b = apart(y->item.share.minor, 0);

	if (a != b)
		return a > b;
	if (a == 0 && x->item.verdict != y->item.verdict)
		return x->item.verdict;
	if (a == 0 && x->item.change_ms != y->item.change_ms)
		return x->item.change_ms > y->item.change_ms;
	if (x->item.start != y->item.start)
		return x->item.start < y->item.start;
	return text_cmp(x->id, y->id) < 0;
}

static void rank(struct ranked *top, size_t *n, size_t most, const struct ranked *x)
{
	size_t at = *n;

	if (at == most) {
		if (!ranks_before(x, &top[at - 1]))
			return;
		at--;
	} else {
		(*n)++;
	}
	for (; at > 0 && ranks_before(x, &top[at - 1]); at--)
		top[at] = top[at - 1];
	top[at] = *x;
}

static struct ranked item_of(const struct gathering *g, const struct keyed *v, size_t from,
			     size_t to)
{
	const struct compared_part *first = &g->parts[v[from].part];
	const struct compared_window *w = &g->c->out->windows[first->window];
	struct ranked x = {.item = {.kind = kind_of(first),
				    .subject = first->subject,
				    .start = first->start,
				    .share = zero(g)},
			   .from = from,
			   .to = to};

	for (size_t i = from; i < to; i++) {
		const struct compared_part *p = &g->parts[v[i].part];

		x.item.share = money_add(x.item.share, p->share);
		x.item.change_ms += apart(p->time_ms[BEFORE], p->time_ms[AFTER]);
		x.item.start = p->start < x.item.start ? p->start : x.item.start;
		x.item.verdict |= x.item.kind == ITEM_CASE
					  ? part_verdict(p)
					  : verdict_differs(g, &g->c->out->windows[p->window]);
	}
	x.id = x.item.kind == ITEM_WINDOW ? g->c->out->metrics[w->metric].id
					  : symbol_text(g->symbols, x.item.subject);
	return x;
}

static struct keyed *keyed_parts(const struct gathering *g)
{
	struct keyed *v = arena_array(g->c->arena, struct keyed, g->n);

	for (size_t i = 0; i < g->n; i++)
		v[i] = (struct keyed){key_of(&g->parts[i]), i};
	if (g->n > 0)
		qsort(v, g->n, sizeof(*v), by_key);
	return v;
}

/* Where there is room, those with nothing but another time. */
static void add_few(const struct gathering *g, struct compared_item *items, size_t *n)
{
	size_t ranked = *n;

	for (size_t i = 0; i < g->n_few && *n < g->most; i++) {
		const struct compared_part *p = &g->few[i];
		bool known = false;

		for (size_t k = 0; k < *n && !known; k++)
			known = items[k].kind == ITEM_CASE && items[k].subject == p->subject;
		if (known)
			continue;

		struct compared_part *copy = arena_one(g->c->arena, struct compared_part);

		*copy = *p;
		items[(*n)++] = (struct compared_item){
			.kind = ITEM_CASE,
			.subject = p->subject,
			.start = p->start,
			.share = zero(g),
			.change_ms = apart(p->time_ms[BEFORE], p->time_ms[AFTER]),
			.parts = copy,
			.n_parts = 1};
	}
	assert(*n >= ranked);
}

static void rank_items(const struct gathering *g)
{
	struct comparison *out = g->c->out;
	struct keyed *v = keyed_parts(g);
	struct ranked *top = arena_array(g->c->arena, struct ranked, g->most);
	struct compared_item *items = arena_array(g->c->arena, struct compared_item, g->most);
	size_t n = 0;

	out->rest = out->difference;
	for (size_t from = 0, to; from < g->n; from = to) {
		struct ranked x;

		for (to = from + 1; to < g->n && v[to].key == v[from].key; to++)
			;
		x = item_of(g, v, from, to);
		rank(top, &n, g->most, &x);
		out->n_all_items++;
	}
	for (size_t i = 0; i < n; i++) {
		size_t n_parts = top[i].to - top[i].from;
		struct compared_part *parts =
			arena_array(g->c->arena, struct compared_part, n_parts);

		for (size_t k = 0; k < n_parts; k++)
			parts[k] = g->parts[v[top[i].from + k].part];
		items[i] = top[i].item;
		items[i].parts = parts;
		items[i].n_parts = n_parts;
		out->rest = money_sub(out->rest, items[i].share);
	}
	add_few(g, items, &n);
	out->items = items;
	out->n_items = n;
}

void compare_items(struct comparing *c, size_t most)
{
	struct gathering g = {.c = c, .symbols = c->of[AFTER]->in.facts->symbols, .most = most};
	struct money sum = {0, c->out->currency};

	g.few = arena_array(c->arena, struct compared_part, most);
	g.mark = arena_array(c->arena, uint32_t, c->of[AFTER]->n_clocks);
	for (size_t i = 0; i < c->out->n_windows; i++)
		gather_window(&g, i);
	for (size_t i = 0; i < g.n; i++)
		sum = money_add(sum, g.parts[i].share);
	assert(sum.minor == c->out->difference.minor);
	rank_items(&g);
	c->out->parts = g.parts;
	c->out->n_parts = g.n;
}
