/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tickets_past_form.h"
#include "app/values.h"
#include "engine/windows.h"

instant past_month_of(const struct recalled *r, instant t)
{
	return window_month(r->versions[r->n_versions - 1].promise, t, 0);
}

/* --- which months may be left out --- */

static bool is_touched(const struct past_reading *p, instant month)
{
	for (size_t i = 0; i < p->n_touched; i++)
		if (p->touched[i] == month)
			return true;
	return false;
}

static enum rc take_month(void *context, const struct stored_past *s, struct err *err)
{
	struct past_reading *p = context;
	enum rc rc;

	if (is_touched(p, s->month))
		return RC_OK;
	p->out->months = arena_grow(p->ws->arena, p->out->months, p->out->n_months, &p->months_cap,
				    sizeof(*p->out->months));
	p->out->months[p->out->n_months++] = s->month;
	if (s->last > p->as_of || (s->first < p->shown.to && s->last >= p->shown.from))
		return RC_OK;
	rc = past_read_entries(p, s->entries, err);
	if (rc == RC_OK)
		rc = past_read_clocks(p, s->clocks, err);
	if (rc != RC_OK)
		return rc;
	if (s->seen < p->out->past.first)
		p->out->past.first = s->seen;
	if (s->first < p->out->first)
		p->out->first = s->first;
	return RC_OK;
}

struct span tickets_past_shown(const struct recalled *r, struct span period)
{
	struct span all = period;

	for (size_t v = 0; v < r->n_versions; v++)
		for (size_t m = 0; m < r->versions[v].promise->n_metrics; m++) {
			const struct promise *p = r->versions[v].promise;
			enum window_kind kind = p->metrics[m].window;
			struct span first = window_at(p, kind, period.from),
				    last = window_at(p, kind, period.to - 1);

			all.from = first.from < all.from ? first.from : all.from;
			all.to = last.to > all.to ? last.to : all.to;
		}
	return all;
}

/* --- what entries behind the table say --- */

/* Does what follows from tickets that are over stay as it was, whatever a fact of that kind says, but for tickets that it names? */
static bool leaves_alone(const struct fact *f)
{
	const struct fact_row *row = fact_row((enum fact_kind)f->kind);

	if (row->subject == FIELD_TICKET && !row->record)
		return true;
	switch ((int)f->kind) {
	case FACT_CALENDAR_EXCEPTION:
	case FACT_VERSION_AGREED:
	case FACT_INPUT_PINNED:
		return false;
	case FACT_REPORT_DELIVERED: /* by the provider it happens when it is recorded (R12), after all that is there */
		return f->party != PARTY_CLIENT && f->corrects == 0;
	case FACT_FACT_ACCEPTED:
	case FACT_FACT_CONTESTED:
	case FACT_DISPUTE_SETTLED:
	case FACT_FACT_WITHDRAWN:
	case FACT_CORRECTION_APPROVED:
		return true; /* what they name decides: act_leaves_alone */
	default:
		break;
	}
	/* A correction may be of what had to do with any of them. */
	return f->corrects == 0 || row->record || row->subject == FIELD_OUTAGE ||
	       row->subject == FIELD_ASSET || f->kind >= FACT_UNITS_LISTED;
}

/* An act must be about a fact of a ticket: that ticket is looked at anew (gather). */
static bool act_leaves_alone(const struct gather *g, const struct facts *set, const struct fact *f,
			     struct err *err)
{
	struct stored_entry stored;
	struct canon_doc doc;
	struct entry e;
	struct uuid u;

	switch ((int)f->kind) {
	case FACT_FACT_ACCEPTED:
	case FACT_FACT_CONTESTED:
	case FACT_DISPUTE_SETTLED:
	case FACT_FACT_WITHDRAWN:
	case FACT_CORRECTION_APPROVED:
		break;
	default:
		return true;
	}
	if (!uuid_parse(symbol_text(set->symbols, fact_word(f, FIELD_FACT_ID)), &u) ||
	    record_entry_of_id(g->ws->store, g->ws->arena, g->log->id, &u, &stored, err) != RC_OK ||
	    entry_parse(g->ws->arena, NULL, stored.bytes, &e, &doc, err) != RC_OK) {
		err_clear(err);
		return false;
	}
	return fact_row(e.kind)->subject == FIELD_TICKET && !fact_row(e.kind)->record;
}

