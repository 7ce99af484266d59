/* SPDX-License-Identifier: Apache-2.0 */
#include "render/planned.h"

#include "engine/excuse.h"
#include "engine/ticket.h"

/* By the promise in force when the work begins. false: the announcement has no length. */
static bool judged_by(const struct announcement *v, size_t n, uint32_t fact, struct planned *out)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].fact != fact)
			continue;
		out->span = v[i].asked;
		out->cancelled = v[i].refusal == EXCUSE_CANCELLED;
		out->judged = (struct excuse){.refusal = v[i].refusal,
					      .notice_ms = v[i].notice_ms,
					      .needed_ms = v[i].needed_ms};
		return true;
	}
	return false;
}

/* The first of a kind about the same work, not before `from`. */
static instant first_of(const struct view *v, enum fact_kind kind, const struct fact *f,
			instant from)
{
	struct fact_run run = v->kinds[kind];
	instant first = INSTANT_NONE;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *x = view_fact(v, run.v[i]);

		if (x != f && x->subject == f->subject && x->occurred_at >= from &&
		    (first == INSTANT_NONE || x->occurred_at < first))
			first = x->occurred_at;
	}
	return first;
}

static void what_came(const struct view *v, struct planned *x)
{
	instant again = first_of(v, FACT_MAINTENANCE_ANNOUNCED, x->f, x->f->occurred_at + 1);

	x->moved = again != INSTANT_NONE && again < x->span.to;
	x->began = first_of(v, FACT_MAINTENANCE_STARTED, x->f, x->f->occurred_at);
	x->ended = first_of(v, FACT_MAINTENANCE_ENDED, x->f,
			    x->began != INSTANT_NONE ? x->began : x->f->occurred_at);
}

instant planned_overrun(const struct planned *x)
{
	if (x->cancelled || x->moved || x->began == INSTANT_NONE || x->began > x->span.to ||
	    (x->ended != INSTANT_NONE && x->ended <= x->span.to))
		return INSTANT_NONE;
	return x->span.to + 1;
}

size_t planned_list(struct arena *a, const struct outcome *o, struct span within,
		    struct planned **out)
{
	const struct view *v = o->view;
	struct fact_run run = v->kinds[FACT_MAINTENANCE_ANNOUNCED];
	struct announcement *all = NULL;
	size_t n = 0, n_all = 0;
	int of = -1;

	*out = arena_array(a, struct planned, run.n);
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		instant from = fact_number(f, FIELD_FROM, 0);
		int version;

		if (from >= within.to || fact_number(f, FIELD_TO, 0) <= within.from)
			continue;
		version = version_at(o->in.versions, o->in.n_versions, from);
		if (version != of)
			all = announcements_make(a, v, outcome_promise(o, (uint16_t)version),
						 &n_all);
		of = version;
		(*out)[n].f = f;
		if (!judged_by(all, n_all, run.v[i], &(*out)[n]))
			continue;
		what_came(v, &(*out)[n]);
		n++;
	}
	return n;
}

struct phrase planned_effect(const struct report *r, const struct planned *x)
{
	struct doc *d = r->d;

	if (x->cancelled)
		return NO_WORDS;
	if (x->judged.refusal != EXCUSE_VALID)
		return doc_state_run(d, STATE_MISSED, refusal_words(r, &x->judged));
	return doc_state_run(
		d, STATE_KEPT,
		x->judged.needed_ms > 0
			? SAY(d, W_NOTICE_GIVEN,
			      doc_span(d, x->judged.notice_ms / MINUTE_MS * MINUTE_MS),
			      doc_span(d, x->judged.needed_ms))
			: SAY(d, W_NOTICE_ONLY,
			      doc_span(d, x->judged.notice_ms / MINUTE_MS * MINUTE_MS)));
}

struct text planned_assets(struct arena *a, const struct outcome *o, const struct planned *x)
{
	struct text all = text_of("");

	for (size_t i = 0; i < x->f->n_values; i++) {
		if (x->f->values[i].field != FIELD_ASSETS)
			continue;
		struct text one = symbol_text(o->in.facts->symbols, x->f->values[i].word);

		all = all.n == 0 ? one : text_format(a, "%.*s, %.*s", TEXT_ARG(all), TEXT_ARG(one));
	}
	return all;
}
