/* SPDX-License-Identifier: Apache-2.0 */
#include "app/outbox.h"

#include "app/append.h"
#include "app/hours.h"
#include "app/news.h"
#include "base/sha256.h"
#include "journal/entry.h"
#include "store/record_access.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static const char sealed_for[] = "mail";

enum { QUIET_LOOK_MS = 8 * 24 * 60 * 60 * 1000, THREAD_BYTES = 10 };

/* --- in --- */

static void seal(struct workspace *ws, const struct mail_wish *w, struct stored_mail *m)
{
	unsigned char nonce[NONCE_BYTES], cipher[WRAP_MAX_BYTES + SEAL_TAG_BYTES];

	assert(w->secret.n <= WRAP_MAX_BYTES);
	keys_wrap(ws->keys, sealed_for, m->id, w->secret, nonce, cipher);
	m->nonce = text_copy(ws->arena, (struct text){(const char *)nonce, sizeof(nonce)});
	m->cipher = text_copy(ws->arena,
			      (struct text){(const char *)cipher, w->secret.n + SEAL_TAG_BYTES});
}

/* The next eight in the morning (R73). */
static instant next_morning(const struct zone *z, instant now)
{
	day today = zone_day(z, now);
	instant at = zone_instant(z, today, NEWS_MORNING_MS, NULL);

	return at > now ? at : zone_instant(z, today + 1, NEWS_MORNING_MS, NULL);
}

/* The quiet hours in which `at` lies end then; `at` itself where it lies in none. */
static enum rc quiet_until(struct workspace *ws, struct text person, const struct zone *z,
			   instant at, instant *out, struct err *err)
{
	struct calendar_spec spec = {.id = text_of("quiet"), .zone = z};
	struct week_hours *h = arena_one(ws->arena, struct week_hours);
	const struct calendar *c = NULL;
	struct text hours = {NULL, 0};
	struct spans quiet = {.n = 0};
	enum rc rc = record_quiet_hours(ws->store, ws->arena, person, &hours, err);

	*out = at;
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = hours_parse_quiet(hours, h, err);
	if (rc != RC_OK)
		return rc;
	hours_put(h, &spec);
	rc = calendar_new(ws->arena, &spec, &c, err);
	if (rc == RC_OK)
		quiet = calendar_spans(ws->arena, c, at, at + QUIET_LOOK_MS);
	if (rc == RC_OK && quiet.n > 0 && quiet.v[0].from == at)
		*out = quiet.v[0].to;
	return rc;
}

/* R73: what is urgent goes through; the rest waits for quiet hours to end, unless its deadline would pass before. */
static enum rc due_at(struct workspace *ws, const struct mail_settings *settings,
		      const struct mail_wish *w, instant *out, struct err *err)
{
	enum mail_about about = mail_row(w->kind)->about;
	bool waits = w->pace == MAIL_AS_ITS_KIND
			     ? about != MAIL_ABOUT_ACCOUNT && about != MAIL_ABOUT_URGENT
			     : w->pace == MAIL_MAY_WAIT;
	instant at = about == MAIL_ABOUT_BUNDLED ? ws->now + OUTBOX_BUNDLE_MS : ws->now, end;
	const struct language *l = NULL;
	const struct zone *z = NULL;
	enum rc rc = RC_OK;

	*out = at;
	if (!waits)
		return RC_OK;
	rc = mail_manner(ws, settings, w->person, &l, &z, err);
	if (rc == RC_OK && about == MAIL_ABOUT_DAILY)
		at = next_morning(z, ws->now);
	if (rc == RC_OK)
		rc = quiet_until(ws, w->person, z, at, &end, err);
	if (rc == RC_OK)
		*out = w->before != 0 && w->before <= end ? at : end;
	return rc;
}

enum rc outbox_put(struct workspace *ws, const struct mail_wish *w, bool *put, struct err *err)
{
	struct stored_mail m = {.id = workspace_opaque_id(ws, 'm'),
				.kind = text_of(mail_row(w->kind)->kind),
				.person = w->person,
				.contract = w->contract,
				.object = w->object,
				.made_at = ws->now};
	struct mail_settings settings = {.plain = false};
	struct stored_mailbox box;
	struct text domain, local;
	enum mail_about about = mail_row(w->kind)->about;
	bool waits = false;
	enum rc rc = mail_settings_read(ws, &settings, err);

