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
		n += judged_by(all, n_all, run.v[i], &(*out)[n]) ? 1 : 0;
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
