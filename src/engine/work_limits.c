/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fair use (contract-language.md services[].limits; docs/decisions/0013-fair-use.md): which tickets, visits and restores of a service
 * are beyond what its limit gives in a period. Work on them is no longer covered: work_entries.c puts it under the charge that the
 * limit names. Nothing is priced here.
 */
#include "engine/ticket.h"
#include "engine/work_parts.h"

#include <stdlib.h>

enum limit_of {
	LIMIT_TICKET,
	LIMIT_EMERGENCY,
	LIMIT_VISIT,
	LIMIT_RESTORE
}; /* as the enum of `what` */

/* Something that a limit may count, once. */
struct counted {
	enum limit_of what;
	symbol ticket; /* 0: a visit without one */
	uint32_t fact;
	instant at;
	day date;
	symbol service;
	const struct node *node; /* of the service, in the words of that day */
	const symbol *members;   /* tickets merged into it, itself not among them */
	size_t n_members;
};

struct counting {
	struct work *w;
	struct charging *c;
	struct counted *v;
	size_t n, cap;
	size_t cap_tallies, cap_excess;
};

static const struct pricing *words_on(const struct charging *c, day d)
{
	size_t v = c->n_versions;

	while (v > 1 && c->versions[v - 1].from > d)
		v--;
	return c->versions[v - 1].pricing;
}

static bool any_limits(const struct charging *c)
{
	for (size_t v = 0; v < c->n_versions; v++) {
		const struct promise *p = c->versions[v].pricing->promise;

		for (size_t s = 0; s < p->n_services; s++)
			if (term_is_set(p->services[s].node, "limits"))
				return true;
	}
	return false;
}

static struct counted *count(struct counting *k, struct counted x)
{
	x.date = zone_day(k->c->zone, x.at);
	k->v = arena_grow(k->c->arena, k->v, k->n, &k->cap, sizeof(*k->v));
	k->v[k->n] = x;
	return &k->v[k->n++];
}

/* --- tickets: as the service levels read them, with merges and the priority that is judged --- */

static const symbol *members_of(struct counting *k, const struct ticket *t, size_t *n)
{
	symbol *v = arena_array(k->c->arena, symbol, t->n_members);

	*n = 0;
	for (size_t i = 0; i < t->n_members; i++)
		if (t->members[i].id != t->id)
			v[(*n)++] = t->members[i].id;
	return v;
}

static void count_ticket(struct counting *k, const struct promise *p, const struct ticket *t)
{
	const struct symbols *words = k->c->view->facts->symbols;
	struct counted x = {.what = LIMIT_TICKET, .ticket = t->id, .fact = t->logged_fact};
	const struct ticket_moment *restored = NULL;

	if (t->service < 0 || t->merged_at != INSTANT_NONE || t->out_of_scope)
		return;
	for (size_t i = 0; i < t->n_moments; i++) {
		if (t->moments[i].kind == MOMENT_CANCELLED)
			return;
		if (t->moments[i].kind == MOMENT_RESTORED && restored == NULL)
			restored = &t->moments[i];
	}
	x.node = p->services[t->service].node;
	x.service = symbol_find(words, p->services[t->service].id);
	x.at = t->logged;
	x.members = members_of(k, t, &x.n_members);
	count(k, x);
	x.what = LIMIT_EMERGENCY;
	if (ticket_priority_at(t, INSTANT_MAX) == 0)
		count(k, x);
	x.what = LIMIT_RESTORE;
	if (restored != NULL) {
		x.at = restored->at;
		x.fact = restored->fact;
		count(k, x);
	}
}

static void count_tickets(struct counting *k)
{
	struct charging *c = k->c;
	struct version *versions = arena_array(c->arena, struct version, c->n_versions);
	const struct ticket_reader *r;
	struct ticket t = {.id = 0};

	for (size_t i = 0; i < c->n_versions; i++)
		versions[i] = (struct version){
			c->versions[i].pricing->promise,
			i == 0 ? INSTANT_MIN : zone_midnight(c->zone, c->versions[i].from)};
	r = ticket_reader_new(c->arena, c->view, versions, c->n_versions);
	for (size_t i = 0; i < c->view->n_tickets; i++)
		if (ticket_read(r, (uint32_t)i, &t))
			count_ticket(k, versions[t.version].promise, &t);
}

/* --- visits: work on site that no charge is named for; one ticket on one local day is one visit --- */

static const struct service *service_called(const struct promise *p, struct text id)
{
	for (size_t s = 0; s < p->n_services; s++)
		if (text_eq(p->services[s].id, id))
			return &p->services[s];
	return NULL;
}

static void count_visits(struct counting *k)
{
	struct charging *c = k->c;
	const struct fact_run *run = &c->view->kinds[FACT_WORK_RECORDED];
	const struct symbols *words = c->view->facts->symbols;
	symbol on_site = symbol_find(words, text_of("on_site"));

	for (size_t i = 0; on_site != 0 && i < run->n; i++) {
		const struct fact *f = view_fact(c->view, run->v[i]);
		struct counted x = {.what = LIMIT_VISIT,
				    .ticket = fact_word(f, FIELD_TICKET),
				    .fact = run->v[i],
				    .at = f->occurred_at};
		const struct promise *p = words_on(c, zone_day(c->zone, x.at))->promise;
		const struct service *s;

		if (fact_word(f, FIELD_PLACE) != on_site || fact_word(f, FIELD_CHARGE) != 0)
			continue;
		x.service = work_service(c, f, p);
		s = x.service == 0 ? NULL : service_called(p, symbol_text(words, x.service));
		if (s == NULL)
			continue;
		x.node = s->node;
		count(k, x);
	}
}