	*put = false;
	if (rc != RC_OK || settings.server.n == 0)
		return rc;
	rc = record_mailbox(ws->store, ws->arena, w->person, &box, err);
	if (rc == RC_MISSING || (rc == RC_OK && box.quiet && about != MAIL_ABOUT_ACCOUNT))
		return RC_OK;
	if (rc == RC_OK && w->secret.n > 0)
		rc = record_outbox_links_drop(ws->store, w->person, err);
	if (rc == RC_OK && (about == MAIL_ABOUT_URGENT || about == MAIL_ABOUT_BUNDLED))
		rc = record_outbox_waits(ws->store, &m, &waits, err);
	if (rc == RC_OK && !waits)
		rc = due_at(ws, &settings, w, &m.due_at, err);
	if (rc != RC_OK || waits)
		return rc;
	m.ends_at = w->ends_at != INSTANT_NONE ? w->ends_at : m.due_at + OUTBOX_GIVE_UP_MS;
	m.cause = w->cause.n > 0 ? w->cause : m.id;
	domain = text_cut(settings.from, '@', &local);
	m.message = text_format(ws->arena, "%.*s@%.*s", TEXT_ARG(m.id), TEXT_ARG(domain));
	if (w->secret.n > 0)
		seal(ws, w, &m);
	*put = true;
	return record_outbox_add(ws->store, &m, err);
}

static enum rc tell_one(struct workspace *ws, const struct mail_notice *n,
			const struct stored_user *u, struct err *err)
{
	struct text cause = n->cause.n > 0 ? n->cause : n->object;
	const struct mail_wish w = {.kind = n->kind,
				    .person = u->id,
				    .contract = n->contract,
				    .object = n->object,
				    .cause = text_format(ws->arena, "%s/%.*s/%.*s",
							 mail_row(n->kind)->kind, TEXT_ARG(cause),
							 TEXT_ARG(u->id)),
				    .ends_at = INSTANT_NONE};
	bool put;

	return outbox_put(ws, &w, &put, err);
}

/* People who may act and have the right: of a contract's client alone, where the notice names one, else of both sides but for auditors. */
static enum rc tell_people(struct workspace *ws, const struct mail_notice *n, struct err *err)
{
	struct stored_user *users = NULL;
	size_t n_users = 0;
	bool out = false, one_client = n->contract.n > 0;
	enum rc rc = mail_goes_out(ws, &out, err);

	if (rc == RC_OK && out)
		rc = record_users(ws->store, ws->arena, &users, &n_users, err);
	for (size_t i = 0; rc == RC_OK && i < n_users; i++) {
		bool client = users[i].client;
		roles set = 0;

		if (users[i].ended_at != INSTANT_NONE ||
		    (one_client && (!client || !text_eq(users[i].contract, n->contract))))
			continue;
		rc = roles_parse(users[i].roles, &set, &client, err);
		if (rc == RC_OK && roles_have(set, n->right) &&
		    (one_client || !roles_audit_only(set)))
			rc = tell_one(ws, n, &users[i], err);
	}
	return rc;
}

enum rc outbox_tell_client(struct workspace *ws, const struct mail_notice *n, struct err *err)
{
	assert(n->contract.n > 0);
	return tell_people(ws, n, err);
}

enum rc outbox_tell_all(struct workspace *ws, enum mail_kind kind, enum permission right,
			struct text cause, struct err *err)
{
	const struct mail_notice n = {.kind = kind,
				      .right = right,
				      .contract = text_of(""),
				      .object = text_of(""),
				      .cause = cause};

	return tell_people(ws, &n, err);
}

int64_t outbox_wait_ms(int64_t tries)
{
	int64_t wait = OUTBOX_FIRST_WAIT_MS;

	for (int64_t i = 1; i < tries && wait < OUTBOX_LONGEST_WAIT_MS; i++)
		wait *= 4;
	return wait < OUTBOX_LONGEST_WAIT_MS ? wait : OUTBOX_LONGEST_WAIT_MS;
}

/* --- what time brings --- */

static struct text token_cause(struct arena *a, const struct stored_token *t)
{
	return text_format(a, "token/%.*s", TEXT_ARG(t->id));
}

