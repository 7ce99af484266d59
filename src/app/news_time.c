/* SPDX-License-Identifier: Apache-2.0 */
/* What time brings: targets that come near or are missed (sla.md R36, R37), and what waits in the morning (R73). */
#include "app/news_parts.h"

#include "app/agenda.h"
#include "app/tickets_kept.h"
#include "app/values.h"
#include "render/planned.h"

/* --- targets --- */

/* The steps of a clock, as the table of section 8 has them for tickets; the 100 of the engine is the deadline, which is kept at that very instant. */
enum { STEP_NEAR, STEP_NEARER, STEP_MISSED, STEPS };
static const char *const step_words[STEPS] = {"75", "90", "missed"};

/* The client hears at 75 % of the most urgent priority, at 90 % of the others; the provider at each. */
static bool for_client(const struct clock *c, int step)
{
	return step == STEP_MISSED || (step == STEP_NEAR) == (c->priority == 0);
}

/* The highest step that is reached (R37: lower ones that a fact moved into the past are not told beside it); STEPS: none. */
static int step_reached(const instant at[STEPS], instant now)
{
	for (int i = STEPS - 1; i >= 0; i--)
		if (at[i] != INSTANT_NONE && at[i] <= now)
			return i;
	return STEPS;
}

static struct text technician_of(const struct outcome *o, symbol ticket)
{
	struct fact_run run = view_ticket(o->view, ticket);
	symbol who = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);

		if (f->kind == FACT_TICKET_ASSIGNED)
			who = fact_word(f, FIELD_TECHNICIAN);
	}
	return who == 0 ? text_of("") : symbol_text(o->in.facts->symbols, who);
}

struct text news_clock_name(struct looking *l, const struct outcome *o, const struct clock *c,
			    struct text step)
{
	const struct promise *p = o->in.versions[c->version].promise;

	return text_format(l->ws->arena, "target/%.*s.%d/%.*s", TEXT_ARG(p->metrics[c->metric].id),
			   (int)c->cycle, TEXT_ARG(step));
}

/* A clock of a ticket with its steps. */
struct looked_at {
	const struct log_head *log;
	const struct outcome *o;
	const struct clock *c;
	struct text ticket;
	struct clock_steps steps;
	instant half; /* INSTANT_NONE: half of it is not used up */
};

static struct text metric_id(const struct looked_at *x)
{
	return x->o->in.versions[x->c->version].promise->metrics[x->c->metric].id;
}

static void steps_of(struct looked_at *x, const struct clock_detail *d)
{
	instant *at = x->steps.at;

	at[STEP_NEAR] = at[STEP_NEARER] = x->half = INSTANT_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(d->thresholds); i++) {
		if (d->thresholds[i].percent == 50)
			x->half = d->thresholds[i].at;
		if (d->thresholds[i].percent == 75)
			at[STEP_NEAR] = d->thresholds[i].at;
		if (d->thresholds[i].percent == 90)
			at[STEP_NEARER] = d->thresholds[i].at;
	}
	at[STEP_MISSED] = x->c->deadline == INSTANT_NONE ? INSTANT_NONE : x->c->deadline + 1;
	x->steps.pace = x->c->priority == 0 ? MAIL_AT_ONCE : MAIL_MAY_WAIT;
	x->steps.before = x->c->deadline == INSTANT_NONE ? 0 : x->c->deadline;
}

/* Breaches are urgent, and so is all of the most urgent priority; the rest waits for quiet hours to end, but not beyond the deadline (R73). */
static void pace_of(struct telling *t, const struct looked_at *x, int step)
{
	t->pace = step == STEP_MISSED ? MAIL_AT_ONCE : x->steps.pace;
	t->before = x->steps.before;
}

