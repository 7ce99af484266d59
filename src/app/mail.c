/* SPDX-License-Identifier: Apache-2.0 */
#include "app/mail.h"

#include "app/append.h"
#include "app/hours.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "journal/entry.h"
#include "store/record_access.h"
#include "terms/places.h"

#include <assert.h>
#include <string.h>

enum {
	URL_BYTES_MAX = 500,
	SUBJECT_BYTES_MAX = 200,
	BODY_BYTES_MAX = 4000,
	ENCODED_BYTES = 39,
	HEADS_MAX = 7
};

/* --- settings --- */

static enum rc meta(struct workspace *ws, const char *key, struct text *out, struct err *err)
{
	enum rc rc = record_meta(ws->store, ws->arena, key, out, err);

	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	*out = text_of("");
	return RC_OK;
}

struct mail_key {
	const char *key;
	struct text *value;
};

enum { KEYS = 8 };

static void keys_of(struct mail_settings *m, struct mail_key keys[KEYS])
{
	const struct mail_key all[KEYS] = {
		{"mail_server", &m->server},     {"mail_from", &m->from},
		{"mail_user", &m->user},         {"mail_secret", &m->secret},
		{"mail_address", &m->address},   {"mail_base_url", &m->base_url},
		{"mail_language", &m->language}, {"mail_zone", &m->zone}};

	memcpy(keys, all, sizeof(all));
}

enum rc mail_goes_out(struct workspace *ws, bool *out, struct err *err)
{
	struct text server = {NULL, 0};
	enum rc rc = meta(ws, "mail_server", &server, err);

	*out = server.n > 0;
	return rc;
}

enum rc mail_settings_read(struct workspace *ws, struct mail_settings *out, struct err *err)
{
	struct mail_settings m = {.plain = false};
	struct mail_key keys[KEYS];
	struct text plain = {NULL, 0};
	enum rc rc = meta(ws, "mail_plain", &plain, err);

	keys_of(&m, keys);
	for (size_t i = 0; rc == RC_OK && i < KEYS; i++)
		rc = meta(ws, keys[i].key, keys[i].value, err);
	m.plain = text_is(plain, "yes");
	if (rc == RC_OK)
		*out = m;
	return rc;
}

static bool on_loopback(struct text url)
{
	return text_starts(url, "http://127.0.0.1:") || text_starts(url, "http://[::1]:") ||
	       text_starts(url, "http://localhost:") || text_is(url, "http://127.0.0.1");
}

/* What may stand in an address: no blank, no control character, nothing that ends a line. */
static bool visible(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] <= ' ' || t.p[i] >= 0x7f)
			return false;
	return t.n > 0 && t.n <= URL_BYTES_MAX;
}

static enum rc server_ok(struct text url, struct err *err)
{
	struct text scheme, rest = text_cut(url, ':', &scheme);
	bool good = (text_is(scheme, "smtp") || text_is(scheme, "smtps")) &&
		    text_starts(rest, "//") && rest.n > 2 && visible(url) &&
		    text_find(rest, '@', 0) >= rest.n && text_find(rest, '/', 2) >= rest.n;

	if (good)
		return RC_OK;
	err_key(err, text_of("smtp"));
	err_hint(err, "smtp://mail.example.com:587 (STARTTLS) or smtps://mail.example.com");
	return err_set(err, RC_USAGE, "'%.*s' is no mail server", TEXT_ARG(url));
}

static enum rc base_url_ok(struct text url, struct err *err)
{
	bool tls = text_starts(url, "https://");
	size_t after = tls ? strlen("https://") : strlen("http://");

	if ((tls || on_loopback(url)) && visible(url) && url.n > after && !text_ends(url, "/"))
		return RC_OK;
	err_key(err, text_of("base-url"));
	err_hint(err, "https://tenor.acme.example, without a slash at the end");
	return err_set(err, RC_USAGE,
		       "links cannot begin with '%.*s': it is neither https nor http on loopback",
		       TEXT_ARG(url));
}

