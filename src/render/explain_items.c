/* SPDX-License-Identifier: Apache-2.0 */
#include "render/explain_items.h"

#include <string.h>

static void add(struct report *r, struct items *items, enum item_kind kind, struct text id,
		uint32_t index, uint32_t place)
{
	items->v = arena_grow(r->d->arena, items->v, items->n, &items->cap, sizeof(*items->v));
	items->v[items->n++] = (struct item_of){kind, id, index, place};
}

/* A thing that several windows know (an outage over midnight of the month) is one item. */
static bool has(const struct items *items, enum item_kind kind, struct text id)
{
	for (size_t i = 0; i < items->n; i++)
		if (items->v[i].kind == kind && text_eq(items->v[i].id, id))
			return true;
	return false;
}

static struct text named(struct report *r, const char *kind, struct text id)
{
	return text_format(r->d->arena, "%s %.*s", kind, TEXT_ARG(id));
}

static void add_windows(struct report *r, struct items *items)
{
	for (size_t i = 0; i < r->plan.n_windows; i++) {
		uint32_t index = r->plan.windows[i];
		const struct window_result *w = &r->o->windows[index];
		struct text id = named(r, "metric", report_metric(r, w->version, w->metric)->id);

		if (!has(items, ITEM_METRIC, id))
			add(r, items, ITEM_METRIC, id, index, 0);
	}
	for (size_t i = 0; i < r->plan.n_windows; i++) {
		uint32_t index = r->plan.windows[i];
		const struct window_result *w = &r->o->windows[index];
		const struct metric *m = report_metric(r, w->version, w->metric);

		add(r, items, ITEM_WINDOW,
		    text_format(r->d->arena, "window %.*s %s", TEXT_ARG(m->id), w->label), index,
		    0);
	}
}

static void add_outages(struct report *r, struct items *items)
{
	uint32_t excuse = 0;

	for (size_t i = 0; i < r->plan.n_windows; i++) {
		const struct availability *av = r->o->windows[r->plan.windows[i]].availability;

		for (uint32_t k = 0; av != NULL && k < outage_count(av); k++) {
			const struct raw_outage *x = outage_of(av, k);
			struct text id = text_format(r->d->arena, "%u", k + 1);

			if (x->began_fact != NO_FACT &&
			    view_fact(r->o->view, x->began_fact)->subject != 0)
				id = symbol_text(r->o->in.facts->symbols,
						 view_fact(r->o->view, x->began_fact)->subject);
			id = named(r, "outage", id);
			if (!has(items, ITEM_OUTAGE, id))
				add(r, items, ITEM_OUTAGE, id, r->plan.windows[i], k);
		}
		for (uint32_t k = 0; av != NULL && k < av->n_excuses; k++)
			add(r, items, ITEM_EXCUSE, text_format(r->d->arena, "excuse %u", ++excuse),
			    r->plan.windows[i], k);
	}
}

static bool in_period(const struct outcome *o, const struct clock *c)
{
	instant end = c->settled != INSTANT_NONE ? c->settled : o->in.as_of;

	return c->start < o->in.period.to && end >= o->in.period.from;
}

static void add_tickets(struct report *r, struct items *items)
{
	bool *seen = arena_array(r->d->arena, bool, symbols_count(r->o->in.facts->symbols));

	for (uint32_t i = 0; i < r->o->n_clocks; i++) {
		const struct clock *c = &r->o->clocks[i];

		if (seen[c->subject] || !in_period(r->o, c))
			continue;
		seen[c->subject] = true;
		add(r, items, ITEM_TICKET,
		    named(r, "ticket", symbol_text(r->o->in.facts->symbols, c->subject)), i, 0);
	}
}

static void add_remedies(struct report *r, struct items *items)
{
	const struct outcome *o = r->o;

	for (uint32_t i = 0; i < o->n_credits; i++)
		if (credit_shown(o, &o->credits[i]))
			add(r, items, ITEM_CREDIT, named(r, "credit", text_of(o->credits[i].id)), i,
			    0);
	for (uint32_t i = 0; i < o->n_bases; i++) {
		struct civil c = civil_of(zone_day(statement_zone(r), o->bases[i].month.from));
		struct text id =
			text_format(r->d->arena, "base %04d-%02d", (int)c.year, (int)c.month);

		if (!has(items, ITEM_BASE, id))
			add(r, items, ITEM_BASE, id, i, 0);
	}
	for (uint32_t i = 0; i < o->n_settlements; i++) {
		for (uint32_t k = 0; k < o->settlements[i].n_caps; k++) {
			const struct cap_use *u = &o->settlements[i].caps[k];
			struct text id = named(
				r, "cap", report_promise(r, u->version)->credits.caps[u->cap].id);

			if (!has(items, ITEM_CAP, id))
				add(r, items, ITEM_CAP, id, i, k);
		}
	}
	for (uint32_t i = 0; i < o->n_rights; i++)
		add(r, items, ITEM_RIGHT,
		    named(r, "right",
			  report_promise(r, o->rights[i].version)
				  ->chronic[o->rights[i].chronic]
				  .id),
		    i, 0);
	for (uint32_t i = 0; i < o->n_deadlines; i++)
		add(r, items, ITEM_DEADLINE, text_format(r->d->arena, "deadline %u", i + 1), i, 0);
}