static void tell_step(struct looking *l, const struct looked_at *x, int step, instant *next)
{
	struct text name = news_clock_name(l, x->o, x->c, text_of(step_words[step]));
	struct telling t = news_telling(MAIL_TARGET, x->log, x->ticket,
					news_cause(l, x->log, x->ticket, name));

	pace_of(&t, x, step);
	if (news_due(l, x->log, x->ticket, name, x->steps.at[step])) {
		news_tell_desk(l, &t, technician_of(x->o, x->c->subject));
		if (for_client(x->c, step))
			news_tell_roles(l, &t, true);
		if (step == STEP_MISSED && x->c->priority == 0) {
			(void)news_tell_those(l, &t, false, l->owner);
			(void)news_tell_those(l, &t, true, l->signer);
		}
	}
	if (step == STEP_MISSED)
		news_chain(l, x->log, x->o,
			   &(struct urgent){.kind = MAIL_TARGET,
					    .subject = x->ticket,
					    .object = x->ticket,
					    .name = name,
					    .metric = metric_id(x),
					    .raised = x->steps.at[step],
					    .event = x->c->subject},
			   next);
}

static struct text half_name(struct looking *l, const struct looked_at *x)
{
	return text_format(l->ws->arena, "level/%.*s.%d/50", TEXT_ARG(metric_id(x)),
			   (int)x->c->cycle);
}

/* Half of it is used up: for the technician, with what the morning brings. */
static void tell_half(struct looking *l, const struct looked_at *x, int step)
{
	struct text name = half_name(l, x);
	struct telling t = news_telling(MAIL_LEVEL, x->log, text_of(""),
					news_cause(l, x->log, x->ticket, name));

	if (x->half == INSTANT_NONE || x->half > l->ws->now)
		return;
	if (step < STEPS)
		news_known(l, x->log, x->ticket, name);
	else if (news_due(l, x->log, x->ticket, name, x->half))
		news_tell_desk(l, &t, technician_of(x->o, x->c->subject));
}

/* --- what waits for the client --- */

enum { WAITED_HALF, WAITED_ALL, WAITED };
static const char *const waited_words[WAITED] = {"half", "all"};

static struct text waiting_name(struct looking *l, const struct looked_at *x,
				const struct pause_rule *rule, int step)
{
	return text_format(l->ws->arena, "waiting/%.*s.%d/%.*s/%s", TEXT_ARG(metric_id(x)),
			   (int)x->c->cycle, TEXT_ARG(rule->id), waited_words[step]);
}

/* Half of what the pause may last is used up, or all, and it goes on: for the technician and the client (section 8). */
static void tell_waiting(struct looking *l, const struct looked_at *x, const struct pause_use *u,
			 instant *next)
{
	const instant at[WAITED] = {u->half, u->all};
	instant now = l->ws->now;
	int last = u->all != INSTANT_NONE && u->all <= now ? WAITED_ALL : WAITED_HALF;

	for (int i = 0; i < WAITED; i++) {
		struct text name = waiting_name(l, x, u->rule, i);
		struct telling t = news_telling(MAIL_WAITING, x->log, x->ticket,
						news_cause(l, x->log, x->ticket, name));

		if (at[i] == INSTANT_NONE)
			continue;
		if (at[i] > now) {
			*next = at[i] < *next ? at[i] : *next;
			continue;
		}
		t.before = i == WAITED_HALF && u->all != INSTANT_NONE ? u->all : 0;
		/* an answer stops what would have come, and takes back nothing */
		if (i != last || u->last.to <= now)
			news_known(l, x->log, x->ticket, name);
		else if (news_due(l, x->log, x->ticket, name, at[i])) {
			news_tell_desk(l, &t, technician_of(x->o, x->c->subject));
			news_tell_roles(l, &t, true);
		}
	}
}

static void look_at_pauses(struct looking *l, const struct looked_at *x,
			   const struct clock_detail *d, instant *next)
{
	for (size_t i = 0; i < d->n_pauses; i++)
		if (d->pauses[i].rule->while_event == EVENT_WAITING_CLIENT)
			tell_waiting(l, x, &d->pauses[i], next);
}

