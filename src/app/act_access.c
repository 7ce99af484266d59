/* SPDX-License-Identifier: Apache-2.0 */
/* tenor user invite, reset, link; sessions: who comes in, and who is in (trust.md S2, S11). */
#include "app/answer.h"
#include "app/append.h"
#include "app/outbox.h"
#include "app/people.h"
#include "app/sign_in_parts.h"
#include "app/signing.h"
#include "base/base32.h"
#include "base/json.h"
#include "facts/exact.h"

#include <string.h>

enum { SHORT_ID = 8 };
#define INVITED_MS (7 * DAY_MS)
#define LINK_MS (30 * MINUTE_MS)

/* --- links --- */

static enum rc note_link(struct workspace *ws, const struct stored_link *l, const char *method,
			 struct err *err)
{
	struct own_note note;
	struct json *j;

	j = own_note_begin(&note);
	json_kv_str(j, "method", method);
	json_kv_text(j, "to", exact_instant_text(ws->arena, l->ends_at));
	json_kv_text(j, "user", l->person);
	return own_note_append(ws, &ws->install, FACT_LINK_MADE, &note, err);
}

static const char join_path[] = "/join/";

static enum rc mail_link(struct workspace *ws, const struct stored_link *l, struct text path,
			 bool *mailed, struct err *err)
{
	const struct mail_wish w = {.kind = l->kind == LINK_RESET ? MAIL_RESET : MAIL_INVITATION,
				    .person = l->person,
				    .secret = text_sub(path, strlen(join_path), path.n),
				    .ends_at = l->ends_at};

	return outbox_put(ws, &w, mailed, err);
}

