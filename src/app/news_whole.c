/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from all of a record and is told (sla.md section 8): error budgets, levels at risk and lost, counts one miss short, credits,
 * claims and caps, reports, chronic rights, what the client was asked for. Amounts are in no mail; the page has them.
 */
#include "app/news_parts.h"

#include "app/recall_past.h"
#include "app/values.h"
#include "engine/one_short.h"
#include "facts/pack.h"

struct whole {
	struct looking *l;
	const struct log_head *log;
	const struct outcome *o;
	struct arena *arena;
	instant now, *next;
};

/* Who is told of it, of each side. */
struct whom {
	roles provider, client; /* 0: nobody of that side */
};

static const struct promise *promise_of(const struct whole *w, uint16_t version)
{
	return w->o->in.versions[version].promise;
}

static void look_again(const struct whole *w, instant at)
{
	if (at > w->now && at < *w->next)
		*w->next = at;
}

/* Of the whole contract: the subject is empty, and the name has all. */
static struct telling telling_of(const struct whole *w, enum mail_kind kind, struct text object,
				 struct text name)
{
	return news_telling(kind, w->log, object, news_cause(w->l, w->log, text_of(""), name));
}

static bool is_due(const struct whole *w, struct text name, instant at)
{
	if (!w->l->first)
		return news_due(w->l, w->log, text_of(""), name, at);
	news_known(w->l, w->log, text_of(""), name);
	return false;
}

static void tell_both(const struct whole *w, const struct telling *t, struct whom to)
{
	if (to.provider != 0)
		news_tell_role(w->l, t, false, to.provider);
	if (to.client != 0)
		news_tell_role(w->l, t, true, to.client);
}

/*
 * What a window brought is due when it is known. Of one that ended NEWS_WINDOW_DAYS ago it is known because old history was imported, or
 * something about it corrected, and neither is told singly (R75).
 */
static instant known_at(const struct whole *w, instant ended)
{
	return ended > w->now - NEWS_WINDOW_DAYS * DAY_MS ? w->now : ended;
}

/* --- windows --- */

struct window_name {
	const struct window_result *w;
	const struct metric *m;
	struct text label;
};

static struct text level_name(const struct whole *w, const struct window_name *x, const char *kind,
			      const char *word)
{
	return text_format(w->l->ws->arena, "%s/%.*s/%.*s/%s", kind, TEXT_ARG(x->m->id),
			   TEXT_ARG(x->label), word);
}

/* R37 in the same way: of several shares that were passed at once, the highest. */
static void look_at_budget(const struct whole *w, const struct window_name *x)
{
	static const struct {
		int percent;
		const char *word;
	} steps[] = {{100, "100"}, {90, "90"}, {75, "75"}, {50, "50"}};
	const struct availability *v = x->w->availability;
	bool higher = false;

	if (v == NULL || !x->w->target_set || v->spent_ms == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct text name = level_name(w, x, "budget", steps[i].word);
		struct telling t = telling_of(w, MAIL_BUDGET, x->label, name);
		struct whom to = {w->l->desk, steps[i].percent >= 75 ? w->l->lead : 0};

		if (v->spent_ms * 100 < v->budget_ms * steps[i].percent)
			continue;
		t.pace = steps[i].percent == 100 ? MAIL_AT_ONCE : MAIL_MAY_WAIT;
		if (higher)
			news_known(w->l, w->log, text_of(""), name);
		else if (is_due(w, name, x->w->running ? w->now : known_at(w, x->w->window.to)))
			tell_both(w, &t, to);
		higher = true;
	}
	/* an outage that goes on spends more */
	for (size_t i = 0; x->w->running && i < v->n_outages; i++)
		if (v->outages[i].open)
			look_again(w, w->now + NEWS_WHOLE_MS);
}

static void tell_level(const struct whole *w, struct text name, instant at)
{
	struct telling t = telling_of(w, MAIL_LEVEL, text_of(""), name);

	if (is_due(w, name, at))
		tell_both(w, &t, (struct whom){w->l->desk, w->l->lead});
}

