/* SPDX-License-Identifier: Apache-2.0 */
/* tenor mail, outbox, user mail: how mail goes out, what waits, who gets it where (docs/decisions/0023). */
#include "app/answer.h"
#include "app/append.h"
#include "app/news.h"
#include "app/outbox.h"
#include "app/people.h"
#include "app/setting.h"
#include "app/signing.h"
#include "base/json.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PASSWORD_MAX_BYTES = 1024 };

/* Whoever sets a server and the name of a file has the password sent there: for whoever has the machine. */
static enum rc at_machine(const struct app *app, struct err *err)
{
	return app->served == NULL ? RC_OK
				   : err_set(err, RC_USAGE, "mail is set up at the machine only");
}

/* --- how it goes out --- */

static enum rc password_file_ok(struct arena *a, struct text path, struct err *err)
{
	struct stat st;

	if (path.n == 0)
		return RC_OK;
	if (path.p[0] != '/') {
		err_hint(err, "a server may run in another folder: write the whole path, "
			      "/etc/tenor/mail");
		return err_set(err, RC_USAGE, "'%.*s' is no whole path", TEXT_ARG(path));
	}
	if (stat(arena_copy(a, path.p, path.n), &st) != 0)
		return err_set(err, RC_MISSING, "'%.*s' cannot be read: %s", TEXT_ARG(path),
			       strerror(errno));
	if (S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= PASSWORD_MAX_BYTES)
		return RC_OK;
	return err_set(err, RC_INVALID, "'%.*s' does not hold one password of 1 to %d bytes",
		       TEXT_ARG(path), PASSWORD_MAX_BYTES);
}

static enum rc keep_settings(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	struct mail_settings had = {.plain = false};
	enum rc rc = mail_settings_read(ws, &had, err);

	*done = true;
	if (rc == RC_OK)
		rc = mail_settings_keep(ws, what, err);
	return rc == RC_OK && had.server.n == 0 ? news_start(ws, err) : rc;
}

enum rc action_mail_set(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	const struct mail_settings m = {.server = args_text(args, PARAM_SMTP),
					.from = args_text(args, PARAM_MAIL_FROM),
					.user = args_text(args, PARAM_MAIL_USER),
					.secret = args_text(args, PARAM_PASSWORD_FILE),
					.address = args_text(args, PARAM_MAIL_ADDRESS),
					.base_url = args_text(args, PARAM_MAIL_BASE_URL),
					.language = args_text(args, PARAM_MAIL_LANGUAGE),
					.zone = args_text(args, PARAM_MAIL_ZONE),
					.plain = args_has(args, PARAM_MAIL_PLAIN)};
	bool done;
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = password_file_ok(app->arena, m.secret, err);
	if (rc == RC_OK)
		rc = setting_turn(app, args, keep_settings, &m, &done, err);
	if (rc == RC_OK)
		answer_done(
			args, reply, "server", m.server,
			"mail goes out by %.*s; a server that runs takes this at its next start\n",
			TEXT_ARG(m.server));
	return rc;
}

struct stopping {
	int64_t *given_up;
};

static enum rc stop(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct stopping *x = what;
	const struct mail_settings none = {.plain = false};
	struct mail_settings had = {.plain = false};
	enum rc rc = mail_settings_read(ws, &had, err);

	*done = had.server.n > 0;
	if (rc == RC_OK && *done)
		rc = mail_settings_keep(ws, &none, err);
	if (rc == RC_OK && *done)
		rc = record_outbox_stop(ws->store, ws->now, text_of("off"), x->given_up, err);
	return rc;
}

enum rc action_mail_off(struct app *app, const struct args *args, struct reply *reply,
			struct err *err)
{
	int64_t given_up = 0;
	const struct stopping x = {&given_up};
	bool done = false;
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = setting_turn(app, args, stop, &x, &done, err);
	if (rc != RC_OK)
		return rc;
	if (done)
		answer_done(args, reply, "given_up",
			    text_format(app->arena, "%lld", (long long)given_up),
			    "no mail goes out any more; %lld that waited %s given up\n",
			    (long long)given_up, given_up == 1 ? "is" : "are");
	else
		answer_done(args, reply, "given_up", text_of("0"), "no mail went out before\n");
	return RC_OK;
}

static enum rc settings_there(struct app *app, const struct args *args, struct workspace *ws,
			      struct mail_settings *m, struct err *err)
{
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, ws, err);
	if (rc != RC_OK)
		return rc;
	rc = mail_settings_read(ws, m, err);
	if (rc == RC_OK && m->server.n == 0) {
		err_hint(err, "\"tenor mail set\" sets one");
		rc = err_set(err, RC_MISSING, "no mail goes out: no server is set");
	}
	if (rc != RC_OK)
		workspace_close(ws);
	return rc;
}