/* Events that a cause is given for are tickets or facts of theirs. */
static enum rc name_events(struct gather *g, const struct facts *set, const struct fact *f,
			   struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && f->kind == FACT_CAUSE_LINKED && i < f->n_values; i++)
		if (f->values[i].field == FIELD_EVENTS)
			rc = gather_named(g, set, f->values[i].word, err);
	return rc;
}

/* Of the tickets that entries [from, to) are about, the months in which they were logged. *all: it may be any. */
static enum rc touched_months(struct gather *g, const struct recalled *versions, int64_t from,
			      int64_t to, instant **out, size_t *n, bool *all, struct err *err)
{
	struct recalled some = *versions;
	int64_t *v = arena_array(g->ws->arena, int64_t, (size_t)(to - from));
	size_t cap = 0;
	enum rc rc = RC_OK;

	*out = NULL;
	*n = 0;
	*all = g->all;
	for (int64_t i = from; i < to; i++)
		v[i - from] = i;
	if (to > from)
		rc = recall_some(g->ws, v, (size_t)(to - from), &some, err);
	for (size_t i = 0; rc == RC_OK && to > from && i < some.facts->n && !*all; i++) {
		const struct fact *f = &some.facts->v[i];

		*all = !leaves_alone(f) || !act_leaves_alone(g, some.facts, f, err);
		rc = name_events(g, some.facts, f, err);
	}
	if (rc == RC_OK && !*all)
		rc = gather_stored(g, versions, err);
	for (uint32_t t = 1; rc == RC_OK && !*all && t < g->n; t++) {
		if (!g->v[t].stored || g->v[t].row.live)
			continue;
		*out = arena_grow(g->ws->arena, *out, *n, &cap, sizeof(**out));
		(*out)[(*n)++] = past_month_of(versions, g->v[t].row.logged);
	}
	return rc;
}

enum rc tickets_past_touch(struct gather *g, const struct recalled *versions, int64_t from,
			   int64_t to, struct err *err)
{
	instant *months;
	size_t n;
	bool all;
	enum rc rc = touched_months(g, versions, from, to, &months, &n, &all, err);

	if (rc == RC_OK && all)
		return record_pasts_drop(g->ws->store, g->log->id, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = record_past_drop(g->ws->store, g->log->id, months[i], err);
	return rc;
}

/* --- reading --- */

enum rc tickets_past_any(struct workspace *ws, const struct log_head *log, bool *any,
			 struct err *err)
{
	int64_t over = 0;
	enum rc rc = record_past_over(ws->store, log->id, &over, err);

	*any = rc == RC_OK && over > 0;
	return rc;
}

enum rc tickets_past(struct workspace *ws, const struct recalled *r, struct facts *set,
		     struct span shown, instant as_of, struct left_out **out, struct err *err)
{
	struct past_reading p = {.ws = ws, .r = r, .set = set, .shown = shown, .as_of = as_of};
	struct stored_tickets have;
	struct gather g;
	instant *months = NULL;
	bool all = false;
	enum rc rc;

	*out = NULL;
	if (!past_allowed(recall_version_list(r, ws->arena), r->n_versions))
		return RC_OK;
	rc = tickets_tail(ws, r, &g, &have, err);
	if (rc != RC_OK || have.size == 0)
		return rc;
	rc = touched_months(&g, r, have.size, r->size, &months, &p.n_touched, &all, err);
	if (rc != RC_OK || all)
		return rc;
	p.touched = months;
	p.out = arena_one(ws->arena, struct left_out);
	p.out->entries = arena_array(ws->arena, uint8_t, (size_t)r->size);
	p.out->first = INSTANT_MAX;
	p.out->past.first = INSTANT_MAX;
	rc = record_pasts(ws->store, r->log.id, take_month, &p, err);
	if (rc != RC_OK)
		return rc;
	p.out->past.in_time = p.runs;
	p.out->past.clocks = p.clocks;
	*out = p.out;
	return RC_OK;
}