static void look_at_level(const struct whole *w, const struct window_name *x)
{
	const struct availability *v = x->w->availability;
	instant at = x->w->running ? w->now : known_at(w, x->w->window.to);

	if (x->w->verdict == VERDICT_MISSED)
		tell_level(w, level_name(w, x, "level", x->w->running ? "risk" : "lost"), at);
	/* above 1 % of what was agreed */
	if (v != NULL && v->unknown_ms > 0 && v->unknown_ms * 100 > v->agreed_ms)
		tell_level(w, level_name(w, x, "level", "unknown"), at);
}

static void look_at_windows(const struct whole *w)
{
	const struct outcome *o = w->o;

	for (size_t i = 0; i < o->n_windows; i++) {
		const struct window_result *r = &o->windows[i];
		struct window_name x = {r, &promise_of(w, r->version)->metrics[r->metric],
					text_of(r->label)};

		if (x.m->role != ROLE_COMMITMENT || r->window.from >= w->now ||
		    r->why_not == NJ_OUTSIDE_TERM || r->why_not == NJ_BEFORE_APPLIES)
			continue;
		if (r->running)
			look_again(w, r->window.to + 1);
		look_at_budget(w, &x);
		look_at_level(w, &x);
	}
}

static void look_at_counts(const struct whole *w)
{
	struct one_short *v;
	size_t n = one_short_list(w->arena, w->o, &v);

	for (size_t i = 0; i < n; i++) {
		const struct promise *p = promise_of(w, v[i].version);
		const struct window_result *r = &w->o->windows[v[i].window];

		tell_level(w,
			   text_format(w->l->ws->arena, "level/short/%.*s/%s",
				       TEXT_ARG(v[i].chronic >= 0 ? p->chronic[v[i].chronic].id
								  : p->credits.rules[v[i].rule].id),
				       r->label),
			   known_at(w, r->window.to));
	}
}

/* R17, R14: what contradicts another, or was recorded before it happened. */
static void look_at_facts(const struct whole *w)
{
	const struct facts *set = w->o->in.facts;

	for (size_t i = 0; i < set->n; i++) {
		const struct fact *f = &set->v[i];
		char id[UUID_TEXT + 1];

		if ((w->o->view->flags[i] & (FLAG_CONTRADICTING | FLAG_FUTURE)) == 0 ||
		    f->recorded_at <= w->now - NEWS_OLD_MS)
			continue;
		tell_level(w,
			   text_format(w->l->ws->arena, "level/fact/%.*s",
				       TEXT_ARG(facts_id(set, f, id))),
			   f->recorded_at);
	}
}

/* --- credits --- */

static struct whom of_money(const struct whole *w)
{
	return (struct whom){w->l->finance, w->l->billing | w->l->lead};
}

static bool arose(const struct credit *c)
{
	return c->fate == CREDIT_DUE || c->fate == CREDIT_CLAIM_OPEN ||
	       c->fate == CREDIT_UNCLAIMED || c->fate == CREDIT_CUT;
}

static struct text credit_name(const struct whole *w, const struct credit *c, const char *kind)
{
	const struct promise *p = promise_of(w, c->version);

	return text_format(w->l->ws->arena, "%s/%.*s/%s", kind,
			   TEXT_ARG(c->rule < 0 ? text_of("report") : p->credits.rules[c->rule].id),
			   w->o->windows[c->window].label);
}

/* R61: seven days and one before the last instant to claim; of both the nearer. */
static void look_at_claim(const struct whole *w, const struct credit *c, struct text label)
{
	static const struct {
		int days;
		const char *word;
	} steps[] = {{1, "claim/1d"}, {7, "claim/7d"}};
	bool nearer = false;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		instant at = c->claim_until - steps[i].days * DAY_MS;
		struct text name =
			text_format(w->l->ws->arena, "%s/%.*s", steps[i].word, TEXT_ARG(label));
		struct telling t = telling_of(w, MAIL_CLAIM, label, name);

		look_again(w, at);
		if (at > w->now)
			continue;
		t.until = t.before = c->claim_until;
		if (nearer || c->fate != CREDIT_CLAIM_OPEN || c->claim_until <= w->now)
			news_known(w->l, w->log, text_of(""), name);
		else if (is_due(w, name, w->now))
			tell_both(w, &t, of_money(w));
		nearer = true;
	}
}

