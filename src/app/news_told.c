/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom something is told, and what was told before (sla.md R71, R75): alerts are worked out from the state at each look, and each is told
 * once ever. What a correction takes the cause of is withdrawn, once, from those who got it, and not sent to those for whom it waited (R73).
 */
#include "app/news_parts.h"

#include <assert.h>

/* --- whom --- */

struct telling news_telling(enum mail_kind kind, const struct log_head *log, struct text object,
			    struct text cause)
{
	return (struct telling){.kind = kind,
				.log = log,
				.object = object,
				.cause = cause,
				.pace = MAIL_AS_ITS_KIND,
				.until = INSTANT_NONE};
}

void news_tell(struct looking *l, const struct telling *t, const struct reader *to)
{
	struct arena *a = l->ws->arena;
	struct news *n = l->out;

	n->v = arena_grow(a, n->v, n->n, &n->cap, sizeof(*n->v));
	n->v[n->n++] = (struct mail_wish){
		.kind = t->kind,
		.person = to->user->id,
		.contract = t->log == NULL ? text_of("") : text_copy(a, t->log->contract),
		.object = text_copy(a, t->object),
		.cause = text_format(a, "%s/%.*s/%.*s", mail_row(t->kind)->kind, TEXT_ARG(t->cause),
				     TEXT_ARG(to->user->id)),
		.ends_at = t->until,
		.pace = t->pace,
		.before = t->before};
}

bool news_may(const struct reader *r, const struct log_head *log, bool client)
{
	return r->user->client == client && roles_have(r->roles, R_TICKET_READ) &&
	       (!client || text_eq(r->user->contract, log->contract));
}

size_t news_tell_those(struct looking *l, const struct telling *t, bool client, roles which)
{
	size_t told = 0;

	for (size_t i = 0; i < l->n_readers; i++)
		if (news_may(&l->readers[i], t->log, client) &&
		    (l->readers[i].roles & which) != 0) {
			news_tell(l, t, &l->readers[i]);
			told++;
		}
	return told;
}

void news_tell_role(struct looking *l, const struct telling *t, bool client, roles which)
{
	if (news_tell_those(l, t, client, which) == 0)
		(void)news_tell_those(l, t, client, client ? l->signer : l->owner);
}

void news_tell_roles(struct looking *l, const struct telling *t, bool client)
{
	news_tell_role(l, t, client, client ? l->lead : l->desk);
}

void news_tell_both(struct looking *l, const struct telling *t)
{
	news_tell_roles(l, t, false);
	news_tell_roles(l, t, true);
}

void news_tell_desk(struct looking *l, const struct telling *t, struct text technician)
{
	for (size_t i = 0; i < l->n_readers; i++)
		if (news_is_person(l->readers[i].user, technician) &&
		    news_may(&l->readers[i], t->log, false)) {
			news_tell(l, t, &l->readers[i]);
			return;
		}
	news_tell_roles(l, t, false);
}

/* --- what was told before --- */

/* "target/first.0/missed/unseen.1.client": the name in front of what R74 adds. */
static struct text before_unseen(struct text name)
{
	size_t slash = name.n;

	while (slash > 0 && name.p[slash - 1] != '/')
		slash--;
	return slash > 0 && text_starts(text_sub(name, slash, name.n), "unseen.")
		       ? text_sub(name, 0, slash - 1)
		       : name;
}

/* Whoever heard late that nobody had seen it (R74) heard of the same. */
static bool holds(const struct looking *l, struct text subject, struct text name)
{
	name = before_unseen(name);
	for (size_t i = 0; i < l->n_standing; i++)
		if (text_eq(l->standing[i].subject, subject) && text_eq(l->standing[i].name, name))
			return true;
	return false;
}

static bool in_this_look(const struct looking *l, const struct log_head *log, struct text subject,
			 struct text name)
{
	const struct news *n = l->out;

	for (size_t i = n->n_alerts; i > 0 && n->alerts[i - 1].log == log->id; i--)
		if (text_eq(n->alerts[i - 1].subject, subject) &&
		    text_eq(n->alerts[i - 1].name, name))
			return true;
	return false;
}

void news_stands(struct looking *l, struct text subject, struct text name)
{
	struct arena *a = l->ws->arena;

	l->standing =
		arena_grow(a, l->standing, l->n_standing, &l->standing_cap, sizeof(*l->standing));
	l->standing[l->n_standing++] = (struct standing){text_copy(a, subject), text_copy(a, name)};
}

/* false: it was known before this look, or in it. */
static bool is_new(struct looking *l, const struct log_head *log, struct text subject,
		   struct text name)
{
	enum alert_state state;
	bool known = in_this_look(l, log, subject, name);
	enum rc rc = RC_OK;

	if (!known && l->rc == RC_OK)
		rc = record_alert(l->ws->store, log->id, subject, name, &state, &l->err);
	news_stands(l, subject, name);
	if (known || l->rc != RC_OK || rc == RC_OK)
		return false;
	if (rc != RC_MISSING)
		l->rc = rc;
	else
		err_clear(&l->err);
	return rc == RC_MISSING;
}

