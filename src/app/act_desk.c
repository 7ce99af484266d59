/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people do at the help desk beside facts of their own: give a ticket to somebody, note, queue; named lists, texts to answer with, a
 * timer. A timer and a list are a person's own and leave no entry (trust.md P8); a text is a setting of the provider's, and leaves one.
 */
#include "app/act_ticket.h"
#include "app/append.h"
#include "app/notes.h"
#include "app/own.h"
#include "app/people.h"
#include "app/recall.h"
#include "app/setting.h"
#include "app/tickets_kept.h"
#include "base/json.h"
#include "store/record_desk.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DESK_BYTES_MAX = 8 << 20, NAME_BYTES_MAX = 60, QUERY_BYTES_MAX = 500, TIMER_HOURS_MAX = 24 };

enum rc action_fact_add(struct app *app, const struct args *args, struct reply *reply,
			struct err *err);

/* --- words --- */

static enum rc name_ok(const char *what, struct text name, size_t most, struct err *err)
{
	bool good = name.n > 0 && name.n <= most;

	for (size_t i = 0; i < name.n; i++)
		good = good && (unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7f;
	if (good)
		return RC_OK;
	err_key(err, text_of(what));
	err_hint(err, "1 to %zu letters in one line", most);
	return err_set(err, RC_USAGE, "'%.*s' is no %s", TEXT_ARG(name), what);
}

/* Letters, digits, - and _: it stands in facts and in the list's filter. */
static enum rc queue_ok(struct text queue, struct err *err)
{
	bool good = queue.n > 0 && queue.n <= QUEUE_BYTES_MAX;

	for (size_t i = 0; i < queue.n; i++)
		good = good && ((queue.p[i] >= 'a' && queue.p[i] <= 'z') ||
				(queue.p[i] >= '0' && queue.p[i] <= '9') || queue.p[i] == '-' ||
				queue.p[i] == '_');
	if (good)
		return RC_OK;
	err_key(err, text_of("queue"));
	err_hint(err, "small letters, digits, - and _, at most %d: second-line", QUEUE_BYTES_MAX);
	return err_set(err, RC_USAGE, "'%.*s' is no name for a queue", TEXT_ARG(queue));
}

static void say(const struct args *args, struct reply *reply, const char *key, struct text value,
		const char *words)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out, "%.*s %s\n", TEXT_ARG(value), words);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, key, value);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

/* --- a ticket of the contract --- */

/* Its own entries, where the table of tickets has them; else all. */
static enum rc recall_about(struct workspace *ws, const struct log_head *log, struct text ticket,
			    struct recalled *r, struct err *err)
{
	const struct recall_options options = {-1, INSTANT_MAX, PACK_IDS_FEW};
	int64_t *entries = NULL;
	size_t n = 0;
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, r, err);

	if (rc != RC_OK)
		return rc;
	rc = tickets_kept_one(ws, r, ticket, &entries, &n, err);
	if (rc == RC_OK)
		return recall_some(ws, entries, n, r, err);
	return rc == RC_MISSING ? recall(ws, log, &options, r, err) : rc;
}

static bool was_logged(const struct recalled *r, struct text ticket)
{
	symbol id = symbol_find(r->facts->symbols, ticket);

	for (size_t i = 0; id != 0 && i < r->facts->n; i++)
		if (r->facts->v[i].kind == FACT_TICKET_LOGGED &&
		    fact_word(&r->facts->v[i], FIELD_TICKET) == id)
			return true;
	return false;
}

enum rc desk_has_ticket(struct workspace *ws, const struct log_head *log, struct text ticket,
			struct recalled *r, struct err *err)
{
	struct recalled here = {.n_versions = 0};
	struct own_tickets own;
	enum rc rc = recall_about(ws, log, ticket, &here, err);

