/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/units.h"

#include "base/sort.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- a set of units --- */

struct member {
	symbol unit;
	uint32_t
		list; /* the last list that had it; a unit that came since has that list's number, too */
	bool here, was; /* now; when the roll was last told */
};

/* A unit came or went. */
struct toggle {
	day on;
	symbol unit;
	bool here;
};

struct toggles {
	struct toggle *v;
	size_t n, cap;
};

struct members {
	struct arena *arena;
	struct member *v; /* open addressing; unit 0: empty */
	size_t n, size;   /* size: a power of two */
	int64_t here;
	uint32_t list;
	struct toggles *told; /* NULL: nobody asks */
	day on;               /* of the event that is taken */
};

static size_t place_in(const struct members *m, symbol unit)
{
	const uint64_t mix = 0x9E3779B1;
	size_t at = (size_t)((unit * mix) >> 16) & (m->size - 1);

	while (m->v[at].unit != 0 && m->v[at].unit != unit)
		at = (at + 1) & (m->size - 1);
	return at;
}

static struct member *member_of(struct members *m, symbol unit)
{
	enum { FIRST = 64 };

	if (2 * (m->n + 1) > m->size) {
		struct member *old = m->v;
		size_t n = m->size;

		m->size = n == 0 ? FIRST : 2 * n;
		m->v = arena_array(m->arena, struct member, m->size);
		for (size_t i = 0; i < n; i++)
			if (old[i].unit != 0)
				m->v[place_in(m, old[i].unit)] = old[i];
	}

	struct member *x = &m->v[place_in(m, unit)];

	if (x->unit == 0) {
		x->unit = unit;
		m->n++;
	}
	return x;
}

static void set_here(struct members *m, struct member *x, bool here)
{
	struct toggles *t = m->told;

	if (x->here == here)
		return;
	m->here += here ? 1 : -1;
	x->here = here;
	if (t == NULL)
		return;
	t->v = arena_grow(m->arena, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n++] = (struct toggle){m->on, x->unit, here};
}

static enum rc listed_twice(const struct charging *c, symbol unit, day on, struct err *err)
{
	struct civil d = civil_of(on);

	return err_set(err, RC_INVALID, "unit listed twice: '%.*s' in list of %04d-%02d-%02d",
		       TEXT_ARG(symbol_text(c->view->facts->symbols, unit)), (int)d.year,
		       (int)d.month, (int)d.mday);
}

/* R23: a list says who is there, and so who is not. */
static enum rc take_list(const struct charging *c, struct members *m, const struct unit_event *e,
			 struct err *err)
{
	m->list++;
	for (size_t i = 0; i < e->n_facts; i++) {
		const struct fact *f = view_fact(c->view, e->facts[i]);

		for (size_t k = 0; k < f->n_values; k++) {
			struct member *x;

			if (f->values[k].field != FIELD_UNITS || f->values[k].word == 0)
				continue;
			x = member_of(m, f->values[k].word);
			if (x->list == m->list)
				return listed_twice(c, x->unit, e->on, err);
			x->list = m->list;
			set_here(m, x, true);
		}
	}
	for (size_t i = 0; i < m->size; i++)
		if (m->v[i].here && m->v[i].list != m->list)
			set_here(m, &m->v[i], false);
	return RC_OK;
}

static enum rc take_event(const struct charging *c, struct members *m, const struct unit_event *e,
			  struct err *err)
{
	struct member *x;

	m->on = e->on;
	if (e->kind == UNITS_ARE)
		return take_list(c, m, e, err);
	x = member_of(m, view_fact(c->view, e->facts[0])->subject);
	set_here(m, x, e->kind == UNIT_COMES);
	return RC_OK;
}

/* --- lists, comings and goings in order --- */

static bool is_client(const struct charging *c, uint32_t i)
{
	return view_fact(c->view, i)->party == PARTY_CLIENT;
}

struct event_list {
	struct unit_event *v;
	size_t n, cap;
};

static void add_event(struct charging *c, struct event_list *to, enum unit_event_kind kind,
		      const uint32_t *facts, size_t n)
{
	to->v = arena_grow(c->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct unit_event){kind, fact_day(c, facts[n - 1]), facts, n};
}

