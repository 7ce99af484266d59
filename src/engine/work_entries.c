/* SPDX-License-Identifier: Apache-2.0 */
/* Time entries: is the work covered, under which charge does it fall, how many minutes of which class are billed (R27, R28, R30). */
#include "engine/work_parts.h"

#include "base/sort.h"

#include <assert.h>

struct entry_of_work {
	uint32_t fact;
	size_t slot, period;
	symbol ticket;
	day date;
	instant start;
	int64_t minutes;
	const struct limit_excess *beyond;
};

struct reading {
	struct work *w;
	struct charging *c;
	struct entry_of_work *v;
	size_t n;
	uint32_t covered_cap;
};

static const struct pricing *pricing_on(const struct charging *c, day d)
{
	size_t v = c->n_versions;

	while (v > 1 && c->versions[v - 1].from > d)
		v--;
	return c->versions[v - 1].pricing;
}

/* --- under which charge (R30) --- */

/* The ticket's service as it was logged; -1: no ticket, or none said. */
static int ticket_service(const struct charging *c, const struct fact *f, const struct promise *p)
{
	symbol ticket = fact_word(f, FIELD_TICKET);
	struct fact_run run = view_ticket(c->view, ticket);

	for (size_t i = 0; ticket != 0 && i < run.n; i++) {
		symbol service = fact_word(view_fact(c->view, run.v[i]), FIELD_SERVICE);

		for (size_t s = 0; service != 0 && s < p->n_services; s++)
			if (text_eq(p->services[s].id,
				    symbol_text(c->view->facts->symbols, service)))
				return (int)s;
	}
	return -1;
}

symbol work_service(const struct charging *c, const struct fact *f, const struct promise *p)
{
	symbol covered = fact_word(f, FIELD_COVERED);
	int service = covered != 0 ? -1 : ticket_service(c, f, p);

	return service < 0 ? covered
			   : symbol_find(c->view->facts->symbols, p->services[service].id);
}

static bool slot_is_time(const struct charging *c, size_t slot, day d)
{
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, d));

	return x != NULL && x->base->type == CHARGE_TIME;
}

/* The one time charge that fits: of the ticket's service, else the only one there is. SIZE_MAX: none, or several. */
static size_t fitting_slot(const struct charging *c, int service, day d)
{
	size_t of_service = SIZE_MAX, any = SIZE_MAX, n_service = 0, n_any = 0;

	for (size_t s = 0; s < c->n_slots; s++) {
		if (!slot_is_time(c, s, d))
			continue;
		any = s;
		n_any++;
		if (service >= 0 &&
		    slot_charge(c, s, slot_version_on(c, s, d))->service == service) {
			of_service = s;
			n_service++;
		}
	}
	if (n_service == 1)
		return of_service;
	return n_service == 0 && n_any == 1 ? any : SIZE_MAX;
}

static size_t named_slot(const struct charging *c, struct text id)
{
	for (size_t s = 0; s < c->n_slots; s++)
		if (text_eq(c->slots[s].id, id))
			return s;
	return SIZE_MAX;
}

/* Does the client's side say so? A fact of the provider counts once the client accepts it. */
static bool client_said(const struct charging *c, enum fact_kind kind, symbol subject)
{
	const struct fact_run *run = &c->view->kinds[kind];

	for (size_t i = 0; subject != 0 && i < run->n; i++) {
		const struct fact *f = view_fact(c->view, run->v[i]);

		if (f->subject == subject &&
		    (f->party == PARTY_CLIENT || c->view->accepted[run->v[i]] != 0))
			return true;
	}
	return false;
}

/* Work under the charge that a service names for what is out of its scope needs that service's approval. */
static bool needs_approval(const struct charging *c, const struct promise *p, int service,
			   size_t slot)
{
	const struct node *out =
		service < 0 ? NULL : node_at(p->services[service].node, "out_of_scope");
	const struct node *charge = out == NULL ? NULL : term_ref(out, "charge");

	return charge != NULL && text_eq(charge->key, c->slots[slot].id) &&
	       term_choice(out, "approval") != 0;
}

static void wait_for(struct charging *c, uint32_t fact, enum step_what what, size_t slot,
		     struct text service)
{
	const struct fact *f = view_fact(c->view, fact);

	wait_add(c, (struct waiting){.kind = NOTE_WAITS,
				     .what = (uint16_t)what,
				     .subject = symbol_text(c->view->facts->symbols, f->subject),
				     .date = zone_day(c->zone, f->occurred_at),
				     .entry = entry_of(c, fact),
				     .asks = what == STEP_NOT_APPROVED,
				     .fact = fact,
				     .charge = slot == SIZE_MAX ? text_of("") : c->slots[slot].id,
				     .service = service});
}