	if (rc == RC_OK)
		rc = own_tickets(ws, R_TICKET_READ, &here, &own, err);
	if (rc != RC_OK)
		return rc;
	if (was_logged(&here, ticket) && own_has(&own, ticket)) {
		if (r != NULL)
			*r = here;
		return RC_OK;
	}
	err_hint(err, "\"tenor ticket list --contract %.*s --state all\" lists them",
		 TEXT_ARG(log->contract));
	return err_set(err, RC_MISSING, "there is no ticket '%.*s' in %.*s", TEXT_ARG(ticket),
		       TEXT_ARG(log->contract));
}

static enum rc open_ticket(struct app *app, const struct args *args, struct workspace *ws,
			   struct log_head *log, struct err *err)
{
	enum rc rc = workspace_open(app, args, STORE_WRITE, ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_log(ws, args_text(args, PARAM_CONTRACT_ID), log, err);
	if (rc == RC_OK)
		rc = desk_has_ticket(ws, log, args_text(args, PARAM_TICKET), NULL, err);
	if (rc != RC_OK)
		workspace_close(ws);
	return rc;
}

/* --- notes and queues --- */

static enum rc note(struct app *app, const struct args *args, struct new_note *n,
		    struct reply *reply, struct err *err)
{
	struct text given = args_text(args, PARAM_REPORT_ID);
	struct workspace ws;
	struct log_head log;
	struct uuid id;
	bool again = false;
	enum rc rc;

	if (given.n > 0 && (!uuid_parse(given, &id) || !uuid_is_v7(&id))) {
		err_hint(err, "write a UUIDv7 in lower case");
		return err_set(err, RC_USAGE, "'%.*s' is no id of a note", TEXT_ARG(given));
	}
	rc = open_ticket(app, args, &ws, &log, err);
	if (rc != RC_OK)
		return rc;
	n->ticket = args_text(args, PARAM_TICKET);
	n->id = given.n > 0 ? &id : NULL;
	rc = notes_add(&ws, &log, n, &again, err);
	workspace_close(&ws);
	if (rc == RC_OK)
		say(args, reply, "ticket", n->ticket,
		    again ? "says so already" : "has it in the internal log");
	return rc;
}

enum rc action_ticket_note(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct new_note n = {.words = text_trim(args_text(args, PARAM_WORDS))};

	if (n.words.n == 0 || n.words.n > NOTE_BYTES_MAX) {
		err_key(err, text_of("words"));
		err_hint(err, "write 1 to %d bytes", NOTE_BYTES_MAX);
		return err_set(err, RC_USAGE, "a note of %zu bytes cannot be kept", n.words.n);
	}
	return note(app, args, &n, reply, err);
}

enum rc action_ticket_queue(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct new_note n = {.queue = args_text(args, PARAM_QUEUE)};
	enum rc rc = queue_ok(n.queue, err);

	return rc == RC_OK ? note(app, args, &n, reply, err) : rc;
}

/* --- who has it --- */

static struct text one(struct args *args, enum param p, struct text value, struct arena *a)
{
	struct text *v = arena_one(a, struct text);

