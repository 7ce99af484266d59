/* SPDX-License-Identifier: Apache-2.0 */
/* Announced work: is it excused, and which part of it (sla.md R50)? Allowances come later (excuse_allowance.c). */
#include "engine/availability.h"
#include "engine/excuse.h"

/* The end of the listed window that t lies in, or t: a range of a local date, its ends mapped by R4. */
static instant window_end(const struct promise *p, const struct maintenance_window *w, instant t)
{
	const struct zone *z = w->zone != NULL ? w->zone : p->zone;
	day d = zone_day(z, t);
	instant end = t;

	if ((w->days & 1u << weekday_of(d)) == 0)
		return t;
	for (size_t i = 0; i < w->n_open; i++) {
		instant from = zone_instant(z, d, w->open[i].from_min * MINUTE_MS, NULL);
		instant to = zone_instant(z, d, w->open[i].to_min * MINUTE_MS, NULL);

		if (from <= t && end < to)
			end = to;
	}
	return end;
}

/* Windows that touch are one: a range cannot cross midnight, work can. */
static bool inside_windows(const struct promise *p, struct span s)
{
	for (instant t = s.from; t < s.to;) {
		instant end = t;

		for (size_t i = 0; i < p->maintenance.n_windows; i++) {
			instant here = window_end(p, &p->maintenance.windows[i], t);

			if (here > end)
				end = here;
		}
		if (end == t)
			return false;
		t = end;
	}
	return true;
}

static const struct timing *notice_for(const struct promise *p, struct text work)
{
	if (text_is(work, "emergency"))
		return &p->maintenance.notice_emergency;
	if (text_is(work, "planned_outage"))
		return &p->maintenance.notice_planned_outage;
	return &p->maintenance.notice_routine;
}

/* Notice given and needed; false: too short. Work that is announced after it began is not announced. */
static bool notice_enough(const struct view *v, const struct promise *p, struct text work,
			  struct announcement *m)
{
	const struct timing *needed = notice_for(p, work);
	instant act = excuse_act(v, m->fact, PARTY_CLIENT), latest = m->asked.from;

	m->notice_ms = m->asked.from - act;
	if (needed->set && !excuse_shift(p, needed, -1, m->asked.from, &latest))
		return false;
	m->needed_ms = m->asked.from - latest;
	return act <= latest; /* exactly enough is enough */
}

static struct span asked_span(const struct fact *f)
{
	return (struct span){fact_number(f, FIELD_FROM, 0), fact_number(f, FIELD_TO, 0)};
}

/*
 * What the facts after an announcement make of it: run.v[at] is the announcement. An id used again once the announced time is
 * over is other work. A later announcement moves the work, so the first covers only what both have. Returns false if it was
 * cancelled.
 */
static bool what_became_of_it(struct arena *a, const struct view *v, struct fact_run run, size_t at,
			      struct announcement *m)
{
	struct span *worked = arena_array(a, struct span, run.n);
	struct spans granted = {&m->asked, 1};
	instant began = INSTANT_NONE;
	bool known = false;
	size_t n = 0;

	for (size_t i = at + 1; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		struct span moved = asked_span(f);

		if (f->kind == FACT_MAINTENANCE_ANNOUNCED) {
			if (f->occurred_at >= m->asked.to)
				break;
			granted = excuse_clip(a, granted, moved);
		} else if (f->kind == FACT_MAINTENANCE_CANCELLED) {
			return false;
		} else if (f->kind == FACT_MAINTENANCE_STARTED) {
			known = true;
			if (began == INSTANT_NONE)
				began = f->occurred_at;
			if (m->actual_fact == NO_FACT)
				m->actual_fact = run.v[i];
		} else {
			/* ended without started: it began as announced */
			worked[n++] = (struct span){
				began != INSTANT_NONE ? began
						      : (known ? f->occurred_at : m->asked.from),
				f->occurred_at};
			began = INSTANT_NONE;
			known = true;
		}
	}
	if (began != INSTANT_NONE)
		worked[n++] = (struct span){began, m->asked.to};
	m->granted = known ? excuse_common(a, granted, spans_union(a, worked, n)) : granted;
	return true;
}

static void judge(struct arena *a, const struct view *v, const struct promise *p,
		  struct fact_run run, size_t at, struct announcement *m)
{
	const struct fact *f = view_fact(v, m->fact);
	struct text work = symbol_text(v->facts->symbols, fact_word(f, FIELD_WORK));
	bool emergency = text_is(work, "emergency");
	bool enough = notice_enough(v, p, work, m);

	m->cause = emergency ? CAUSE_EMERGENCY_MAINTENANCE : CAUSE_SCHEDULED_MAINTENANCE;
	if (!what_became_of_it(a, v, run, at, m))
		m->refusal = EXCUSE_CANCELLED;
	else if (!enough)
		m->refusal = EXCUSE_NOTICE_SHORT;
	else if (!emergency && p->maintenance.n_windows > 0 && !inside_windows(p, m->asked))
		m->refusal = EXCUSE_OUTSIDE_WINDOW;
	else if (p->maintenance.change_record && fact_word(f, FIELD_CHANGE) == 0)
		m->refusal = EXCUSE_NO_CHANGE_RECORD;
	else if (v->waits[m->fact] != 0)
		m->refusal = EXCUSE_AFTER_REPORT;
}

struct announcement *announcements_make(struct arena *a, const struct view *v,
					const struct promise *p, size_t *n)
{
	static const enum fact_kind kinds[] = {FACT_MAINTENANCE_ANNOUNCED, FACT_MAINTENANCE_STARTED,
					       FACT_MAINTENANCE_ENDED, FACT_MAINTENANCE_CANCELLED};
	struct subject_runs all = subject_runs_make(a, v, kinds, ARRAY_SIZE(kinds));
	struct announcement *out =
		arena_array(a, struct announcement, v->kinds[FACT_MAINTENANCE_ANNOUNCED].n);

	*n = 0;
	for (size_t i = 0; i < all.n;) {
		struct fact_run run = subject_run(&all, all.subjects[i]);

		for (size_t k = 0; k < run.n; k++) {
			const struct fact *f = view_fact(v, run.v[k]);
			struct announcement *m = &out[*n];

			if (f->kind != FACT_MAINTENANCE_ANNOUNCED)
				continue;
			*m = (struct announcement){.id = f->subject,
						   .asked = asked_span(f),
						   .fact = run.v[k],
						   .actual_fact = NO_FACT};
			if (m->asked.from >= m->asked.to)
				continue;
			judge(a, v, p, run, k, m);
			++*n;
		}
		i += run.n;
	}
	return out;
}

struct spans maintenance_spans(struct arena *a, const struct view *v, const struct promise *p)
{
	size_t n = 0, used = 0, cap = 0;
	const struct announcement *all = announcements_make(a, v, p, &n);
	struct span *out = NULL;

	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; all[i].refusal == EXCUSE_VALID && s < all[i].granted.n; s++) {
			out = arena_grow(a, out, used, &cap, sizeof(*out));
			out[used++] = all[i].granted.v[s];
		}
	return spans_union(a, out, used);
}