static enum rc settings_ok(const struct mail_settings *m, struct err *err)
{
	enum rc rc = server_ok(m->server, err);

	if (rc == RC_OK)
		rc = mail_address_ok(m->from, err);
	if (rc == RC_OK)
		rc = base_url_ok(m->base_url, err);
	if (rc == RC_OK && (m->user.n > 0) != (m->secret.n > 0)) {
		err_hint(err, "give --user and --password-file, or neither");
		rc = err_set(err, RC_USAGE, "a name and a password belong together");
	}
	return rc;
}

enum rc mail_settings_keep(struct workspace *ws, const struct mail_settings *m, struct err *err)
{
	struct mail_settings copy = *m;
	struct mail_key keys[KEYS];
	enum rc rc = m->server.n == 0 ? RC_OK : settings_ok(m, err);

	keys_of(&copy, keys);
	for (size_t i = 0; rc == RC_OK && i < KEYS; i++)
		rc = record_meta_put(ws->store, keys[i].key, *keys[i].value, err);
	return rc == RC_OK ? record_meta_put(ws->store, "mail_plain",
					     text_of(m->plain ? "yes" : "no"), err)
			   : rc;
}

/* --- addresses --- */

enum rc mail_address_ok(struct text address, struct err *err)
{
	if (visible(address) && mailbox_is_well_formed(address))
		return RC_OK;
	err_hint(err, "one address: ana@northwind.example");
	return err_set(err, RC_USAGE, "'%.*s' is no mail address", TEXT_ARG(address));
}

/* Sealed for its person: no other row's can be put in its place. */
static struct slot_place place_of(struct text person)
{
	struct slot_place p = {.slot = text_of("mailbox")};
	unsigned char digest[SHA256_BYTES];

	sha256(person, digest);
	memcpy(p.entry.b, digest, sizeof(p.entry.b));
	return p;
}

enum rc mailbox_seal(struct workspace *ws, struct text person, struct text address,
		     struct stored_mailbox *out, struct err *err)
{
	struct slot_place place = place_of(person);
	unsigned char salt[SALT_BYTES], nonce[NONCE_BYTES] = {0};
	char subject[SUBJECT_CHARS + 1];
	struct text cipher;
	struct buf b;
	enum rc rc = mail_address_ok(address, err);

	if (rc == RC_OK)
		rc = keys_subject(ws->keys, text_of(""), subject, err);
	if (rc != RC_OK)
		return rc;
	ws->app->world->random.fill(ws->app->world->random.context, salt, sizeof(salt));
	buf_init(&b, (size_t)4 * URL_BYTES_MAX);
	buf_add(&b, (const char *)salt, sizeof(salt));
	buf_text(&b, address);
	sha256(buf_view(&b), place.commit.b);
	buf_clear(&b);
	rc = keys_seal(ws->keys, ws->arena, text_of(subject), &place, salt, address, nonce, &cipher,
		       err);
	if (rc == RC_OK) {
		buf_add(&b, (const char *)place.commit.b, sizeof(place.commit.b));
		buf_text(&b, cipher);
		*out = (struct stored_mailbox){
			.person = person,
			.subject = text_copy(ws->arena, text_of(subject)),
			.nonce = text_copy(ws->arena,
					   (struct text){(const char *)nonce, NONCE_BYTES}),
			.cipher = text_copy(ws->arena, buf_view(&b)),
			.set_at = ws->now};
	}
	buf_free(&b);
	return rc;
}

enum rc mailbox_put(struct workspace *ws, const struct stored_mailbox *m, struct text *before,
		    struct err *err)
{
	struct stored_mailbox had = {.quiet = false}, row = *m;
	enum rc rc = record_mailbox(ws->store, ws->arena, m->person, &had, err);

	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	*before = had.subject;
	row.quiet = had.quiet;
	return record_mailbox_put(ws->store, &row, err);
}

enum rc mailbox_end(struct workspace *ws, struct text before, struct err *err)
{
	return before.n == 0 ? RC_OK : keys_erase(ws->keys, before, ws->now, err);
}