	*v = value;
	args->values[p].v = v;
	args->values[p].n = 1;
	return value;
}

static bool works(const struct stored_user *u)
{
	struct err none = {.line = 0};
	roles of = 0;
	bool client = u->client;

	return !u->client && roles_parse(u->roles, &of, &client, &none) == RC_OK &&
	       roles_have(of, R_WORK_WRITE);
}

/* A person of the provider who works on tickets, by handle. */
static enum rc technician_id(struct app *app, const struct args *args, struct text *id,
			     struct err *err)
{
	struct workspace ws;
	struct stored_user u;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = person_any(&ws, args_text(args, PARAM_TECHNICIAN), &u, err);
	if (rc == RC_OK && !works(&u)) {
		err_key(err, text_of("technician"));
		err_hint(err, "\"tenor desk\" lists who can have one");
		rc = err_set(err, RC_USAGE, "'%.*s' does not work on tickets", TEXT_ARG(u.handle));
	}
	if (rc == RC_OK)
		*id = text_copy(app->arena, u.id);
	workspace_close(&ws);
	return rc;
}

enum rc action_ticket_assign(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct args fact = *args;
	struct text *fields = arena_array(app->arena, struct text, 2), id = {NULL, 0};
	struct workspace ws;
	struct log_head log;
	enum rc rc = technician_id(app, args, &id, err);

	if (rc == RC_OK)
		rc = open_ticket(app, args, &ws, &log, err);
	if (rc != RC_OK)
		return rc;
	workspace_close(&ws);
	(void)one(&fact, PARAM_KIND, text_of("ticket.assigned"), app->arena);
	fields[0] = text_format(app->arena, "ticket=%.*s", TEXT_ARG(args_text(args, PARAM_TICKET)));
	fields[1] = text_format(app->arena, "technician=%.*s", TEXT_ARG(id));
	fact.values[PARAM_FIELDS].v = fields;
	fact.values[PARAM_FIELDS].n = 2;
	return action_fact_add(app, &fact, reply, err);
}

/* --- named lists --- */

enum rc action_view_save(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	const struct stored_view v = {text_trim(args_text(args, PARAM_VIEW_NAME)),
				      args_text(args, PARAM_VIEW_QUERY)};
	struct workspace ws;
	enum rc rc = name_ok("name", v.name, NAME_BYTES_MAX, err);

	if (rc == RC_OK)
		rc = name_ok("query", v.query, QUERY_BYTES_MAX, err);
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&ws, err);
	if (rc == RC_OK)
		rc = workspace_end(&ws, record_view_put(ws.store, ws.actor.id, &v, err), err);
	workspace_close(&ws);
	if (rc == RC_OK)
		say(args, reply, "name", v.name, "is kept");
	return rc;
}

enum rc action_view_remove(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct text name = args_text(args, PARAM_VIEW_NAME);
	struct workspace ws;
	bool there = false;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&ws, err);
	if (rc == RC_OK)
		rc = workspace_end(&ws, record_view_drop(ws.store, ws.actor.id, name, &there, err),
				   err);
	workspace_close(&ws);
	if (rc == RC_OK && !there)
		return err_set(err, RC_MISSING, "you have no list '%.*s'", TEXT_ARG(name));
	if (rc == RC_OK)
		say(args, reply, "name", name, "is forgotten");
	return rc;
}

/* --- texts to answer with --- */

static enum rc save_reply(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	*done = true;
	return record_reply_put(ws->store, what, err);
}

static enum rc drop_reply(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct text *name = what;

	return record_reply_drop(ws->store, *name, done, err);
}

enum rc action_reply_save(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	const struct stored_reply r = {text_trim(args_text(args, PARAM_REPLY_NAME)),
				       text_trim(args_text(args, PARAM_WORDS))};
	bool done;
	enum rc rc = name_ok("reply", r.name, NAME_BYTES_MAX, err);

	if (rc == RC_OK && (r.words.n == 0 || r.words.n > NOTE_BYTES_MAX)) {
		err_key(err, text_of("words"));
		err_hint(err, "write 1 to %d bytes", NOTE_BYTES_MAX);
		rc = err_set(err, RC_USAGE, "a text of %zu bytes cannot be kept", r.words.n);
	}
	if (rc == RC_OK)
		rc = setting_turn(app, args, save_reply, &r, &done, err);
	if (rc == RC_OK)
		say(args, reply, "reply", r.name, "is kept");
	return rc;
}

enum rc action_reply_remove(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct text name = args_text(args, PARAM_REPLY_NAME);
	bool there;
	enum rc rc = setting_turn(app, args, drop_reply, &name, &there, err);

	if (rc == RC_OK && !there)
		return err_set(err, RC_MISSING, "there is no text '%.*s'", TEXT_ARG(name));
	if (rc == RC_OK)
		say(args, reply, "reply", name, "is forgotten");
	return rc;
}

/* --- a timer --- */

static enum rc runs_already(struct workspace *ws, struct err *err)
{
	struct stored_timer t;
	enum rc rc = record_timer(ws->store, ws->arena, ws->actor.id, &t, err);

	if (rc != RC_OK)
		return rc;
	err_code(err, "timer.running");
	err_hint(err, "stop it first: tenor timer stop");
	return err_set(err, RC_INVALID, "your timer runs already, for ticket '%.*s'",
		       TEXT_ARG(t.ticket));
}