/* A token that ends soon, whose maker gets mail and was not told. One that was made for less than that is known to end. */
static enum rc to_be_told(struct workspace *ws, const struct stored_token *t, bool *out,
			  struct err *err)
{
	instant from = t->ends_at - OUTBOX_TOKEN_MS;
	struct stored_mailbox box;
	enum rc rc;

	*out = t->revoked_at == INSTANT_NONE && t->made_at < from && from <= ws->now &&
	       ws->now < t->ends_at;
	if (!*out)
		return RC_OK;
	rc = record_mailbox(ws->store, ws->arena, t->person, &box, err);
	if (rc == RC_OK) {
		rc = record_outbox_caused(ws->store, token_cause(ws->arena, t), out, err);
		*out = !*out;
		return rc;
	}
	*out = false;
	return rc == RC_MISSING ? RC_OK : rc;
}

/* put false: only *any is asked for. */
static enum rc tokens_end(struct workspace *ws, bool put, bool *any, struct err *err)
{
	struct stored_token *v = NULL;
	size_t n = 0;
	enum rc rc = record_tokens(ws->store, ws->arena, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct mail_wish w = {.kind = MAIL_TOKEN, .person = v[i].person, .object = v[i].id};
		bool told = false, entered;

		rc = to_be_told(ws, &v[i], &told, err);
		*any = *any || told;
		if (rc != RC_OK || !told || !put)
			continue;
		w.cause = token_cause(ws->arena, &v[i]);
		w.ends_at = v[i].ends_at;
		rc = outbox_put(ws, &w, &entered, err);
	}
	return rc;
}

/* --- what one says --- */

struct posting {
	struct workspace *ws;
	struct outbox_turn *turn;
	struct mail_settings settings;
	struct text provider;
};

static enum rc secret_of(struct workspace *ws, const struct stored_mail *m, struct text *out,
			 struct err *err)
{
	unsigned char room[WRAP_MAX_BYTES];
	enum rc rc;

	*out = text_of("");
	if (m->cipher.n == 0)
		return RC_OK;
	if (m->cipher.n > sizeof(room) + SEAL_TAG_BYTES)
		return err_set(err, RC_INVALID, "the mail '%.*s' is damaged", TEXT_ARG(m->id));
	rc = keys_unwrap(ws->keys, sealed_for, m->id, m->nonce, m->cipher, room, err);
	if (rc == RC_OK)
		*out = text_copy(ws->arena,
				 (struct text){(const char *)room, m->cipher.n - SEAL_TAG_BYTES});
	sodium_memzero(room, sizeof(room));
	return rc;
}

/* S1: below the server's own address, and nowhere else. */
static struct text link_of(const struct posting *p, const struct stored_mail *m, const char *path,
			   struct text secret)
{
	struct text base = p->turn->base_url.n > 0 ? p->turn->base_url : p->settings.base_url;
	struct text rest = text_of(path), part, name, out;
	struct buf b;

