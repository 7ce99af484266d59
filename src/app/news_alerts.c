/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a contract wants told beside those who always are (sla.alerts, sla.md R38), and who hears next where nobody has seen what is urgent
 * (R74). Roles of a contract's contacts are told as the roles of people here that do the same work: contacts need not be people of the workspace.
 */
#include "app/news_parts.h"

#include "facts/pack.h"
#include "terms/tree.h"

/* --- levels of the contract --- */

static const struct {
	const char *word;
	const char *provider, *client; /* roles of people */
} STANDS_FOR[] = {
	{"account_manager", "contract-manager", "signer"},
	{"billing", "finance", "billing"},
	{"executive", "owner", "signer"},
	{"it_lead", "service-desk", "it-lead"},
	{"legal", "owner", "signer"},
	{"privacy_officer", "owner", "signer"},
	{"security_officer", "owner", "it-lead"},
	{"service_desk_manager", "service-desk", "it-lead"},
	{"signatory", "owner", "signer"},
	{"technician", "technician", "it-lead"},
};

/* "client.it_lead" */
static roles roles_meant(struct text role, bool *client)
{
	struct text side, word = text_cut(role, '.', &side);

	*client = text_is(side, "client");
	for (size_t i = 0; i < ARRAY_SIZE(STANDS_FOR); i++)
		if (text_is(word, STANDS_FOR[i].word))
			return news_role(*client ? STANDS_FOR[i].client : STANDS_FOR[i].provider);
	return 0;
}

static void tell_level(struct looking *l, const struct alert_rule *rule, const struct telling *t)
{
	const struct node *to = node_at(rule->node, "to");

	for (const struct node *x = to == NULL ? NULL : to->child; x != NULL; x = x->next) {
		bool client = false;
		roles which = roles_meant(x->text, &client);

		if (which != 0)
			news_tell_role(l, t, client, which);
	}
}

void news_rules(struct looking *l, const struct promise *p, enum alert_event event,
		const struct telling *t)
{
	for (size_t i = 0; i < p->n_alerts; i++)
		if (p->alerts[i].event == (int)event)
			tell_level(l, &p->alerts[i], t);
}

struct text news_level_name(struct looking *l, const struct outcome *o, const struct clock *c,
			    const struct alert_level *level)
{
	const struct promise *p = o->in.versions[c->version].promise;

	return news_clock_name(
		l, o, c,
		text_format(l->ws->arena, "alert.%.*s", TEXT_ARG(p->alerts[level->rule].id)));
}

void news_levels(struct looking *l, const struct log_head *log, const struct outcome *o,
		 const struct clock *c, const struct alert_level *levels, size_t n,
		 const struct clock_steps *steps, instant *next)
{
	const struct promise *p = o->in.versions[c->version].promise;
	struct text ticket = symbol_text(o->in.facts->symbols, c->subject);
	instant now = l->ws->now;

	for (size_t i = 0; i < n; i++) {
		const struct alert_rule *rule = &p->alerts[levels[i].rule];
		struct text name = news_level_name(l, o, c, &levels[i]);
		instant at = levels[i].at;

		if (at > now && at < *next)
			*next = at;
		/* R37: what lies behind a higher step is not told beside it */
		if (at > now || at < steps->highest || !news_due(l, log, ticket, name, at))
			continue;
		/* who is told of the step anyway is told once */
		for (size_t k = 0; k < ARRAY_SIZE(steps->at); k++)
			if (steps->at[k] == at)
				name = news_clock_name(l, o, c, text_of(steps->words[k]));

		struct telling t =
			news_telling(MAIL_TARGET, log, ticket, news_cause(l, log, ticket, name));

		t.pace = steps->pace;
		t.before = steps->before;
		tell_level(l, rule, &t);
	}
}

/* --- nobody has seen it --- */

static bool was_seen(const struct outcome *o, symbol event, bool client, instant from, instant to)
{
	struct fact_run run = o->view->kinds[FACT_ALERT_ACKNOWLEDGED];

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(o->view, run.v[i]);

		if (f->subject == event && (f->party == PARTY_CLIENT) == client &&
		    f->occurred_at >= from && f->occurred_at < to)
			return true;
	}
	return false;
}

/* Level 1 is the executive, level 2 all of the side who act. */
static roles who_is_next(const struct looking *l, bool client, int level)
{
	if (level == 1)
		return client ? l->signer : l->owner;
	return client ? l->signer | l->lead : l->owner | l->desk | news_role("technician");
}

static struct text level_name(struct looking *l, const struct urgent *u, bool client, int level)
{
	return text_format(l->ws->arena, "%.*s/unseen.%d.%s", TEXT_ARG(u->name), level,
			   client ? "client" : "provider");
}

/* Is there anybody of the side who gets mail and may act? */
static bool has_somebody(const struct looking *l, const struct log_head *log, bool client)
{
	roles which = who_is_next(l, client, NEWS_CHAIN);

	for (size_t i = 0; i < l->n_readers; i++)
		if (news_may(&l->readers[i], log, client) && (l->readers[i].roles & which) != 0)
			return true;
	return false;
}

/* Silence, and a line in the report: once, where the last level was told, and as long ago as there is between two. */
static void note_unseen(struct looking *l, const struct log_head *log, const struct outcome *o,
			const struct urgent *u, bool client, instant *next)
{
	struct arena *a = l->ws->arena;
	struct text name = level_name(l, u, client, NEWS_CHAIN + 1);
	instant at = news_told_at(l, log, u->subject, level_name(l, u, client, NEWS_CHAIN));
	struct news *out = l->out;

	if (at == INSTANT_NONE || !has_somebody(l, log, client))
		return;
	at += NEWS_UNSEEN_MS;
	if (was_seen(o, u->event, client, u->raised, at))
		return;
	if (at > l->ws->now) {
		*next = at < *next ? at : *next;
		return;
	}
	if (!news_due(l, log, u->subject, name, at))
		return;
	out->unseen =
		arena_grow(a, out->unseen, out->n_unseen, &out->unseen_cap, sizeof(*out->unseen));
	out->unseen[out->n_unseen++] = (struct news_unseen){.log = log->id,
							    .event = text_copy(a, u->subject),
							    .metric = text_copy(a, u->metric),
							    .client = client,
							    .from = u->raised};
}

/* Of one side: the levels that have come. true: all of them, and nobody has seen it. */
static bool tell_levels(struct looking *l, const struct log_head *log, const struct outcome *o,
			const struct urgent *u, bool client, instant *next)
{
	for (int level = 1; level <= NEWS_CHAIN; level++) {
		instant at = u->raised + level * (int64_t)NEWS_UNSEEN_MS;
		struct text name = level_name(l, u, client, level);
		struct telling t =
			news_telling(u->kind, log, u->object, news_cause(l, log, u->subject, name));

		if (was_seen(o, u->event, client, u->raised, at))
			return false;
		if (at > l->ws->now) {
			*next = at < *next ? at : *next;
			return false;
		}
		t.pace = MAIL_AT_ONCE;
		if (news_due(l, log, u->subject, name, at))
			(void)news_tell_those(l, &t, client, who_is_next(l, client, level));
	}
	return true;
}

void news_chain(struct looking *l, const struct log_head *log, const struct outcome *o,
		const struct urgent *u, instant *next)
{
	for (int side = 0; side < 2; side++)
		if (tell_levels(l, log, o, u, side == 1, next))
			note_unseen(l, log, o, u, side == 1, next);
}
