/* SPDX-License-Identifier: Apache-2.0 */
/* Files of facts as both parties and a monitor send them: in any order, late, repeated, in two formats. */
#include "bytes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 1300 };

static const char *const priorities[] = {"P1", "P2", "P3", "P4"};

/* One fact as a row of fields, which both formats are written from. */
struct line {
	char id[UUID_TEXT + 1];
	const char *at, *party;          /* party NULL: whoever sends the file */
	const char *kind, *name, *value; /* its subject */
	const char *rest;                /* further members of JSON, each with a comma before */
	bool priority;
};

struct file {
	struct line *v;
	size_t n;
};

static void fresh_id(struct history *h, instant t, char out[UUID_TEXT + 1])
{
	unsigned char random[10];

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (unsigned char)pick(h, 256);
	struct uuid id = uuid_v7(t, random);

	uuid_text(&id, out);
}

/* Within the two months before now, mostly of late; now and then ahead of the clock, or years ago. */
static instant told_at(struct history *h)
{
	instant t = h->now - (instant)pick(h, one_in(h, 4) ? 60 * DAY_MS : 14 * DAY_MS);

	if (one_in(h, 40))
		t += one_in(h, 2) ? 20 * DAY_MS : -400 * DAY_MS;
	return one_in(h, 3) ? t - t % MINUTE_MS : t;
}

static struct line *add_line(struct history *h, struct file *f, instant t, const char *kind,
			     const char *name, const char *value)
{
	assert(f->n < LINES_MAX);
	struct line *l = &f->v[f->n++];

	*l = (struct line){
		.at = instant_words(h, t), .kind = kind, .name = name, .value = value, .rest = ""};
	fresh_id(h, t, l->id);
	return l;
}

static const char *words_or_none(struct history *h)
{
	return one_in(h, 3)
		       ? format(h, ",\"reason\":\"wörds of somebody %u\"", (unsigned)pick(h, 1000))
		       : "";
}

/* --- what can happen to a ticket --- */

static void ticket_logged(struct history *h, const struct engagement *e, struct file *f, instant t,
			  const char *ticket)
{
	const char *priority = priorities[pick(h, e->paper->n_priorities)],
		   *via = one_in(h, 3) ? "monitor" : "person";
	struct line *l = add_line(h, f, t, "ticket.logged", "ticket", ticket);

	l->party = one_in(h, 2) ? "client" : NULL;
	l->rest = format(h, ",\"service\":\"%s\",\"priority\":\"%s\",\"via\":\"%s\"",
			 e->paper->service, priority, via);
	l->priority = true;
}

static void ticket_event(struct history *h, const struct engagement *e, struct file *f, instant t,
			 const char *ticket)
{
	static const char *const plain[] = {"ticket.resumed", "ticket.assigned",
					    "ticket.work_started", "ticket.fixed_at_first_contact"};
	static const char *const worded[] = {"ticket.waiting_client", "ticket.waiting_vendor",
					     "ticket.resolved",       "ticket.closed",
					     "ticket.reopened",       "ticket.restored",
					     "ticket.restored"};
	uint64_t which = pick(h, 10);

	if (which < 4) {
		const char *author = one_in(h, 5) ? "automatic" : "human",
			   *seen = one_in(h, 4) ? "internal" : "public";
		struct line *l = add_line(h, f, t, "ticket.message", "ticket", ticket);

		l->rest = format(h, ",\"author\":\"%s\",\"visibility\":\"%s\"", author, seen);
	} else if (which < 7) {
		struct line *l =
			add_line(h, f, t, worded[pick(h, ARRAY_SIZE(worded))], "ticket", ticket);

		l->rest = words_or_none(h);
	} else if (which < 9) {
		(void)add_line(h, f, t, plain[pick(h, ARRAY_SIZE(plain))], "ticket", ticket);
	} else {
		struct line *l = add_line(
			h, f, t, one_in(h, 2) ? "ticket.priority_set" : "ticket.priority_agreed",
			"ticket", ticket);

		l->rest = format(h, ",\"priority\":\"%s\"",
				 priorities[pick(h, e->paper->n_priorities)]);
		l->priority = true;
	}
}

