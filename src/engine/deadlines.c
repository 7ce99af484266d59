/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines of acts (sla.md R11, R68; contract-language.md OB-1, OB-7 to OB-9, OB-12): those of the statement's period and of the
 * 90 days after as_of, and what is still owed from before.
 */
#include "engine/remedy_work.h"

#include "engine/excuse.h"
#include "engine/windows.h"

#include <assert.h>
#include <stdlib.h>

enum { DAYS_AHEAD = 90 };

struct deadlines {
	struct arena *arena;
	const struct outcome *o;
	struct act_deadline *v;
	size_t n, cap;
	instant from, to; /* inclusive: a deadline is kept at that very instant (R11) */
};

static bool is_owed(const struct act_deadline *d)
{
	return (d->kind == DEADLINE_REPORT || d->kind == DEADLINE_OBLIGATION) &&
	       d->state == DEADLINE_LATE && d->done == INSTANT_NONE;
}

static void add_deadline(struct deadlines *to, struct act_deadline d)
{
	if (d.at == INSTANT_NONE || d.at > to->to || (d.at < to->from && !is_owed(&d)))
		return;
	to->v = arena_grow(to->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = d;
}

/* Done in time, done or passed too late, or still open. */
static enum deadline_state state_of(const struct deadlines *to, instant at, instant done)
{
	if (done != INSTANT_NONE)
		return done <= at ? DEADLINE_MET : DEADLINE_LATE;
	return to->o->in.as_of > at ? DEADLINE_LATE : DEADLINE_OPEN;
}

static struct act_deadline deadline_of(enum deadline_kind kind, enum party who, instant at)
{
	return (struct act_deadline){.kind = kind,
				     .who = who,
				     .at = at,
				     .done = INSTANT_NONE,
				     .window = UINT32_MAX,
				     .item = UINT32_MAX,
				     .fact = NO_FACT};
}

/* --- reports (OB-7) --- */

static bool has_report(const struct window_result *w)
{
	return w->report_due != INSTANT_NONE && w->why_not != NJ_OUTSIDE_TERM;
}

/* Windows that one report tells of: it is done when the last of them could be read. */
static struct act_deadline report_deadline(const struct deadlines *to, uint32_t window)
{
	const struct outcome *o = to->o;
	const struct window_result *w = &o->windows[window];
	const struct promise *p = promise_at(o, w->version);
	instant end = report_end(p, w);
	struct act_deadline d = deadline_of(DEADLINE_REPORT, PARTY_PROVIDER, w->report_due);
	char label[24];

	for (uint32_t i = window; i < o->n_windows; i++) {
		const struct window_result *x = &o->windows[i];
		uint32_t fact;

		if (x->version != w->version || !has_report(x) || report_end(p, x) != end)
			continue;
		if (x->report_delivered == INSTANT_NONE) {
			d.done = INSTANT_NONE;
			d.fact = NO_FACT;
			break;
		}
		if (x->report_delivered > d.done) {
			d.done = report_delivery(o, x, &fact);
			d.fact = fact;
		}
	}
	report_label(p, end, label);
	d.subject = text_copy(to->arena, report_months(p) > 0 ? text_of(label) : text_of(w->label));
	d.state = state_of(to, d.at, d.done);
	d.window = window;
	d.why = p->reporting.node;
	return d;
}

static bool first_of_report(const struct outcome *o, uint32_t window)
{
	const struct window_result *w = &o->windows[window];
	const struct promise *p = promise_at(o, w->version);

	for (uint32_t i = 0; i < window; i++) {
		const struct window_result *x = &o->windows[i];

		if (x->version == w->version && has_report(x) &&
		    report_end(p, x) == report_end(p, w))
			return false;
	}
	return true;
}

/* The version in force at an instant (CL-45). */
static uint16_t version_at(const struct outcome *o, instant t)
{
	uint16_t v = 0;

	while (v + 1u < o->in.n_versions && o->in.versions[v + 1].from <= t)
		v++;
	return v;
}

/* Reports of periods that have not begun, so that the next 90 days are whole. */
static enum rc coming_reports(struct deadlines *to, instant last_end, struct err *err)
{
	const struct promise *p = promise_at(to->o, version_at(to->o, to->o->in.as_of));

	if (!p->reporting.set || report_months(p) == 0)
		return RC_OK;
	while (p->end == INSTANT_NONE || last_end < p->end) {
		struct act_deadline d = deadline_of(DEADLINE_REPORT, PARTY_PROVIDER, INSTANT_NONE);
		instant end = report_next_end(p, last_end);
		char label[24];
		enum rc rc = act_due(p, &p->reporting.due, ANCHOR_EDGE, end, &d.at, err);

		if (rc != RC_OK)
			return rc;
		if (d.at > to->to)
			break;
		report_label(p, end, label);
		d.subject = text_copy(to->arena, text_of(label));
		d.state = state_of(to, d.at, INSTANT_NONE);
		d.why = p->reporting.node;
		add_deadline(to, d);
		last_end = end;
	}
	return RC_OK;
}

static enum rc report_deadlines(struct deadlines *to, struct err *err)
{
	const struct outcome *o = to->o;
	instant last = INSTANT_NONE;

	for (uint32_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];

		if (!has_report(w))
			continue;

		instant end = report_end(promise_at(o, w->version), w);

		last = end > last ? end : last;
		if (first_of_report(o, i))
			add_deadline(to, report_deadline(to, i));
	}
	return last == INSTANT_NONE ? RC_OK : coming_reports(to, last, err);
}

