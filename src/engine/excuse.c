/* SPDX-License-Identifier: Apache-2.0 */
/* What every excuse needs: facts by subject, sets of time, when an act happened (R12), and a client's duties (R29). */
#include "engine/excuse.h"

#include "engine/availability.h"

#include <assert.h>
#include <stdlib.h>

struct entry {
	const struct fact *f;
	uint32_t fact;
};

static int by_subject(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->f->subject != b->f->subject)
		return a->f->subject < b->f->subject ? -1 : 1;
	return fact_order(a->f, b->f);
}

struct subject_runs subject_runs_make(struct arena *a, const struct view *v,
				      const enum fact_kind *kinds, size_t n_kinds)
{
	size_t most = 0, n = 0;

	for (size_t k = 0; k < n_kinds; k++)
		most += v->kinds[kinds[k]].n;

	struct entry *entries = arena_array(a, struct entry, most);
	symbol *subjects = arena_array(a, symbol, most);
	uint32_t *facts = arena_array(a, uint32_t, most);

	for (size_t k = 0; k < n_kinds; k++) {
		struct fact_run run = v->kinds[kinds[k]];

		for (size_t i = 0; i < run.n; i++)
			entries[n++] = (struct entry){view_fact(v, run.v[i]), run.v[i]};
	}
	if (n > 0)
		qsort(entries, n, sizeof(*entries), by_subject);
	for (size_t i = 0; i < n; i++) {
		subjects[i] = entries[i].f->subject;
		facts[i] = entries[i].fact;
	}
	return (struct subject_runs){subjects, facts, n};
}

struct fact_run subject_run(const struct subject_runs *r, symbol subject)
{
	size_t low = 0, high = r->n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (r->subjects[mid] < subject)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < r->n && r->subjects[end] == subject;)
		end++;
	if (end == low)
		return (struct fact_run){NULL, 0};
	return (struct fact_run){r->facts + low, end - low};
}

symbol excuse_symbol(const struct view *v, struct text word)
{
	return symbol_find(v->facts->symbols, word);
}

bool excuse_word_is(const struct fact *f, enum fact_field field, symbol word)
{
	return word != 0 && fact_word(f, field) == word;
}

struct spans excuse_common(struct arena *a, struct spans x, struct spans y)
{
	struct span *out = arena_array(a, struct span, x.n + y.n);
	size_t n = 0, j = 0;

	for (size_t i = 0; i < x.n; i++) {
		while (j < y.n && y.v[j].to <= x.v[i].from)
			j++;
		for (size_t k = j; k < y.n && y.v[k].from < x.v[i].to; k++) {
			instant from = x.v[i].from > y.v[k].from ? x.v[i].from : y.v[k].from;
			instant to = x.v[i].to < y.v[k].to ? x.v[i].to : y.v[k].to;

			out[n++] = (struct span){from, to};
		}
	}
	return (struct spans){out, n};
}

struct spans excuse_clip(struct arena *a, struct spans of, struct span to)
{
	if (to.from >= to.to)
		return (struct spans){NULL, 0};
	return excuse_common(a, of, (struct spans){&to, 1});
}

bool excuse_shift(const struct promise *p, const struct timing *t, int sign, instant at,
		  instant *out)
{
	struct duration_context context = promise_duration(p, t);
	struct err ignored = {0};

	return duration_add(t->duration, sign, ANCHOR_MOMENT, at, &context, out, &ignored) == RC_OK;
}

instant excuse_act(const struct view *v, uint32_t fact, enum party receiver)
{
	const struct fact *f = view_fact(v, fact);
	bool admitted = f->party == receiver || v->accepted[fact] != 0;

	return admitted && f->occurred_at < f->recorded_at ? f->occurred_at : f->recorded_at;
}

static int find_obligation(const struct promise *p, struct text id)
{
	for (size_t i = 0; i < p->n_obligations; i++)
		if (text_eq(p->obligations[i].id, id))
			return (int)i;
	return -1;
}

bool duty_of(const struct view *v, const struct promise *p, uint32_t fact, struct duty *out)
{
	const struct fact *f = view_fact(v, fact);
	struct text word = symbol_text(v->facts->symbols, fact_word(f, FIELD_OBLIGATION));
	int index = find_obligation(p, word);
	struct fact_run met = v->kinds[FACT_OBLIGATION_MET];
	struct duty d = {.obligation = index, .fact = fact, .met_fact = NO_FACT};
	instant from = f->occurred_at, to = v->as_of;

	if (index < 0)
		return false;

	const struct obligation *o = &p->obligations[index];
	bool asked = f->kind == FACT_OBLIGATION_REQUESTED;

	for (size_t i = 0; i < met.n && d.met_fact == NO_FACT; i++) {
		const struct fact *m = view_fact(v, met.v[i]);

		if (m->subject == f->subject && m->occurred_at >= f->occurred_at) {
			d.met_fact = met.v[i];
			to = m->occurred_at;
		}
	}
	/* The time inside the client's own allowance is not excused; a duty without either word excuses nothing. */
	if (asked)
		from = excuse_act(v, fact, PARTY_CLIENT);
	if (asked ? o->within.set && excuse_shift(p, &o->within, 1, from, &from) : o->standing)
		d.span = (struct span){from, to > from ? to : from};
	*out = d;
	return true;
}

bool duty_excuses(const struct promise *p, const struct duty *d, int metric)
{
	const struct obligation *o = &p->obligations[d->obligation];

	for (size_t i = 0; i < o->n_excuses; i++)
		if (o->excuses[i] == metric)
			return true;
	return false;
}

static bool names_ticket(const struct fact *f, symbol ticket)
{
	if (ticket == 0)
		return fact_value(f, FIELD_TICKETS) == NULL;
	return fact_has_word(f, FIELD_TICKETS, ticket);
}

struct spans obligation_spans(struct arena *a, const struct view *v, const struct promise *p,
			      int metric, symbol ticket)
{
	static const enum fact_kind kinds[] = {FACT_OBLIGATION_REQUESTED, FACT_OBLIGATION_BREACHED};
	struct span *out = NULL;
	size_t n = 0, cap = 0;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct fact_run run = v->kinds[kinds[k]];

		for (size_t i = 0; i < run.n; i++) {
			struct duty d;

			if (!view_counts(v, run.v[i]) ||
			    !names_ticket(view_fact(v, run.v[i]), ticket) ||
			    !duty_of(v, p, run.v[i], &d) || !duty_excuses(p, &d, metric))
				continue;
			out = arena_grow(a, out, n, &cap, sizeof(*out));
			out[n++] = d.span;
		}
	}
	return spans_union(a, out, n);
}