enum rc action_mail_show(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct mail_settings m = {.plain = false};
	struct workspace ws;
	enum rc rc = settings_there(app, args, &ws, &m, err);
	bool as_json = args_has(args, PARAM_JSON);
	struct json j;

	if (rc != RC_OK)
		return rc;
	const struct {
		const char *key, *words;
		struct text value;
	} rows[] = {{"address", "inside the network at", m.address},
		    {"base_url", "links begin with", m.base_url},
		    {"from", "from", m.from},
		    {"language", "language", m.language},
		    {"password_file", "password in", m.secret},
		    {"server", "by", m.server},
		    {"user", "as", m.user},
		    {"zone", "zone", m.zone}};

	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_object(&j);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].value.n > 0 && as_json)
			json_kv_text(&j, rows[i].key, rows[i].value);
		else if (rows[i].value.n > 0)
			buf_printf(&reply->out, "%-22s %.*s\n", rows[i].words,
				   TEXT_ARG(rows[i].value));
	if (as_json) {
		json_kv_bool(&j, "plain", m.plain);
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	} else if (m.plain) {
		buf_str(&reply->out, "without TLS, too\n");
	}
	workspace_close(&ws);
	return RC_OK;
}

/* --- a trial --- */

static enum rc trial_letter(struct workspace *ws, const struct args *args,
			    const struct mail_settings *m, struct mail_letter *out, struct err *err)
{
	struct arena *a = ws->arena;
	const struct language *l = NULL;
	struct uuid id = workspace_uuid(ws);
	char uuid[UUID_TEXT + 1];
	struct text domain, local;
	struct mail_parts p = {
		.from = m->from, .to = args_text(args, PARAM_MAIL_TO), .made_at = ws->now};
	struct doc *d;
	enum rc rc = answer_language(args, m->language, &l, err);

	if (rc == RC_OK)
		rc = record_meta(ws->store, a, "provider", &p.provider, err);
	if (rc != RC_OK)
		return rc;
	d = doc_new(a, l, zone_utc());
	uuid_text(&id, uuid);
	domain = text_cut(m->from, '@', &local);
	p.message = text_format(a, "%s@%.*s", uuid, TEXT_ARG(domain));
	p.words.subject = doc_words(d, SAY0(d, W_MAIL_TEST));
	p.words.body = doc_words(
		d, SAY(d, W_MAIL_TEST_BODY, doc_plain(d, p.provider), doc_plain(d, m->base_url)));
	return mail_letter_of(a, &p, out, err);
}

enum rc action_mail_test(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct mail_settings m = {.plain = false};
	struct outside_process *p = NULL;
	char why[MAIL_WHY_BYTES] = "";
	struct mail_letter letter;
	struct mail_way way;
	struct workspace ws;
	struct text to = args_text(args, PARAM_MAIL_TO);
	enum mail_fate fate = MAIL_NEVER;
	enum rc rc = settings_there(app, args, &ws, &m, err);

	if (rc != RC_OK)
		return rc;
	rc = trial_letter(&ws, args, &m, &letter, err);
	workspace_close(&ws);
	if (rc == RC_OK)
		rc = app->outside->start_mail(app, &m, &p, &way, err);
	if (rc != RC_OK)
		return rc;
	fate = way.send(way.context, &letter, why);
	app->outside->end(p);
	if (fate != MAIL_SENT) {
		err_code(err, "mail");
		err_hint(err,
			 "connect: nothing answers there; tls: no TLS, or a certificate that does "
			 "not fit; login: name or password; answer: the server's own number");
		return err_set(err, RC_IO, "'%.*s' was not taken: %s", TEXT_ARG(to), why);
	}
	answer_done(args, reply, "to", to, "the server took it; see whether it arrives\n");
	return RC_OK;
}

/* --- what waits --- */

static const char *const states[] = {
	[OUTBOX_WAITS] = "waits", [OUTBOX_SENT] = "sent", [OUTBOX_FAILED] = "failed"};

