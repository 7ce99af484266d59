/* SPDX-License-Identifier: Apache-2.0 */
/* What reporters do: files with repeats and wrong clocks, single facts, corrections, second persons, disputes, two handles at once. */
#include "sim.h"

#include "app/append.h"
#include "app/fact_fields.h"
#include "app/signing.h"
#include "app/zones.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 1300, BIG = 1100 };

static const char *const priorities[] = {"P1", "P2", "P3"};
static const char secret[] = SECRET;

static instant clock_here(const struct sim *s)
{
	return s->now + s->p[s->at].offset;
}

/* When it happened as its reporter says, whose clock is an hour wrong, or days, or a year. */
static instant told_at(struct sim *s)
{
	instant t = clock_here(s) - (instant)pick(s, 6 * HOUR_MS);

	if (one_in(s, 4))
		t += one_in(s, 2) ? HOUR_MS : -HOUR_MS;
	if (one_in(s, 24))
		t += one_in(s, 2) ? 3 * DAY_MS : -400 * DAY_MS;
	return t;
}

static struct uuid fresh_id(struct sim *s)
{
	unsigned char random[10];

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (unsigned char)pick(s, 256);
	return uuid_v7(clock_here(s), random);
}

/* --- a file --- */

struct file {
	struct told line[LINES_MAX];
	bool conflict[LINES_MAX];
	size_t n, conflicts;
};

static const char *new_fields(struct sim *s, struct model *m, bool client, bool *ticket)
{
	const char *words = one_in(s, 4) ? format(s, ",\"reason\":\"%s %llu\"", secret,
						  (unsigned long long)pick(s, 1000))
					 : "";
	unsigned known = m->tickets > 0 ? 1 + (unsigned)pick(s, m->tickets) : 1;

	*ticket = false;
	switch (pick(s, client ? 2 : 6)) {
	case 0:
		*ticket = true;
		return format(s,
			      "\"kind\":\"ticket.logged\",\"ticket\":\"%s-T%u\",\"service\":"
			      "\"helpdesk\",\"priority\":\"%s\",\"via\":\"person\"",
			      m->mark, ++m->tickets, priorities[pick(s, 3)]);
	case 1:
		return format(s,
			      "\"kind\":\"ticket.message\",\"ticket\":\"%s-T%u\",\"author\":"
			      "\"human\",\"visibility\":\"public\"",
			      m->mark, known);
	case 2:
		return format(s, "\"kind\":\"ticket.waiting_client\",\"ticket\":\"%s-T%u\"%s",
			      m->mark, known, words);
	case 3:
		return format(s, "\"kind\":\"ticket.restored\",\"ticket\":\"%s-T%u\"%s", m->mark,
			      known, words);
	case 4:
		return format(s,
			      "\"kind\":\"outage.began\",\"outage\":\"%s-O%u\",\"assets\":["
			      "\"records\"],\"severity\":\"down\"",
			      m->mark, ++m->outages);
	default:
		return format(s, "\"kind\":\"outage.ended\",\"outage\":\"%s-O%u\"", m->mark,
			      m->outages > 0 ? m->outages : 1);
	}
}

static void new_line(struct sim *s, struct model *m, struct file *f, bool client)
{
	struct told *t = &f->line[f->n++];
	const char *at = instant_words(s, told_at(s));
	char id[UUID_TEXT + 1];

	*t = (struct told){.id = fresh_id(s), .client = client};
	uuid_text(&t->id, id);
	const char *fields = new_fields(s, m, client, &t->ticket);

	t->line = text_copy(
		s->arena,
		text_of(format(s,
			       "{\"id\":\"%s\",\"occurred_at\":\"%s\",\"recorded_at\":\"%s\",%s}",
			       id, at, at, fields)));
}