enum rc action_timer_start(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct stored_timer t = {args_text(args, PARAM_CONTRACT_ID), args_text(args, PARAM_TICKET),
				 INSTANT_NONE};
	struct workspace ws;
	struct log_head log;
	bool started = false;
	enum rc rc = open_ticket(app, args, &ws, &log, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&ws, err);
	if (rc == RC_OK) {
		t.started_at = ws.now;
		rc = record_timer_start(ws.store, ws.actor.id, &t, &started, err);
		if (rc == RC_OK && !started)
			rc = runs_already(&ws, err);
		rc = workspace_end(&ws, rc, err);
	}
	workspace_close(&ws);
	if (rc == RC_OK)
		say(args, reply, "ticket", t.ticket, "has your time from now on");
	return rc;
}

static enum rc running(struct app *app, const struct args *args, struct stored_timer *t,
		       struct text *person, instant *now, struct err *err)
{
	struct workspace ws;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	*now = ws.now;
	*person = text_copy(app->arena, ws.actor.id);
	rc = record_timer(ws.store, app->arena, ws.actor.id, t, err);
	if (rc == RC_MISSING) {
		err_hint(err, "start one with: tenor timer start TICKET --contract ID");
		rc = err_set(err, RC_MISSING, "no timer of yours runs");
	}
	workspace_close(&ws);
	return rc;
}

static enum rc end_timer(struct app *app, const struct args *args, struct err *err)
{
	struct workspace ws;
	bool there = false;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&ws, err);
	if (rc == RC_OK)
		rc = workspace_end(&ws, record_timer_stop(ws.store, ws.actor.id, &there, err), err);
	workspace_close(&ws);
	return rc;
}

/*
 * The entry's id is made of what the timer is, so that two who stop it at once, or one whose answer was lost, record it once: the second
 * finds the first, with the same minutes (again) or others (a conflict, which says that it was recorded).
 */
static void work_fact(struct app *app, const struct stored_timer *t, struct text person,
		      int64_t minutes, const struct args *args, struct args *fact)
{
	static const enum param also[] = {PARAM_WORK_CHARGE, PARAM_COVERED, PARAM_WORK_PLACE};
	struct arena *a = app->arena;
	struct text *fields = arena_array(a, struct text, 4 + ARRAY_SIZE(also));
	char id[UUID_TEXT + 1];
	struct hash h;
	struct uuid u;
	size_t n = 0;
	struct buf at;

	sha256(text_format(a, "timer/%.*s/%.*s/%.*s/%lld", TEXT_ARG(person), TEXT_ARG(t->contract),
			   TEXT_ARG(t->ticket), (long long)t->started_at),
	       h.b);
	u = uuid_v7(t->started_at, h.b);
	uuid_text(&u, id);
	buf_init(&at, 64);
	instant_print(&at, t->started_at);
	(void)one(fact, PARAM_AT, text_copy(a, buf_view(&at)), a);
	buf_free(&at);
	(void)one(fact, PARAM_KIND, text_of("work.recorded"), a);
	(void)one(fact, PARAM_REPORT_ID, text_copy(a, text_of(id)), a);
	(void)one(fact, PARAM_CONTRACT_ID, t->contract, a);
	fields[n++] = text_format(a, "entry=timer-%s", id);
	fields[n++] = text_format(a, "minutes=%lld", (long long)minutes);
	fields[n++] = text_format(a, "ticket=%.*s", TEXT_ARG(t->ticket));
	fields[n++] = text_format(a, "technician=%.*s", TEXT_ARG(person));
	for (size_t i = 0; i < ARRAY_SIZE(also); i++)
		if (args_text(args, also[i]).n > 0)
			fields[n++] = text_format(a, "%s=%.*s", param_row(also[i])->name,
						  TEXT_ARG(args_text(args, also[i])));
	fact->values[PARAM_FIELDS].v = fields;
	fact->values[PARAM_FIELDS].n = n;
}