/* The parts of a list up to and with run.v[i], if that completes it; n 0: parts are missing. */
static size_t list_parts(struct charging *c, struct fact_run run, size_t i, bool client,
			 const uint32_t **out)
{
	const struct fact *last = view_fact(c->view, run.v[i]);
	int64_t parts = fact_number(last, FIELD_PART_COUNT, 1), n = 0;
	uint32_t *v;

	if (parts <= 1) {
		*out = &run.v[i];
		return 1;
	}
	v = arena_array(c->arena, uint32_t, i + 1);
	for (size_t k = 0; k <= i; k++) {
		const struct fact *f = view_fact(c->view, run.v[k]);

		if (f->subject == last->subject && is_client(c, run.v[k]) == client)
			v[n++] = run.v[k];
	}
	*out = v;
	return n == parts ? (size_t)n : 0;
}

/* The three kinds merged in R15's order; each run is in it already. */
static struct event_list events_of(struct charging *c, struct text list, bool client)
{
	static const enum fact_kind kinds[] = {FACT_UNITS_LISTED, FACT_UNIT_ADDED,
					       FACT_UNIT_REMOVED};
	struct fact_run runs[ARRAY_SIZE(kinds)];
	size_t at[ARRAY_SIZE(kinds)] = {0};
	struct event_list out = {NULL, 0, 0};

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		runs[k] = charging_facts(c, kinds[k], list);
	for (;;) {
		size_t first = ARRAY_SIZE(kinds);

		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			while (at[k] < runs[k].n && is_client(c, runs[k].v[at[k]]) != client)
				at[k]++;
			if (at[k] < runs[k].n &&
			    (first == ARRAY_SIZE(kinds) ||
			     fact_order(view_fact(c->view, runs[k].v[at[k]]),
					view_fact(c->view, runs[first].v[at[first]])) < 0))
				first = k;
		}
		if (first == ARRAY_SIZE(kinds))
			return out;

		size_t i = at[first]++;
		const uint32_t *facts = &runs[first].v[i];
		size_t n = first == 0 ? list_parts(c, runs[0], i, client, &facts) : 1;

		if (n > 0)
			add_event(c, &out,
				  first == 0   ? UNITS_ARE
				  : first == 1 ? UNIT_COMES
					       : UNIT_GOES,
				  facts, n);
	}
}

static void add_step(struct charging *c, struct unit_counts *u, size_t *cap, day from, int64_t n)
{
	struct unit_step *last = u->n_steps == 0 ? NULL : &u->steps[u->n_steps - 1];

	/* the day of a change belongs to the new state (R16) */
	if (last != NULL && last->from == from) {
		last->n = n;
		return;
	}
	u->steps = arena_grow(c->arena, u->steps, u->n_steps, cap, sizeof(*u->steps));
	u->steps[u->n_steps++] = (struct unit_step){from, n};
}

static enum rc count_events(struct charging *c, struct text list, bool client,
			    struct unit_counts *out, struct err *err)
{
	struct event_list events = events_of(c, list, client);
	struct members m = {.arena = c->arena};
	size_t cap = 0;

	*out = (struct unit_counts){.events = events.v, .n_events = events.n};
	for (size_t i = 0; i < events.n; i++) {
		enum rc rc = take_event(c, &m, &events.v[i], err);

		if (rc != RC_OK)
			return rc;
		add_step(c, out, &cap, events.v[i].on, m.here);
	}
	return RC_OK;
}

enum rc units_counted(struct charging *c, struct text list, struct unit_counts *out,
		      struct unit_counts *other, struct err *err)
{
	enum rc rc = count_events(c, list, false, out, err);

	*other = (struct unit_counts){.n_steps = 0};
	if (rc != RC_OK)
		return rc;
	if (out->n_events == 0)
		return count_events(c, list, true, out, err);
	return count_events(c, list, true, other, err);
}

/* --- orders --- */

struct order_change {
	day on;
	struct decimal n; /* negative: cancelled */
};