/* --- counting --- */

static int by_time(const void *x, const void *y)
{
	const struct counted *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->fact > b->fact) - (a->fact < b->fact);
}

static bool same_visit(const struct counted *a, const struct counted *b)
{
	return a->what == LIMIT_VISIT && b->what == LIMIT_VISIT && a->ticket != 0 &&
	       a->ticket == b->ticket && a->date == b->date && a->service == b->service;
}

/* Entries of a visit after its first: it is there already. */
static bool seen(const struct counting *k, size_t at)
{
	for (size_t i = at;
	     i > 0 && k->v[at].what == LIMIT_VISIT && k->v[i - 1].date == k->v[at].date; i--)
		if (same_visit(&k->v[i - 1], &k->v[at]))
			return true;
	return false;
}

static struct limit_tally *tally_of(struct counting *k, symbol service, struct text limit,
				    struct span window)
{
	struct work *w = k->w;

	for (size_t i = w->n_tallies; i > 0; i--) {
		struct limit_tally *t = &w->tallies[i - 1];

		if (t->service == service && t->window.from == window.from &&
		    t->window.to == window.to && text_eq(t->limit, limit))
			return t;
	}
	w->tallies = arena_grow(k->c->arena, w->tallies, w->n_tallies, &k->cap_tallies,
				sizeof(*w->tallies));
	w->tallies[w->n_tallies] =
		(struct limit_tally){.service = service, .limit = limit, .window = window};
	return &w->tallies[w->n_tallies++];
}

static void exceed(struct counting *k, const struct counted *x, symbol ticket,
		   const struct limit_excess *like)
{
	struct work *w = k->w;

	w->excess =
		arena_grow(k->c->arena, w->excess, w->n_excess, &k->cap_excess, sizeof(*w->excess));
	w->excess[w->n_excess] = *like;
	w->excess[w->n_excess].ticket = ticket;
	w->excess[w->n_excess].fact = x->fact;
	w->excess[w->n_excess++].date = x->what == LIMIT_VISIT ? x->date : DAY_NONE;
}

/*
 * The period of `per` around an instant: of the calendar where it fits, else counted from the beginning of service, hours from its
 * first instant. Working days are taken as days, which gives the client more.
 */
static struct span window_around(const struct counting *k, const struct node *limit, instant at)
{
	const struct zone *z = k->c->zone;
	instant begin = k->c->versions[0].pricing->promise->service_start;
	struct duration per = {.n = 1, .unit = UNIT_MO};
	int64_t length;
	struct days w;
	struct grid g;

	(void)term_duration(limit, "per", &per); /* required, so it is there */
	if (per.unit == UNIT_MIN || per.unit == UNIT_H) {
		begin = begin == INSTANT_NONE ? 0 : begin;
		length = per.n * (per.unit == UNIT_H ? HOUR_MS : MINUTE_MS);
		at -= begin;
		at = at >= 0 ? at / length * length : -((length - 1 - at) / length * length);
		return (struct span){begin + at, begin + at + length};
	}
	if (per.unit == UNIT_BD)
		per.unit = UNIT_D;
	g = grid_of(per, true, begin == INSTANT_NONE ? DAY_NONE : zone_day(z, begin));
	w = grid_around(&g, zone_day(z, at));
	return (struct span){zone_midnight(z, w.from), zone_midnight(z, w.to)};
}

static void apply(struct counting *k, const struct counted *x)
{
	const struct node *limits = node_at(x->node, "limits");
	uint16_t place = 0;

	for (const struct node *n = limits == NULL ? NULL : limits->child; n != NULL;
	     n = n->next, place++) {
		struct limit_excess e = {.limit = n->key, .place = place};
		struct limit_tally *t;
		const struct node *beyond = term_ref(n, "beyond");

		if (term_choice(n, "what") != (int)x->what || !term_int(n, "max", &e.max))
			continue;
		t = tally_of(k, x->service, n->key, window_around(k, n, x->at));
		t->max = e.max;
		t->n++;
		if (t->n <= e.max || beyond == NULL)
			continue;
		e.ordinal = t->n;
		e.service = x->service;
		e.beyond = beyond->key;
		exceed(k, x, x->ticket, &e);
		for (size_t i = 0; i < x->n_members; i++)
			exceed(k, x, x->members[i], &e);
	}
}

static int by_ticket(const void *x, const void *y)
{
	const struct limit_excess *a = x, *b = y;

	if (a->ticket != b->ticket)
		return a->ticket < b->ticket ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return (a->fact > b->fact) - (a->fact < b->fact);
}

void work_limits(struct work *w)
{
	struct counting k = {.w = w, .c = w->c};

	if (!any_limits(w->c))
		return;
	count_tickets(&k);
	count_visits(&k);
	if (k.n > 0)
		qsort(k.v, k.n, sizeof(*k.v), by_time);
	for (size_t i = 0; i < k.n; i++)
		if (!seen(&k, i))
			apply(&k, &k.v[i]);
	if (w->n_excess > 0)
		qsort(w->excess, w->n_excess, sizeof(*w->excess), by_ticket);
}

const struct limit_excess *work_beyond(const struct work *w, uint32_t fact, symbol ticket, day d,
				       symbol service)
{
	size_t low = 0, high = w->n_excess;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (w->excess[mid].ticket < ticket)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < w->n_excess && w->excess[low].ticket == ticket; low++) {
		const struct limit_excess *e = &w->excess[low];

		if (e->service != service || (e->date != DAY_NONE && e->date != d))
			continue;
		if (ticket != 0 || e->fact == fact)
			return e;
	}
	return NULL;
}
