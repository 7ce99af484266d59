/* SPDX-License-Identifier: Apache-2.0 */
#include "render/agenda.h"

#include "facts/pack.h"
#include "render/planned.h"
#include "render/reason.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	enum agenda_section section;
} KINDS[] = {
	[TASK_CLOCK_LATE] = {"clock_late", AGENDA_CLOCKS},
	[TASK_CLOCK_AT_RISK] = {"clock_at_risk", AGENDA_CLOCKS},
	[TASK_CLOCK_PAUSED] = {"clock_paused_at_risk", AGENDA_CLOCKS},
	[TASK_REPORT] = {"report", AGENDA_DEADLINES},
	[TASK_CLAIM] = {"claim", AGENDA_DEADLINES},
	[TASK_RIGHT_USED] = {"right", AGENDA_DEADLINES},
	[TASK_OBLIGATION] = {"obligation", AGENDA_DEADLINES},
	[TASK_NON_RENEWAL] = {"non_renewal", AGENDA_DEADLINES},
	[TASK_MAINTENANCE] = {"maintenance", AGENDA_DEADLINES},
	[TASK_PAYMENT_DUE] = {"payment_due", AGENDA_DEADLINES},
	[TASK_DISPUTE_ANSWER] = {"dispute_answer", AGENDA_DEADLINES},
	[TASK_PRICE_NOTICE] = {"price_notice", AGENDA_DEADLINES},
	[TASK_LAST_DAY_TO_LEAVE] = {"last_day_to_leave", AGENDA_DEADLINES},
	[TASK_HOURS_EXPIRE] = {"hours_expire", AGENDA_DEADLINES},
	[TASK_CONTRACT_ENDS] = {"contract_ends", AGENDA_DEADLINES},
	[TASK_STATEMENT_TO_ISSUE] = {"statement_to_issue", AGENDA_STATEMENTS},
	[TASK_STATEMENT_TO_REVIEW] = {"statement_to_review", AGENDA_STATEMENTS},
	[TASK_INVOICE_TO_ISSUE] = {"invoice_to_issue", AGENDA_INVOICES},
	[TASK_CREDIT_NOTE_TO_ISSUE] = {"credit_note_to_issue", AGENDA_INVOICES},
	[TASK_PARKED] = {"parked", AGENDA_INVOICES},
	[TASK_CANNOT_BE_BILLED] = {"cannot_be_billed", AGENDA_INVOICES},
	[TASK_DISPUTE_OPEN] = {"dispute_open", AGENDA_DISPUTES},
	[TASK_CONTESTED] = {"contested", AGENDA_FACTS},
	[TASK_CONTRADICTED] = {"contradicted", AGENDA_FACTS},
	[TASK_NOT_ACCEPTED] = {"not_accepted", AGENDA_FACTS},
	[TASK_SECOND_PERSON] = {"second_person", AGENDA_FACTS},
	[TASK_UNAPPLIED] = {"unapplied", AGENDA_PAYMENTS},
	[TASK_DUPLICATE] = {"duplicate", AGENDA_PAYMENTS},
	[TASK_NOT_APPROVED] = {"not_approved", AGENDA_WAITING},
	[TASK_NO_DATA] = {"no_data", AGENDA_WAITING},
	[TASK_RESTORED] = {"restored", AGENDA_TOLD},
	[TASK_EMERGENCY] = {"emergency_access", AGENDA_TOLD},
	[TASK_NOTICE_SHORT] = {"notice_short", AGENDA_TOLD},
	[TASK_OVERRUN] = {"overrun", AGENDA_TOLD},
};
_Static_assert(ARRAY_SIZE(KINDS) == TASK_KINDS, "a word for every kind of item");

const char *agenda_kind_word(enum agenda_kind k)
{
	return KINDS[k].word;
}

enum agenda_section agenda_section_of(enum agenda_kind k)
{
	return KINDS[k].section;
}