enum rc action_timer_stop(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct stored_timer t;
	struct args fact = *args;
	struct text person = {NULL, 0};
	instant now = INSTANT_NONE;
	int64_t minutes;
	enum rc rc = running(app, args, &t, &person, &now, err);

	if (rc != RC_OK)
		return rc;
	minutes = (now - t.started_at + MINUTE_MS - 1) / MINUTE_MS;
	if (minutes > (int64_t)TIMER_HOURS_MAX * 60) {
		rc = end_timer(app, args, err);
		err_code(err, "timer.forgotten");
		err_hint(err, "enter the time by hand: work.recorded");
		return rc != RC_OK ? rc
				   : err_set(err, RC_INVALID,
					     "the timer ran for more than %d hours and was ended "
					     "without an entry",
					     TIMER_HOURS_MAX);
	}
	work_fact(app, &t, person, minutes < 1 ? 1 : minutes, args, &fact);
	rc = action_fact_add(app, &fact, reply, err);
	if (rc == RC_INVALID && strcmp(err->code, "id_conflict") == 0) {
		err_clear(err);
		say(args, reply, "ticket", t.ticket, "had this time already");
		rc = RC_OK;
	}
	return rc == RC_OK ? end_timer(app, args, err) : rc;
}

/* --- what one chooses from --- */

static enum rc json_people(struct workspace *ws, struct json *j, struct err *err)
{
	struct stored_user *v;
	size_t n = 0;
	enum rc rc = record_users(ws->store, ws->arena, &v, &n, err);

	json_key(j, "people");
	json_open_array(j);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (v[i].ended_at == INSTANT_NONE && works(&v[i]))
			json_text(j, v[i].handle);
	json_end_array(j);
	return rc;
}

static int by_queue(const void *x, const void *y)
{
	return text_cmp(*(const struct text *)x, *(const struct text *)y);
}

static enum rc json_queues(struct workspace *ws, const struct log_head *log, struct json *j,
			   struct err *err)
{
	struct queued *v = NULL;
	struct text *names;
	size_t n = 0;
	enum rc rc = notes_queues(ws, log, &v, &n, err);

	if (rc != RC_OK)
		return rc;
	names = arena_array(ws->arena, struct text, n);
	for (size_t i = 0; i < n; i++)
		names[i] = v[i].queue;
	if (n > 1)
		qsort(names, n, sizeof(*names), by_queue);
	json_key(j, "queues");
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !text_eq(names[i - 1], names[i]))
			json_text(j, names[i]);
	json_end_array(j);
	return RC_OK;
}

static enum rc json_replies(struct workspace *ws, struct json *j, struct err *err)
{
	struct stored_reply *v = NULL;
	size_t n = 0;
	enum rc rc = record_replies(ws->store, ws->arena, &v, &n, err);

	json_key(j, "replies");
	json_open_array(j);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		json_open_object(j);
		json_kv_text(j, "reply", v[i].name);
		json_kv_text(j, "words", v[i].words);
		json_end_object(j);
	}
	json_end_array(j);
	return rc;
}

static enum rc json_timer(struct workspace *ws, struct json *j, struct err *err)
{
	struct stored_timer t;
	struct buf at;
	enum rc rc = record_timer(ws->store, ws->arena, ws->actor.id, &t, err);

	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	buf_init(&at, 64);
	instant_print(&at, t.started_at);
	json_key(j, "timer");
	json_open_object(j);
	json_kv_text(j, "contract", t.contract);
	json_kv_text(j, "ticket", t.ticket);
	json_kv_text(j, "started_at", buf_view(&at));
	json_end_object(j);
	buf_free(&at);
	return RC_OK;
}

static enum rc json_views(struct workspace *ws, struct json *j, struct err *err)
{
	struct stored_view *v = NULL;
	size_t n = 0;
	enum rc rc = record_views(ws->store, ws->arena, ws->actor.id, &v, &n, err);

	json_key(j, "views");
	json_open_array(j);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		json_open_object(j);
		json_kv_text(j, "name", v[i].name);
		json_kv_text(j, "query", v[i].query);
		json_end_object(j);
	}
	json_end_array(j);
	return rc;
}