struct items items_make(struct report *r)
{
	struct items items = {NULL, 0, 0};

	for (uint32_t i = 0; i < r->plan.n; i++)
		add(r, &items, ITEM_REASON, text_format(r->d->arena, "%u", i + 1), i, 0);
	add_windows(r, &items);
	add_outages(r, &items);
	add_remedies(r, &items);
	add_tickets(r, &items);
	return items;
}

/* --- one line each --- */

static struct phrase excuse_line(struct report *r, const struct excuse *e)
{
	struct doc *d = r->d;

	if (e->refusal != EXCUSE_VALID)
		return SAY(d, W_EXCUSE_REFUSED_AT, cause_words(r, e->cause),
			   span_words(r, e->asked), refusal_words(r, e));
	return SAY(d, W_PAIR,
		   SAY(d, W_EXCUSE_GRANTED, doc_span(d, e->granted_ms), cause_words(r, e->cause)),
		   span_words(r, e->asked));
}

struct phrase reason_heading(struct report *r, const struct reason *x)
{
	switch (x->kind) {
	case REASON_CLOCK:
		return clock_heading(r, &r->o->clocks[x->index]);
	case REASON_WINDOW:
		return window_heading(r, x->index);
	case REASON_CREDIT:
		return credit_heading(r, x->index);
	case REASON_RIGHT:
		return right_heading(r, x->index);
	case REASON_VOID:
		return void_heading(r, (enum void_reason)x->index);
	case REASON_CONTRADICTION:
		return contradiction_heading(r, x->index);
	case REASON_FLAG:
		break;
	}
	return flag_heading(r, x->index);
}

static struct phrase window_line(struct report *r, uint32_t window)
{
	const struct window_result *w = &r->o->windows[window];

	return SAY(r->d, W_PAIR, window_heading(r, window), verdict_words(r, w));
}

struct phrase item_words(struct report *r, const struct item_of *x)
{
	const struct outcome *o = r->o;
	struct doc *d = r->d;

	switch (x->kind) {
	case ITEM_REASON:
		return reason_heading(r, &r->plan.v[x->index]);
	case ITEM_METRIC:
		return metric_words(r, o->windows[x->index].version, o->windows[x->index].metric);
	case ITEM_WINDOW:
		return window_line(r, x->index);
	case ITEM_TICKET:
		return clock_heading(r, &o->clocks[x->index]);
	case ITEM_OUTAGE: {
		const struct raw_outage *outage =
			outage_of(o->windows[x->index].availability, x->place);

		return SAY(d, W_PAIR, span_words(r, outage->span),
			   SAY(d, W_OUTAGE_COUNTED, doc_span(d, outage->counted_ms)));
	}
	case ITEM_EXCUSE:
		return excuse_line(r, &o->windows[x->index].availability->excuses[x->place]);
	case ITEM_CREDIT:
		return credit_heading(r, x->index);
	case ITEM_BASE:
		return SAY(d, W_BASE_LINE, doc_time(d, o->bases[x->index].month.from, TIME_MONTH),
			   doc_exact(d, o->bases[x->index].exact, 2));
	case ITEM_CAP:
		return cap_words(r, &o->settlements[x->index].caps[x->place]);
	case ITEM_RIGHT:
		return right_heading(r, x->index);
	case ITEM_DEADLINE:
		break;
	}
	const struct act_deadline *deadline = &o->deadlines[x->index];

	return SAY(d, W_COLON, doc_time(d, deadline->at, TIME_DEADLINE),
		   deadline_words(r, deadline));
}

/* --- finding --- */

static struct text tail(struct text id)
{
	struct text head, rest = text_cut(id, ' ', &head);

	return rest.n > 0 ? rest : id;
}

enum rc items_find(struct report *r, const struct items *items, struct text what,
		   const struct item_of **out, struct err *err)
{
	const struct item_of *found = NULL;
	size_t n = 0;

	what = text_trim(what);
	for (size_t i = 0; i < items->n; i++) {
		if (text_eq(items->v[i].id, what)) {
			*out = &items->v[i];
			return RC_OK;
		}
		if (text_eq(tail(items->v[i].id), what)) {
			found = &items->v[i];
			n++;
		}
	}
	if (n == 1) {
		*out = found;
		return RC_OK;
	}
	struct text *ids = arena_array(r->d->arena, struct text, items->n),
		    shown = text_sub(what, 0, 60);

	for (size_t i = 0; i < items->n; i++)
		ids[i] = items->v[i].id;
	struct text near = text_nearest(what, ids, items->n);

	if (n > 1)
		err_hint(err,
			 "several things are called so: write \"%.*s\" or another; --list names "
			 "them all",
			 TEXT_ARG(found->id));
	else if (near.n > 0)
		err_hint(err, "did you mean \"%.*s\"? --list names all that there is",
			 TEXT_ARG(near));
	else
		err_hint(err, "--list names all that there is");
	return err_set(err, RC_MISSING, "there is no \"%.*s\" in this statement to explain",
		       TEXT_ARG(shown));
}