void agenda_add(struct agenda *a, const struct agenda_item *item)
{
	if (a->about.n > 0 && !text_eq(a->about, item->about))
		return;
	a->v = arena_grow(a->arena, a->v, a->n, &a->cap, sizeof(*a->v));
	a->v[a->n++] = *item;
}

struct doc *agenda_words(const struct agenda *a, const struct zone *zone)
{
	return doc_new(a->arena, a->language, zone);
}

/* --- from an outcome --- */

static struct report *report_of(const struct agenda *a, const struct agenda_of *of)
{
	const struct statement_options options = {.language = a->language, .entries = true};

	return report_new(a->arena, of->outcome, &options);
}

static bool urgent(const struct clock *c, enum agenda_kind *kind)
{
	if (c->stop != INSTANT_NONE)
		return false;
	switch ((enum clock_state)c->state) {
	case CLOCK_BREACHED:
		*kind = TASK_CLOCK_LATE;
		return true;
	case CLOCK_AT_RISK:
		*kind = TASK_CLOCK_AT_RISK;
		return true;
	case CLOCK_PAUSED:
		*kind = TASK_CLOCK_PAUSED;
		return c->at_risk;
	case CLOCK_RUNNING:
	case CLOCK_MET:
	case CLOCK_MISSED:
	case CLOCK_VOID:
		break;
	}
	return false;
}

/* What the last pause waits for, in words; empty if the clock runs. */
static struct text waits_for(const struct report *r, const struct clock_detail *detail,
			     const struct clock *c)
{
	if (c->state != CLOCK_PAUSED)
		return text_of("");
	for (size_t i = detail->n_pieces; i > 0; i--) {
		const struct piece *p = &detail->pieces[i - 1];

		if (p->kind == PIECE_PAUSED)
			return doc_words(r->d, event_words(r, (int)p->event));
		if (p->kind == PIECE_EXCUSED)
			return doc_words(r->d, SAY0(r->d, W_STOOD_OBLIGATION));
	}
	return text_of("");
}

void agenda_clocks(struct agenda *a, const struct agenda_of *of)
{
	struct report *r = report_of(a, of);
	const struct outcome *o = of->outcome;
	enum agenda_kind kind = TASK_CLOCK_LATE;

	for (uint32_t i = 0; i < o->n_clocks; i++) {
		const struct clock *c = &o->clocks[i];

		if (!urgent(c, &kind))
			continue;

		const struct promise *p = report_promise(r, c->version);
		const struct clock_detail *detail = outcome_clock_detail(a->arena, o, i);
		const struct metric *m = &p->metrics[c->metric];
		struct text ticket = symbol_text(o->in.facts->symbols, c->subject);
		struct agenda_item item = {
			.kind = kind,
			.contract = of->contract,
			.client = of->client,
			.about = ticket,
			.what = doc_words(r->d, SAY(r->d, W_PAIR_PLAIN, doc_plain(r->d, ticket),
						    metric_words(r, c->version, c->metric))),
			.why = waits_for(r, detail, c),
			.who = PARTY_PROVIDER,
			.zone = p->zone,
			.at = c->deadline != INSTANT_NONE ? c->deadline : detail->due_if_resumed,
			.late = kind == TASK_CLOCK_LATE,
			.counted = true,
			.left_ms = c->left_ms,
			.metric = m->id,
			.used_ms = c->used_ms,
			.goal_ms = c->goal_ms,
			.if_resumed = detail->due_if_resumed,
			.command = text_format(a->arena, "tenor ticket show %.*s --contract %.*s",
					       TEXT_ARG(ticket), TEXT_ARG(of->contract)),
		};

		if (c->priority >= 0)
			item.priority = p->priorities[c->priority].id;
		item.paused_for = item.why;
		agenda_add(a, &item);
	}
}

