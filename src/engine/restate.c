/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/restate.h"

#include "engine/view_order.h"
#include "engine/windows.h"

#include <assert.h>
#include <stdlib.h>

/* --- what a later fact is about --- */

struct named {
	symbol subject;
	uint32_t window;
};

struct restating {
	struct arena *arena;
	const struct comparison *c;
	const struct facts *facts;
	const struct named *named; /* cases and outages that differ, by symbol, then by window */
	size_t n_named;
	bool *by_case; /* by window: it has some */
	bool *hit;     /* by window: the fact at hand concerns it */
	struct later_fact *v;
	size_t n, cap;
};

static bool is_later(const struct outcome *issued, const struct fact *f)
{
	return f->order >= issued->in.facts->n || f->recorded_at > issued->in.known_as_of;
}

static enum fact_way way_of(const struct fact *f)
{
	switch ((int)f->kind) {
	case FACT_FACT_ACCEPTED:
		return WAY_ACCEPTED;
	case FACT_FACT_CONTESTED:
		return WAY_CONTESTED;
	case FACT_DISPUTE_SETTLED:
		return WAY_SETTLED;
	case FACT_FACT_WITHDRAWN:
		return WAY_WITHDRAWN;
	case FACT_CORRECTION_APPROVED:
		return WAY_APPROVED;
	default:
		return f->corrects != 0 ? WAY_CORRECTED : WAY_RECORDED;
	}
}

static const struct fact *about(const struct facts *facts, const struct fact *f)
{
	enum fact_way way = way_of(f);

	if (way == WAY_RECORDED)
		return NULL;
	return facts_find(facts, way == WAY_CORRECTED ? f->corrects : fact_word(f, FIELD_FACT_ID));
}

static bool inside(struct span s, instant t)
{
	return t >= s.from && t < s.to;
}

/* The fact's own instant, or one that it tells of, as the planned time of a maintenance. */
static bool lies_in(const struct fact *f, struct span window)
{
	if (inside(window, f->occurred_at))
		return true;
	for (size_t i = 0; i < f->n_values; i++)
		if (field_row((enum fact_field)f->values[i].field)->type == FIELD_INSTANT &&
		    inside(window, f->values[i].number))
			return true;
	return false;
}

/* R67: has a window, on either side, what only a late report brings? A report in time changes nothing. */
static bool late_report(const struct restating *r, const struct compared_window *w)
{
	for (size_t s = BEFORE; s < SIDES; s++) {
		const struct outcome *o = r->c->of[s];

		if (w->of[s] == NO_INDEX)
			continue;
		if (o->windows[w->of[s]].deemed)
			return true;
		for (size_t i = 0; i < o->n_credits; i++)
			if (o->credits[i].window == w->of[s] && o->credits[i].rule < 0)
				return true;
	}
	return false;
}

/* Facts about reports, claims and causes, whose subject is no case, name the window or its month by its label. */
static bool names_window(const struct restating *r, const struct fact *f, uint32_t window)
{
	const struct compared_window *w = &r->c->windows[window];
	struct text label = symbol_text(r->facts->symbols, f->subject);

	if (f->kind == FACT_CAUSE_LINKED)
		return w->tally[BEFORE].credit.minor != w->tally[AFTER].credit.minor;
	if (f->kind != FACT_REPORT_DELIVERED && f->kind != FACT_CREDIT_CLAIMED)
		return false;
	if (f->kind == FACT_REPORT_DELIVERED && !late_report(r, w))
		return false;
	for (size_t s = BEFORE; s < SIDES; s++) {
		const struct outcome *o = r->c->of[s];
		struct span named;

		if (w->of[s] == NO_INDEX)
			continue;

		const struct window_result *x = &o->windows[w->of[s]];

		if (text_is(label, x->label) ||
		    (window_of_label(outcome_promise(o, x->version), label, &named) &&
		     inside(named, w->month)))
			return true;
	}
	return false;
}

static bool is_availability(const struct restating *r, const struct compared_window *w)
{
	enum side s = w->of[AFTER] != NO_INDEX ? AFTER : BEFORE;
	const struct window_result *x = &r->c->of[s]->windows[w->of[s]];

	return outcome_promise(r->c->of[s], x->version)->metrics[x->metric].kind ==
	       METRIC_AVAILABILITY;
}

/* Windows in which something of that name differs. */
static void hit_named(struct restating *r, symbol subject)
{
	size_t low = 0, high = r->n_named;

	while (subject != 0 && low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->named[middle].subject < subject)
			low = middle + 1;
		else
			high = middle;
	}
	for (; subject != 0 && low < r->n_named && r->named[low].subject == subject; low++)
		r->hit[r->named[low].window] = true;
}

/* What is no case acts on cases by its time: maintenance, duties, force majeure, days off. */
static bool acts_by_time(const struct restating *r, const struct fact *f, uint32_t window)
{
	const struct compared_window *w = &r->c->windows[window];

	if (f->kind >= FACT_CAUSE_LINKED && f->kind <= FACT_DISPUTE_SETTLED)
		return names_window(r, f, window);
	if (fact_row((enum fact_kind)f->kind)->subject == FIELD_TICKET &&
	    (r->by_case[window] || is_availability(r, w)))
		return false;
	return lies_in(f, w->window);
}