	buf_init(&b, (size_t)8 << 10);
	buf_text(&b, base);
	while (rest.n > 0) {
		rest = text_cut(rest, '{', &part);
		buf_text(&b, part);
		if (rest.n == 0)
			break;
		rest = text_cut(rest, '}', &name);
		buf_path_segment(&b, text_is(name, "secret")     ? secret
				     : text_is(name, "contract") ? m->contract
								 : m->object);
	}
	out = text_copy(p->ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static struct text value_of(const struct posting *p, const struct stored_mail *m,
			    const struct stored_user *u, struct text name, struct text link,
			    const struct language *l, const struct zone *z, bool alert)
{
	struct text out;
	struct buf b;

	if (text_is(name, "link"))
		return link;
	if (text_is(name, "provider"))
		return p->provider;
	if (text_is(name, "name"))
		return u->handle;
	if (text_is(name, "contract"))
		return m->contract;
	if (!text_is(name, "until"))
		return m->object;
	buf_init(&b, 200);
	/* a minute is exact enough, and is not too late */
	format_time(&b, l, z, m->ends_at - m->ends_at % MINUTE_MS, TIME_FULL);
	if (alert && z != zone_utc()) { /* R72 */
		buf_str(&b, ", ");
		format_time(&b, l, zone_utc(), m->ends_at - m->ends_at % MINUTE_MS, TIME_FULL);
	}
	out = text_copy(p->ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* R75: mails about an outage and those that follow it have one in common, which no mail has for its own. */
static struct text thread_of(const struct posting *p, const struct stored_mail *m)
{
	struct text domain, local;
	unsigned char digest[SHA256_BYTES];
	struct text about =
		text_format(p->ws->arena, "%.*s/%.*s", TEXT_ARG(m->contract), TEXT_ARG(m->object));
	char name[2 * THREAD_BYTES + 1];

	domain = text_cut(p->settings.from, '@', &local);
	sha256(about, digest);
	sodium_bin2hex(name, sizeof(name), digest, THREAD_BYTES);
	return m->object.n == 0
		       ? text_of("")
		       : text_format(p->ws->arena, "outage.%s@%.*s", name, TEXT_ARG(domain));
}

/* RC_MISSING without words: there is nobody to send it to. */
static enum rc write_letter(const struct posting *p, const struct stored_mail *m,
			    enum mail_kind kind, struct mail_letter *out, struct err *err)
{
	struct workspace *ws = p->ws;
	const struct mail_row *row = mail_row(kind);
	struct mail_parts parts = {.from = p->settings.from,
				   .provider = p->provider,
				   .message = m->message,
				   .made_at = m->made_at};
	struct text secret, link, rest = text_of(row->names), name;
	const struct language *l = NULL;
	const struct zone *z = NULL;
	struct mail_values values = {.v = {{NULL, 0}}};
	struct stored_mailbox box;
	struct stored_user u;
	bool own;
	enum rc rc = record_user_of_id(ws->store, ws->arena, m->person, &u, err);

	if (rc == RC_OK && u.ended_at != INSTANT_NONE)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = mailbox_of(ws, m->person, &box, &parts.to, err);
	if (rc == RC_OK && box.quiet && row->about != MAIL_ABOUT_ACCOUNT)
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = secret_of(ws, m, &secret, err);
	if (rc == RC_OK)
		rc = mail_manner(ws, &p->settings, m->person, &l, &z, err);
	if (rc == RC_OK)
		rc = mail_words_of(ws, kind, l, &parts.words, &own, err);
	if (rc != RC_OK)
		return rc;
	link = link_of(p, m, row->path, secret);
	if (kind == MAIL_OUTAGE)
		parts.thread = thread_of(p, m);
	for (size_t i = 0; rest.n > 0 && i < ARRAY_SIZE(values.v); i++) {
		rest = text_cut(rest, ' ', &name);
		values.v[i] =
			value_of(p, m, &u, name, link, l, z, row->about != MAIL_ABOUT_ACCOUNT);
	}
	parts.words.subject = mail_fill(ws->arena, kind, parts.words.subject, &values);
	parts.words.body = mail_fill(ws->arena, kind, parts.words.body, &values);
	return mail_letter_of(ws->arena, &parts, out, err);
}

/* --- out --- */

static void tell(struct outbox_turn *t, enum mail_fate fate, const char *why)
{
	t->sent += fate == MAIL_SENT;
	t->put_off += fate == MAIL_LATER;
	t->given_up += fate == MAIL_NEVER;
	if (t->said != NULL)
		t->said(t->said_context, fate, why);
}

/* In a transaction of its own, so that nobody waits for a server elsewhere. */
static enum rc take_next(struct workspace *ws, struct stored_mail *m, bool *taken, struct err *err)
{
	enum rc rc = workspace_begin(ws, err);

	*taken = false;
	if (rc != RC_OK)
		return rc;
	rc = record_outbox_next(ws->store, ws->arena, ws->now, m, err);
	if (rc == RC_OK)
		rc = record_outbox_claim(ws->store, m, ws->now + OUTBOX_LEASE_MS, ws->now, taken,
					 err);
	return workspace_end(ws, rc == RC_MISSING ? RC_OK : rc, err);
}

static enum rc note(struct workspace *ws, const struct stored_mail *m, enum mail_fate fate,
		    const char *why, struct err *err)
{
	enum mail_kind kind;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	if (fate == MAIL_LATER)
		rc = record_outbox_put_off(ws->store, m, ws->now + outbox_wait_ms(m->tries),
					   text_of(why), ws->now, err);
	else
		rc = record_outbox_done(ws->store, m->id,
					fate == MAIL_SENT ? OUTBOX_SENT : OUTBOX_FAILED,
					text_of(why), ws->now, err);
	/* what else the day brought of the contract is on the same page */
	if (rc == RC_OK && fate == MAIL_SENT && mail_find(m->kind, &kind) &&
	    mail_row(kind)->about == MAIL_ABOUT_DAILY)
		rc = record_outbox_joined(ws->store, m, text_of("joined"), ws->now, err);
	return workspace_end(ws, rc, err);
}

static enum rc send_one(struct posting *p, const struct stored_mail *m, struct err *err)
{
	char why[MAIL_WHY_BYTES] = "";
	struct mail_letter letter;
	enum mail_fate fate = MAIL_NEVER;
	enum mail_kind kind;
	struct err bad = {.line = 0};
	enum rc rc =
		mail_find(m->kind, &kind) ? write_letter(p, m, kind, &letter, &bad) : RC_INVALID;

	if (rc == RC_OK)
		fate = p->turn->way->send(p->turn->way->context, &letter, why);
	else if (rc == RC_MISSING)
		(void)snprintf(why, sizeof(why), "nobody");
	else if (rc == RC_INVALID || rc == RC_USAGE)
		(void)snprintf(why, sizeof(why), "words");
	else
		*err = bad;
	if (rc != RC_OK && rc != RC_MISSING && rc != RC_INVALID && rc != RC_USAGE)
		return rc;
	rc = note(p->ws, m, fate, why, err);
	if (rc == RC_OK)
		tell(p->turn, fate, why);
	return rc;
}

static enum rc sweep(struct workspace *ws, const struct news *news, struct err *err)
{
	bool any = false, wrote = false;
	enum rc rc = workspace_begin(ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_outbox_sweep(ws->store, ws->now, ws->now - OUTBOX_KEPT_MS, err);
	if (rc == RC_OK)
		rc = tokens_end(ws, true, &any, err);
	if (rc == RC_OK)
		rc = news_enter(ws, news, &wrote, err);
	rc = workspace_end(ws, rc, err);
	return rc == RC_OK && wrote ? news_sign(ws, news, err) : rc;
}

static enum rc send_due(struct workspace *ws, const struct news *news, struct outbox_turn *t,
			struct err *err)
{
	struct posting p = {.ws = ws, .turn = t};
	bool taken = true;
	enum rc rc = sweep(ws, news, err);

	if (rc == RC_OK)
		rc = mail_settings_read(ws, &p.settings, err);
	if (rc == RC_OK)
		rc = record_meta(ws->store, ws->arena, "provider", &p.provider, err);
	for (size_t i = 0; rc == RC_OK && taken && i < OUTBOX_AT_ONCE; i++) {
		struct stored_mail m = {.tries = 0};

		rc = take_next(ws, &m, &taken, err);
		if (rc == RC_OK && taken)
			rc = send_one(&p, &m, err);
	}
	return rc;
}

static enum rc is_due(struct app *app, const struct args *args, struct outbox_turn *t,
		      struct news *news, bool *due, struct err *err)
{
	struct workspace ws;
	struct mail_settings settings = {.plain = false};
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = mail_settings_read(&ws, &settings, err);
	if (rc == RC_OK)
		rc = record_outbox_depth(ws.store, &t->left, err);
	*due = rc == RC_OK && settings.server.n > 0 && t->left.n > 0 && t->left.due <= ws.now;
	if (rc == RC_OK && settings.server.n > 0 && !*due)
		rc = tokens_end(&ws, false, due, err);
	if (rc == RC_OK && settings.server.n > 0)
		rc = news_look(&ws, news, err);
	*due = *due || news->any;
	workspace_close(&ws);
	return rc;
}

enum rc outbox_turn(struct app *app, const struct args *args, struct outbox_turn *t,
		    struct err *err)
{
	struct workspace ws;
	struct news news = {.any = false};
	bool due = false;
	enum rc rc = is_due(app, args, t, &news, &due, err);

	if (rc == RC_OK && t->waits != NULL)
		t->waits(&t->left);
	if (rc != RC_OK || !due)
		return rc;
	rc = workspace_open(app, args, STORE_WRITE, &ws, err);
	if (rc != RC_OK)
		return rc;
	rc = send_due(&ws, &news, t, err);
	if (rc == RC_OK)
		rc = record_outbox_depth(ws.store, &t->left, err);
	if (rc == RC_OK && t->waits != NULL)
		t->waits(&t->left);
	workspace_close(&ws);
	return rc;
}