static bool wanted(const struct agenda *a, const struct act_deadline *x)
{
	if (x->state == DEADLINE_OPEN)
		return x->at >= a->now && x->at <= a->now + a->days * DAY_MS;
	return x->state == DEADLINE_LATE && x->done == INSTANT_NONE &&
	       (x->kind == DEADLINE_REPORT || x->kind == DEADLINE_OBLIGATION);
}

static struct text deadline_command(const struct agenda *a, const struct agenda_of *of,
				    const struct act_deadline *x)
{
	switch (x->kind) {
	case DEADLINE_REPORT:
		return text_format(a->arena,
				   "tenor statement --contract %.*s --period %.*s --issue",
				   TEXT_ARG(of->contract), TEXT_ARG(x->subject));
	case DEADLINE_CLAIM:
		return text_format(a->arena,
				   "tenor fact add credit.claimed window=%.*s --contract %.*s",
				   TEXT_ARG(x->subject), TEXT_ARG(of->contract));
	case DEADLINE_RIGHT:
		return text_format(a->arena,
				   "tenor fact add right.exercised right=%.*s --contract %.*s",
				   TEXT_ARG(x->subject), TEXT_ARG(of->contract));
	case DEADLINE_OBLIGATION:
		return text_format(a->arena,
				   "tenor fact add obligation.met event=%.*s --contract %.*s",
				   TEXT_ARG(x->subject), TEXT_ARG(of->contract));
	case DEADLINE_NON_RENEWAL:
		break;
	}
	return text_format(
		a->arena, "tenor fact add notice.given event=ID notice=non_renewal --contract %.*s",
		TEXT_ARG(of->contract));
}

void agenda_deadlines(struct agenda *a, const struct agenda_of *of)
{
	static const enum agenda_kind kinds[] = {[DEADLINE_REPORT] = TASK_REPORT,
						 [DEADLINE_CLAIM] = TASK_CLAIM,
						 [DEADLINE_RIGHT] = TASK_RIGHT_USED,
						 [DEADLINE_OBLIGATION] = TASK_OBLIGATION,
						 [DEADLINE_NON_RENEWAL] = TASK_NON_RENEWAL};
	struct report *r = report_of(a, of);
	const struct outcome *o = of->outcome;

	for (size_t i = 0; i < o->n_deadlines; i++) {
		const struct act_deadline *x = &o->deadlines[i];
		const struct zone *zone = statement_zone(r);

		if (!wanted(a, x))
			continue;
		agenda_add(a, &(struct agenda_item){.kind = kinds[x->kind],
						    .contract = of->contract,
						    .client = of->client,
						    .about = x->subject,
						    .what = doc_words(r->d, deadline_words(r, x)),
						    .why = doc_words(r->d, clause_words(r, x->why)),
						    .who = x->who,
						    .zone = zone,
						    .at = x->at,
						    .whole_day = zone_local(zone, x->at).ms == 0,
						    .late = x->state == DEADLINE_LATE,
						    .counted = true,
						    .left_ms = x->at - a->now,
						    .if_resumed = INSTANT_NONE,
						    .command = deadline_command(a, of, x)});
	}
}

void agenda_maintenance(struct agenda *a, const struct agenda_of *of)
{
	struct report *r = report_of(a, of);
	struct span ahead = {a->now, a->now + a->days * DAY_MS};
	struct planned *v;
	size_t n = planned_list(a->arena, of->outcome, ahead, &v);

	for (size_t i = 0; i < n; i++) {
		struct text id = symbol_text(of->outcome->in.facts->symbols, v[i].f->subject);
		struct text assets = planned_assets(a->arena, of->outcome, &v[i]);

		if (v[i].cancelled)
			continue;
		agenda_add(a,
			   &(struct agenda_item){
				   .kind = TASK_MAINTENANCE,
				   .contract = of->contract,
				   .client = of->client,
				   .about = id,
				   .what = doc_words(
					   r->d, SAY(r->d, W_TASK_MAINTENANCE,
						     doc_plain(r->d, assets.n > 0 ? assets : id),
						     doc_time(r->d, v[i].span.to, TIME_DAY_CLOCK))),
				   .why = doc_words(r->d, refusal_words(r, &v[i].judged)),
				   .who = PARTY_PROVIDER,
				   .zone = statement_zone(r),
				   .at = v[i].span.from,
				   .counted = true,
				   .left_ms = v[i].span.from - a->now,
				   .if_resumed = INSTANT_NONE});
	}
}