static void enter(struct looking *l, const struct log_head *log, struct text subject,
		  struct text name, enum alert_state state)
{
	struct arena *a = l->ws->arena;
	struct news *n = l->out;

	n->alerts = arena_grow(a, n->alerts, n->n_alerts, &n->alerts_cap, sizeof(*n->alerts));
	n->alerts[n->n_alerts++] = (struct stored_alert){log->id, text_copy(a, subject),
							 text_copy(a, name), l->ws->now, state};
}

bool news_due(struct looking *l, const struct log_head *log, struct text subject, struct text name,
	      instant at)
{
	bool told = at > l->ws->now - NEWS_OLD_MS;

	if (!is_new(l, log, subject, name))
		return false;
	enter(l, log, subject, name, told ? ALERT_TOLD : ALERT_KNOWN);
	l->old += !told && !l->first;
	return told;
}

void news_known(struct looking *l, const struct log_head *log, struct text subject,
		struct text name)
{
	if (is_new(l, log, subject, name))
		enter(l, log, subject, name, ALERT_KNOWN);
}

bool news_due_since(struct looking *l, const struct log_head *log, struct text subject,
		    struct text name, instant at)
{
	if (at > l->since)
		return news_due(l, log, subject, name, at);
	news_known(l, log, subject, name);
	return false;
}

instant news_told_at(struct looking *l, const struct log_head *log, struct text subject,
		     struct text name)
{
	struct stored_alert *told = NULL;
	const struct news *out = l->out;
	size_t n = 0;

	for (size_t i = out->n_alerts; i > 0 && out->alerts[i - 1].log == log->id; i--)
		if (text_eq(out->alerts[i - 1].subject, subject) &&
		    text_eq(out->alerts[i - 1].name, name))
			return out->alerts[i - 1].state == ALERT_TOLD ? l->ws->now : INSTANT_NONE;
	if (l->rc == RC_OK)
		l->rc = record_alerts_told(l->ws->store, l->there.arena, log->id, subject, &told,
					   &n, &l->err);
	for (size_t i = 0; l->rc == RC_OK && i < n; i++)
		if (text_eq(told[i].name, name))
			return told[i].known_at;
	return INSTANT_NONE;
}

struct text news_cause(struct looking *l, const struct log_head *log, struct text subject,
		       struct text name)
{
	struct text kind, rest = text_cut(name, '/', &kind);

	return text_format(l->ws->arena, "%lld/%.*s/%.*s", (long long)log->id, TEXT_ARG(subject),
			   TEXT_ARG(rest));
}

/* --- what holds no longer --- */

bool news_touched(const struct looking *l, struct text subject)
{
	for (size_t i = 0; i < l->n_touched; i++)
		if (text_eq(l->touched[i], subject))
			return true;
	return false;
}

void news_touch(struct looking *l, const struct log_head *log, struct text subject)
{
	struct arena *a = l->ws->arena;
	struct stored_alert *told = NULL;
	size_t n = 0;

	if (subject.n == 0 || news_touched(l, subject) || l->n_touched == NEWS_TICKETS ||
	    l->rc != RC_OK)
		return;
	l->rc = record_alerts_told(l->ws->store, a, log->id, subject, &told, &n, &l->err);
	if (l->rc != RC_OK || n == 0)
		return;
	l->touched = arena_grow(a, l->touched, l->n_touched, &l->touched_cap, sizeof(*l->touched));
	l->touched[l->n_touched++] = text_copy(a, subject);
}

/* What an act later stops (a claim, a report, a duty) was right when it was told; these are only by what was wrong then. */
static bool may_be_wrong(struct text kind)
{
	static const char *const kinds[] = {"target", "outage", "notice_short", "overrun",
					    "level",  "budget", "credit",       "cap",
					    "right",  "waiting"};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_is(kind, kinds[i]))
			return true;
	return false;
}

void news_withdraw(struct looking *l, const struct log_head *log, struct text subject)
{
	struct arena *a = l->ws->arena;
	struct news *out = l->out;
	struct stored_alert *told = NULL;
	size_t n = 0;

	if (l->rc == RC_OK)
		l->rc = record_alerts_told(l->ws->store, a, log->id, subject, &told, &n, &l->err);
	for (size_t i = 0; l->rc == RC_OK && i < n; i++) {
		struct text kind;

		(void)text_cut(told[i].name, '/', &kind);
		if (!may_be_wrong(kind) || holds(l, subject, told[i].name))
			continue;
		enter(l, log, subject, told[i].name, ALERT_WITHDRAWN);
		out->gone =
			arena_grow(a, out->gone, out->n_gone, &out->gone_cap, sizeof(*out->gone));
		out->gone[out->n_gone++] = (struct news_gone){
			.cause = text_format(a, "%.*s/%.*s", TEXT_ARG(kind),
					     TEXT_ARG(news_cause(l, log, subject, told[i].name))),
			.contract = text_copy(a, log->contract),
			.subject = text_copy(a, subject)};
	}
}