struct order_changes {
	struct order_change *v;
	size_t n, cap;
	uint8_t scale;
};

static struct decimal quantity_of(const struct fact *f)
{
	const struct fact_value *v = fact_value(f, FIELD_QUANTITY);

	return v == NULL ? (struct decimal){0, 0} : (struct decimal){v->number, (uint8_t)v->scale};
}

static void add_order_change(struct charging *c, struct order_changes *to, day on, struct decimal n)
{
	size_t k = to->n;

	to->v = arena_grow(c->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	for (; k > 0 && to->v[k - 1].on > on; k--)
		to->v[k] = to->v[k - 1];
	to->v[k] = (struct order_change){on, n};
	to->n++;
	if (n.scale > to->scale)
		to->scale = n.scale;
}

/* Cancelled in part or, without a quantity, in whole; never more than was ordered. */
static bool add_cancellations(struct charging *c, struct order_changes *to, const struct fact *f,
			      struct decimal ordered)
{
	struct fact_run run = charging_facts(c, FACT_ORDER_CANCELLED,
					     symbol_text(c->view->facts->symbols, f->subject));
	struct fraction left = fraction_of_decimal(ordered);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *x = view_fact(c->view, run.v[i]);
		struct decimal n = quantity_of(x), rest = {0, 0};

		if (!fraction_try_round(left, 9, ROUND_DOWN, &rest))
			return false;
		if (fact_value(x, FIELD_QUANTITY) == NULL || decimal_cmp(n, rest) > 0)
			n = rest;
		if (!fraction_try_sub(left, fraction_of_decimal(n), &left))
			return false;
		n.units = -n.units;
		while (n.scale > 0 && n.units % 10 == 0) {
			n.units /= 10;
			n.scale--;
		}
		add_order_change(c, to, later_day(fact_day(c, run.v[i]), fact_day(c, f->order)), n);
	}
	return true;
}

static bool scaled_to(struct decimal d, uint8_t scale, int64_t *out)
{
	int64_t units = d.units;

	for (unsigned s = d.scale; s < scale; s++)
		if (__builtin_mul_overflow(units, 10, &units))
			return false;
	*out = units;
	return true;
}

static bool order_steps(struct charging *c, const struct order_changes *changes,
			struct unit_counts *out)
{
	int64_t sum = 0;
	size_t cap = 0;

	out->scale = changes->scale;
	for (size_t i = 0; i < changes->n; i++) {
		int64_t n = 0;

		if (!scaled_to(changes->v[i].n, changes->scale, &n) ||
		    __builtin_add_overflow(sum, n, &sum))
			return false;
		add_step(c, out, &cap, changes->v[i].on, sum);
	}
	return true;
}

enum rc units_ordered(struct charging *c, size_t slot, struct unit_counts *out, struct err *err)
{
	struct fact_run run = charging_facts(c, FACT_ORDER_PLACED, c->slots[slot].id);
	uint32_t *orders = arena_array(c->arena, uint32_t, run.n);
	struct order_changes changes = {NULL, 0, 0, 0};

	*out = (struct unit_counts){.orders = orders};
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(c->view, run.v[i]);
		struct decimal n = quantity_of(f);

		if (!order_approved(c, run.v[i])) {
			wait_add(c, (struct waiting){.kind = NOTE_WAITS,
						     .what = STEP_NOT_APPROVED,
						     .subject = symbol_text(c->view->facts->symbols,
									    f->subject),
						     .date = fact_day(c, run.v[i]),
						     .entry = entry_of(c, run.v[i]),
						     .asks = true,
						     .fact = run.v[i],
						     .charge = c->slots[slot].id});
			continue;
		}
		orders[out->n_orders++] = run.v[i];
		add_order_change(c, &changes, fact_day(c, run.v[i]), n);
		if (!add_cancellations(c, &changes, f, n))
			return too_large(c, slot, err);
	}
	return order_steps(c, &changes, out) ? RC_OK : too_large(c, slot, err);
}

/* --- counts --- */