/* --- claims and rights (OB-8, OB-9) --- */

/* A claim covers the whole window, so credits of one window have one deadline. */
static void claim_deadlines(struct deadlines *to)
{
	const struct outcome *o = to->o;

	for (uint32_t i = 0; i < o->n_credits; i++) {
		const struct credit *c = &o->credits[i];
		const struct window_result *w = &o->windows[c->window];
		bool again = c->fate == CREDIT_SAME_CAUSE || c->fate == CREDIT_NOT_COMBINED ||
			     c->claim_until == INSTANT_NONE;

		for (uint32_t k = 0; k < i && !again; k++) {
			const struct credit *x = &o->credits[k];

			again = x->claim_until == c->claim_until && x->fate != CREDIT_SAME_CAUSE &&
				x->fate != CREDIT_NOT_COMBINED &&
				text_eq(text_of(o->windows[x->window].label), text_of(w->label));
		}
		if (again)
			continue;

		struct act_deadline d = deadline_of(DEADLINE_CLAIM, PARTY_CLIENT, c->claim_until);

		d.done = c->claimed;
		d.state = state_of(to, d.at, d.done);
		d.window = c->window;
		d.item = i;
		d.fact = c->claim_fact;
		d.why = promise_at(o, c->version)->credits.node;
		d.subject = text_copy(to->arena, text_of(w->label));
		add_deadline(to, d);
	}
}

static void right_deadlines(struct deadlines *to)
{
	const struct outcome *o = to->o;

	for (uint32_t i = 0; i < o->n_rights; i++) {
		const struct right *r = &o->rights[i];
		const struct chronic_rule *rule = &promise_at(o, r->version)->chronic[r->chronic];
		struct act_deadline d = deadline_of(DEADLINE_RIGHT, PARTY_CLIENT, r->until);

		d.done = r->exercised;
		d.state = state_of(to, d.at, d.done);
		d.window = r->window;
		d.item = i;
		d.fact = r->fact;
		d.why = rule->node;
		d.subject = rule->id;
		add_deadline(to, d);
	}
}

/* --- what the client was asked to do (R29, OB-12) --- */

static enum rc obligation_deadlines(struct deadlines *to, struct err *err)
{
	const struct outcome *o = to->o;
	struct fact_run run = o->view->kinds[FACT_OBLIGATION_REQUESTED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);
		instant asked = excuse_act(o->view, run.v[i], PARTY_CLIENT);
		const struct promise *p = promise_at(o, version_at(o, asked));
		struct act_deadline d =
			deadline_of(DEADLINE_OBLIGATION, PARTY_CLIENT, INSTANT_NONE);
		struct duty duty;

		if (!view_counts(o->view, run.v[i]) || !duty_of(o->view, p, run.v[i], &duty) ||
		    !p->obligations[duty.obligation].within.set)
			continue;

		const struct obligation *obligation = &p->obligations[duty.obligation];
		enum rc rc = act_due(p, &obligation->within, ANCHOR_MOMENT, asked, &d.at, err);

		if (rc != RC_OK)
			return rc;
		d.fact = run.v[i];
		if (duty.met_fact != NO_FACT) {
			d.done = view_fact(o->view, duty.met_fact)->occurred_at;
			d.fact = duty.met_fact;
		}
		d.state = state_of(to, d.at, d.done);
		d.why = obligation->node;
		d.subject = symbol_text(o->view->facts->symbols, f->subject);
		add_deadline(to, d);
	}
	return RC_OK;
}

/* --- the last day to prevent a renewal (OB-1) --- */

struct renewal {
	const struct node *notice; /* non_renewal_notice */
	struct timing at_least;
	struct duration period; /* n 0: the term ends once */
	int64_t most;           /* renewals */
	enum party by;          /* PARTY_UNKNOWN: either */
};

static bool renewal_of(const struct promise *p, struct renewal *out)
{
	enum { MODE_AUTOMATIC = 1 };
	static const enum party by[] = {PARTY_UNKNOWN, PARTY_PROVIDER, PARTY_CLIENT};
	const struct node *renewal;

	if (p->contract == NULL || p->contract->root == NULL || p->end == INSTANT_NONE ||
	    p->end >= INSTANT_MAX)
		return false;
	renewal = node_at(p->contract->root, "term.renewal");
	if (renewal == NULL)
		return false;
	*out = (struct renewal){.notice = node_at(renewal, "non_renewal_notice")};
	if (out->notice == NULL || !term_duration(out->notice, "at_least", &out->at_least.duration))
		return false;
	out->by = by[term_choice(out->notice, "by")];
	if (term_choice(renewal, "mode") != MODE_AUTOMATIC ||
	    !term_duration(renewal, "period", &out->period))
		out->period.n = 0;
	if (!term_int(renewal, "max_renewals", &out->most))
		out->most = INT32_MAX;
	return true;
}

