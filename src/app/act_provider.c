/* SPDX-License-Identifier: Apache-2.0 */
/* tenor provider set, clear, logo, approve, show: the provider's settings (settings.def). The numbers they enter are the engine's. */
#include "app/answer.h"
#include "app/filing.h"
#include "app/provider.h"
#include "app/signing.h"
#include "base/json.h"
#include "render/pdf.h"

#include <string.h>

struct setting_up {
	struct workspace ws;
	struct provider_settings now;
	const char *what; /* key, for the install log */
	bool changed;
};

static enum rc open_settings(struct app *app, const struct args *args, struct setting_up *u,
			     struct err *err)
{
	enum rc rc = workspace_open(app, args, STORE_WRITE, &u->ws, err);

	if (rc != RC_OK)
		return rc;
	rc = workspace_begin(&u->ws, err);
	if (rc == RC_OK) {
		rc = provider_settings_at(&u->ws, INSTANT_MAX, &u->now, err);
		if (rc != RC_OK)
			workspace_rollback(&u->ws);
	}
	if (rc != RC_OK)
		workspace_close(&u->ws);
	return rc;
}

/* Writes what was changed, and closes. */
static enum rc keep_settings(struct setting_up *u, enum rc rc, struct err *err)
{
	if (rc == RC_OK && u->changed)
		rc = provider_append(&u->ws, &u->ws.install, &u->now, err);
	if (rc == RC_OK && u->changed)
		rc = workspace_audit(&u->ws, text_of(""), text_of(u->what), err);
	rc = workspace_end(&u->ws, rc, err);
	if (rc == RC_OK && u->changed)
		rc = sign_install(&u->ws, err);
	workspace_close(&u->ws);
	return rc;
}

static enum rc find_setting(const struct args *args, enum setting *out, struct err *err)
{
	struct text name = args_text(args, PARAM_SETTING), keys[SETTING_COUNT], near;
	size_t n = 0;

	if (setting_find(name, out) && setting_row(*out)->where != SETTING_WAITING)
		return RC_OK;
	for (int s = 0; s < SETTING_COUNT; s++)
		if (setting_row((enum setting)s)->where != SETTING_WAITING)
			keys[n++] = text_of(setting_row((enum setting)s)->key);
	near = text_nearest(name, keys, n);
	if (near.n > 0)
		err_hint(err, "did you mean '%.*s'?", TEXT_ARG(near));
	else
		err_hint(err, "\"tenor provider show\" lists them");
	return err_set(err, RC_USAGE, "there is no setting '%.*s'", TEXT_ARG(name));
}

static bool put(struct provider_settings *p, enum setting s, const struct setting_values *v)
{
	struct setting_values *to = &p->of[s];
	bool same = to->n == v->n;

	for (size_t i = 0; same && i < v->n; i++)
		same = text_eq(to->v[i], v->v[i]);
	*to = *v;
	return !same;
}

/* --- set --- */

static enum rc read_values(struct arena *a, const struct args *args, enum setting s,
			   struct setting_values *out, struct err *err)
{
	const struct setting_row *row = setting_row(s);
	size_t n = args->values[PARAM_VALUES].n;

	*out = (struct setting_values){.n = 0};
	if (n == 0) {
		err_hint(err, "tenor provider set %s VALUE; \"tenor provider clear %s\" ends it",
			 row->key, row->key);
		return err_set(err, RC_USAGE, "what '%s' is set to is not said", row->key);
	}
	if (n > row->values_max) {
		err_hint(err, "at most %zu; quote what has blanks", row->values_max);
		return err_set(err, RC_USAGE, "'%s' takes no %zu values", row->key, n);
	}
	for (size_t i = 0; i < n; i++) {
		enum rc rc = setting_check(a, s, args->values[PARAM_VALUES].v[i], &out->v[i], err);

		if (rc != RC_OK)
			return rc;
		for (size_t k = 0; k < i && s == SETTING_CASH_ROUNDING; k++)
			if (text_ends(out->v[k], out->v[i].p + out->v[i].n - 3))
				return err_set(err, RC_USAGE, "'%s' has two values for %.*s",
					       row->key, 3, out->v[i].p + out->v[i].n - 3);
	}
	out->n = n;
	return RC_OK;
}