static void told_of(struct agenda *a, const struct agenda_of *of, struct report *r,
		    const struct planned *x, enum agenda_kind kind, instant at)
{
	struct text id = symbol_text(of->outcome->in.facts->symbols, x->f->subject);
	struct text assets = planned_assets(a->arena, of->outcome, x);
	struct phrase what = doc_plain(r->d, assets.n > 0 ? assets : id);

	agenda_add(a, &(struct agenda_item){
			      .kind = kind,
			      .contract = of->contract,
			      .client = of->client,
			      .about = id,
			      .what = doc_words(
				      r->d, kind == TASK_OVERRUN
						    ? SAY(r->d, W_TASK_OVERRUN, what,
							  doc_time(r->d, x->span.to, TIME_MOMENT))
						    : SAY(r->d, W_TASK_NOTICE_SHORT, what,
							  span_words(r, x->span))),
			      .why = kind == TASK_OVERRUN
					     ? text_of("")
					     : doc_words(r->d, refusal_words(r, &x->judged)),
			      .zone = statement_zone(r),
			      .at = at,
			      .since = true,
			      .if_resumed = INSTANT_NONE});
}

void agenda_maintenance_told(struct agenda *a, const struct agenda_of *of)
{
	struct report *r = report_of(a, of);
	instant since = a->now - AGENDA_TOLD_DAYS * DAY_MS;
	struct planned *v;
	size_t n = planned_list(a->arena, of->outcome, (struct span){since, INSTANT_MAX}, &v);

	for (size_t i = 0; i < n; i++) {
		instant over = planned_overrun(&v[i]);

		if (over != INSTANT_NONE && over <= a->now && over > since)
			told_of(a, of, r, &v[i], TASK_OVERRUN, over);
		if (v[i].judged.refusal == EXCUSE_NOTICE_SHORT && !v[i].moved &&
		    v[i].f->recorded_at > since &&
		    v[i].f->occurred_at > v[i].f->recorded_at - DAY_MS) /* no old history (R75) */
			told_of(a, of, r, &v[i], TASK_NOTICE_SHORT, v[i].f->recorded_at);
	}
}

/* --- facts that wait --- */

struct waiting_fact {
	enum agenda_kind kind;
	enum wording words;
	uint32_t fact;
	enum party who;
	instant since;
	const char *command; /* before the id */
	const char *more;    /* after it */
};

static enum party other_party(const struct fact *f)
{
	return f->party == PARTY_CLIENT ? PARTY_PROVIDER : PARTY_CLIENT;
}

static void add_fact(struct agenda *a, const struct agenda_of *of, struct report *r,
		     const struct waiting_fact *w)
{
	const struct fact *f = view_fact(of->outcome->view, w->fact);
	char room[UUID_TEXT + 1];
	struct text id = text_copy(a->arena, facts_id(of->outcome->in.facts, f, room));

	agenda_add(
		a,
		&(struct agenda_item){
			.kind = w->kind,
			.contract = of->contract,
			.client = of->client,
			.about = id,
			.fact = w->fact,
			.what = doc_words(
				r->d, doc_say(r->d, w->words,
					      (const struct phrase[]){fact_words(r, w->fact)}, 1)),
			.who = w->who,
			.zone = statement_zone(r),
			.at = w->since,
			.since = true,
			.if_resumed = INSTANT_NONE,
			.command = text_format(a->arena, "%s%.*s%s --contract %.*s", w->command,
					       TEXT_ARG(id), w->more, TEXT_ARG(of->contract))});
}