enum rc mailbox_of(struct workspace *ws, struct text person, struct stored_mailbox *row,
		   struct text *address, struct err *err)
{
	struct slot_place place = place_of(person);
	unsigned char salt[SALT_BYTES];
	struct keys *keys = NULL;
	enum rc rc = record_mailbox(ws->store, ws->arena, person, row, err);

	if (rc == RC_OK)
		rc = workspace_keys(ws, &keys, err);
	if (rc != RC_OK)
		return rc;
	if (row->cipher.n < sizeof(place.commit.b))
		return err_set(err, RC_INVALID, "the address of '%.*s' is damaged",
			       TEXT_ARG(person));
	memcpy(place.commit.b, row->cipher.p, sizeof(place.commit.b));
	rc = keys_open_slot(keys, ws->arena, row->subject, &place, row->nonce,
			    text_sub(row->cipher, sizeof(place.commit.b), row->cipher.n), salt,
			    address, err);
	/* erased: it is as if there were none */
	if (rc == RC_MISSING)
		err_clear(err);
	return rc;
}

enum rc mail_quiet_hours(struct workspace *ws, struct text person, struct text hours,
			 struct err *err)
{
	struct week_hours *week = arena_one(ws->arena, struct week_hours);
	enum rc rc = hours.n == 0 ? RC_OK : hours_parse_quiet(hours, week, err);

	if (rc == RC_OK)
		rc = record_quiet_hours_put(ws->store, person, hours, err);
	return rc == RC_OK ? record_outbox_release(ws->store, person, ws->now, err) : rc;
}

enum rc mail_manner(struct workspace *ws, const struct mail_settings *m, struct text person,
		    const struct language **l, const struct zone **z, struct err *err)
{
	struct text language = {NULL, 0}, zone = {NULL, 0};
	struct err none = {.line = 0};
	enum rc rc = record_preference(ws->store, ws->arena, person, &language, &zone, err);

	if (rc != RC_OK && rc != RC_MISSING)
		return rc;
	if (language.n == 0)
		language = m->language;
	if (zone.n == 0)
		zone = m->zone;
	if (language.n == 0 || language_find(language, l, &none) != RC_OK)
		*l = language_english();
	if (zone.n == 0 || ws->app->zones.find(ws->app->zones.context, zone, z, &none) != RC_OK)
		*z = zone_utc();
	return RC_OK;
}

/* --- kinds --- */

static const struct mail_row rows[] = {
#define MAIL(name, kind, about, path, names, subject, body)                                        \
	{kind, MAIL_ABOUT_##about, path, names, subject, body},
#include "app/mails.def"
};

const struct mail_row *mail_row(enum mail_kind k)
{
	assert(k < MAIL_KINDS);
	return &rows[k];
}

bool mail_find(struct text kind, enum mail_kind *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (text_is(kind, rows[i].kind)) {
			*out = (enum mail_kind)i;
			return true;
		}
	return false;
}

/* The n-th name of a kind, from 0; empty: it has not so many. */
static struct text name_at(enum mail_kind k, size_t n)
{
	struct text rest = text_of(rows[k].names), name = {NULL, 0};

	for (size_t i = 0; i <= n; i++)
		rest = text_cut(rest, ' ', &name);
	return name;
}

static bool name_find(enum mail_kind k, struct text name, size_t *at)
{
	for (size_t i = 0; name_at(k, i).n > 0; i++)
		if (text_eq(name_at(k, i), name)) {
			*at = i;
			return true;
		}
	return false;
}

/* --- words --- */

/* {1} is written as the kind's first name in braces. */
static struct text with_names(struct arena *a, enum mail_kind k, struct text pattern)
{
	struct text out;
	struct buf b;

	buf_init(&b, (size_t)2 * BODY_BYTES_MAX);
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '{' && i + 2 < pattern.n && pattern.p[i + 2] == '}') {
			struct text name = name_at(k, (size_t)(pattern.p[i + 1] - '1'));

			assert(name.n > 0);
			buf_printf(&b, "{%.*s}", TEXT_ARG(name));
			i += 2;
		} else {
			buf_char(&b, pattern.p[i]);
		}
	}
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