/* What was told before, again; now and then with another priority under the same id, which must be refused. */
static void old_line(struct sim *s, const struct model *m, struct file *f, bool client)
{
	const struct told *t = &m->told[pick(s, m->n_told)];

	if (t->line.n == 0 || t->client != client)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (uuid_cmp(&f->line[i].id, &t->id) == 0)
			return;
	f->line[f->n] = *t;
	if (t->ticket && one_in(s, 6)) {
		char *p = arena_copy(s->arena, t->line.p, t->line.n);
		char *q = strstr(p, "\"priority\":\"P");

		assert(q != NULL);
		q += strlen("\"priority\":\"P");
		*q = *q == '3' ? '1' : (char)(*q + 1);
		f->line[f->n].line.p = p;
		f->conflict[f->n] = true;
		f->conflicts++;
	}
	f->n++;
}

static void shuffle(struct sim *s, struct file *f)
{
	for (size_t i = f->n; i > 1; i--) {
		size_t k = (size_t)pick(s, i);
		struct told t = f->line[i - 1];
		bool c = f->conflict[i - 1];

		f->line[i - 1] = f->line[k];
		f->conflict[i - 1] = f->conflict[k];
		f->line[k] = t;
		f->conflict[k] = c;
	}
}

static const char *write_lines(struct sim *s, struct model *m, const struct file *f)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	for (size_t i = 0; i < f->n; i++) {
		buf_text(&b, f->line[i].line);
		buf_char(&b, '\n');
	}
	const char *name = write_file(s, format(s, "%s.jsonl", m->client), buf_view(&b));

	buf_free(&b);
	return name;
}

static void see_answer(struct sim *s, struct model *m, struct text json)
{
	struct hash root;

	if (!hash_parse(answer_text(json, "root"), &root))
		fail(s, "%s: no root in the answer", m->mark);
	remember_seen(s, m, answer_number(s, json, "size"), &root);
}

void step_import(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct file *f = arena_one(s->step_arena, struct file);
	bool client = one_in(s, 3);
	size_t fresh = 1 + (size_t)pick(s, 8), again = m->n_told > 0 ? (size_t)pick(s, 5) : 0;

	if (!m->big && s->step < 10 && one_in(s, 80)) {
		fresh = BIG;
		m->big = true;
	}
	for (size_t i = 0; i < fresh; i++)
		new_line(s, m, f, client);
	for (size_t i = 0; i < again; i++)
		old_line(s, m, f, client);
	shuffle(s, f);
	const char *file = write_lines(s, m, f);

	for (int times = one_in(s, 4) ? 2 : 1; times > 0; times--) {
		struct answer a = must(s, log, f->conflicts > 0 ? 1 : 0,
				       WORDS("import", file, "--contract", m->contract, "--json",
					     "--as", client ? m->lead : "desk"));

		if (answer_number(s, a.out, "conflicts") != (int64_t)f->conflicts ||
		    answer_number(s, a.out, "refused") != 0 ||
		    answer_number(s, a.out, "recorded") + answer_number(s, a.out, "again") <
			    (int64_t)(f->n - f->conflicts))
			fail(s, "%s: of %zu facts, %zu in conflict, the answer is: %.*s", m->mark,
			     f->n, f->conflicts, TEXT_ARG(a.out));
		for (size_t i = 0; i < f->n; i++)
			if (!f->conflict[i])
				remember_told(s, m, &f->line[i]);
		see_answer(s, m, a.out);
		settle(s);
	}
}

/* --- one fact --- */

static void told_by_answer(struct sim *s, struct model *m, struct text json, bool client,
			   bool ticket)
{
	struct told t = {.client = client, .ticket = ticket};

	if (!uuid_parse(answer_text(json, "id"), &t.id))
		fail(s, "%s: no id in the answer: %.*s", m->mark, TEXT_ARG(json));
	remember_told(s, m, &t);
	settle(s);
}