/* What was told of them stands, where it was reached by then, or anyway. */
static void look_back_at_pauses(struct looking *l, const struct looked_at *x,
				const struct clock_detail *d, bool kept, instant end)
{
	const struct promise *p = x->o->in.versions[x->c->version].promise;
	const struct metric *m = &p->metrics[x->c->metric];

	for (size_t i = 0; kept && i < m->n_pauses; i++)
		for (int step = 0; step < WAITED; step++)
			news_stands(l, x->ticket, waiting_name(l, x, &m->pauses[i], step));
	for (size_t i = 0; !kept && i < d->n_pauses; i++) {
		const struct pause_use *u = &d->pauses[i];

		if (u->half != INSTANT_NONE && u->half <= end)
			news_stands(l, x->ticket, waiting_name(l, x, u->rule, WAITED_HALF));
		if (u->all != INSTANT_NONE && u->all <= end)
			news_stands(l, x->ticket, waiting_name(l, x, u->rule, WAITED_ALL));
	}
}

static bool of_ticket(const struct outcome *o, const struct clock *c)
{
	return c->start_fact != NO_FACT &&
	       fact_word(&o->in.facts->v[c->start_fact], FIELD_TICKET) == c->subject;
}

/*
 * A clock of a ticket of which something was told: what was reached before it stopped, or by now, was right to tell. So was what was told
 * of a ticket that was cancelled or merged, and of one whose priority is another since: no correction took the reason away (R71).
 */
static void look_back(struct looking *l, const struct looked_at *x, const struct clock_detail *d)
{
	const struct clock *c = x->c;
	bool kept = c->reason == VOID_CANCELLED || c->reason == VOID_MERGED ||
		    c->reason == VOID_END_OF_SERVICE || d->n_steps > 1;
	instant end = c->stop == INSTANT_NONE ? l->ws->now : c->stop;

	for (int k = 0; k < STEPS; k++)
		if (kept || (x->steps.at[k] != INSTANT_NONE && x->steps.at[k] <= end))
			news_stands(l, x->ticket,
				    news_clock_name(l, x->o, c, text_of(step_words[k])));
	for (size_t i = 0; i < d->n_levels; i++)
		if (kept || d->levels[i].at <= end)
			news_stands(l, x->ticket, news_level_name(l, x->o, c, &d->levels[i]));
	news_stands(l, x->ticket, half_name(l, x));
	look_back_at_pauses(l, x, d, kept, end);
}

static void look_at_clock(struct looking *l, const struct log_head *log, const struct outcome *o,
			  uint32_t i, instant *next)
{
	struct looked_at x = {
		.log = log, .o = o, .c = &o->clocks[i], .steps = {.words = step_words}};
	const struct clock *c = x.c;
	const struct clock_detail *d;
	instant now = l->ws->now;
	bool over = c->stop != INSTANT_NONE || c->state == CLOCK_VOID;
	int step;

	x.ticket = symbol_text(o->in.facts->symbols, c->subject);
	/* what is over was told, or is in the statement; what stands still reaches nothing */
	if (!of_ticket(o, c) || (over && !news_touched(l, x.ticket)))
		return;
	d = outcome_clock_detail(l->there.arena, o, i);
	steps_of(&x, d);
	if (news_touched(l, x.ticket))
		look_back(l, &x, d);
	if (over)
		return;
	for (int k = 0; k < STEPS; k++)
		if (x.steps.at[k] != INSTANT_NONE && x.steps.at[k] > now && x.steps.at[k] < *next)
			*next = x.steps.at[k];
	if (x.half != INSTANT_NONE && x.half > now && x.half < *next)
		*next = x.half;
	step = step_reached(x.steps.at, now);
	if (step < STEPS)
		tell_step(l, &x, step, next);
	tell_half(l, &x, step);
	look_at_pauses(l, &x, d, next);
	x.steps.highest = step < STEPS ? x.steps.at[step] : INSTANT_MIN;
	news_levels(l, log, o, c, d->levels, d->n_levels, &x.steps, next);
}