/* The period that the work begins in (R2); SIZE_MAX: the charge does not live then. */
static size_t period_of(const struct work *w, size_t slot, day d)
{
	const struct service_periods *p = &w->periods[slot];
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->v[mid].own.to <= d)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n && p->v[low].own.from <= d ? low : SIZE_MAX;
}

static void cover(struct reading *r, uint32_t fact, symbol service, int64_t minutes)
{
	r->w->covered[r->w->n_covered++] = (struct covered_work){fact, service, minutes};
}

/* R137: by the charge it names, else by the one that fits; nobody approves what nobody bills. */
static void rate_covered(struct reading *r, struct entry_of_work *e, symbol charge, int service)
{
	const struct charging *c = r->c;
	const struct fact *f = view_fact(c->view, e->fact);
	struct text covered = symbol_text(c->view->facts->symbols, fact_word(f, FIELD_COVERED));
	const struct promise *p = pricing_on(c, e->date)->promise;

	for (size_t s = 0; service < 0 && s < p->n_services; s++)
		if (text_eq(p->services[s].id, covered))
			service = (int)s;
	e->slot = charge != 0 ? named_slot(c, symbol_text(c->view->facts->symbols, charge))
			      : fitting_slot(c, service, e->date);
	e->period = e->slot == SIZE_MAX || !slot_is_time(c, e->slot, e->date)
			    ? SIZE_MAX
			    : period_of(r->w, e->slot, e->date);
	if (e->period == SIZE_MAX)
		cover(r, e->fact, fact_word(f, FIELD_COVERED), e->minutes);
	else if (e->minutes > 0)
		r->v[r->n++] = *e;
}

/* An entry under a time charge, if that lives on its day. */
static void read_charged(struct reading *r, struct entry_of_work *e)
{
	e->period = e->slot == SIZE_MAX || !slot_is_time(r->c, e->slot, e->date)
			    ? SIZE_MAX
			    : period_of(r->w, e->slot, e->date);
	if (e->period == SIZE_MAX)
		wait_for(r->c, e->fact, STEP_NO_CHARGE, SIZE_MAX, text_of(""));
	else if (e->minutes > 0)
		r->v[r->n++] = *e;
}

static void read_entry(struct reading *r, uint32_t fact)
{
	struct charging *c = r->c;
	const struct fact *f = view_fact(c->view, fact);
	struct entry_of_work e = {.fact = fact,
				  .start = f->occurred_at,
				  .date = zone_day(c->zone, f->occurred_at),
				  .ticket = fact_word(f, FIELD_TICKET),
				  .minutes = fact_number(f, FIELD_MINUTES, 0)};
	const struct promise *p = pricing_on(c, e.date)->promise;
	symbol charge = fact_word(f, FIELD_CHARGE);
	int service = ticket_service(c, f, p);

	if (r->w->n_excess > 0 && charge == 0)
		e.beyond = work_beyond(r->w, fact, e.ticket, e.date, work_service(c, f, p));
	if (r->w->rate_covered) {
		if (fact_word(f, FIELD_COVERED) != 0 && e.beyond == NULL)
			rate_covered(r, &e, charge, service);
		return;
	}
	if (e.beyond != NULL) { /* agreed in the contract: nobody approves it once more */
		e.slot = named_slot(c, e.beyond->beyond);
		read_charged(r, &e);
		return;
	}
	if (fact_word(f, FIELD_COVERED) != 0) {
		cover(r, fact, fact_word(f, FIELD_COVERED), e.minutes);
		return;
	}
	e.slot = charge != 0 ? named_slot(c, symbol_text(c->view->facts->symbols, charge))
			     : fitting_slot(c, service, e.date);
	if (e.slot != SIZE_MAX && slot_is_time(c, e.slot, e.date) &&
	    needs_approval(c, p, service, e.slot) && !charging_supposes(c, fact) &&
	    !client_said(c, FACT_WORK_APPROVED, f->subject)) {
		wait_for(c, fact, STEP_NOT_APPROVED, e.slot, p->services[service].id);
		return;
	}
	read_charged(r, &e);
}

/* --- groups --- */

