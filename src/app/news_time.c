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

static void steps_of(const struct clock *c, const struct clock_detail *d, instant at[STEPS])
{
	at[STEP_NEAR] = at[STEP_NEARER] = INSTANT_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(d->thresholds); i++) {
		if (d->thresholds[i].percent == 75)
			at[STEP_NEAR] = d->thresholds[i].at;
		if (d->thresholds[i].percent == 90)
			at[STEP_NEARER] = d->thresholds[i].at;
	}
	at[STEP_MISSED] = c->deadline == INSTANT_NONE ? INSTANT_NONE : c->deadline + 1;
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

struct text news_clock_cause(struct looking *l, const struct log_head *log, const struct outcome *o,
			     const struct clock *c, struct text step)
{
	const struct promise *p = o->in.versions[c->version].promise;

	return text_format(l->ws->arena, "%lld/%.*s/%.*s.%d/%.*s", (long long)log->id,
			   TEXT_ARG(symbol_text(o->in.facts->symbols, c->subject)),
			   TEXT_ARG(p->metrics[c->metric].id), (int)c->cycle, TEXT_ARG(step));
}

static void tell_step(struct looking *l, const struct log_head *log, const struct outcome *o,
		      const struct clock *c, int step, instant at, instant *next)
{
	struct text ticket = symbol_text(o->in.facts->symbols, c->subject);
	struct text cause = news_clock_cause(l, log, o, c, text_of(step_words[step]));

	news_tell_desk(l, MAIL_TARGET, log, ticket, cause, technician_of(o, c->subject));
	if (for_client(c, step))
		news_tell_roles(l, MAIL_TARGET, log, ticket, cause, true);
	if (step == STEP_MISSED)
		news_chain(l, log, o, &(struct urgent){MAIL_TARGET, ticket, cause, at, c->subject},
			   next);
}

static bool of_ticket(const struct outcome *o, const struct clock *c)
{
	return c->start_fact != NO_FACT &&
	       fact_word(&o->in.facts->v[c->start_fact], FIELD_TICKET) == c->subject;
}

static void look_at_clock(struct looking *l, const struct log_head *log, const struct outcome *o,
			  uint32_t i, instant *next)
{
	const struct clock *c = &o->clocks[i];
	const struct clock_detail *d;
	struct clock_steps steps = {.words = step_words};
	instant now = l->ws->now, at[STEPS];
	int step;

	/* what is over was told, or is in the statement; what stands still reaches nothing */
	if (c->stop != INSTANT_NONE || c->state == CLOCK_VOID || !of_ticket(o, c))
		return;
	d = outcome_clock_detail(l->there.arena, o, i);
	steps_of(c, d, at);
	for (int k = 0; k < STEPS; k++)
		if (at[k] != INSTANT_NONE && at[k] > now && at[k] < *next)
			*next = at[k];
	step = step_reached(at, now);
	if (step < STEPS && at[step] > now - NEWS_OLD_MS)
		tell_step(l, log, o, c, step, at[step], next);
	for (int k = 0; k < STEPS; k++)
		steps.at[k] = at[k];
	steps.highest = step < STEPS ? at[step] : INSTANT_MIN;
	news_levels(l, log, o, c, d->levels, d->n_levels, &steps, next);
}

/* What is not over, from its own entries where the table has them. */
static enum rc open_clocks(struct workspace *ws, const struct log_head *log, struct outcome **out,
			   struct err *err)
{
	const struct recall_options all = {-1, INSTANT_MAX, PACK_IDS_FEW};
	struct kept_tickets *k = NULL;
	struct evaluation in;
	struct recalled r;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &r, err);

	if (rc == RC_OK)
		rc = tickets_kept(ws, &r, &k, err);
	if (rc == RC_OK)
		rc = k != NULL ? recall_some(ws, k->entries, k->n_entries, &r, err)
			       : recall_facts(ws, &all, &r, err);
	if (rc != RC_OK)
		return rc;
	recall_evaluation(&r, ws->arena,
			  value_month_of(r.versions[r.n_versions - 1].promise->zone, ws->now),
			  ws->now, ws->now, &in);
	return evaluate(ws->arena, &in, out, err);
}

static void tell_planned(struct looking *l, const struct log_head *log, const struct outcome *o,
			 enum mail_kind kind, const struct planned *x)
{
	char id[UUID_TEXT + 1];
	struct text cause = text_format(l->ws->arena, "%lld/%.*s", (long long)log->id,
					TEXT_ARG(facts_id(o->in.facts, x->f, id)));

	for (int side = 0; side < 2; side++)
		news_tell_roles(l, kind, log, text_of(""), cause, side == 1);
}

/* Work that was announced too late, and work that goes on beyond its time (sla.md R50, section 8). */
static void look_at_planned(struct looking *l, const struct log_head *log, const struct outcome *o,
			    instant *next)
{
	instant now = l->ws->now, old = now - NEWS_OLD_MS;
	struct planned *v;
	size_t n = planned_list(l->there.arena, o, (struct span){old, INSTANT_MAX}, &v);

	for (size_t i = 0; i < n; i++) {
		instant over = planned_overrun(&v[i]);

		if (v[i].judged.refusal == EXCUSE_NOTICE_SHORT && v[i].f->recorded_at > old &&
		    v[i].f->occurred_at > v[i].f->recorded_at - NEWS_OLD_MS)
			tell_planned(l, log, o, MAIL_NOTICE_SHORT, &v[i]);
		if (over != INSTANT_NONE && over > now && over < *next)
			*next = over;
		if (over != INSTANT_NONE && over <= now && over > old)
			tell_planned(l, log, o, MAIL_OVERRUN, &v[i]);
	}
}

enum rc news_targets(struct looking *l, const struct log_head *log, instant *next, struct err *err)
{
	struct outcome *o = NULL;
	enum rc rc = open_clocks(&l->there, log, &o, err);

	*next = INSTANT_MAX;
	for (uint32_t i = 0; rc == RC_OK && i < o->n_clocks; i++)
		look_at_clock(l, log, o, i, next);
	if (rc == RC_OK)
		look_at_planned(l, log, o, next);
	if (rc == RC_OK)
		news_outages(l, log, o, next);
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
			news_tell(l, MAIL_DIGEST, NULL, text_format(ws->arena, "%zu", waits),
				  text_format(ws->arena, "%lld", (long long)at), r);
	}
	return rc;
}