/* With what the entries of touched tickets make, which may be over. */
static enum rc add_touched(struct looking *l, const struct recalled *r, struct entry_list *list,
			   struct err *err)
{
	for (size_t i = 0; i < l->n_touched; i++) {
		int64_t *v = NULL;
		size_t n = 0;
		enum rc rc = tickets_kept_one(&l->there, r, l->touched[i], &v, &n, err);

		/* behind the table, so among those that are worked out anyway; or no ticket */
		if (rc == RC_MISSING)
			err_clear(err);
		else if (rc != RC_OK)
			return rc;
		else
			entry_list_add(l->there.arena, list, v, n);
	}
	entry_list_sort(list);
	return RC_OK;
}

/* What is not over, from its own entries where the table has them. */
static enum rc open_clocks(struct looking *l, const struct log_head *log, struct outcome **out,
			   struct err *err)
{
	const struct recall_options all = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct workspace *ws = &l->there;
	struct entry_list list = {.v = NULL};
	struct kept_tickets *k = NULL;
	struct recalled r;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &r, err);

	if (rc == RC_OK)
		rc = tickets_kept(ws, &r, &k, err);
	if (rc == RC_OK && k != NULL) {
		entry_list_add(ws->arena, &list, k->entries, k->n_entries);
		rc = add_touched(l, &r, &list, err);
	}
	if (rc == RC_OK)
		rc = k != NULL ? recall_some(ws, list.v, list.n, &r, err)
			       : recall_facts(ws, &all, &r, err);
	if (rc != RC_OK)
		return rc;
	return recall_evaluate(&r, ws->arena,
			       value_month_of(r.versions[r.n_versions - 1].promise->zone, ws->now),
			       ws->now, out, err);
}

static void tell_planned(struct looking *l, const struct log_head *log, const struct outcome *o,
			 enum mail_kind kind, const struct planned *x, instant at)
{
	char id[UUID_TEXT + 1];
	struct text work = symbol_text(o->in.facts->symbols, x->f->subject);
	struct text name = text_format(l->ws->arena, "%s/%.*s", mail_row(kind)->kind,
				       TEXT_ARG(facts_id(o->in.facts, x->f, id)));
	struct telling t = news_telling(kind, log, text_of(""), news_cause(l, log, work, name));

	/* what is older was told, or is counted with its entry */
	if (at <= l->ws->now - NEWS_OLD_MS)
		news_stands(l, work, name);
	else if (news_due_since(l, log, work, name, at))
		news_tell_both(l, &t);
}

/* Work that was announced too late, and work that goes on beyond its time (sla.md R50, section 8). */
static void look_at_planned(struct looking *l, const struct log_head *log, const struct outcome *o,
			    instant *next)
{
	instant now = l->ws->now, old = now - NEWS_OLD_MS;
	struct planned *v;
	size_t n =
		planned_list(l->there.arena, o,
			     (struct span){l->n_touched > 0 ? INSTANT_MIN : old, INSTANT_MAX}, &v);

	for (size_t i = 0; i < n; i++) {
		instant over = planned_overrun(&v[i]);

		if (v[i].judged.refusal == EXCUSE_NOTICE_SHORT)
			tell_planned(l, log, o, MAIL_NOTICE_SHORT, &v[i], v[i].f->occurred_at);
		if (over != INSTANT_NONE && over > now && over < *next)
			*next = over;
		if (over != INSTANT_NONE && over <= now)
			tell_planned(l, log, o, MAIL_OVERRUN, &v[i], over);
	}
}

enum rc news_targets(struct looking *l, const struct log_head *log, instant *next, struct err *err)
{
	struct outcome *o = NULL;
	enum rc rc = open_clocks(l, log, &o, err);

	*next = INSTANT_MAX;
	for (uint32_t i = 0; rc == RC_OK && i < o->n_clocks; i++)
		look_at_clock(l, log, o, i, next);
	if (rc == RC_OK)
		look_at_planned(l, log, o, next);
	if (rc == RC_OK)
		news_outages(l, log, o, next);
	for (size_t i = 0; rc == RC_OK && i < l->n_touched; i++)
		news_withdraw(l, log, l->touched[i]);
	return rc;
}

/* --- mornings --- */

