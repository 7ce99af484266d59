/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/acceptance.h"

/* What happened to a delivery, in order. */
struct happening {
	uint32_t fact;
	enum fact_kind kind;
};

struct walk {
	const struct charging *c;
	size_t slot;
	symbol charge, milestone;
	struct acceptance_state *out;
};

static const enum fact_kind KINDS[] = {FACT_MILESTONE_DELIVERED, FACT_MILESTONE_REJECTED,
				       FACT_MILESTONE_ACCEPTED};

static bool is_about(const struct walk *w, uint32_t fact)
{
	const struct fact *f = view_fact(w->c->view, fact);

	return f->subject == w->milestone && fact_word(f, FIELD_CHARGE) == w->charge;
}

static bool client_says(const struct walk *w, uint32_t fact)
{
	return view_fact(w->c->view, fact)->party == PARTY_CLIENT ||
	       w->c->view->accepted[fact] != 0;
}

/* The terms that hold for a delivery are those in force then (CL-45). */
static const struct acceptance *terms_at(const struct walk *w, instant at,
					 const struct promise **promise)
{
	uint16_t version = slot_version_on(w->c, w->slot, zone_day(w->c->zone, at));

	*promise = w->c->versions[version].pricing->promise;
	return &slot_charge(w->c, w->slot, version)->acceptance;
}

/* Silence up to `until` may have accepted what was delivered before. */
static void fall_silent(const struct walk *w, instant until)
{
	struct acceptance_state *s = w->out;
	const struct promise *promise;

	if (s->accepted || s->rejected || s->delivered == NO_FACT || s->deadline == INSTANT_NONE ||
	    until <= s->deadline)
		return;
	if (terms_at(w, view_fact(w->c->view, s->delivered)->occurred_at, &promise)
		    ->silence_rejects)
		return;
	s->accepted = s->by_silence = true;
	s->at = s->deadline;
	s->decided = s->delivered;
}

static enum rc deliver(const struct walk *w, uint32_t fact, struct err *err)
{
	instant at = view_fact(w->c->view, fact)->occurred_at;
	const struct promise *promise;
	const struct acceptance *terms = terms_at(w, at, &promise);
	struct duration_context context;

	w->out->delivered = fact;
	w->out->rejected = false;
	w->out->deadline = INSTANT_NONE;
	w->out->silence_accepts = terms->set && terms->reject_within.set && !terms->silence_rejects;
	if (!terms->set || !terms->reject_within.set)
		return RC_OK;
	context = promise_duration(promise, &terms->reject_within);
	return duration_add(terms->reject_within.duration, 1, ANCHOR_MOMENT, at, &context,
			    &w->out->deadline, err);
}

static enum rc step(const struct walk *w, struct happening h, struct err *err)
{
	struct acceptance_state *s = w->out;
	instant at = view_fact(w->c->view, h.fact)->occurred_at;

	fall_silent(w, at);
	if (s->accepted)
		return RC_OK;
	if (h.kind == FACT_MILESTONE_DELIVERED)
		return deliver(w, h.fact, err);
	if (h.kind == FACT_MILESTONE_REJECTED) {
		if (client_says(w, h.fact) ||
		    view_fact(w->c->view, h.fact)->party == PARTY_PROVIDER) {
			s->rejected = true;
			s->decided = h.fact;
		}
		return RC_OK;
	}
	if (!client_says(w, h.fact))
		return RC_OK;
	s->accepted = true;
	s->rejected = false;
	s->at = at;
	s->decided = h.fact;
	return RC_OK;
}

/* The next of three runs that are each in R15's order. */
static bool next(const struct walk *w, size_t at[], struct happening *out)
{
	const struct view *v = w->c->view;
	int first = -1;

	for (int k = 0; k < (int)ARRAY_SIZE(KINDS); k++) {
		const struct fact_run *run = &v->kinds[KINDS[k]];

		while (at[k] < run->n && !is_about(w, run->v[at[k]]))
			at[k]++;
		if (at[k] < run->n &&
		    (first < 0 ||
		     fact_order(view_fact(v, run->v[at[k]]),
				view_fact(v, v->kinds[KINDS[first]].v[at[first]])) < 0))
			first = k;
	}
	if (first < 0)
		return false;
	*out = (struct happening){v->kinds[KINDS[first]].v[at[first]++], KINDS[first]};
	return true;
}

enum rc acceptance_of(const struct charging *c, size_t slot, struct text milestone,
		      struct acceptance_state *out, struct err *err)
{
	const struct symbols *symbols = c->view->facts->symbols;
	struct text id = c->slots[slot].id;
	struct acceptance_state state = {.at = INSTANT_NONE,
					 .deadline = INSTANT_NONE,
					 .delivered = NO_FACT,
					 .decided = NO_FACT};
	struct walk w = {c, slot, symbol_find(symbols, id),
			 symbol_find(symbols, milestone.n > 0 ? milestone : id), &state};
	size_t at[ARRAY_SIZE(KINDS)] = {0};
	struct happening h;
	enum rc rc = RC_OK;

	while (rc == RC_OK && w.charge != 0 && w.milestone != 0 && !state.accepted &&
	       next(&w, at, &h))
		rc = step(&w, h, err);
	if (rc != RC_OK)
		return rc;
	fall_silent(&w, c->view->as_of);
	if (!state.accepted && state.delivered != NO_FACT &&
	    charging_supposes(c, state.delivered)) {
		state.accepted = true;
		state.at = view_fact(c->view, state.delivered)->occurred_at;
		state.decided = state.delivered;
	}
	*out = state;
	return RC_OK;
}