/* When a fact was contested; its own recording where nothing in view says so. */
static instant contested_since(const struct view *v, uint32_t fact)
{
	struct fact_run run = v->kinds[FACT_FACT_CONTESTED];
	const struct fact *f = view_fact(v, fact);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *x = view_fact(v, run.v[i]);

		if (x->subject == f->id)
			return x->recorded_at;
	}
	return f->recorded_at;
}

enum { CONTRADICTIONS_DAYS = 90 };

void agenda_facts(struct agenda *a, const struct agenda_of *of)
{
	struct report *r = report_of(a, of);
	const struct view *v = of->outcome->view;

	for (size_t i = 0; i < v->pending.n; i++) {
		const struct fact *f = view_fact(v, v->pending.v[i]);

		add_fact(a, of, r,
			 &(struct waiting_fact){TASK_SECOND_PERSON, W_TASK_SECOND_PERSON,
						v->pending.v[i], (enum party)f->party,
						f->recorded_at, "tenor fact approve ", ""});
	}
	for (uint32_t i = 0; i < v->facts->n; i++) {
		const struct fact *f = &v->facts->v[i];

		if (v->contested[i] == 1)
			add_fact(a, of, r,
				 &(struct waiting_fact){TASK_CONTESTED, W_TASK_CONTESTED, i,
							PARTY_UNKNOWN, contested_since(v, i),
							"tenor fact add dispute.settled fact=",
							" outcome=OUTCOME"});
		if (v->waits[i] != 0)
			add_fact(a, of, r,
				 &(struct waiting_fact){TASK_NOT_ACCEPTED, W_TASK_NOT_ACCEPTED, i,
							other_party(f), f->recorded_at,
							"tenor fact add fact.accepted fact=", ""});
		if (v->outweighed_by[i] != NO_FACT &&
		    f->recorded_at >= a->now - CONTRADICTIONS_DAYS * DAY_MS)
			add_fact(a, of, r,
				 &(struct waiting_fact){TASK_CONTRADICTED, W_TASK_CONTRADICTED, i,
							PARTY_UNKNOWN, f->recorded_at,
							"tenor fact add dispute.settled fact=",
							" outcome=OUTCOME"});
	}
}

/* --- order --- */

static int by_number(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

static int by_name(const struct agenda_item *a, const struct agenda_item *b)
{
	int d = text_cmp(a->contract, b->contract);

	if (d == 0)
		d = (int)a->kind - (int)b->kind;
	return d != 0 ? d : text_cmp(a->about, b->about);
}

/* What has no time comes after what has. */
static int by_time(const struct agenda_item *a, const struct agenda_item *b)
{
	bool x = a->at == INSTANT_NONE, y = b->at == INSTANT_NONE;

	return x || y ? (int)x - (int)y : by_number(a->at, b->at);
}

/* Late before at risk before paused; of clocks the least open time left, of all else the earliest. */
static int by_urgency(const void *x, const void *y)
{
	const struct agenda_item *a = x, *b = y;
	enum agenda_section s = KINDS[a->kind].section;
	int d = (int)s - (int)KINDS[b->kind].section;

	if (d == 0 && s == AGENDA_CLOCKS)
		d = a->kind != b->kind ? (int)a->kind - (int)b->kind
				       : by_number(a->left_ms, b->left_ms);
	if (d == 0)
		d = by_time(a, b);
	return d != 0 ? d : by_name(a, b);
}

static int by_day(const void *x, const void *y)
{
	const struct agenda_item *a = x, *b = y;
	int d = by_time(a, b);

	return d != 0 ? d : by_name(a, b);
}

void agenda_sort(struct agenda *a)
{
	if (a->n > 0)
		qsort(a->v, a->n, sizeof(*a->v), by_urgency);
}

void agenda_sort_by_day(struct agenda *a)
{
	if (a->n > 0)
		qsort(a->v, a->n, sizeof(*a->v), by_day);
}