/* Words about somebody, who can ask for their erasure. */
void tell_of_person(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	const char *at = instant_words(s, told_at(s)), *words, *ticket;
	struct answer a;

	if (m->person[0] == '\0')
		(void)snprintf(m->person, sizeof(m->person), "%s Ana %s %u", m->mark, secret,
			       ++m->people);
	words = format(s, "reason=%s of %s %llu", secret, m->mark,
		       (unsigned long long)pick(s, 1000));
	ticket = format(s, "ticket=%s-T%u", m->mark, m->tickets + 1);
	a = must(s, log, 0,
		 WORDS("fact", "add", "ticket.waiting_client", ticket, words, "--person", m->person,
		       "--contract", m->contract, "--at", at, "--as", "desk", "--json"));
	m->person_unsure = false;
	told_by_answer(s, m, a.out, false, false);
}

void step_add(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	const char *at = instant_words(s, told_at(s));
	struct answer a;

	if (one_in(s, 3)) {
		a = must(s, log, 0,
			 WORDS("fact", "add", "ticket.logged",
			       format(s, "ticket=%s-T%u", m->mark, ++m->tickets),
			       "service=helpdesk", format(s, "priority=%s", priorities[pick(s, 3)]),
			       "via=person", "--contract", m->contract, "--at", at, "--as", m->lead,
			       "--json"));
		told_by_answer(s, m, a.out, true, true);
		return;
	}
	tell_of_person(s, log);
}

/* --- corrections and second persons (J31) --- */

static const struct told *pick_told(struct sim *s, const struct model *m, bool client, bool ticket)
{
	for (int tries = 0; tries < 20 && m->n_told > 0; tries++) {
		const struct told *t = &m->told[pick(s, m->n_told)];

		if (t->client == client && (t->ticket || !ticket))
			return t;
	}
	return NULL;
}

void step_correct(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	bool client = one_in(s, 3), withdraw = one_in(s, 4);
	const struct told *t = pick_told(s, m, client, true);
	const char *who = client ? m->signer : "desk";
	char id[UUID_TEXT + 1];
	struct answer a;

	if (m->has_pending || t == NULL) {
		step_approve(s, log);
		return;
	}
	uuid_text(&t->id, id);
	if (withdraw)
		a = ask(s, log,
			WORDS("fact", "withdraw", id, "--contract", m->contract, "--as", who,
			      "--json"));
	else
		a = ask(s, log,
			WORDS("fact", "correct", id,
			      format(s, "priority=%s", priorities[pick(s, 3)]), "--at",
			      instant_words(s, told_at(s)), "--contract", m->contract, "--as", who,
			      "--json"));
	if (a.rc == RC_INVALID) {
		s->count->refused++;
		return;
	}
	if (a.rc != RC_OK)
		fail(s, "%s: not corrected: %s", m->mark, a.err.message);
	m->has_pending = text_is(answer_text(a.out, "pending"), "true");
	m->pending_client = client;
	if (!uuid_parse(answer_text(a.out, "id"), &m->pending))
		fail(s, "%s: no id", m->mark);
	told_by_answer(s, m, a.out, client, false);
}

void step_approve(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	char id[UUID_TEXT + 1];

	if (!m->has_pending) {
		step_add(s, log);
		return;
	}
	uuid_text(&m->pending, id);
	/* the other party's second person is none */
	struct answer a = ask(s, log,
			      WORDS("fact", "approve", id, "--contract", m->contract, "--as",
				    m->pending_client ? "pat" : m->lead, "--json"));

	if (a.rc == RC_OK)
		fail(s, "%s: the other party approved a correction", m->mark);
	a = must(s, log, 0,
		 WORDS("fact", "approve", id, "--contract", m->contract, "--as",
		       m->pending_client ? m->lead : "pat", "--json"));
	m->has_pending = false;
	told_by_answer(s, m, a.out, m->pending_client, false);
}

