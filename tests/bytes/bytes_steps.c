/* SPDX-License-Identifier: Apache-2.0 */
/* A history: what happens to the contracts of a workspace, in an order that the seed decides, and how it ends. */
#include "bytes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 1100 }; /* more than a pack holds */

static const struct told *pick_told(struct history *h, const struct engagement *e, bool client,
				    bool priority)
{
	for (int tries = 0; tries < 20 && e->n_told > 0; tries++) {
		const struct told *t = &e->told[pick(h, e->n_told)];

		if (t->client == client && (t->priority || !priority))
			return t;
	}
	return NULL;
}

static const char *month_now(struct history *h)
{
	return format(h, "%.7s", instant_words(h, h->now - (instant)pick(h, 20 * DAY_MS)));
}

static void remember(struct history *h, struct engagement *e, const struct answer *a, bool client)
{
	struct text id = answer_text(a->out, "id");
	struct told *t = &e->told[e->n_told < TOLD_MAX ? e->n_told++ : pick(h, TOLD_MAX)];

	if (id.n != UUID_TEXT)
		fail(h, "no id in the answer: %.*s", TEXT_ARG(a->out));
	*t = (struct told){.client = client};
	memcpy(t->id, id.p, UUID_TEXT);
}

/* --- single facts --- */

static void step_add(struct history *h, struct engagement *e)
{
	const struct paper *p = e->paper;
	const char *at = instant_words(h, h->now - (instant)pick(h, 5 * DAY_MS));
	struct answer a;

	if (p->n_priorities == 0) {
		a = must(h, 0,
			 WORDS("fact", "add", "outage.began",
			       format(h, "outage=O-%u", ++e->outages),
			       format(h, "assets=%s", p->assets[pick(h, p->n_assets)]),
			       "severity=down", "--contract", p->id, "--at", at, "--as", "desk",
			       "--json"));
		remember(h, e, &a, false);
		return;
	}
	const char *ticket = format(h, "ticket=T-%u", 1 + (unsigned)pick(h, 1 + e->tickets)),
		   *reason = format(h, "reason=asked Ana about room %u", (unsigned)pick(h, 100));

	a = must(h, 0,
		 WORDS("fact", "add", "ticket.waiting_client", ticket, reason, "--person",
		       "Ana Ruiz", "--contract", p->id, "--at", at, "--as", "desk", "--json"));
	e->with_words = true;
	remember(h, e, &a, false);
}

static void step_approve(struct history *h, struct engagement *e)
{
	if (e->pending[0] == '\0') {
		step_add(h, e);
		return;
	}
	struct answer a = must(h, 0,
			       WORDS("fact", "approve", e->pending, "--contract", e->paper->id,
				     "--as", e->pending_client ? e->lead : "pat", "--json"));

	e->pending[0] = '\0';
	remember(h, e, &a, e->pending_client);
}

static void step_correct(struct history *h, struct engagement *e)
{
	bool client = one_in(h, 3), withdraw = one_in(h, 3),
	     priority = e->paper->n_priorities > 0 && !withdraw;
	const struct told *t = pick_told(h, e, client, priority);
	const char *who = client ? e->signer : "desk",
		   *at = instant_words(h, h->now - (instant)pick(h, 9 * DAY_MS));
	struct answer a;

	if (t == NULL || e->pending[0] != '\0') {
		step_approve(h, e);
		return;
	}
	if (withdraw)
		a = ask(h, WORDS("fact", "withdraw", t->id, "--contract", e->paper->id, "--as", who,
				 "--json"));
	else if (priority)
		a = ask(h, WORDS("fact", "correct", t->id,
				 format(h, "priority=P%u", 1 + (unsigned)pick(h, 3)), "--at", at,
				 "--contract", e->paper->id, "--as", who, "--json"));
	else
		a = ask(h, WORDS("fact", "correct", t->id, "--at", at, "--contract", e->paper->id,
				 "--as", who, "--json"));
	if (a.rc != RC_OK)
		return; /* it was corrected before, or is not this side's */
	h->count[COUNT_CORRECTIONS]++;
	if (text_is(answer_text(a.out, "pending"), "true")) {
		(void)snprintf(e->pending, sizeof(e->pending), "%.*s",
			       TEXT_ARG(answer_text(a.out, "id")));
		e->pending_client = client;
	}
	remember(h, e, &a, client);
}

static void step_dispute(struct history *h, struct engagement *e)
{
	static const char *const kinds[] = {"fact.accepted", "fact.contested", "fact.contested"};
	bool client = one_in(h, 2); /* who disputes */
	const struct told *t = pick_told(h, e, !client, false);
	const char *who = client ? e->lead : "pat", *fact;
	struct answer a;

	if (t == NULL) {
		import_again(h, e);
		return;
	}
	fact = format(h, "fact=%s", t->id);
	a = ask(h, WORDS("fact", "add", kinds[pick(h, ARRAY_SIZE(kinds))], fact, "--contract",
			 e->paper->id, "--as", who, "--json"));
	if (a.rc != RC_OK)
		return; /* a fact of the monitor's, or one that stands in the way of itself */
	h->count[COUNT_DISPUTES]++;
	if (one_in(h, 2)) {
		remember(h, e, &a, client);
		return;
	}
	/* refused where nobody contests it: the same must be said of that everywhere, too */
	(void)ask(h, WORDS("fact", "add", "dispute.settled", fact, "outcome=upheld", "--contract",
			   e->paper->id, "--as", who, "--json"));
}

/* --- versions, documents, people --- */