static void ticket_life(struct history *h, struct engagement *e, struct file *f, size_t n)
{
	instant t = told_at(h);
	const char *ticket = format(
		h, "T-%u",
		one_in(h, 4) && e->tickets > 0 ? 1 + (unsigned)pick(h, e->tickets) : ++e->tickets);

	ticket_logged(h, e, f, t, ticket);
	for (size_t i = 1; i < n; i++) {
		t += (instant)pick(h, one_in(h, 2) ? 2 * HOUR_MS : 2 * DAY_MS);
		ticket_event(h, e, f, t, ticket);
	}
}

/* --- outages and what excuses them --- */

static const char *some_assets(struct history *h, const struct paper *p)
{
	const char *first = p->assets[pick(h, p->n_assets)],
		   *second = p->assets[pick(h, p->n_assets)];

	return strcmp(first, second) == 0 || one_in(h, 2)
		       ? format(h, ",\"assets\":[\"%s\"]", first)
		       : format(h, ",\"assets\":[\"%s\",\"%s\"]", first, second);
}

static void outage_life(struct history *h, struct engagement *e, struct file *f, bool client)
{
	instant t = told_at(h);
	const char *name = format(h, "O-%u", ++e->outages),
		   *party = client || one_in(h, 3) ? NULL : "monitor",
		   *assets = some_assets(h, e->paper),
		   *severity = one_in(h, 5) ? "degraded" : "down",
		   *cause = one_in(h, 6) ? ",\"cause\":\"scheduled_maintenance\"" : "";
	struct line *l = add_line(h, f, t, "outage.began", "outage", name);

	l->party = party;
	l->rest = format(h, "%s,\"severity\":\"%s\"%s", assets, severity, cause);
	if (one_in(h, 8))
		return;
	l = add_line(h, f, t + (instant)pick(h, one_in(h, 3) ? DAY_MS : 2 * HOUR_MS),
		     "outage.ended", "outage", name);
	l->party = party;
}

static void maintenance_life(struct history *h, struct engagement *e, struct file *f)
{
	instant t = told_at(h), from = t + (instant)pick(h, 6 * DAY_MS);
	const char *name = format(h, "M-%u", ++e->outages);
	struct line *l = add_line(h, f, t, "maintenance.announced", "maintenance", name);

	l->rest = format(h, ",\"from\":\"%s\",\"to\":\"%s\",\"work\":\"routine\"%s",
			 instant_words(h, from), instant_words(h, from + 3 * HOUR_MS),
			 some_assets(h, e->paper));
	(void)add_line(h, f, from, "maintenance.started", "maintenance", name);
	(void)add_line(h, f, from + (instant)pick(h, 4 * HOUR_MS), "maintenance.ended",
		       "maintenance", name);
}

static void new_facts(struct history *h, struct engagement *e, struct file *f, bool client)
{
	const struct paper *p = e->paper;

	if (p->n_priorities > 0 && (p->n_assets == 0 || pick(h, 3) > 0))
		ticket_life(h, e, f, 1 + (size_t)pick(h, 5));
	else if (client || pick(h, 4) > 0)
		outage_life(h, e, f, client);
	else
		maintenance_life(h, e, f);
}

/* --- the file --- */

static void shuffle(struct history *h, struct file *f)
{
	for (size_t i = f->n; i > 1; i--) {
		size_t k = (size_t)pick(h, i);
		struct line l = f->v[i - 1];

		f->v[i - 1] = f->v[k];
		f->v[k] = l;
	}
}