void step_dispute(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	bool client = one_in(s, 2); /* who disputes */
	const struct told *t = pick_told(s, m, !client, false);
	char id[UUID_TEXT + 1];
	struct answer a;

	if (t == NULL) {
		step_import(s, log);
		return;
	}
	uuid_text(&t->id, id);
	const char *kind[] = {"fact.accepted", "fact.contested", "dispute.settled"};
	uint64_t which = pick(s, 3);
	const char *fact = format(s, "fact=%s", id), *who = client ? m->lead : "pat";

	if (which == 2) {
		/* refused unless this side contests it: then nothing was told (sla.md R19) */
		a = ask(s, log,
			WORDS("fact", "add", kind[which], fact, "outcome=upheld", "--contract",
			      m->contract, "--as", who, "--json"));
		if (a.rc == RC_INVALID && (text_has(text_of(a.err.message), text_of("nobody contests")) ||
					   text_has(text_of(a.err.message), text_of("it is let stand"))))
			return;
		if (a.rc != RC_OK || a.status != 0)
			fail(s, "fact add dispute.settled: %s", a.err.message);
	} else
		a = must(s, log, 0,
			 WORDS("fact", "add", kind[which], fact, "--contract", m->contract, "--as",
			       who, "--json"));
	told_by_answer(s, m, a.out, client, false);
}

/* --- what is another's must look like what is not there (trust.md P5) --- */

static void same_refusal(struct sim *s, const struct answer *foreign, const char *theirs,
			 const struct answer *unknown, const char *nobodys)
{
	struct text x = text_of(foreign->err.message), y = text_of(unknown->err.message), fx, fy;

	if (foreign->rc == RC_OK || foreign->rc != unknown->rc ||
	    strcmp(foreign->err.code, unknown->err.code) != 0)
		fail(s, "'%s' ends otherwise than '%s': %s", theirs, nobodys, foreign->err.message);
	/* word by word; the name that was asked for may stand in it */
	while (x.n > 0 || y.n > 0) {
		x = text_cut(x, '\'', &fx);
		y = text_cut(y, '\'', &fy);
		if (!text_eq(fx, fy) && !(text_is(fx, theirs) && text_is(fy, nobodys)))
			fail(s, "'%s' is refused as '%s', what is not there as '%s'", theirs,
			     foreign->err.message, unknown->err.message);
	}
	if (strcmp(foreign->err.hint, unknown->err.hint) != 0)
		fail(s, "'%s' is refused with the hint '%s', what is not there with '%s'", theirs,
		     foreign->err.hint, unknown->err.hint);
	s->count->refused++;
}

void step_foreign(struct sim *s, int log)
{
	const struct model *m = model_of(s, log),
			   *other = model_of(s, (log + 1 + (int)pick(s, CLIENTS - 1)) % CLIENTS);
	const struct told *t = pick_told(s, other, false, false);
	struct uuid nobody = fresh_id(s);
	char theirs[UUID_TEXT + 1], nobodys[UUID_TEXT + 1];
	/* as near to one's own name as the other's is, so that the same is guessed to be meant */
	const char *unknown = format(s, "ZQTEN%d9-2026", s->at);
	struct answer a, b;

	a = ask(s, -1, WORDS("log", "show", "--contract", other->contract, "--as", m->lead));
	b = ask(s, -1, WORDS("log", "show", "--contract", unknown, "--as", m->lead));
	same_refusal(s, &a, other->contract, &b, unknown);
	a = ask(s, -1,
		WORDS("statement", "--contract", other->contract, "--month", "2026-03", "--as",
		      m->billing));
	b = ask(s, -1,
		WORDS("statement", "--contract", unknown, "--month", "2026-03", "--as",
		      m->billing));
	same_refusal(s, &a, other->contract, &b, unknown);
	if (t == NULL)
		return;
	uuid_text(&t->id, theirs);
	uuid_text(&nobody, nobodys);
	a = ask(s, -1,
		WORDS("fact", "withdraw", theirs, "--contract", m->contract, "--as", m->signer));
	b = ask(s, -1,
		WORDS("fact", "withdraw", nobodys, "--contract", m->contract, "--as", m->signer));
	same_refusal(s, &a, theirs, &b, nobodys);
}