/* A link takes the place of the ones before it. */
static enum rc make_link(struct workspace *ws, const struct stored_user *u, enum link_kind kind,
			 instant ends, struct text *path, bool *mailed, struct err *err)
{
	static const char *const methods[] = {
		[LINK_INVITATION] = "invitation", [LINK_RESET] = "reset", [LINK_SIGN_IN] = "link"};
	struct stored_link l = {.person = u->id, .kind = kind, .made_at = ws->now, .ends_at = ends};
	unsigned char raw[SECRET_BYTES];
	struct buf b;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	ws->app->world->random.fill(ws->app->world->random.context, raw, sizeof(raw));
	sha256((struct text){(const char *)raw, sizeof(raw)}, l.hash.b);
	buf_init(&b, 128);
	buf_str(&b, join_path);
	base64url_add(&b, raw, sizeof(raw));
	*path = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	sodium_memzero(raw, sizeof(raw));
	rc = record_links_drop(ws->store, u->id, err);
	if (rc == RC_OK)
		rc = record_link_add(ws->store, &l, err);
	if (rc == RC_OK)
		rc = note_link(ws, &l, methods[kind], err);
	if (rc == RC_OK && kind != LINK_SIGN_IN)
		rc = mail_link(ws, &l, *path, mailed, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, u->contract, u->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static void say_link(const struct workspace *ws, const struct args *args,
		     const struct stored_user *u, struct text path, instant ends, bool mailed,
		     struct reply *reply)
{
	struct text until = answer_time(ws->arena, ends);
	struct json j;

	if (args_has(args, PARAM_JSON)) {
		json_init(&j, &reply->out, true);
		json_open_object(&j);
		json_kv_text(&j, "person", u->id);
		json_kv_text(&j, "link", path);
		json_kv_bool(&j, "mailed", mailed);
		json_kv_text(&j, "until", until);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	} else {
		buf_printf(&reply->out,
			   "%.*s comes in once by this link, until %.*s; put it after the server's "
			   "address:\n%.*s\n",
			   TEXT_ARG(u->handle), TEXT_ARG(until), TEXT_ARG(path));
		if (mailed)
			buf_str(&reply->out, "It waits in the outbox for the person's address, "
					     "too.\n");
	}
}

static enum rc link_verb(struct app *app, const struct args *args, enum link_kind kind,
			 struct reply *reply, struct err *err)
{
	struct text handle = args_text(args, PARAM_HANDLE), path = {NULL, 0};
	struct workspace ws;
	struct stored_user u;
	instant ends = INSTANT_NONE;
	bool mailed = false;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	if (kind == LINK_INVITATION)
		rc = person_invited(&ws, handle, &u, err);
	else
		rc = kind == LINK_RESET ? person_managed(&ws, handle, &u, err)
					: person_any(&ws, handle, &u, err);
	if (rc == RC_OK) {
		ends = ws.now + (kind == LINK_INVITATION ? INVITED_MS : LINK_MS);
		rc = make_link(&ws, &u, kind, ends, &path, &mailed, err);
	}
	if (rc == RC_OK)
		say_link(&ws, args, &u, path, ends, mailed, reply);
	workspace_close(&ws);
	return rc;
}

enum rc action_user_invite(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	return link_verb(app, args, LINK_INVITATION, reply, err);
}

enum rc action_user_reset(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	return link_verb(app, args, LINK_RESET, reply, err);
}

enum rc action_user_link(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	/* It lets in without a password: for whoever has the machine, who could read the file as well. */
	if (app->served != NULL)
		return err_set(err, RC_USAGE, "a sign-in link is made at the machine only");
	return link_verb(app, args, LINK_SIGN_IN, reply, err);
}

/* --- sessions --- */

struct listing {
	struct workspace ws;
	struct stored_session *v;
	size_t n;
	bool everybody;
};

/* Those that are not over, of the actor or of everybody. */
static enum rc list(struct listing *x, struct err *err)
{
	size_t n = 0, kept = 0;
	enum rc rc = record_sessions(x->ws.store, x->ws.arena, &x->v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		const struct stored_session *s = &x->v[i];

		if (!s->half && x->ws.now < s->ends_at && x->ws.now - s->seen_at < s->idle_ms &&
		    (x->everybody || text_eq(s->person, x->ws.actor.id)))
			x->v[kept++] = *s;
	}
	x->n = kept;
	return rc;
}

static enum rc open_listing(struct app *app, const struct args *args, enum store_mode mode,
			    struct listing *x, struct err *err)
{
	enum rc rc = workspace_open(app, args, mode, &x->ws, err);

	if (rc != RC_OK)
		return rc;
	x->everybody = args_has(args, PARAM_EVERYBODY);
	rc = x->everybody ? workspace_may(&x->ws, R_INSTALL, err) : RC_OK;
	if (rc == RC_OK)
		rc = list(x, err);
	if (rc != RC_OK)
		workspace_close(&x->ws);
	return rc;
}

static struct text short_id(struct arena *a, const struct hash *hash)
{
	char hex[SHA256_HEX + 1];

	hash_hex(hash, hex);
	return text_copy(a, (struct text){hex, SHORT_ID});
}

static enum rc say_session(struct listing *x, const struct stored_session *s, struct json *j,
			   struct buf *out, struct err *err)
{
	struct arena *a = x->ws.arena;
	struct stored_user u;
	enum rc rc = record_user_of_id(x->ws.store, a, s->person, &u, err);

	if (rc != RC_OK)
		return rc;
	if (j == NULL) {
		buf_printf(out, "%.*s  %-12.*s %.*s, seen %.*s, ends %.*s at the latest\n",
			   TEXT_ARG(short_id(a, &s->hash)), TEXT_ARG(u.handle),
			   TEXT_ARG(s->device.n > 0 ? s->device : text_of("a browser")),
			   TEXT_ARG(answer_time(a, s->seen_at)),
			   TEXT_ARG(answer_time(a, s->ends_at)));
		return RC_OK;
	}
	json_open_object(j);
	json_kv_text(j, "id", short_id(a, &s->hash));
	json_kv_text(j, "handle", u.handle);
	json_kv_text(j, "device", s->device);
	json_kv_text(j, "began_at", answer_time(a, s->began_at));
	json_kv_text(j, "seen_at", answer_time(a, s->seen_at));
	json_kv_text(j, "ends_at", answer_time(a, s->ends_at));
	json_end_object(j);
	return RC_OK;
}

enum rc action_sessions(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	struct listing x = {.n = 0};
	struct json j;
	bool as_json = args_has(args, PARAM_JSON);
	enum rc rc = open_listing(app, args, STORE_READ, &x, err);

	if (rc != RC_OK)
		return rc;
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	else if (x.n == 0)
		buf_str(&reply->out, "nobody is signed in\n");
	for (size_t i = 0; rc == RC_OK && i < x.n; i++)
		rc = say_session(&x, &x.v[i], as_json ? &j : NULL, &reply->out, err);
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&x.ws);
	return rc;
}

static enum rc end_them(struct listing *x, struct text id, int64_t *ended, struct err *err)
{
	enum rc rc = workspace_begin(&x->ws, err);

	*ended = 0;
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; rc == RC_OK && i < x->n; i++) {
		bool there = false;

		if (id.n > 0 && !text_eq(id, short_id(x->ws.arena, &x->v[i].hash)))
			continue;
		rc = record_session_drop(x->ws.store, &x->v[i].hash, &there, err);
		*ended += there ? 1 : 0;
	}
	if (rc == RC_OK && id.n > 0 && *ended == 0) {
		err_hint(err, "\"tenor sessions\" lists them");
		rc = err_set(err, RC_MISSING, "there is no session '%.*s'", TEXT_ARG(id));
	}
	if (rc == RC_OK)
		rc = workspace_audit(&x->ws, text_of(""), id, err);
	rc = workspace_end(&x->ws, rc, err);
	return rc == RC_OK ? sign_install(&x->ws, err) : rc;
}

enum rc action_sessions_end(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct listing x = {.n = 0};
	int64_t ended;
	enum rc rc = open_listing(app, args, STORE_WRITE, &x, err);

	if (rc != RC_OK)
		return rc;
	rc = end_them(&x, args_text(args, PARAM_SESSION_ID), &ended, err);
	if (rc == RC_OK)
		answer_done(args, reply, "ended", text_format(x.ws.arena, "%lld", (long long)ended),
			    "%lld %s ended\n", (long long)ended,
			    ended == 1 ? "session" : "sessions");
	workspace_close(&x.ws);
	return rc;
}
