/* SPDX-License-Identifier: Apache-2.0 */
/* Chronic failure (sla.md R66): so many missed windows among consecutive ones open a right, every time anew. */
#include "engine/remedy_work.h"

#include "engine/excuse.h"

struct rights {
	struct arena *arena;
	struct right *v;
	size_t n, cap;
};

/* The missed among the `out_of` windows that end with this one, oldest first; windows not judged keep their place. */
static struct indexes missed_windows(struct arena *a, const struct outcome *o, struct indexes run,
				     size_t last, int64_t out_of)
{
	size_t from = last + 1 > (size_t)out_of ? last + 1 - (size_t)out_of : 0;
	struct indexes missed = {arena_array(a, uint32_t, last + 1 - from), 0};

	for (size_t i = from; i <= last; i++) {
		const struct window_result *w = &o->windows[run.v[i]];

		if (window_judged(o, w) && w->verdict == VERDICT_MISSED)
			missed.v[missed.n++] = run.v[i];
	}
	return missed;
}

/* The right arises at the end of the window that completes the count, and runs from there (OB-9). */
static enum rc add_right(struct rights *to, const struct outcome *o, uint32_t window, int chronic,
			 struct indexes missed, struct err *err)
{
	const struct window_result *w = &o->windows[window];
	const struct promise *p = promise_at(o, w->version);
	const struct chronic_rule *rule = &p->chronic[chronic];
	struct right right = {.version = w->version,
			      .chronic = chronic,
			      .arose = window_end(w),
			      .until = INSTANT_NONE,
			      .window = window,
			      .windows = missed.v,
			      .n_windows = missed.n,
			      .exercised = INSTANT_NONE,
			      .fact = NO_FACT};

	if (rule->exercise_within.set) {
		enum rc rc = act_due(p, &rule->exercise_within, ANCHOR_EDGE, right.arose,
				     &right.until, err);

		if (rc != RC_OK)
			return rc;
	}
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = right;
	return RC_OK;
}

static bool rule_goes_on(const struct outcome *o, uint16_t version, struct text metric)
{
	for (uint16_t v = 0; v < version; v++) {
		const struct promise *p = promise_at(o, v);

		for (size_t i = 0; i < p->n_chronic; i++)
			if (text_eq(p->metrics[p->chronic[i].metric].id, metric))
				return true;
	}
	return false;
}

/* Every later miss that satisfies the count opens a new right, under the rules of the version of its window (R20). */
static enum rc rights_of_metric(struct rights *to, const struct outcome *o, struct text metric,
				struct err *err)
{
	struct indexes run = metric_windows(to->arena, o, metric);

	for (size_t i = 0; i < run.n; i++) {
		const struct window_result *w = &o->windows[run.v[i]];
		const struct promise *p = promise_at(o, w->version);

		if (!window_judged(o, w) || w->verdict != VERDICT_MISSED)
			continue;
		for (size_t k = 0; k < p->n_chronic; k++) {
			const struct chronic_rule *rule = &p->chronic[k];
			struct indexes missed;
			enum rc rc;

			if (rule->metric != w->metric || rule->out_of < 1)
				continue;
			missed = missed_windows(to->arena, o, run, i, rule->out_of);
			if (missed.n < (size_t)rule->misses)
				continue;
			rc = add_right(to, o, run.v[i], (int)k, missed, err);
			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* --- exercise --- */

static struct text right_id(const struct outcome *o, const struct right *r)
{
	return promise_at(o, r->version)->chronic[r->chronic].id;
}

static bool open_at(const struct right *r, instant at)
{
	return r->exercised == INSTANT_NONE && at >= r->arose &&
	       (r->until == INSTANT_NONE || at <= r->until);
}

/*
 * An act uses one right: that of the window it names, else the one that closes first. Not exercising one waives no other, so
 * an act that comes after one closed may still be in time for the next.
 */
static void exercise(struct rights *rights, const struct outcome *o, uint32_t fact)
{
	const struct facts *facts = o->view->facts;
	const struct fact *f = view_fact(o->view, fact);
	struct text id = symbol_text(facts->symbols, f->subject);
	struct text window = symbol_text(facts->symbols, fact_word(f, FIELD_WINDOW));
	instant at = excuse_act(o->view, fact, PARTY_PROVIDER);
	struct right *found = NULL;

	for (size_t i = 0; i < rights->n; i++) {
		struct right *r = &rights->v[i];

		if (!open_at(r, at) || !text_eq(right_id(o, r), id) ||
		    (window.n > 0 && !text_is(window, o->windows[r->window].label)))
			continue;
		if (found == NULL || (r->until != INSTANT_NONE &&
				      (found->until == INSTANT_NONE || r->until < found->until)))
			found = r;
	}
	if (found != NULL) {
		found->exercised = at;
		found->fact = fact;
	}
}

enum rc rights_make(struct arena *a, struct outcome *o, struct err *err)
{
	struct rights rights = {.arena = a};

	for (uint16_t v = 0; (size_t)v < o->in.n_versions; v++) {
		const struct promise *p = promise_at(o, v);

		for (size_t i = 0; i < p->n_chronic; i++) {
			struct text metric = p->metrics[p->chronic[i].metric].id;
			bool again = rule_goes_on(o, v, metric);

			for (size_t k = 0; k < i && !again; k++)
				again = p->chronic[k].metric == p->chronic[i].metric;
			if (again)
				continue;

			enum rc rc = rights_of_metric(&rights, o, metric, err);

			if (rc != RC_OK)
				return rc;
		}
	}

	struct fact_run run = o->view->kinds[FACT_RIGHT_EXERCISED];

	for (size_t i = 0; i < run.n; i++)
		if (view_counts(o->view, run.v[i]))
			exercise(&rights, o, run.v[i]);
	o->rights = rights.v;
	o->n_rights = rights.n;
	return RC_OK;
}