/* trust.md P9: another bank account waits, with everybody who asked for it. */
static enum rc ask_for(struct setting_up *u, enum setting s, const struct setting_values *v,
		       struct err *err)
{
	struct setting_values *by = &u->now.of[SETTING_ASKED_BY];
	enum setting to = s == SETTING_IBAN ? SETTING_PENDING_IBAN : SETTING_PENDING_BIC;

	u->changed = put(&u->now, to, v);
	for (size_t i = 0; i < by->n; i++)
		if (text_eq(by->v[i], u->ws.actor.id))
			return RC_OK;
	if (by->n == SETTING_VALUES_MAX) {
		err_hint(err, "\"tenor provider approve\", or \"tenor provider clear iban\"");
		return err_set(err, RC_LIMIT, "%zu people have asked for another bank account",
			       by->n);
	}
	u->changed = true;
	by->v[by->n++] = u->ws.actor.id;
	return RC_OK;
}

enum rc action_provider_set(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct setting_up u = {.changed = false};
	struct setting_values v;
	enum setting s = SETTING_ADDRESS;
	enum rc rc = find_setting(args, &s, err);
	bool bank;

	if (rc == RC_OK && s == SETTING_LOGO) {
		err_hint(err, "tenor provider logo FILE.png");
		rc = err_set(err, RC_USAGE, "a logo is a file");
	}
	if (rc == RC_OK)
		rc = read_values(app->arena, args, s, &v, err);
	if (rc == RC_OK)
		rc = open_settings(app, args, &u, err);
	if (rc != RC_OK)
		return rc;
	u.what = setting_row(s)->key;
	bank = setting_row(s)->where == SETTING_BANK;
	if (bank)
		rc = ask_for(&u, s, &v, err);
	else
		u.changed = put(&u.now, s, &v);
	rc = keep_settings(&u, rc, err);
	if (rc != RC_OK)
		return rc;
	if (bank)
		answer_done(args, reply, "waits", text_of(u.what),
			    "%s waits for a second person: tenor provider approve --as PERSON\n",
			    u.what);
	else
		answer_done(args, reply, "set", text_of(u.what), "%s: %s\n", u.what,
			    u.changed ? "set, from now on" : "is so already");
	return RC_OK;
}

/* --- clear --- */

enum rc action_provider_clear(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	static const struct setting_values none = {.n = 0};
	struct setting_up u = {.changed = false};
	enum setting s = SETTING_ADDRESS;
	enum rc rc = find_setting(args, &s, err);

	if (rc == RC_OK)
		rc = open_settings(app, args, &u, err);
	if (rc != RC_OK)
		return rc;
	u.what = setting_row(s)->key;
	u.changed = put(&u.now, s, &none);
	if (s == SETTING_IBAN || s == SETTING_BIC) {
		enum setting waiting =
			s == SETTING_IBAN ? SETTING_PENDING_IBAN : SETTING_PENDING_BIC;

		u.changed = put(&u.now, waiting, &none) || u.changed;
		if (u.now.of[SETTING_PENDING_IBAN].n + u.now.of[SETTING_PENDING_BIC].n == 0)
			u.changed = put(&u.now, SETTING_ASKED_BY, &none) || u.changed;
	}
	rc = keep_settings(&u, rc, err);
	if (rc == RC_OK)
		answer_done(args, reply, "cleared", text_of(u.what), "%s: %s\n", u.what,
			    u.changed ? "set no longer" : "was not set");
	return rc;
}

/* --- logo --- */

/* What cannot be printed must not get in: every later document would fail. */
static enum rc try_logo(struct app *app, const struct args *args, struct text png, struct err *err)
{
	struct pdf_letterhead letterhead = {.logo = png};
	struct pdf_press *press = NULL;
	struct doc *d = doc_new(app->arena, language_english(), NULL);
	struct buf out;
	enum rc rc = answer_press(app, &press, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&out, 16 << 20);
	doc_paragraph(d, doc_plain(d, text_of("logo")));
	app->letterhead = &letterhead;
	rc = answer_print(app, args, press, d, NULL, NULL, &out, err);
	app->letterhead = NULL;
	buf_free(&out);
	pdf_press_close(press);
	return rc;
}