/* --- two handles of one workspace, each with a head of the log that the other has moved on --- */

struct handle {
	struct arena *arena;
	struct app app;
	struct args args;
	struct workspace ws;
	struct log_head log;
};

static void open_handle(struct sim *s, struct handle *h, const struct model *m)
{
	const char *const words[] = {"fact",           "add",       "ticket.message",
				     "--contract",     m->contract, "--workspace",
				     s->p[s->at].path, "--as",      "desk"};
	struct text v[ARRAY_SIZE(words)];
	struct err err = {.line = 0};
	bool help = false;

	h->arena = arena_new((size_t)1 << 30);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		v[i] = text_copy(h->arena, text_of(words[i]));
	h->app = (struct app){
		.arena = h->arena, .world = &s->world, .zones = zones_system(h->arena)};
	if (args_parse(h->arena, v, ARRAY_SIZE(words), &h->args, &help, &err) != RC_OK ||
	    workspace_open(&h->app, &h->args, STORE_WRITE, &h->ws, &err) != RC_OK ||
	    workspace_log(&h->ws, text_of(m->contract), &h->log, &err) != RC_OK)
		fail(s, "%s: a handle cannot be opened: %s", m->mark, err.message);
}

static void close_handle(struct handle *h)
{
	workspace_close(&h->ws);
	arena_free(h->arena);
}

static void tell_by_handle(struct sim *s, struct handle *h, struct model *m)
{
	struct facts *set = facts_new(h->arena);
	struct fact f = {
		.occurred_at = told_at(s), .recorded_at = clock_here(s), .party = PARTY_PROVIDER};
	struct append_options options = {.one_transaction = true};
	struct append_count count;
	struct appended result;
	struct err err = {.line = 0};
	struct text fields[] = {text_of(format(s, "ticket=%s-T%u", m->mark, m->tickets + 1)),
				text_of("author=human"), text_of("visibility=public")};

	f.source = facts_add_source(
		set, (struct fact_source){.name = text_of("tenor"), .recorded_known = true});
	if (fact_from_fields(set, text_of("ticket.message"), fields, ARRAY_SIZE(fields), NULL, &f,
			     &err) != RC_OK ||
	    append_facts(&h->ws, &h->log, set, 0, 1, &options, text_of("fact"), &result, &count,
			 &err) != RC_OK ||
	    result.fate != APPENDED)
		fail(s, "%s: not told by one of two handles: %s", m->mark, err.message);
	remember_told(s, m, &(struct told){.id = result.id});
	settle(s);
}

void step_two_handles(struct sim *s, int log)
{
	struct model *m = model_of(s, log);
	struct handle h[2] = {{.arena = NULL}};
	struct err err = {.line = 0};
	size_t last = (size_t)pick(s, 2);

	sim_disk_use(s->p[s->at].disk);
	open_handle(s, &h[0], m);
	open_handle(s, &h[1], m);
	for (int n = 2 + (int)pick(s, 6); n > 0; n--) {
		size_t which = (size_t)pick(s, 2);

		tell_by_handle(s, &h[which], m);
		if (!one_in(s, 3))
			continue;
		struct stored_checkpoint c;

		if (sign_log(&h[which].ws, &h[which].log, false, &c, &err) != RC_OK)
			fail(s, "%s: not signed by one of two handles: %s", m->mark, err.message);
		remember_seen(s, m, c.size, &c.root);
		settle(s);
	}
	if (sign_install(&h[last].ws, &err) != RC_OK)
		fail(s, "the install log is not signed: %s", err.message);
	close_handle(&h[last]);
	close_handle(&h[1 - last]);
	s->count->two++;
	event(s, "two handles: %zu told", m->n_told);
}