/* The last step that is not after d; n_steps: none. */
static size_t step_on(const struct unit_counts *u, day d)
{
	size_t low = 0, high = u->n_steps;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (u->steps[mid].from <= d)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? u->n_steps : low - 1;
}

int64_t units_on(const struct unit_counts *u, day d)
{
	size_t i = step_on(u, d);

	return i == u->n_steps ? 0 : u->steps[i].n;
}

int64_t units_peak(const struct unit_counts *u, struct days days, day *on)
{
	size_t i = step_on(u, days.from);
	int64_t most = units_on(u, days.from);

	*on = days.from;
	for (i = i == u->n_steps ? 0 : i + 1; i < u->n_steps && u->steps[i].from < days.to; i++) {
		if (u->steps[i].n <= most)
			continue;
		most = u->steps[i].n;
		*on = u->steps[i].from;
	}
	return most;
}

bool units_days(const struct unit_counts *u, struct days days, int64_t *out)
{
	size_t i = step_on(u, days.from);
	int64_t sum = 0;

	for (i = i == u->n_steps ? 0 : i; i < u->n_steps && u->steps[i].from < days.to; i++) {
		day from = later_day(u->steps[i].from, days.from),
		    to = i + 1 < u->n_steps ? earlier_day(u->steps[i + 1].from, days.to) : days.to;
		int64_t part = 0;

		if (__builtin_mul_overflow(u->steps[i].n, (int64_t)to - from, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
	}
	*out = sum;
	return true;
}

size_t units_evidence(struct charging *c, const struct unit_counts *u, struct days days,
		      const uint32_t **out)
{
	size_t first = 0, n = 0, facts = 0;
	uint32_t *v;

	if (u->n_orders > 0) {
		while (n < u->n_orders && fact_day(c, u->orders[n]) < days.to)
			n++;
		*out = u->orders;
		return n;
	}
	for (; n < u->n_events && u->events[n].on < days.to; n++)
		if (u->events[n].kind == UNITS_ARE && u->events[n].on <= days.from)
			first = n;
	for (size_t i = first; i < n; i++)
		facts += u->events[i].n_facts;
	v = arena_array(c->arena, uint32_t, facts);
	facts = 0;
	for (size_t i = first; i < n; i++) {
		memcpy(v + facts, u->events[i].facts, u->events[i].n_facts * sizeof(*v));
		facts += u->events[i].n_facts;
	}
	*out = v;
	return facts;
}

/* --- who is there --- */

struct unit_roll {
	struct charging *c;
	const struct unit_counts *u;
	struct members members;
	struct toggles told; /* since the last annex */
	size_t next;
};

struct unit_roll *units_roll(struct charging *c, const struct unit_counts *u)
{
	struct unit_roll *r = arena_one(c->arena, struct unit_roll);

	*r = (struct unit_roll){.c = c, .u = u, .members = {.arena = c->arena}};
	r->members.told = &r->told;
	return r;
}

static void roll_to(struct unit_roll *r, day on)
{
	struct err err = {.line = 0};

	for (; r->next < r->u->n_events && r->u->events[r->next].on <= on; r->next++) {
		enum rc rc = take_event(r->c, &r->members, &r->u->events[r->next], &err);

		assert(rc == RC_OK && "the lists were counted before");
	}
}

void units_roll_from(struct unit_roll *r, day d)
{
	roll_to(r, d - 1);
	for (size_t i = 0; i < r->members.size; i++)
		r->members.v[i].was = r->members.v[i].here;
	r->told.n = 0;
}

/* A coming or going with its unit's id, by which it sorts. */
struct told_unit {
	day on;
	struct text unit;
	bool here;
	size_t place;
};

static int by_text(const void *x, const void *y)
{
	const struct text *a = x, *b = y;

	return text_cmp(*a, *b);
}

/* The first bytes as a number that orders as they do; what is shorter comes first. */
static uint64_t first_bytes(struct text t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < sizeof(n); i++)
		n = n << 8 | (i < t.n ? (uint64_t)(unsigned char)t.p[i] : 0);
	return n;
}

/* By their ids, so that the list does not depend on the order of arrival; few are put in their place one by one. */
static void sort_texts(struct text *v, size_t n)
{
	enum { FEW = 48 };
	uint64_t keys[FEW] = {0};

	if (n > FEW) {
		qsort(v, n, sizeof(*v), by_text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct text x = v[i];
		uint64_t key = first_bytes(x);
		size_t k = i;

		for (; k > 0 &&
		       (keys[k - 1] > key || (keys[k - 1] == key && text_cmp(v[k - 1], x) > 0));
		     k--) {
			v[k] = v[k - 1];
			keys[k] = keys[k - 1];
		}
		v[k] = x;
		keys[k] = key;
	}
}

/* Days rise already; of one day, the same unit lies together, in the order in which it came and went. */
static int by_day_and_unit(const void *x, const void *y)
{
	const struct told_unit *a = x, *b = y;
	int k = (a->on > b->on) - (a->on < b->on);

	k = k != 0 ? k : text_cmp(a->unit, b->unit);
	return k != 0 ? k : (a->place > b->place) - (a->place < b->place);
}

/* What a unit does twice on one day it did not do: the day is the smallest unit (R19). */
static size_t lasting(struct told_unit *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && v[k].on == v[i].on && text_eq(v[k].unit, v[i].unit); k++)
			;
		if ((k - i) % 2 == 1)
			v[kept++] = v[k - 1];
	}
	return kept;
}