struct mail_words mail_usual(struct arena *a, enum mail_kind k, const struct language *l)
{
	return (struct mail_words){with_names(a, k, word_pattern(l, rows[k].subject)),
				   with_names(a, k, word_pattern(l, rows[k].body))};
}

enum rc mail_words_of(struct workspace *ws, enum mail_kind k, const struct language *l,
		      struct mail_words *out, bool *own, struct err *err)
{
	enum rc rc = record_mail_text(ws->store, ws->arena, text_of(rows[k].kind),
				      text_of(language_words(l)), &out->subject, &out->body, err);

	*own = rc == RC_OK;
	if (rc == RC_MISSING)
		*out = mail_usual(ws->arena, k, l);
	return rc == RC_MISSING ? RC_OK : rc;
}

/* The name in braces at p[i], of letters alone; false: there is none. */
static bool braced(struct text t, size_t i, struct text *name)
{
	size_t end = i + 1;

	while (end < t.n && t.p[end] >= 'a' && t.p[end] <= 'z')
		end++;
	*name = text_sub(t, i + 1, end);
	return end < t.n && t.p[end] == '}' && name->n > 0;
}

static enum rc names_ok(enum mail_kind k, const char *part, struct text t, struct err *err)
{
	for (size_t i = 0; i < t.n; i++) {
		struct text name;
		size_t at;

		if (t.p[i] != '{' && t.p[i] != '}')
			continue;
		if (t.p[i] == '{' && braced(t, i, &name) && name_find(k, name, &at)) {
			i += name.n + 1;
			continue;
		}
		err_key(err, text_of(part));
		err_hint(err, "a mail of this kind has these, each in braces: %s", rows[k].names);
		if (t.p[i] == '{' && braced(t, i, &name))
			return err_set(err, RC_USAGE, "there is no {%.*s}", TEXT_ARG(name));
		return err_set(err, RC_USAGE, "a brace stands alone");
	}
	return RC_OK;
}

static enum rc plain_text(const char *part, struct text t, size_t most, bool lines, struct err *err)
{
	size_t at = 0;
	bool good = t.n > 0 && t.n <= most && text_utf8(t, &at);

	for (size_t i = 0; good && i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		good = (c >= ' ' && c != 0x7f) || (lines && c == '\n');
	}
	if (good)
		return RC_OK;
	err_key(err, text_of(part));
	err_hint(err, "1 to %zu bytes of text%s", most, lines ? "" : " in one line");
	return err_set(err, RC_USAGE, "the %s cannot stand in a mail", part);
}

enum rc mail_words_ok(enum mail_kind k, const struct mail_words *w, struct err *err)
{
	enum rc rc = plain_text("subject", w->subject, SUBJECT_BYTES_MAX, false, err);

	if (rc == RC_OK)
		rc = plain_text("body", w->body, BODY_BYTES_MAX, true, err);
	if (rc == RC_OK)
		rc = names_ok(k, "subject", w->subject, err);
	if (rc == RC_OK)
		rc = names_ok(k, "body", w->body, err);
	if (rc == RC_OK && text_has(w->subject, text_of("{link}"))) {
		err_key(err, text_of("subject"));
		return err_set(err, RC_USAGE, "{link} stands in the body, not in the subject");
	}
	if (rc == RC_OK && !text_has(w->body, text_of("{link}"))) {
		err_key(err, text_of("body"));
		return err_set(err, RC_USAGE, "{link} is missing: the mail would lead nowhere");
	}
	return rc;
}

struct text mail_fill(struct arena *a, enum mail_kind k, struct text pattern,
		      const struct mail_values *values)
{
	struct text out, name;
	struct buf b;
	size_t at;

	buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '{' && braced(pattern, i, &name) && name_find(k, name, &at) &&
		    at < ARRAY_SIZE(values->v)) {
			buf_text(&b, values->v[at]);
			i += name.n + 1;
		} else {
			buf_char(&b, pattern.p[i]);
		}
	}
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- one mail --- */