/* What one of the contract's things is called: its name, or its id where it has none. */
static struct text called(struct text name, struct text id)
{
	return name.n > 0 ? name : id;
}

/* Ids of the contract, and beside each list one with their names in the same order. */
static void json_ids(const struct promise *p, struct json *j)
{
	json_key(j, "priorities");
	json_open_array(j);
	for (size_t i = 0; i < p->n_priorities; i++)
		json_text(j, p->priorities[i].id);
	json_end_array(j);
	json_key(j, "priority_names");
	json_open_array(j);
	for (size_t i = 0; i < p->n_priorities; i++)
		json_text(j, called(p->priorities[i].name, p->priorities[i].id));
	json_end_array(j);
	json_key(j, "services");
	json_open_array(j);
	for (size_t i = 0; i < p->n_services; i++)
		json_text(j, p->services[i].id);
	json_end_array(j);
	json_key(j, "service_names");
	json_open_array(j);
	for (size_t i = 0; i < p->n_services; i++)
		json_text(j, called(p->services[i].name, p->services[i].id));
	json_end_array(j);
}

static enum rc desk_json(struct workspace *ws, const struct log_head *log, struct buf *out,
			 struct err *err)
{
	struct recalled versions;
	struct json j;
	enum rc rc = log == NULL ? RC_OK : recall_versions(ws, log, INSTANT_MAX, &versions, err);

	if (rc != RC_OK)
		return rc;
	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_desk", 1);
	if (log != NULL) {
		json_kv_text(&j, "contract", log->contract);
		json_ids(versions.versions[versions.n_versions - 1].promise, &j);
	}
	rc = json_views(ws, &j, err);
	if (rc == RC_OK && workspace_allows(ws, R_WORK_WRITE)) {
		rc = json_people(ws, &j, err);
		if (rc == RC_OK && log != NULL)
			rc = json_queues(ws, log, &j, err);
		if (rc == RC_OK)
			rc = json_replies(ws, &j, err);
		if (rc == RC_OK)
			rc = json_timer(ws, &j, err);
	}
	json_end_object(&j);
	buf_char(out, '\n');
	return rc;
}

static void member_lines(const json_t *v, struct buf *out)
{
	const char *key;
	const json_t *x;

	if (json_is_string(v))
		buf_str(out, json_string_value(v));
	json_object_foreach((json_t *)(uintptr_t)v, key, x)
	{
		buf_str(out, x == json_object_iter_value(json_object_iter((json_t *)(uintptr_t)v))
				     ? ""
				     : " ");
		buf_str(out, json_string_value(x));
	}
}

/* The same to read: "priorities  P1, P2". */
static void desk_lines(struct text answer, struct buf *out)
{
	json_t *all = json_loadb(answer.p, answer.n, 0, NULL);
	const char *key;
	const json_t *v;

	assert(all != NULL && "our own answer is JSON");
	json_object_foreach(all, key, v)
	{
		if (json_is_integer(v))
			continue;
		buf_printf(out, "%-15s", key);
		if (!json_is_array(v))
			member_lines(v, out);
		for (size_t i = 0; i < json_array_size(v); i++) {
			buf_str(out, i == 0 ? "" : ", ");
			member_lines(json_array_get(v, i), out);
		}
		buf_char(out, '\n');
	}
	json_decref(all);
}

enum rc action_desk(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	bool of_contract = args_has(args, PARAM_CONTRACT_ID);
	struct workspace ws;
	struct log_head log;
	struct buf out;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	if (of_contract)
		rc = workspace_log(&ws, args_text(args, PARAM_CONTRACT_ID), &log, err);
	buf_init(&out, DESK_BYTES_MAX);
	if (rc == RC_OK)
		rc = desk_json(&ws, of_contract ? &log : NULL, &out, err);
	workspace_close(&ws);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		buf_text(&reply->out, buf_view(&out));
	else if (rc == RC_OK)
		desk_lines(buf_view(&out), &reply->out);
	buf_free(&out);
	return rc;
}
