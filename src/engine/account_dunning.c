/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reminders that are due (money.md R111) and from when services may be suspended (R113). Nothing is sent or suspended here: a message and
 * a suspension are facts.
 */
#include "engine/account_parts.h"

/* --- dunning --- */

/* The undisputed open part: since when it is due, and how much of it is late. */
static bool late_part(const struct accounts *a, size_t document, day *due, int64_t *amount)
{
	bool found = false;

	*amount = 0;
	for (size_t i = 0; i < a->n_pieces; i++) {
		const struct owed_piece *p = &a->pieces[i];

		if (p->document != document || p->state != PIECE_OPEN || p->open == 0 ||
		    p->due == DAY_NONE || p->due >= a->in->on)
			continue;
		if (!found || p->due < *due)
			*due = p->due;
		*amount += p->open; /* parts of one document, which fits */
		found = true;
	}
	return found;
}

/* The record says so of itself, so it is in no run of the view. */
static bool was_sent(const struct accounts *a, struct text number, struct text step)
{
	const struct facts *facts = a->c->view->facts;
	symbol invoice = symbol_find(facts->symbols, number);
	symbol object = symbol_find(facts->symbols, step);

	if (invoice == 0 || object == 0)
		return false;
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->v[i];

		if (f->kind == FACT_DUNNING_SENT && f->subject == invoice &&
		    fact_word(f, FIELD_OBJECT) == object &&
		    f->recorded_at <= a->c->view->known_as_of &&
		    fact_day(a->c, (uint32_t)i) <= a->in->on)
			return true;
	}
	return false;
}

static bool any_sent(const struct accounts *a)
{
	const struct facts *facts = a->c->view->facts;

	for (size_t i = 0; i < facts->n; i++)
		if (facts->v[i].kind == FACT_DUNNING_SENT)
			return true;
	return false;
}

struct reminders {
	struct dunning_due *v;
	size_t n;
	bool any_sent;
};

/* Steps as they are written; the latest that is reached and follows all that were told is due. */
static enum rc document_steps(struct accounts *a, size_t at, struct reminders *out)
{
	const struct account_document *d = &a->documents[at];
	const struct pricing *p = account_terms(a, d->invoice->date);
	struct dunning_due missed = {.document = at};
	bool is_missed = false;
	day since = d->due, last = DAY_NONE;
	int64_t amount = 0;
	bool late = late_part(a, at, &since, &amount);

	for (size_t k = 0; p->payment.set && since != DAY_NONE && k < p->payment.n_dunning; k++) {
		const struct dunning_step *s = &p->payment.dunning[k];
		struct dunning_due row = {at, s->id, s->to, DAY_NONE, false, amount};
		enum rc rc = account_day_after(p, &s->after, since, &row.due, a->err);

		if (rc != RC_OK)
			return rc;
		row.sent = out->any_sent && was_sent(a, d->invoice->number, s->id);
		if (row.sent) {
			out->v[out->n++] = row;
			is_missed = is_missed && missed.due > row.due;
			last = last == DAY_NONE || row.due > last ? row.due : last;
		} else if (late && row.due <= a->in->on && (last == DAY_NONE || row.due > last) &&
			   (!is_missed || row.due >= missed.due)) {
			missed = row;
			is_missed = true;
		}
	}
	if (is_missed)
		out->v[out->n++] = missed;
	return RC_OK;
}

enum rc dunning_make(struct accounts *a, const struct dunning_due **out, size_t *n_out)
{
	struct reminders r = {NULL, 0, any_sent(a)};
	size_t room = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < a->n_documents; i++)
		room += account_terms(a, a->documents[i].invoice->date)->payment.n_dunning;
	r.v = arena_array(a->arena, struct dunning_due, room);
	for (size_t i = 0; i < a->n_documents && rc == RC_OK; i++)
		if (a->documents[i].invoice->kind == DOCUMENT_INVOICE)
			rc = document_steps(a, i, &r);
	*out = r.v;
	*n_out = r.n;
	return rc;
}

/* --- suspension --- */

static enum rc after(struct accounts *a, const struct pricing *p, const struct timing *t, day from,
		     instant *out)
{
	struct duration_context context = promise_duration(p->promise, t);

	if (!t->set) {
		*out = zone_midnight(a->c->zone, from + 1);
		return RC_OK;
	}
	return duration_add(t->duration, 1, ANCHOR_DATE, zone_midnight(a->c->zone, from), &context,
			    out, a->err);
}

/* R113: a notice counts for what was late when it was received. */
static enum rc piece_right(struct accounts *a, const struct pricing *p,
			   const struct owed_piece *piece, instant *first)
{
	struct fact_run run = a->c->view->kinds[FACT_NOTICE_GIVEN];
	instant overdue = INSTANT_NONE, noticed = INSTANT_NONE;
	enum rc rc = after(a, p, &p->payment.after_overdue, piece->due, &overdue);

	for (size_t i = 0; i < run.n && rc == RC_OK; i++) {
		const struct fact *f = view_fact(a->c->view, run.v[i]);
		day given = fact_day(a->c, run.v[i]);

		if (given <= piece->due || given > a->in->on || f->party == PARTY_CLIENT ||
		    !text_is(symbol_text(a->c->view->facts->symbols,
					 fact_word(f, FIELD_NOTICE_KIND)),
			     "suspension"))
			continue;
		rc = after(a, p, &p->payment.suspension_notice, given, &noticed);
		if (rc != RC_OK)
			break;
		if (noticed < overdue)
			noticed = overdue;
		if (*first == INSTANT_NONE || noticed < *first)
			*first = noticed;
	}
	return rc;
}

enum rc suspension_make(struct accounts *a, struct account *out)
{
	const struct pricing *p = account_terms(a, a->in->on);
	instant first = INSTANT_NONE;
	enum rc rc = RC_OK;

	if (!p->payment.set || !p->payment.suspension_set)
		return RC_OK;
	for (size_t i = 0; i < a->n_pieces && rc == RC_OK; i++) {
		const struct owed_piece *piece = &a->pieces[i];

		if (piece->open == 0 || piece->due == DAY_NONE || piece->due >= a->in->on ||
		    (piece->state != PIECE_OPEN && !p->payment.suspension_counts_disputed))
			continue;
		rc = piece_right(a, p, piece, &first);
	}
	if (rc != RC_OK || first == INSTANT_NONE)
		return rc;
	out->suspension_at = first;
	out->suspension_from = zone_day(a->c->zone, first);
	return RC_OK;
}