static void step_amend(struct history *h, struct engagement *e)
{
	const char *from =
		format(h, "%.10s", instant_words(h, h->now + (instant)pick(h, 8 * DAY_MS)));
	struct answer a;

	write_file(h, "amended.yaml", paper_version(h, e, pick(h, e->paper->n_turns), true));
	if (one_in(h, 2))
		a = ask(h, WORDS("contract", "add", "amended.yaml", "--effective", from, "--json"));
	else
		a = ask(h, WORDS("contract", "add", "amended.yaml", "--json"));
	if (a.rc != RC_OK)
		return; /* it would take effect before the one it amends */
	h->count[COUNT_VERSIONS]++;
	(void)snprintf(e->hash, sizeof(e->hash), "%.*s", TEXT_ARG(answer_text(a.out, "version")));
}

static void step_issue(struct history *h, struct engagement *e)
{
	const char *month = month_now(h), *form = one_in(h, 2) ? "html" : "json";

	(void)must(h, 0,
		   WORDS("statement", "--contract", e->paper->id, "--month", month, "--issue",
			 "--format", form, "--as", "fin"));
	e->issued = true;
	h->count[COUNT_ISSUED]++;
}

static void step_restate(struct history *h, struct engagement *e)
{
	if (!e->issued)
		step_issue(h, e);
	import_new(h, e, 1 + (size_t)pick(h, 3)); /* late for what was issued */
	(void)must(h, 0, WORDS("restate", "--contract", e->paper->id, "--json", "--as", "fin"));
	h->count[COUNT_RESTATED]++;
}

static void step_statement(struct history *h, struct engagement *e)
{
	static const char *const formats[] = {"text", "html", "csv"};
	const char *month = month_now(h), *form = formats[pick(h, 3)],
		   *known = instant_words(h, h->now - (instant)pick(h, 6 * HOUR_MS));

	if (one_in(h, 2))
		(void)ask(h, WORDS("statement", "--contract", e->paper->id, "--month", month,
				   "--format", form, "--as", e->billing));
	else
		(void)ask(h, WORDS("statement", "--contract", e->paper->id, "--month", month,
				   "--format", form, "--lang", "de", "--known-as-of", known, "--as",
				   "fin"));
}

static void step_erase(struct history *h, struct engagement *e)
{
	if (!e->with_words) {
		step_add(h, e);
		return;
	}
	(void)must(h, 0, WORDS("erase", "--person", "Ana Ruiz", "--json"));
	e->with_words = false;
	for (int i = 0; i < h->n_logs; i++)
		h->log[i].with_words = false;
	h->count[COUNT_ERASED]++;
}

static void step_client(struct history *h, struct engagement *e)
{
	(void)e;
	/* the second time it is there already */
	(void)ask(h, WORDS("client", "add", format(h, "client%u", (unsigned)pick(h, 3)), "--name",
			   "Ängström & Söhne"));
	(void)ask(h, WORDS("client", "list", "--json"));
}

static void step_import(struct history *h, struct engagement *e)
{
	import_new(h, e, 1 + (size_t)pick(h, 10));
}

static const struct {
	void (*run)(struct history *h, struct engagement *e);
	unsigned weight;
} kinds[] = {
	{step_import, 20}, {import_again, 6},   {step_add, 8},   {step_correct, 14},
	{step_approve, 6}, {step_dispute, 10},  {step_amend, 5}, {step_issue, 8},
	{step_restate, 3}, {step_statement, 6}, {step_erase, 4}, {step_client, 2},
};

static size_t choose(struct history *h)
{
	uint64_t all = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		all += kinds[k].weight;
	for (at = pick(h, all); at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return i;
}

/* --- how it ends --- */

/* The files of the workspace and of its keys, to the byte: entries, checkpoints, packs, marks, sealed words. */
static void mix_disk(struct history *h)
{
	for (int i = 0; i < h->disk->names; i++) {
		const struct disk_file *f = disk_find(h->disk, h->disk->name[i].text);

		if (f != NULL)
			mix(h, h->disk->name[i].text, (struct text){(const char *)f->bytes, f->n});
	}
}

static void finish(struct history *h, struct engagement *e)
{
	const char *month = month_now(h);
	struct answer a;

	(void)must(h, 0,
		   WORDS("statement", "--contract", e->paper->id, "--month", month, "--json",
			 "--as", "fin"));
	a = must(h, 0,
		 WORDS("export", "bundle", "--contract", e->paper->id, "--month", month,
		       "--no-progress", "-o", "-"));
	h->count[COUNT_BUNDLES]++;
	if (one_in(h, 3)) /* the last note is in the bundle anyway */
		(void)must(h, 0, WORDS("log", "checkpoint", "--contract", e->paper->id));
	if (one_in(h, 16)) {
		write_file(h, "month.tnb", a.out);
		(void)must(h, 0,
			   WORDS("verify", "month.tnb", "--trust-bundle-keys", "--no-progress",
				 "--json"));
	}
	mix_disk(h);
}

void happen(struct history *h)
{
	struct engagement *e = &h->log[pick(h, (uint64_t)h->n_logs)];

	h->now += (instant)pick(h, 27 * DAY_MS);
	if (one_in(h, 400)) {
		import_new(h, e, MANY);
		h->count[COUNT_PACKED]++;
	} else {
		step_import(h, e);
	}
	for (uint64_t left = 1 + pick(h, 2); left > 0; left--) {
		e = &h->log[pick(h, (uint64_t)h->n_logs)];
		if (one_in(h, 4))
			h->now += (instant)pick(h, 3 * DAY_MS);
		kinds[choose(h)].run(h, e);
	}
	finish(h, e);
}