enum rc action_provider_logo(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct setting_up u = {.what = "logo"};
	struct setting_values v = {.n = 1};
	struct text png;
	struct hash sha = {{0}};
	char hex[SHA256_HEX + 1];
	enum rc rc = filing_read(app, args_text(args, PARAM_LOGO), LOGO_MAX_BYTES, &png, err);

	if (rc == RC_LIMIT)
		err_hint(err, "a logo has at most %d bytes", LOGO_MAX_BYTES);
	if (rc == RC_OK)
		rc = try_logo(app, args, png, err);
	if (rc == RC_OK)
		rc = open_settings(app, args, &u, err);
	if (rc != RC_OK)
		return rc;
	sha256(png, sha.b);
	hash_hex(&sha, hex);
	v.v[0] = text_copy(app->arena, text_of(hex));
	u.changed = put(&u.now, SETTING_LOGO, &v);
	if (u.changed)
		rc = record_blob_put(u.ws.store, &sha, text_of("logo"), png, err);
	rc = keep_settings(&u, rc, err);
	if (rc == RC_OK)
		answer_done(args, reply, "set", text_of("logo"), "logo: %s\n",
			    u.changed ? "set, from now on" : "is so already");
	return rc;
}

/* --- approve (trust.md P9) --- */

static enum rc something_waits(const struct provider_settings *p, struct err *err)
{
	if (p->of[SETTING_PENDING_IBAN].n + p->of[SETTING_PENDING_BIC].n > 0)
		return RC_OK;
	err_hint(err, "\"tenor provider show\" tells what is set");
	return err_set(err, RC_MISSING, "no bank account waits for a second person");
}

/* IBAN and BIC, as far as they wait. */
static struct text waiting_account(struct arena *a, const struct provider_settings *p)
{
	struct text iban = setting_text(p, SETTING_PENDING_IBAN);
	struct text bic = setting_text(p, SETTING_PENDING_BIC);

	return text_trim(text_format(a, "%.*s %.*s", TEXT_ARG(iban), TEXT_ARG(bic)));
}

/* Between a look and a yes another one may have been asked for. */
static enum rc still_waits(const struct setting_up *u, struct text seen, struct err *err)
{
	struct text now = waiting_account(u->ws.arena, &u->now);

	if (seen.n == 0 || text_eq(seen, now))
		return RC_OK;
	err_code(err, "other_account");
	err_hint(err, "look at it: \"tenor provider approve --dry-run\"");
	return err_set(err, RC_INVALID, "another bank account waits by now: %.*s", TEXT_ARG(now));
}

static enum rc approve(struct setting_up *u, struct text seen, struct err *err)
{
	static const struct setting_values none = {.n = 0};
	struct provider_settings *p = &u->now;
	enum rc rc = something_waits(p, err);

	if (rc == RC_OK)
		rc = still_waits(u, seen, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < p->of[SETTING_ASKED_BY].n; i++)
		if (text_eq(p->of[SETTING_ASKED_BY].v[i], u->ws.actor.id)) {
			err_code(err, "second_person");
			err_hint(err, "--as somebody else: \"tenor user list\"");
			return err_set(
				err, RC_INVALID,
				"'%.*s' asked for this bank account: a second person approves it",
				TEXT_ARG(u->ws.actor.handle));
		}
	if (p->of[SETTING_PENDING_IBAN].n > 0) {
		p->of[SETTING_IBAN] = p->of[SETTING_PENDING_IBAN];
		p->of[SETTING_BIC] = none; /* it belonged to the other account */
	}
	if (p->of[SETTING_PENDING_BIC].n > 0)
		p->of[SETTING_BIC] = p->of[SETTING_PENDING_BIC];
	p->of[SETTING_PENDING_IBAN] = p->of[SETTING_PENDING_BIC] = none;
	p->of[SETTING_ASKED_BY] = none;
	u->changed = true;
	return RC_OK;
}

