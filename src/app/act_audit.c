/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor audit: security events of one's own side (trust.md O2, AUDIT_READ), as the install log has them. Nothing is derived and nothing is
 * kept: the log itself is read, from its beginning, once. Checkpoints of other logs are not events and are left out.
 */
#include "app/answer.h"
#include "app/people.h"
#include "app/values.h"
#include "base/json.h"
#include "journal/entry.h"
#include "journal/tile.h"
#include "render/table_csv.h"
#include "store/record_access.h"

enum { AUDIT_DEFAULT = 50, AUDIT_MAX = 1000 };

struct event {
	int64_t index;
	instant at;
	struct text kind, who, about, what;
};

struct auditing {
	struct workspace ws;
	struct stored_user *users;
	struct stored_token *tokens;
	size_t n_users, n_tokens;
	struct text wanted; /* opaque id; empty: everybody */
	instant from, to;
	int64_t before; /* only entries with a smaller index */
	size_t limit;
	struct canon_scratch *scratch;
	struct arena *entry_arena;
	struct event *v; /* a ring of the newest `limit` and one that tells that there are more */
	size_t n;
};

/* --- whose --- */

static const struct stored_user *user_of(const struct auditing *x, struct text id)
{
	for (size_t i = 0; i < x->n_tokens; i++)
		if (text_eq(x->tokens[i].id, id))
			id = x->tokens[i].person;
	for (size_t i = 0; i < x->n_users; i++)
		if (text_eq(x->users[i].id, id))
			return &x->users[i];
	return NULL;
}

static bool is_own(const struct auditing *x, struct text id)
{
	const struct stored_user *u = user_of(x, id);

	return u != NULL && person_own(&x->ws, u);
}

/* A person by handle, a program by its name; of the other side opaque. */
static struct text name_of(const struct auditing *x, struct text id)
{
	if (!is_own(x, id))
		return id;
	for (size_t i = 0; i < x->n_tokens; i++)
		if (text_eq(x->tokens[i].id, id))
			return x->tokens[i].label;
	return user_of(x, id)->handle;
}

static enum rc find_wanted(struct auditing *x, const struct args *args, struct err *err)
{
	struct text who = args_text(args, PARAM_AUDIT_WHO);

	if (who.n == 0 || is_own(x, who)) {
		x->wanted = who;
		return RC_OK;
	}
	for (size_t i = 0; i < x->n_users; i++)
		if (text_eq(x->users[i].handle, who) && person_own(&x->ws, &x->users[i]))
			x->wanted = x->users[i].id;
	if (x->wanted.n > 0)
		return RC_OK;
	err_hint(err, "\"tenor user list\" shows the people");
	return err_set(err, RC_MISSING, "there is nobody '%.*s' of one's own side", TEXT_ARG(who));
}

/* --- one entry --- */

static struct text member(const struct auditing *x, const struct canon_doc *doc, const char *key)
{
	const struct canon_node *v = canon_member(doc, canon_member(doc, &doc->v[0], "body"), key);

	return v != NULL && v->type == CANON_TEXT ? text_copy(x->ws.arena, v->text) : text_of("");
}

/* What it says beside who and about whom: words of its body, in the order of their keys. */
static struct text what_of(const struct auditing *x, const struct canon_doc *doc)
{
	static const char *const keys[] = {"action", "contract", "method", "object", "reason_code", "window"};
	struct text out, word;
	struct buf b;

	buf_init(&b, ENTRY_MAX_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		word = member(x, doc, keys[i]);
		if (word.n == 0)
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, name_of(x, word));
	}
	const struct canon_node *body = canon_member(doc, &doc->v[0], "body");
	const struct canon_node *list = canon_member(doc, body, "roles");

	if (list == NULL)
		list = canon_member(doc, body, "rights");
	for (const struct canon_node *r = list == NULL ? NULL : canon_first(doc, list); r != NULL;
	     r = canon_next(doc, list, r)) {
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, r->text);
	}
	out = text_copy(x->ws.arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum rc look_at(void *context, const struct stored_entry *stored, struct err *err)
{
	struct auditing *x = context;
	struct canon_doc doc;
	struct entry e;
	struct text about;
	enum rc rc;

	if (stored->index >= x->before)
		return RC_OK;
	rc = entry_parse(x->entry_arena, x->scratch, stored->bytes, &e, &doc, err);
	if (rc != RC_OK || e.kind == FACT_CHECKPOINT_MADE || e.recorded_at < x->from ||
	    e.recorded_at >= x->to)
		return rc;
	about = member(x, &doc, "user");
	if (about.n == 0)
		about = member(x, &doc, "token");
	if (!is_own(x, e.actor) && !is_own(x, about))
		return RC_OK;
	if (x->wanted.n > 0 && !text_eq(x->wanted, e.actor) && !text_eq(x->wanted, about))
		return RC_OK;
	x->v[x->n++ % (x->limit + 1)] =
		(struct event){.index = stored->index,
			       .at = e.recorded_at,
			       .kind = text_of(fact_row(e.kind)->kind),
			       .who = name_of(x, text_copy(x->ws.arena, e.actor)),
			       .about = name_of(x, about),
			       .what = what_of(x, &doc)};
	return RC_OK;
}

/* --- the answer --- */

/* The i-th from the newest. */
static const struct event *newest(const struct auditing *x, size_t i)
{
	return &x->v[(x->n - 1 - i) % (x->limit + 1)];
}

static void as_json(struct auditing *x, size_t shown, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "tenor_audit", 1);
	json_key(&j, "events");
	json_open_array(&j);
	for (size_t i = 0; i < shown; i++) {
		const struct event *e = newest(x, i);

		json_open_object(&j);
		json_kv_int(&j, "index", e->index);
		json_kv_text(&j, "at", answer_time(x->ws.arena, e->at));
		json_kv_text(&j, "event", e->kind);
		json_kv_text(&j, "who", e->who);
		if (e->about.n > 0)
			json_kv_text(&j, "about", e->about);
		if (e->what.n > 0)
			json_kv_text(&j, "what", e->what);
		json_end_object(&j);
	}
	json_end_array(&j);
	if (shown < x->n)
		json_kv_text(
			&j, "after",
			text_format(x->ws.arena, "%lld", (long long)newest(x, shown - 1)->index));
	json_end_object(&j);
	buf_char(out, '\n');
}