static int compare_int64(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

static int compare_beyond(const struct limit_excess *x, const struct limit_excess *y)
{
	if (x == NULL || y == NULL)
		return (x != NULL) - (y != NULL);
	return x->service != y->service ? compare_int64(x->service, y->service)
					: text_cmp(x->limit, y->limit);
}

/* Entries of one group lie together; inside by start, then by order of the facts (what the index says). */
static int by_group(const void *x, const void *y)
{
	const struct entry_of_work *a = x, *b = y;
	int k = compare_int64((int64_t)a->slot, (int64_t)b->slot);

	if (k == 0)
		k = compare_int64((int64_t)a->period, (int64_t)b->period);
	if (k == 0)
		k = compare_int64(a->ticket, b->ticket);
	if (k == 0)
		k = compare_beyond(a->beyond, b->beyond);
	if (k == 0)
		k = compare_int64(a->start, b->start);
	if (k == 0) /* whatever order they arrived in */
		k = compare_int64(a->minutes, b->minutes);
	return k != 0 ? k : compare_int64(a->fact, b->fact);
}

static int by_start(const void *x, const void *y)
{
	const struct work_group *a = x, *b = y;
	int k = compare_int64(a->start, b->start);

	if (k == 0)
		k = compare_int64((int64_t)a->slot, (int64_t)b->slot);
	if (k == 0)
		k = compare_int64(a->worked, b->worked);
	return k != 0 ? k : compare_int64(a->facts[0], b->facts[0]);
}

static bool same_group(const struct entry_of_work *a, const struct entry_of_work *b,
		       enum increment_per per)
{
	if (per == PER_ENTRY || a->ticket == 0 || a->ticket != b->ticket || a->slot != b->slot ||
	    a->period != b->period || !work_same_limit(a->beyond, b->beyond))
		return false;
	return per == PER_TICKET || a->date == b->date;
}

/* Increment, then minimum; nothing worked stays nothing (R27). */
static int64_t billed_minutes(const struct priced_charge *x, int64_t worked)
{
	int64_t step = x->increment_min > 0 ? x->increment_min : 1, rest = worked % step,
		billed = worked - rest;

	if (worked == 0)
		return 0;
	if (rest > 0 && (!x->increment_nearest || 2 * rest >= step))
		billed += step;
	return billed > x->minimum_min ? billed : x->minimum_min;
}

/* --- classes, minute by minute (R28) --- */

struct classing {
	struct charging *c;
	const struct priced_charge *x;
	size_t slot;
	struct work_piece *v;
	size_t n, cap;
};

static bool condition_holds(const struct multiplier *m, const struct charging *c, instant t)
{
	if (m->outside != NULL)
		return !calendar_is_open(m->outside, t);
	return calendar_is_holiday(m->holiday_of, zone_day(calendar_zone(m->holiday_of) != NULL
								   ? calendar_zone(m->holiday_of)
								   : c->zone,
							   t));
}

/* The largest factor that applies at t; factors never multiply each other. */
static int class_at(const struct classing *k, instant t)
{
	int best = -1;

	for (size_t i = 0; i < k->x->n_multipliers; i++) {
		const struct multiplier *m = &k->x->multipliers[i];

		if (condition_holds(m, k->c, t) &&
		    decimal_cmp(m->factor, best < 0 ? (struct decimal){1, 0}
						    : k->x->multipliers[best].factor) > 0)
			best = (int)i;
	}
	return best;
}

/* The next instant after t, at most `to`, at which a condition may change. */
static instant class_until(const struct classing *k, instant t, instant to)
{
	instant next = to;

	for (size_t i = 0; i < k->x->n_multipliers; i++) {
		const struct multiplier *m = &k->x->multipliers[i];
		instant edge = to;

		if (m->outside != NULL && !calendar_is_open(m->outside, t)) {
			if (!calendar_next_open(m->outside, t, &edge))
				edge = to;
		} else if (m->outside != NULL) {
			struct spans s = calendar_spans(k->c->arena, m->outside, t, to);

			edge = s.n > 0 ? s.v[0].to : to;
		} else {
			const struct zone *z = calendar_zone(m->holiday_of);

			z = z != NULL ? z : k->c->zone;
			edge = zone_midnight(z, zone_day(z, t) + 1);
		}
		if (edge > t && edge < next)
			next = edge;
	}
	return next;
}

static void add_minutes(struct classing *k, int class, const struct price_piece *price,
			struct fraction minutes)
{
	struct decimal factor =
		class < 0 ? (struct decimal){1, 0} : k->x->multipliers[class].factor;

	if (k->n > 0 && k->v[k->n - 1].multiplier == class &&
	    work_same_price(k->v[k->n - 1].price, price)) {
		k->v[k->n - 1].minutes = fraction_add(k->v[k->n - 1].minutes, minutes);
		return;
	}
	k->v = arena_grow(k->c->arena, k->v, k->n, &k->cap, sizeof(*k->v));
	k->v[k->n++] = (struct work_piece){class, factor, price, minutes};
}

static const struct price_piece *price_on(const struct charging *c, size_t slot, day d)
{
	const struct price_piece *p = NULL;

	return slot_prices(c, slot, (struct days){d, d + 1}, &p) > 0 ? p : NULL;
}

static void class_entry(struct classing *k, const struct entry_of_work *e)
{
	const struct price_piece *price = price_on(k->c, k->slot, e->date);
	instant at = e->start, to = e->start + e->minutes * MINUTE_MS;

	while (at < to) {
		instant until = class_until(k, at, to);

		add_minutes(k, class_at(k, at), price, fraction_of(until - at, MINUTE_MS));
		at = until;
	}
}

/* Added minutes belong to the class in which the work ended; what rounding down takes is taken from the end, too (R28). */
static void adjust(struct classing *k, int64_t by)
{
	if (by >= 0) {
		k->v[k->n - 1].minutes = fraction_add(k->v[k->n - 1].minutes, fraction_of(by, 1));
		return;
	}
	for (struct fraction left = fraction_of(-by, 1); left.num > 0 && k->n > 0;) {
		struct work_piece *last = &k->v[k->n - 1];

		if (fraction_cmp(last->minutes, left) > 0) {
			last->minutes = fraction_sub(last->minutes, left);
			return;
		}
		left = fraction_sub(left, last->minutes);
		k->n--;
	}
}

static void make_group(struct reading *r, const struct entry_of_work *v, size_t n)
{
	struct charging *c = r->c;
	uint16_t version = slot_version_on(c, v[0].slot, v[0].date);
	struct classing k = {.c = c, .x = slot_charge(c, v[0].slot, version), .slot = v[0].slot};
	uint32_t *facts = arena_array(c->arena, uint32_t, n);
	struct work_group g = {.slot = v[0].slot,
			       .version = version,
			       .period = v[0].period,
			       .start = v[0].start,
			       .facts = facts,
			       .n_facts = n};

	for (size_t i = 0; i < n; i++) {
		facts[i] = v[i].fact;
		g.worked += v[i].minutes;
		if (v[i].beyond != NULL &&
		    (g.beyond == NULL || g.beyond->ordinal < v[i].beyond->ordinal))
			g.beyond = v[i].beyond;
		class_entry(&k, &v[i]);
	}
	g.billed = billed_minutes(k.x, g.worked);
	if (k.n > 0)
		adjust(&k, g.billed - g.worked);
	g.pieces = k.v;
	g.n_pieces = k.n;
	r->w->groups[r->w->n_groups++] = g;
}

enum rc work_read(struct work *w, struct err *err)
{
	struct charging *c = w->c;
	const struct fact_run *run = &c->view->kinds[FACT_WORK_RECORDED];
	struct reading r = {
		.w = w, .c = c, .v = arena_array(c->arena, struct entry_of_work, run->n)};
	enum {
		MINUTES_MAX = 1000000
	}; /* two years without a break: nobody works longer, and sums stay far from 64 bits */

	w->covered = arena_array(c->arena, struct covered_work, run->n);
	w->groups = arena_array(c->arena, struct work_group, run->n);
	if (run->n > 0)
		work_limits(w);
	for (size_t i = 0; i < run->n; i++) {
		const struct fact *f = view_fact(c->view, run->v[i]);

		if (fact_number(f, FIELD_MINUTES, 0) > MINUTES_MAX)
			return err_set(err, RC_LIMIT, "time entry too long: '%.*s'",
				       TEXT_ARG(symbol_text(c->view->facts->symbols, f->subject)));
		read_entry(&r, run->v[i]);
	}
	sort(r.v, r.n, sizeof(*r.v), by_group);
	for (size_t i = 0, k; i < r.n; i = k) {
		const struct priced_charge *x =
			slot_charge(c, r.v[i].slot, slot_version_on(c, r.v[i].slot, r.v[i].date));

		for (k = i + 1; k < r.n && same_group(&r.v[i], &r.v[k], x->increment_per); k++)
			;
		make_group(&r, r.v + i, k - i);
	}
	sort(w->groups, w->n_groups, sizeof(*w->groups), by_start);
	return RC_OK;
}