static void look_at_credit(const struct whole *w, const struct credit *c)
{
	const struct window_result *r = &w->o->windows[c->window];
	struct text label = text_of(r->label), name = credit_name(w, c, "credit");
	struct telling t = telling_of(w, MAIL_CREDIT, label, name);

	if (c->fate == CREDIT_HELD) /* R19: undecided, and so not taken back either */
		news_stands(w->l, text_of(""), name);
	if (r->running || !arose(c))
		return;
	if (is_due(w, name, known_at(w, r->window.to))) {
		tell_both(w, &t, of_money(w));
		if (c->n_pattern_windows > 0)
			news_rules(w->l, promise_of(w, c->version), ALERT_PATTERN, &t);
	}
	if (c->claim_until == INSTANT_NONE)
		return;
	look_at_claim(w, c, label);
	look_again(w, c->claim_until + 1);
	name = text_format(w->l->ws->arena, "lapsed/%s", r->label);
	t = telling_of(w, MAIL_LAPSED, label, name);
	if (c->fate == CREDIT_UNCLAIMED && is_due(w, name, c->claim_until + 1))
		tell_both(w, &t, of_money(w));
}

static void look_at_caps(const struct whole *w, const struct settlement *s)
{
	for (size_t i = 0; i < s->n_caps; i++) {
		const struct cap_use *c = &s->caps[i];
		const struct promise *p = promise_of(w, c->version);
		struct civil month = civil_of(zone_day(p->zone, s->month.from));
		struct text label = text_format(w->l->ws->arena, "%04d-%02d", (int)month.year,
						(int)month.month);
		struct text name =
			text_format(w->l->ws->arena, "cap/%.*s/%.*s",
				    TEXT_ARG(p->credits.caps[c->cap].id), TEXT_ARG(label));
		struct telling t = telling_of(w, MAIL_CAP, label, name);

		if (c->cut.num <= 0 || s->month.to > w->now ||
		    !is_due(w, name, known_at(w, s->month.to)))
			continue;
		tell_both(w, &t, of_money(w));
		news_rules(w->l, p, ALERT_CAP_REACHED, &t);
	}
}

/* --- rights --- */

static void look_at_right(const struct whole *w, const struct right *r)
{
	static const int days[] = {3, 14};
	const struct promise *p = promise_of(w, r->version);
	struct text label = text_of(w->o->windows[r->window].label);
	struct text id = p->chronic[r->chronic].id;
	struct text name =
		text_format(w->l->ws->arena, "right/%.*s/%.*s", TEXT_ARG(id), TEXT_ARG(label));
	struct telling t = telling_of(w, MAIL_RIGHT, label, name);
	struct whom executives = {w->l->owner, w->l->signer};
	bool nearer = false, open = r->exercised == INSTANT_NONE && r->until > w->now;

	if (is_due(w, name, open ? w->now : known_at(w, r->arose))) {
		tell_both(w, &t, executives);
		news_rules(w->l, p, ALERT_PATTERN, &t);
	}
	for (size_t i = 0; r->until != INSTANT_NONE && i < ARRAY_SIZE(days); i++) {
		instant at = r->until - days[i] * DAY_MS;

		name = text_format(w->l->ws->arena, "right_ends/%.*s/%.*s/%dd", TEXT_ARG(id),
				   TEXT_ARG(label), days[i]);
		t = telling_of(w, MAIL_RIGHT_ENDS, label, name);
		t.until = r->until;
		look_again(w, at);
		if (at > w->now)
			continue;
		if (nearer || !open)
			news_known(w->l, w->log, text_of(""), name);
		else if (is_due(w, name, w->now))
			tell_both(w, &t, executives);
		nearer = true;
	}
}

/* --- what is due --- */

/* The report: five working days and one before, to whoever manages the contract; when it is late, to the IT lead, too. */
static enum rc look_at_report(const struct whole *w, const struct act_deadline *x, struct err *err)
{
	static const int days[] = {1, 5};
	const struct promise *p = promise_of(w, (uint16_t)(w->o->in.n_versions - 1));
	enum unit unit = p->business == NULL ? UNIT_D : UNIT_BD;
	const struct duration_context context = {.zone = p->zone, .business = p->business};
	struct text name = text_format(w->l->ws->arena, "report_late/%.*s", TEXT_ARG(x->subject));
	struct telling t = telling_of(w, MAIL_REPORT_LATE, x->subject, name);
	bool nearer = false, late = x->state == DEADLINE_LATE;