/* By rising days: who came and who went on each. */
static void tell_changes(struct unit_roll *r, struct invoice_annex *x)
{
	struct arena *a = r->c->arena;
	const struct symbols *s = r->c->view->facts->symbols;
	struct told_unit *v = arena_array(a, struct told_unit, r->told.n);
	struct text *units = arena_array(a, struct text, r->told.n);
	struct invoice_unit_change *changes;
	size_t n, used = 0;

	for (size_t i = 0; i < r->told.n; i++)
		v[i] = (struct told_unit){r->told.v[i].on, symbol_text(s, r->told.v[i].unit),
					  r->told.v[i].here, i};
	sort(v, r->told.n, sizeof(*v), by_day_and_unit);
	n = lasting(v, r->told.n);
	changes = arena_array(a, struct invoice_unit_change, n);
	for (size_t i = 0, k; i < n; i = k) {
		struct invoice_unit_change *c = &changes[x->n_changes++];

		*c = (struct invoice_unit_change){.on = v[i].on, .added = units + used};
		for (k = i; k < n && v[k].on == v[i].on; k++)
			if (v[k].here)
				units[used + c->n_added++] = v[k].unit;
		used += c->n_added;
		c->removed = units + used;
		for (k = i; k < n && v[k].on == v[i].on; k++)
			if (!v[k].here)
				units[used + c->n_removed++] = v[k].unit;
		used += c->n_removed;
	}
	x->changes = changes;
	r->told.n = 0;
}

const struct invoice_annex *units_annex(struct unit_roll *r, struct text charge, day on,
					int64_t other_count)
{
	struct arena *a = r->c->arena;
	const struct symbols *s = r->c->view->facts->symbols;
	struct invoice_annex *x = arena_one(a, struct invoice_annex);
	struct text *units, *added, *removed;

	roll_to(r, on);
	units = arena_array(a, struct text, r->members.n);
	added = arena_array(a, struct text, r->members.n);
	removed = arena_array(a, struct text, r->members.n);
	*x = (struct invoice_annex){.charge = charge, .on = on, .other_count = other_count};
	for (size_t i = 0; i < r->members.size; i++) {
		struct member *m = &r->members.v[i];

		if (m->here)
			units[x->n_units++] = symbol_text(s, m->unit);
		if (m->here && !m->was)
			added[x->n_added++] = symbol_text(s, m->unit);
		if (!m->here && m->was)
			removed[x->n_removed++] = symbol_text(s, m->unit);
		m->was = m->here;
	}
	sort_texts(units, x->n_units);
	sort_texts(added, x->n_added);
	sort_texts(removed, x->n_removed);
	x->units = units;
	x->added = added;
	x->removed = removed;
	tell_changes(r, x);
	return x;
}