/* What waits, for whoever is asked to approve it and may not read all settings. */
static enum rc show_waiting(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	static const enum setting of[] = {SETTING_PENDING_IBAN, SETTING_PENDING_BIC};
	struct provider_settings p;
	struct workspace ws;
	struct json j;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = provider_settings_at(&ws, INSTANT_MAX, &p, err);
	if (rc == RC_OK)
		rc = something_waits(&p, err);
	json_init(&j, &reply->out, true);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		json_open_object(&j);
	for (size_t i = 0; rc == RC_OK && i < ARRAY_SIZE(of); i++) {
		struct text value = setting_text(&p, of[i]);

		if (value.n > 0 && args_has(args, PARAM_JSON))
			json_kv_text(&j, setting_row(of[i])->key, value);
		else if (value.n > 0)
			buf_printf(&reply->out, "%s %.*s\n", setting_row(of[i])->key,
				   TEXT_ARG(value));
	}
	if (rc == RC_OK && args_has(args, PARAM_JSON)) {
		json_kv_text(&j, "account", waiting_account(ws.arena, &p));
		json_end_object(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}

enum rc action_provider_approve(struct app *app, const struct args *args, struct reply *reply,
				struct err *err)
{
	struct setting_up u = {.what = "iban"};
	struct text iban;
	enum rc rc;

	if (args_has(args, PARAM_DRY_RUN))
		return show_waiting(app, args, reply, err);
	rc = open_settings(app, args, &u, err);
	if (rc != RC_OK)
		return rc;
	rc = approve(&u, args_text(args, PARAM_ACCOUNT), err);
	iban = setting_text(&u.now, SETTING_IBAN);
	rc = keep_settings(&u, rc, err);
	if (rc == RC_OK)
		answer_done(args, reply, "approved", iban,
			    "invoices ask to pay to %.*s from now on\n", TEXT_ARG(iban));
	return rc;
}

/* --- show --- */

static void show_json(const struct provider_settings *p, struct buf *out)
{
	struct json j;
	struct buf since;

	buf_init(&since, 64);
	json_init(&j, out, true);
	json_open_object(&j);
	json_key(&j, "settings");
	json_open_object(&j);
	for (int s = 0; s < SETTING_COUNT; s++) {
		const struct setting_values *v = &p->of[s];

		if (v->n == 0)
			continue;
		json_key(&j, setting_row((enum setting)s)->key);
		if (setting_row((enum setting)s)->values_max == 1) {
			json_text(&j, v->v[0]);
			continue;
		}
		json_open_array(&j);
		for (size_t i = 0; i < v->n; i++)
			json_text(&j, v->v[i]);
		json_end_array(&j);
	}
	json_end_object(&j);
	if (p->from != INSTANT_NONE) {
		instant_print(&since, p->from);
		json_kv_text(&j, "since", buf_view(&since));
	}
	json_end_object(&j);
	buf_char(out, '\n');
	buf_free(&since);
}

static void show_text(const struct provider_settings *p, struct buf *out)
{
	struct text waits = setting_text(p, SETTING_PENDING_IBAN);
	bool any = false;

	for (int s = 0; s < SETTING_COUNT; s++) {
		const struct setting_row *row = setting_row((enum setting)s);

		for (size_t i = 0; row->where != SETTING_WAITING && i < p->of[s].n; i++) {
			buf_printf(out, "%-16s %.*s\n", i == 0 ? row->key : "",
				   TEXT_ARG(p->of[s].v[i]));
			any = true;
		}
	}
	if (!any)
		buf_str(out, "nothing is set: documents say what each contract says\n");
	if (waits.n == 0)
		waits = setting_text(p, SETTING_PENDING_BIC);
	if (waits.n > 0)
		buf_printf(
			out,
			"\nwaits for a second person: %.*s (tenor provider approve --as PERSON)\n",
			TEXT_ARG(waits));
	buf_str(out, "\nnot set:\n");
	for (int s = 0; s < SETTING_COUNT; s++) {
		const struct setting_row *row = setting_row((enum setting)s);

		if (row->where != SETTING_WAITING && p->of[s].n == 0)
			buf_printf(out, "%-16s %.*s\n", row->key,
				   TEXT_ARG(word_pattern(language_english(), row->help)));
	}
}

enum rc action_provider_show(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct provider_settings p;
	struct workspace ws;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = provider_settings_at(&ws, INSTANT_MAX, &p, err);
	if (rc == RC_OK && args_has(args, PARAM_JSON))
		show_json(&p, &reply->out);
	else if (rc == RC_OK)
		show_text(&p, &reply->out);
	workspace_close(&ws);
	return rc;
}