	look_again(w, x->at + 1);
	if (late && is_due(w, name, x->at + 1))
		tell_both(w, &t, (struct whom){w->l->manager, w->l->lead});
	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		instant at;
		enum rc rc = duration_add((struct duration){.n = days[i], .unit = unit}, -1,
					  ANCHOR_MOMENT, x->at, &context, &at, err);

		if (rc != RC_OK)
			return rc;
		look_again(w, at);
		name = text_format(w->l->ws->arena, "report/%.*s/%dbd", TEXT_ARG(x->subject),
				   days[i]);
		t = telling_of(w, MAIL_REPORT, x->subject, name);
		t.until = t.before = x->at;
		if (at > w->now)
			continue;
		if (nearer || late || x->done != INSTANT_NONE)
			news_known(w->l, w->log, text_of(""), name);
		else if (is_due(w, name, w->now))
			tell_both(w, &t, (struct whom){w->l->manager, 0});
		nearer = true;
	}
	return RC_OK;
}

/* What the client was asked to do: at half of its time, and when it is late. */
static void look_at_obligation(const struct whole *w, const struct act_deadline *x)
{
	static const char *const words[] = {"half", "late"};
	instant asked = x->fact == NO_FACT ? x->at : w->o->in.facts->v[x->fact].occurred_at;
	const instant at[] = {asked + (x->at - asked) / 2, x->at + 1};
	size_t last = x->at < w->now ? 1 : 0;

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		struct text name = text_format(w->l->ws->arena, "obligation/%.*s/%s",
					       TEXT_ARG(x->subject), words[i]);
		struct telling t = telling_of(w, MAIL_OBLIGATION, text_of(""), name);

		if (x->done == INSTANT_NONE)
			look_again(w, at[i]);
		if (at[i] > w->now)
			continue;
		/* what was done stops what would have come, and takes back nothing */
		if (i != last || x->done != INSTANT_NONE)
			news_known(w->l, w->log, text_of(""), name);
		else if (is_due(w, name, at[i]))
			tell_both(w, &t, (struct whom){w->l->desk, w->l->lead});
	}
}

static enum rc look_at_deadlines(const struct whole *w, struct err *err)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < w->o->n_deadlines; i++) {
		const struct act_deadline *x = &w->o->deadlines[i];

		if (x->kind == DEADLINE_REPORT)
			rc = look_at_report(w, x, err);
		else if (x->kind == DEADLINE_OBLIGATION)
			look_at_obligation(w, x);
	}
	return rc;
}

/* --- all of it --- */

static enum rc whole_outcome(struct looking *l, const struct log_head *log, struct outcome **out,
			     struct err *err)
{
	struct workspace *ws = &l->there;
	const struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, ws->now};
	struct recalled r;
	enum rc rc = recall_past(ws, log, &nothing, &r, err);

	if (rc != RC_OK)
		return rc;
	return recall_evaluate(&r, ws->arena,
			       value_month_of(r.versions[r.n_versions - 1].promise->zone, ws->now),
			       ws->now, out, err);
}

enum rc news_whole(struct looking *l, const struct log_head *log, instant *next, struct err *err)
{
	struct outcome *o = NULL;
	struct whole w = {
		.l = l, .log = log, .arena = l->there.arena, .now = l->ws->now, .next = next};
	enum rc rc = whole_outcome(l, log, &o, err);

	*next = INSTANT_MAX;
	if (rc != RC_OK)
		return rc;
	w.o = o;
	look_at_windows(&w);
	look_at_counts(&w);
	look_at_facts(&w);
	for (size_t i = 0; i < o->n_credits; i++)
		look_at_credit(&w, &o->credits[i]);
	for (size_t i = 0; i < o->n_settlements; i++)
		look_at_caps(&w, &o->settlements[i]);
	for (size_t i = 0; i < o->n_rights; i++)
		look_at_right(&w, &o->rights[i]);
	rc = look_at_deadlines(&w, err);
	if (rc == RC_OK)
		news_withdraw(l, log, text_of(""));
	return rc;
}