/* The same right sees the same: it is counted once for all of them. */
struct audience {
	const struct reader *one;
	size_t waits;
};

static bool is_turn(const struct agenda *a, const struct agenda_item *x)
{
	if (agenda_section_of(x->kind) == AGENDA_TOLD)
		return false; /* it waits for nobody */
	return agenda_section_of(x->kind) == AGENDA_CLOCKS || x->who == PARTY_UNKNOWN ||
	       (x->who == PARTY_PROVIDER) == a->provider;
}

static enum rc count_log(struct workspace *as, const struct log_head *log, size_t *n,
			 struct err *err)
{
	struct agenda a;
	enum rc rc;

	agenda_new(as, language_english(), NEWS_DAYS, &a);
	rc = agenda_collect(as, log, AGENDA_ALL, &a, err);
	for (size_t i = 0; rc == RC_OK && i < a.n; i++)
		*n += is_turn(&a, &a.v[i]);
	/* a record that cannot be worked out is no reason to be silent about the others */
	if (rc == RC_INVALID || rc == RC_LIMIT || rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	return rc;
}

static enum rc count_for(struct looking *l, struct audience *who, struct err *err)
{
	struct workspace as = l->there;
	struct log_head *logs = NULL;
	size_t n = 0;
	enum rc rc;

	as.arena = l->ws->arena;
	as.actor = *who->one->user;
	as.roles = who->one->roles;
	rc = workspace_logs(&as, &logs, &n, err);
	as.arena = l->there.arena;
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		arena_clear(as.arena);
		rc = count_log(&as, &logs[i], &who->waits, err);
	}
	return rc;
}

static bool same_right(const struct reader *x, const struct reader *y)
{
	return x->user->client == y->user->client && x->roles == y->roles &&
	       text_eq(x->user->contract, y->user->contract);
}

static enum rc waits_for(struct looking *l, const struct reader *r, struct audience *v, size_t *n,
			 size_t *waits, struct err *err)
{
	enum rc rc = RC_OK;
	size_t i = 0;

	while (i < *n && !same_right(v[i].one, r))
		i++;
	if (i == *n) {
		v[(*n)++] = (struct audience){.one = r};
		rc = count_for(l, &v[i], err);
	}
	*waits = v[i].waits;
	return rc;
}

/* Whoever acts for a side; not those who only look, nor who has tickets of their own alone. */
static bool has_mornings(const struct reader *r)
{
	return roles_have(r->roles, R_FACT_WRITE) && roles_have(r->roles, R_STATEMENT_READ) &&
	       !roles_own_only(r->roles, R_TICKET_READ);
}

static void tell_morning(struct looking *l, instant at, size_t waits, const struct reader *to)
{
	struct telling t = news_telling(MAIL_DIGEST, NULL, text_format(l->ws->arena, "%zu", waits),
					text_format(l->ws->arena, "%lld", (long long)at));

	news_tell(l, &t, to);
}

enum rc news_mornings(struct looking *l, instant last, bool *due, struct err *err)
{
	struct workspace *ws = l->ws;
	struct audience *v = arena_array(ws->arena, struct audience, l->n_readers + 1);
	struct mail_settings settings = {.plain = false};
	size_t n = 0;
	enum rc rc = mail_settings_read(ws, &settings, err);

	for (size_t i = 0; rc == RC_OK && i < l->n_readers; i++) {
		const struct reader *r = &l->readers[i];
		const struct language *language;
		const struct zone *z;
		size_t waits = 0;
		instant at;

		if (!has_mornings(r))
			continue;
		rc = mail_manner(ws, &settings, r->user->id, &language, &z, err);
		if (rc != RC_OK)
			break;
		at = zone_instant(z, zone_day(z, ws->now), NEWS_MORNING_MS, NULL);
		if (at <= last || at > ws->now)
			continue;
		*due = true;
		rc = waits_for(l, r, v, &n, &waits, err);
		if (rc == RC_OK && waits > 0)
			tell_morning(l, at, waits, r);
	}
	return rc;
}