static bool one_line(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < ' ' || t.p[i] == 0x7f)
			return false;
	return true;
}

static bool is_ascii(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] >= 0x80)
			return false;
	return true;
}

/* RFC 2047: encoded words of at most 75 characters, a letter never in two of them. */
static void put_encoded(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.n;) {
		size_t end = i + ENCODED_BYTES < t.n ? i + ENCODED_BYTES : t.n;

		while (end < t.n && ((unsigned char)t.p[end] & 0xc0) == 0x80)
			end--;
		if (i > 0)
			buf_str(b, "\r\n ");
		buf_str(b, "=?UTF-8?B?");
		base64_add(b, (const unsigned char *)t.p + i, end - i);
		buf_str(b, "?=");
		i = end;
	}
}

/* In quotes where it is plain. */
static void put_name(struct buf *b, struct text t)
{
	if (!is_ascii(t)) {
		put_encoded(b, t);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"' || t.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, t.p[i]);
	}
	buf_char(b, '"');
}

/* RFC 5322, in UTC: a mail program shows it in its reader's zone. */
static void put_date(struct buf *b, instant t)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct local at = zone_local(zone_utc(), t);
	struct civil c = civil_of(at.date);

	buf_printf(b, "%s, %d %s %d %02d:%02d:%02d +0000", days[weekday_of(at.date)], c.mday,
		   months[c.month - 1], c.year, (int)(at.ms / HOUR_MS),
		   (int)(at.ms / MINUTE_MS % 60), (int)(at.ms / SECOND_MS % 60));
}

static struct text head_line(struct arena *a, struct buf *b)
{
	struct text out = text_copy(a, buf_view(b));

	buf_clear(b);
	return out;
}

/* Returns how many. */
static size_t put_heads(struct arena *a, const struct mail_parts *p, struct text head[HEADS_MAX])
{
	struct buf b;

	buf_init(&b, (size_t)4 * BODY_BYTES_MAX);
	buf_str(&b, "Date: ");
	put_date(&b, p->made_at);
	head[0] = head_line(a, &b);
	buf_str(&b, "From: ");
	put_name(&b, p->provider);
	buf_printf(&b, " <%.*s>", TEXT_ARG(p->from));
	head[1] = head_line(a, &b);
	buf_printf(&b, "To: <%.*s>", TEXT_ARG(p->to));
	head[2] = head_line(a, &b);
	buf_printf(&b, "Message-ID: <%.*s>", TEXT_ARG(p->message));
	head[3] = head_line(a, &b);
	buf_str(&b, "Subject: ");
	if (is_ascii(p->words.subject))
		buf_text(&b, p->words.subject);
	else
		put_encoded(&b, p->words.subject);
	head[4] = head_line(a, &b);
	buf_str(&b, "Auto-Submitted: auto-generated");
	head[5] = head_line(a, &b);
	buf_printf(&b, "References: <%.*s>", TEXT_ARG(p->thread));
	head[6] = head_line(a, &b);
	buf_free(&b);
	return p->thread.n > 0 ? 7 : 6;
}

enum rc mail_letter_of(struct arena *a, const struct mail_parts *p, struct mail_letter *out,
		       struct err *err)
{
	const struct text lines[] = {p->provider, p->message, p->words.subject, p->thread};
	struct text *head = arena_array(a, struct text, HEADS_MAX);
	size_t n;
	enum rc rc = mail_address_ok(p->from, err);

	if (rc == RC_OK)
		rc = mail_address_ok(p->to, err);
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(lines); i++)
		if (!one_line(lines[i]))
			rc = err_set(err, RC_INVALID,
				     "a head line of a mail has an end of line or a control "
				     "character in it");
	if (rc != RC_OK)
		return rc;
	n = put_heads(a, p, head);
	*out = (struct mail_letter){
		.from = p->from, .to = p->to, .head = head, .n_head = n, .body = p->words.body};
	return RC_OK;
}