static void print_file(const struct history *h, const struct file *f, const char *name)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	for (size_t i = 0; i < f->n; i++) {
		const struct line *l = &f->v[i];

		buf_printf(&b,
			   "{\"id\":\"%s\",\"kind\":\"%s\",\"occurred_at\":\"%s\",\"%s\":\"%s\"%s",
			   l->id, l->kind, l->at, l->name, l->value, l->rest);
		if (l->party != NULL)
			buf_printf(&b, ",\"party\":\"%s\"", l->party);
		buf_str(&b, "}\n");
	}
	write_file(h, name, buf_view(&b));
	buf_free(&b);
}

/* The same as a table. Only for facts whose further members are words: lists stand in JSON only. */
static void print_table(const struct history *h, const struct file *f, const char *name)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_str(&b,
		"id,kind,occurred_at,party,ticket,service,priority,via,author,visibility,reason\n");
	for (size_t i = 0; i < f->n; i++) {
		static const char *const columns[] = {"service", "priority",   "via",
						      "author",  "visibility", "reason"};
		const struct line *l = &f->v[i];
		struct text rest = text_of(l->rest);

		buf_printf(&b, "%s,%s,%s,%s,%s", l->id, l->kind, l->at,
			   l->party != NULL ? l->party : "", l->value);
		for (size_t c = 0; c < ARRAY_SIZE(columns); c++) {
			char key[40];
			size_t n = (size_t)snprintf(key, sizeof(key), "\"%s\":\"", columns[c]),
			       at = 0;

			buf_char(&b, ',');
			while (at + n <= rest.n && memcmp(rest.p + at, key, n) != 0)
				at++;
			if (at + n <= rest.n)
				buf_text(&b, text_sub(rest, at + n, text_find(rest, '"', at + n)));
		}
		buf_char(&b, '\n');
	}
	write_file(h, name, buf_view(&b));
	buf_free(&b);
}

static void remember(struct history *h, struct engagement *e, const struct file *f, bool client)
{
	for (size_t i = 0; i < f->n; i++) {
		struct told *t = &e->told[e->n_told < TOLD_MAX ? e->n_told++ : pick(h, TOLD_MAX)];

		memcpy(t->id, f->v[i].id, sizeof(t->id));
		t->client = client && f->v[i].party == NULL;
		t->priority = f->v[i].priority;
	}
}

static void import_file(struct history *h, const struct engagement *e, const char *name,
			bool client)
{
	struct answer a = ask(h, WORDS("import", name, "--contract", e->paper->id, "--json",
				       "--no-progress", "--as", client ? e->lead : "desk"));

	/* 1: some of it was refused, as what a client may not say of the provider's work */
	if (a.rc != RC_OK || a.status > 1)
		fail(h, "'%s' was not imported: %s", name, a.err.message);
	h->count[COUNT_FACTS] += (uint64_t)answer_number(h, a.out, "recorded");
	h->count[COUNT_AGAIN] += (uint64_t)answer_number(h, a.out, "again");
}

void import_new(struct history *h, struct engagement *e, size_t n)
{
	struct file f = {arena_array(h->arena, struct line, LINES_MAX), 0};
	bool client = one_in(h, 3), table = e->paper->n_assets == 0 && one_in(h, 2);
	const char *name = format(h, "%s%u.%s", e->lead, ++e->files, table ? "csv" : "jsonl");

	while (f.n < n)
		new_facts(h, e, &f, client);
	shuffle(h, &f);
	if (table)
		print_table(h, &f, name);
	else
		print_file(h, &f, name);
	import_file(h, e, name, client);
	remember(h, e, &f, client);
	size_t k = e->n_kept < FILES_KEPT ? e->n_kept++ : (size_t)pick(h, FILES_KEPT);

	(void)snprintf(e->kept[k], sizeof(e->kept[k]), "%s", name);
	e->kept_client[k] = client;
}

/* The same file once more: it changes nothing and says so. */
void import_again(struct history *h, struct engagement *e)
{
	if (e->n_kept == 0) {
		import_new(h, e, 3);
		return;
	}
	size_t k = (size_t)pick(h, e->n_kept);

	import_file(h, e, e->kept[k], e->kept_client[k]);
}