static void say_mail(struct arena *a, const struct stored_mail *m, struct json *j, struct buf *out)
{
	if (j == NULL) {
		buf_printf(out, "%.*s  %-12.*s %-18.*s %s", TEXT_ARG(m->id), TEXT_ARG(m->kind),
			   TEXT_ARG(m->person), states[m->state]);
		if (m->tries > 0 && m->state != OUTBOX_SENT)
			buf_printf(out, ", %lld %s", (long long)m->tries,
				   m->tries == 1 ? "try" : "tries");
		if (m->reason.n > 0)
			buf_printf(out, " (%.*s)", TEXT_ARG(m->reason));
		if (m->state == OUTBOX_WAITS)
			buf_printf(out, ", due %.*s", TEXT_ARG(answer_time(a, m->due_at)));
		else
			buf_printf(out, " %.*s", TEXT_ARG(answer_time(a, m->changed_at)));
		buf_char(out, '\n');
		return;
	}
	json_open_object(j);
	json_kv_text(j, "id", m->id);
	json_kv_text(j, "kind", m->kind);
	json_kv_text(j, "person", m->person);
	json_kv_text(j, "contract", m->contract);
	json_kv_text(j, "object", m->object);
	json_kv_text(j, "message", m->message);
	json_kv_str(j, "state", states[m->state]);
	json_kv_int(j, "tries", m->tries);
	json_kv_text(j, "reason", m->reason);
	json_kv_text(j, "made_at", answer_time(a, m->made_at));
	json_kv_text(j, "changed_at", answer_time(a, m->changed_at));
	if (m->state == OUTBOX_WAITS)
		json_kv_text(j, "due_at", answer_time(a, m->due_at));
	json_kv_text(j, "ends_at", answer_time(a, m->ends_at));
	json_kv_bool(j, "link", m->cipher.n > 0);
	json_end_object(j);
}