static void hit_windows(struct restating *r, const struct fact *f)
{
	hit_named(r, f->subject);
	hit_named(r, f->id);
	for (size_t i = 0; i < f->n_values; i++)
		if (field_row((enum fact_field)f->values[i].field)->type == FIELD_SYMBOLS)
			hit_named(r, f->values[i].word);
	for (uint32_t i = 0; i < r->c->n_windows; i++)
		if (r->c->windows[i].changed && !r->hit[i])
			r->hit[i] = acts_by_time(r, f, i);
}

/* Of the fact, of what it is about, and so on; each is recorded before what is about it, so the way ends. */
static const uint32_t *windows_of(struct restating *r, const struct fact *f, size_t *n)
{
	enum { CHAIN_MAX = 16 };
	uint32_t *out;

	for (size_t i = 0; i < r->c->n_windows; i++)
		r->hit[i] = false;
	for (size_t i = 0; f != NULL && i < CHAIN_MAX; i++) {
		hit_windows(r, f);
		f = about(r->facts, f);
	}
	*n = 0;
	for (size_t i = 0; i < r->c->n_windows; i++)
		*n += r->hit[i] && r->c->windows[i].changed;
	out = arena_array(r->arena, uint32_t, *n);
	*n = 0;
	for (uint32_t i = 0; i < r->c->n_windows; i++)
		if (r->hit[i] && r->c->windows[i].changed)
			out[(*n)++] = i;
	return out;
}

static void add_later(struct restating *r, const struct fact *f)
{
	const struct view *v = r->c->of[AFTER]->view;
	const struct fact *of = about(r->facts, f);
	struct later_fact x = {.fact = f->order,
			       .way = way_of(f),
			       .about = of != NULL ? of->order : NO_FACT,
			       .waits = v->waits[f->order] != 0,
			       .pending = (v->flags[f->order] & FLAG_PENDING) != 0};

	if (!x.waits && !x.pending) {
		x.windows = windows_of(r, f, &x.n_windows);
		if (x.n_windows == 0)
			return;
	}
	r->v = arena_grow(r->arena, r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n++] = x;
}

/* --- every difference, not only those with the largest shares --- */

static int by_subject(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	if (a->subject != b->subject)
		return a->subject < b->subject ? -1 : 1;
	return (a->window > b->window) - (a->window < b->window);
}

static void name_parts(struct restating *r)
{
	struct named *v = arena_array(r->arena, struct named, r->c->n_parts);

	r->by_case = arena_array(r->arena, bool, r->c->n_windows);
	r->hit = arena_array(r->arena, bool, r->c->n_windows);
	for (size_t i = 0; i < r->c->n_parts; i++) {
		const struct compared_part *p = &r->c->parts[i];

		if (p->subject == 0)
			continue;
		v[r->n_named++] = (struct named){p->subject, p->window};
		r->by_case[p->window] = true;
	}
	if (r->n_named > 0)
		qsort(v, r->n_named, sizeof(*v), by_subject);
	r->named = v;
}

/* Facts recorded since that lie in no changed window's reach are many more than those that do; only these are kept. */
static struct timed *later_facts(const struct restating *r, const struct outcome *issued,
				 const struct outcome *now, size_t *n)
{
	struct timed *v = arena_array(r->arena, struct timed, 1);
	size_t cap = 1;

	*n = 0;
	for (uint32_t i = 0; i < r->facts->n; i++) {
		const struct fact *f = &r->facts->v[i];

		if (!is_later(issued, f) || f->recorded_at > now->in.known_as_of)
			continue;
		v = arena_grow(r->arena, v, *n, &cap, sizeof(*v));
		v[(*n)++] = (struct timed){f->recorded_at, i};
	}
	timed_sort(r->arena, v, *n);
	return v;
}

static void set_way(struct restatement *x, const struct outcome *now)
{
	const struct contract *contract =
		now->in.versions[now->in.n_versions - 1].promise->contract;

	if (contract == NULL || contract->root == NULL)
		return;
	x->way = node_at(contract->root, "invoicing.corrections");
	x->by_credit_note = x->way != NULL && text_is(x->way->text, "credit_note");
}

enum rc restate(struct arena *a, const struct outcome *issued, const struct outcome *now,
		const struct compare_options *options, struct restatement **out, struct err *err)
{
	struct restatement *made = arena_one(a, struct restatement);
	struct restating r = {.arena = a, .facts = now->in.facts};
	struct comparison *c = NULL;
	struct timed *later;
	enum rc rc;

	assert(issued->in.facts->n <= now->in.facts->n);
	rc = compare_outcomes(a, issued, now, options, &c, err);
	if (rc != RC_OK)
		return rc;
	r.c = c;
	name_parts(&r);
	later = later_facts(&r, issued, now, &made->n_recorded);
	for (size_t i = 0; i < made->n_recorded; i++)
		add_later(&r, &r.facts->v[later[i].i]);
	for (size_t i = 0; i < c->n_windows; i++)
		made->n_changed += c->windows[i].changed;
	made->comparison = c;
	made->facts = r.v;
	made->n_facts = r.n;
	set_way(made, now);
	*out = made;
	return RC_OK;
}