/* The first notice by a party that may give it and in time for `at`; NO_FACT: none. */
static uint32_t notice_in_time(const struct outcome *o, const struct renewal *n, instant at,
			       instant *given)
{
	const struct view *v = o->view;
	struct fact_run run = v->kinds[FACT_NOTICE_GIVEN];
	symbol kind = excuse_symbol(v, text_of("non_renewal"));
	uint32_t found = NO_FACT;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(v, run.v[i]);
		enum party to = f->party == PARTY_CLIENT ? PARTY_PROVIDER : PARTY_CLIENT;
		instant t = excuse_act(v, run.v[i], to);

		if (!view_counts(v, run.v[i]) || !excuse_word_is(f, FIELD_NOTICE_KIND, kind) ||
		    (n->by != PARTY_UNKNOWN && f->party != n->by) || t > at ||
		    (found != NO_FACT && t >= *given))
			continue;
		found = run.v[i];
		*given = t;
	}
	return found;
}

/*
 * Where the term would end after k renewals, counted from its first end (CL-10); false: beyond the years that a calendar has,
 * so nothing is due for it.
 */
static bool end_after(const struct promise *p, const struct renewal *n, int64_t k, instant *end)
{
	struct duration d = n->period;
	struct duration_context edge = {.zone = p->zone, .business = p->business};
	struct err ignored = {.line = 0};

	*end = p->end;
	d.n *= k;
	return k == 0 || duration_add(d, 1, ANCHOR_EDGE, p->end, &edge, end, &ignored) == RC_OK;
}

static enum rc renewal_deadlines(struct deadlines *to, struct err *err)
{
	const struct promise *p = promise_at(to->o, version_at(to->o, to->o->in.as_of));
	struct duration_context context = {
		.zone = p->zone, .business = p->business, .roll = p->roll};
	struct renewal n;

	if (!renewal_of(p, &n))
		return RC_OK;
	for (int64_t k = 0; k < n.most && (k == 0 || n.period.n > 0); k++) {
		struct act_deadline d = deadline_of(DEADLINE_NON_RENEWAL, n.by, INSTANT_NONE);
		struct buf last;
		instant end;
		enum rc rc;

		if (!end_after(p, &n, k, &end))
			break;
		rc = duration_add(n.at_least.duration, -1, ANCHOR_EDGE, end, &context, &d.at, err);
		if (rc != RC_OK)
			return rc;
		if (d.at > to->to)
			break;
		d.fact = notice_in_time(to->o, &n, d.at, &d.done);
		d.state = state_of(to, d.at, d.done);
		d.why = n.notice;
		buf_init(&last, 24);
		day_print(&last, zone_day(p->zone, end) - 1);
		d.subject = text_copy(to->arena, buf_view(&last));
		buf_free(&last);
		add_deadline(to, d);
		if (d.fact != NO_FACT)
			break; /* the term ends there */
	}
	return RC_OK;
}

/* Facts were gone through in R15's order; where they came into the journal says nothing. */
struct placed {
	struct act_deadline d;
	size_t place;
};

static int by_instant(const void *x, const void *y)
{
	const struct placed *p = x, *q = y;
	const struct act_deadline *a = &p->d, *b = &q->d;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->window != b->window)
		return a->window < b->window ? -1 : 1;
	if (a->item != b->item)
		return a->item < b->item ? -1 : 1;
	return (p->place > q->place) - (p->place < q->place);
}

static void sort_deadlines(struct deadlines *to)
{
	struct placed *v = arena_array(to->arena, struct placed, to->n);

	for (size_t i = 0; i < to->n; i++)
		v[i] = (struct placed){to->v[i], i};
	if (to->n > 0)
		qsort(v, to->n, sizeof(*v), by_instant);
	for (size_t i = 0; i < to->n; i++)
		to->v[i] = v[i].d;
}

enum rc deadlines_make(struct arena *a, struct outcome *o, struct err *err)
{
	instant ahead = o->in.as_of + DAYS_AHEAD * DAY_MS;
	struct deadlines to = {.arena = a,
			       .o = o,
			       .from = o->in.period.from,
			       .to = ahead > o->in.period.to ? ahead : o->in.period.to};
	enum rc rc = report_deadlines(&to, err);

	if (rc == RC_OK)
		rc = obligation_deadlines(&to, err);
	if (rc == RC_OK)
		rc = renewal_deadlines(&to, err);
	if (rc != RC_OK)
		return rc;
	claim_deadlines(&to);
	right_deadlines(&to);
	sort_deadlines(&to);
	o->deadlines = to.v;
	o->n_deadlines = to.n;
	return RC_OK;
}