enum rc action_outbox_list(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	bool as_json = args_has(args, PARAM_JSON);
	struct stored_mail *v = NULL;
	struct workspace ws;
	struct json j;
	size_t n = 0;
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = workspace_open(app, args, STORE_READ, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = record_outbox(ws.store, ws.arena, &v, &n, err);
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	else if (rc == RC_OK && n == 0)
		buf_str(&reply->out, "the outbox is empty\n");
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		say_mail(ws.arena, &v[i], as_json ? &j : NULL, &reply->out);
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}

static enum rc no_mail(struct text id, struct err *err)
{
	err_hint(err, "\"tenor outbox list\" lists them");
	return err_set(err, RC_MISSING, "there is no mail '%.*s'", TEXT_ARG(id));
}

static enum rc again(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct text *id = what;
	struct stored_mail m;
	enum mail_kind kind;
	enum rc rc = record_outbox_one(ws->store, ws->arena, *id, &m, err);

	if (rc == RC_MISSING)
		return no_mail(*id, err);
	if (rc != RC_OK)
		return rc;
	if (m.state == OUTBOX_SENT)
		return err_set(err, RC_INVALID, "'%.*s' was sent", TEXT_ARG(*id));
	if (mail_find(m.kind, &kind) && m.cipher.n == 0 &&
	    text_has(text_of(mail_row(kind)->path), text_of("{secret}"))) {
		err_hint(err, "make another: tenor user invite, or tenor user reset");
		return err_set(err, RC_INVALID, "the link of '%.*s' is gone", TEXT_ARG(*id));
	}
	*done = true;
	/* a link ends when it ends */
	return record_outbox_again(ws->store, m.id, ws->now,
				   m.cipher.n > 0 ? m.ends_at : ws->now + OUTBOX_GIVE_UP_MS, err);
}

enum rc action_outbox_retry(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct text id = args_text(args, PARAM_MAIL_ID);
	bool done;
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = setting_turn(app, args, again, &id, &done, err);
	if (rc == RC_OK)
		answer_done(args, reply, "mail", id, "%.*s is due now\n", TEXT_ARG(id));
	return rc;
}

static enum rc drop(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct text *id = what;

	return record_outbox_drop(ws->store, *id, done, err);
}

enum rc action_outbox_drop(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct text id = args_text(args, PARAM_MAIL_ID);
	bool done = false;
	enum rc rc = at_machine(app, err);

	if (rc == RC_OK)
		rc = setting_turn(app, args, drop, &id, &done, err);
	if (rc == RC_OK && !done)
		return no_mail(id, err);
	if (rc == RC_OK)
		answer_done(args, reply, "mail", id, "%.*s is forgotten\n", TEXT_ARG(id));
	return rc;
}

enum rc action_outbox_send(struct app *app, const struct args *args, struct reply *reply,
			   struct err *err)
{
	struct mail_settings m = {.plain = false};
	struct outside_process *p = NULL;
	struct mail_way way;
	struct outbox_turn turn = {.way = &way};
	struct workspace ws;
	struct json j;
	enum rc rc = settings_there(app, args, &ws, &m, err);

	if (rc != RC_OK)
		return rc;
	workspace_close(&ws);
	/* before the keys are opened */
	rc = app->outside->start_mail(app, &m, &p, &way, err);
	if (rc != RC_OK)
		return rc;
	rc = outbox_turn(app, args, &turn, err);
	app->outside->end(p);
	if (rc != RC_OK)
		return rc;
	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out, "%zu sent, %zu put off, %zu given up; %lld left\n",
			   turn.sent, turn.put_off, turn.given_up, (long long)turn.left.n);
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_int(&j, "given_up", (int64_t)turn.given_up);
	json_kv_int(&j, "left", turn.left.n);
	json_kv_int(&j, "put_off", (int64_t)turn.put_off);
	json_kv_int(&j, "sent", (int64_t)turn.sent);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

/* --- who gets it where --- */

static enum rc show_mailbox(struct workspace *ws, const struct args *args,
			    const struct stored_user *u, struct reply *reply, struct err *err)
{
	struct stored_mailbox row;
	struct text address = {NULL, 0};
	enum rc rc = mailbox_of(ws, u->id, &row, &address, err);

	if (rc == RC_MISSING)
		return err_set(err, RC_MISSING, "no address of '%.*s' is kept",
			       TEXT_ARG(u->handle));
	if (rc == RC_OK)
		answer_done(args, reply, "address", address, "%.*s\n", TEXT_ARG(address));
	return rc;
}

/* The entry names the person; neither the address nor a trace of it is in the log. */
static enum rc keep_mailbox(struct workspace *ws, const struct stored_user *u, struct text address,
			    struct err *err)
{
	struct stored_mailbox sealed = {.quiet = false}, had = {.quiet = false};
	struct text before = {NULL, 0};
	enum rc rc = RC_OK;

	if (address.n > 0)
		rc = mailbox_seal(ws, u->id, address, &sealed, err);
	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	if (address.n > 0) {
		rc = mailbox_put(ws, &sealed, &before, err);
	} else {
		rc = record_mailbox(ws->store, ws->arena, u->id, &had, err);
		before = had.subject;
		if (rc == RC_OK)
			rc = record_mailbox_drop(ws->store, u->id, err);
		if (rc == RC_MISSING)
			rc = RC_OK;
	}
	if (rc == RC_OK)
		rc = workspace_audit(ws, u->contract, u->id, err);
	rc = workspace_end(ws, rc, err);
	if (rc == RC_OK)
		rc = mailbox_end(ws, before, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static enum rc keep_quiet_hours(struct workspace *ws, const struct stored_user *u,
				struct text hours, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = mail_quiet_hours(ws, u->id, text_is(hours, "none") ? text_of("") : hours, err);
	if (rc == RC_OK)
		rc = workspace_audit(ws, u->contract, u->id, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK ? sign_install(ws, err) : rc;
}

static enum rc change_mailbox(struct workspace *ws, const struct args *args,
			      const struct stored_user *u, struct reply *reply, struct err *err)
{
	struct text address = text_trim(args_text(args, PARAM_MAIL_OF));
	struct text hours = text_trim(args_text(args, PARAM_QUIET_HOURS));
	bool forget = args_has(args, PARAM_FORGET);
	enum rc rc = RC_OK;

	if (address.n > 0 || forget)
		rc = keep_mailbox(ws, u, address, err);
	if (rc == RC_OK && hours.n > 0)
		rc = keep_quiet_hours(ws, u, hours, err);
	if (rc == RC_OK)
		answer_done(args, reply, "person", u->id, "%.*s gets %s\n", TEXT_ARG(u->handle),
			    forget          ? "no mail"
			    : address.n > 0 ? "mail there"
			    : text_is(hours, "none")
				    ? "mail at any hour"
				    : "mail at those hours only where it is urgent");
	return rc;
}

enum rc action_user_mail(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct text address = text_trim(args_text(args, PARAM_MAIL_OF));
	struct text hours = text_trim(args_text(args, PARAM_QUIET_HOURS));
	bool forget = args_has(args, PARAM_FORGET);
	bool shows = address.n == 0 && !forget && hours.n == 0;
	struct workspace ws;
	struct stored_user u;
	enum rc rc = address.n > 0 ? mail_address_ok(address, err) : RC_OK;

	if (address.n > 0 && forget)
		rc = err_set(err, RC_USAGE, "an address together with --forget");
	if (rc == RC_OK && forget && hours.n > 0)
		rc = err_set(err, RC_USAGE, "--quiet-hours together with --forget");
	if (rc == RC_OK)
		rc = workspace_open(app, args, shows ? STORE_READ : STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = person_invited(&ws, args_text(args, PARAM_HANDLE), &u, err);
	if (rc == RC_OK)
		rc = shows ? show_mailbox(&ws, args, &u, reply, err)
			   : change_mailbox(&ws, args, &u, reply, err);
	workspace_close(&ws);
	return rc;
}