static void as_csv(struct auditing *x, size_t shown, struct buf *out)
{
	struct table_csv c = {.out = out};

	buf_str(out, "index,at,event,who,about,what\n");
	for (size_t i = 0; i < shown; i++) {
		const struct event *e = newest(x, i);

		csv_int(&c, e->index);
		csv_text(&c, answer_time(x->ws.arena, e->at));
		csv_text(&c, e->kind);
		csv_text(&c, e->who);
		csv_text(&c, e->about);
		csv_text(&c, e->what);
		csv_end(&c);
	}
}

static void as_text(struct auditing *x, size_t shown, struct buf *out)
{
	if (shown == 0)
		buf_str(out, "nothing was recorded then\n");
	for (size_t i = 0; i < shown; i++) {
		const struct event *e = newest(x, i);

		buf_printf(out, "%6lld  %.*s  %-16.*s %.*s", (long long)e->index,
			   TEXT_ARG(answer_time(x->ws.arena, e->at)), TEXT_ARG(e->kind),
			   TEXT_ARG(e->who));
		if (e->about.n > 0)
			buf_printf(out, ", about %.*s", TEXT_ARG(e->about));
		if (e->what.n > 0)
			buf_printf(out, ": %.*s", TEXT_ARG(e->what));
		buf_char(out, '\n');
	}
	if (shown < x->n)
		buf_printf(out, "older ones: --after %lld\n",
			   (long long)newest(x, shown - 1)->index);
}

/* --- what is asked for --- */

static enum rc read_asked(struct auditing *x, const struct args *args, struct err *err)
{
	int64_t limit = AUDIT_DEFAULT;
	day d = 0;

	x->from = INSTANT_MIN;
	x->to = INSTANT_MAX;
	x->before = INT64_MAX;
	if (args_has(args, PARAM_LIMIT) &&
	    (!text_digits(args_text(args, PARAM_LIMIT), &limit) || limit < 1 || limit > AUDIT_MAX))
		return err_set(err, RC_USAGE, "--limit is 1 to %d", AUDIT_MAX);
	if (args_has(args, PARAM_AFTER) && !text_digits(args_text(args, PARAM_AFTER), &x->before))
		return err_set(err, RC_USAGE, "--after is the number of an entry");
	if (args_has(args, PARAM_AUDIT_FROM) && day_parse(args_text(args, PARAM_AUDIT_FROM), &d))
		x->from = zone_midnight(zone_utc(), d);
	if (args_has(args, PARAM_AUDIT_TO) && day_parse(args_text(args, PARAM_AUDIT_TO), &d))
		x->to = zone_midnight(zone_utc(), d + 1);
	x->limit = (size_t)limit;
	x->v = arena_array(x->ws.arena, struct event, x->limit + 1);
	return find_wanted(x, args, err);
}

static enum rc collect(struct auditing *x, const struct args *args, struct err *err)
{
	struct workspace *ws = &x->ws;
	enum rc rc = record_users(ws->store, ws->arena, &x->users, &x->n_users, err);

	if (rc == RC_OK)
		rc = record_tokens(ws->store, ws->arena, &x->tokens, &x->n_tokens, err);
	if (rc == RC_OK)
		rc = read_asked(x, args, err);
	if (rc != RC_OK)
		return rc;
	x->entry_arena = arena_new((size_t)1 << 28);
	x->scratch = canon_scratch_new(x->entry_arena);
	rc = record_each(ws->store, ws->install.id, 0, ws->install.edge.size, look_at, x, err);
	arena_free(x->entry_arena);
	return rc;
}

enum rc action_audit(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct auditing *x = arena_one(app->arena, struct auditing);
	enum format format = FORMAT_TEXT;
	size_t shown;
	enum rc rc = answer_format(args, &format, err);

	if (rc == RC_OK && (format == FORMAT_HTML || format == FORMAT_PDF)) {
		err_hint(err, "write text, json or csv");
		rc = err_set(err, RC_USAGE, "this is a list and no document");
	}
	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &x->ws, err);
	if (rc != RC_OK)
		return rc;
	rc = collect(x, args, err);
	if (rc == RC_OK) {
		shown = x->n < x->limit ? x->n : x->limit;
		if (format == FORMAT_JSON)
			as_json(x, shown, &reply->out);
		else if (format == FORMAT_CSV)
			as_csv(x, shown, &reply->out);
		else
			as_text(x, shown, &reply->out);
	}
	workspace_close(&x->ws);
	return rc;
}
