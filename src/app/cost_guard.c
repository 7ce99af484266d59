/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cost counts once (money.md R43, R47). The same report again is known by its ids; what is not: another way of counting the same money
 * (actual and amortized costs), and a later report of a day, whose rows were changed by the supplier. Both are refused before anything
 * is recorded; --add says that they are other costs.
 */
#include "app/import_wish.h"

#include "app/recall_past.h"

/* What the set says of one charge, supplier and day. */
struct cost_day {
	struct text charge, supplier, source;
	instant at; /* of its facts: one instant a day (rows_costs.c) */
	size_t costs, fresh;
};

struct guard {
	struct workspace *ws;
	const struct log_head *log;
	struct cost_day *days;
	size_t n, cap;
};

static struct text word_of(const struct facts *f, const struct fact *x, enum fact_field field)
{
	symbol y = fact_word(x, field);

	return y == 0 ? text_of("") : symbol_text(f->symbols, y);
}

static bool is_day(const struct cost_day *d, struct text charge, struct text supplier, instant at)
{
	return d->at == at && text_eq(d->charge, charge) && text_eq(d->supplier, supplier);
}

static enum rc count_cost(struct guard *g, const struct facts *set, const struct fact *f,
			  struct err *err)
{
	struct text charge = word_of(set, f, FIELD_CHARGE);
	struct text supplier = word_of(set, f, FIELD_SUPPLIER);
	struct text source = set->sources[f->source].name;
	struct uuid id = uuid_derived(f->occurred_at > 0 ? f->occurred_at : 0, source,
				      symbol_text(set->symbols, f->id));
	struct cost_day *d = NULL;
	enum rc rc = RC_OK;

	for (size_t i = g->n; i > 0 && d == NULL; i--)
		if (is_day(&g->days[i - 1], charge, supplier, f->occurred_at))
			d = &g->days[i - 1];
	if (d == NULL) {
		g->days = arena_grow(g->ws->arena, g->days, g->n, &g->cap, sizeof(*g->days));
		d = &g->days[g->n++];
		*d = (struct cost_day){charge, supplier, source, f->occurred_at, 0, 0};
	}
	d->costs++;
	d->fresh += !record_has_id(g->ws->store, g->log->id, &id, err, &rc);
	return rc;
}

bool *facts_gone(struct arena *a, const struct facts *f)
{
	bool *gone = arena_array(a, bool, f->n + 1);

	for (size_t i = 0; i < f->n; i++) {
		const struct fact *x = &f->v[i];
		symbol id =
			x->kind == FACT_FACT_WITHDRAWN ? fact_word(x, FIELD_FACT_ID) : x->corrects;
		const struct fact *old = id == 0 ? NULL : facts_find(f, id);

		if (old != NULL)
			gone[old - f->v] = true;
	}
	return gone;
}

static struct text month_of(const struct guard *g, const struct zone *zone, instant at)
{
	struct civil c = civil_of(zone_day(zone, at));

	return text_format(g->ws->arena, "%04d-%02d", (int)c.year, (int)c.month);
}

static enum rc other_source(const struct cost_day *d, struct text month, struct text theirs,
			    struct err *err)
{
	err_code(err, "cost.other_source");
	err_hint(err,
		 "two reports of one supplier's month are the same money: keep one; --add records "
		 "both");
	return err_set(err, RC_INVALID,
		       "costs of '%.*s' of %.*s are recorded from '%.*s', these are from '%.*s'",
		       TEXT_ARG(d->charge), TEXT_ARG(month), TEXT_ARG(theirs), TEXT_ARG(d->source));
}

static enum rc later_report(const struct cost_day *d, const struct zone *zone, struct err *err)
{
	struct civil c = civil_of(zone_day(zone, d->at));

	err_code(err, "cost.later_report");
	err_hint(err, "withdraw those of an earlier report first; --add records these beside them");
	return err_set(
		err, RC_INVALID,
		"'%.*s' has costs of %04d-%02d-%02d already, and %zu of the report are others",
		TEXT_ARG(d->charge), (int)c.year, (int)c.month, (int)c.mday, d->fresh);
}

static enum rc against(const struct guard *g, const struct recalled *r, const struct fact *f,
		       const struct zone *zone, struct err *err)
{
	struct text charge = word_of(r->facts, f, FIELD_CHARGE);
	struct text supplier = word_of(r->facts, f, FIELD_SUPPLIER);
	struct text source = r->facts->sources[f->source].name;
	struct text month = month_of(g, zone, f->occurred_at);

	for (size_t i = 0; i < g->n; i++) {
		const struct cost_day *d = &g->days[i];

		if (d->fresh == 0 || !text_eq(d->charge, charge) || !text_eq(d->supplier, supplier))
			continue;
		if (!text_eq(d->source, source)) {
			if (text_eq(month_of(g, zone, d->at), month))
				return other_source(d, month, source, err);
		} else if (d->at == f->occurred_at)
			return later_report(d, zone, err);
	}
	return RC_OK;
}

enum rc costs_admit(struct workspace *ws, const struct log_head *log, const struct facts *set,
		    struct err *err)
{
	struct guard g = {.ws = ws, .log = log};
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, INSTANT_MAX};
	struct recalled r;
	bool any_fresh = false;
	const bool *gone;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < set->n; i++)
		if (set->v[i].kind == FACT_COST_RECORDED)
			rc = count_cost(&g, set, &set->v[i], err);
	for (size_t i = 0; i < g.n; i++)
		any_fresh = any_fresh || g.days[i].fresh > 0;
	if (rc != RC_OK || !any_fresh)
		return rc;
	rc = recall_past(ws, log, &nothing, &r, err); /* costs are no tickets */
	if (rc != RC_OK)
		return rc;
	gone = facts_gone(ws->arena, r.facts);
	for (size_t i = 0; rc == RC_OK && i < r.facts->n; i++)
		if (r.facts->v[i].kind == FACT_COST_RECORDED && !gone[i])
			rc = against(&g, &r, &r.facts->v[i],
				     r.versions[r.n_versions - 1].promise->zone, err);
	return rc;
}
