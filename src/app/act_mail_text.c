/* SPDX-License-Identifier: Apache-2.0 */
/* tenor mail-text: what mail says where the provider wants it otherwise, by kind and language. A setting, with its entry (trust.md P8). */
#include "app/answer.h"
#include "app/mail.h"
#include "app/setting.h"
#include "base/json.h"

#include <string.h>

struct mail_text {
	enum mail_kind kind;
	const struct language *language;
	struct mail_words words;
};

/* The languages that have words of their own, in the order of their formats: en, de, fr. */
static bool has_words(const struct language *l)
{
	return strcmp(language_tag(l), language_words(l)) == 0;
}

/* "invitation.de" */
static enum rc text_find_by(struct text id, struct mail_text *out, struct err *err)
{
	struct text kind, tag = text_cut(id, '.', &kind);

	for (size_t i = 0; i < language_count() && mail_find(kind, &out->kind); i++)
		if (has_words(language_at(i)) && text_is(tag, language_tag(language_at(i)))) {
			out->language = language_at(i);
			return RC_OK;
		}
	err_hint(err, "\"tenor mail-text list\" lists those there are");
	return err_set(err, RC_MISSING, "there is no text '%.*s' of mail", TEXT_ARG(id));
}

/* --- list --- */

static enum rc say_one(struct workspace *ws, enum mail_kind kind, const struct language *l,
		       struct json *j, struct buf *out, struct err *err)
{
	struct text id = text_format(ws->arena, "%s.%s", mail_row(kind)->kind, language_tag(l));
	struct mail_words w;
	bool own = false;
	enum rc rc = mail_words_of(ws, kind, l, &w, &own, err);

	if (rc != RC_OK)
		return rc;
	if (j == NULL) {
		buf_printf(out, "%-14.*s %s%.*s\n", TEXT_ARG(id), own ? "(own) " : "",
			   TEXT_ARG(w.subject));
		return RC_OK;
	}
	json_open_object(j);
	json_kv_bool(j, "own", own);
	json_kv_text(j, "subject", w.subject);
	json_kv_text(j, "text", id);
	json_end_object(j);
	return RC_OK;
}

enum rc action_mail_text_list(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	bool as_json = args_has(args, PARAM_JSON);
	struct workspace ws;
	struct json j;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	for (int k = 0; k < MAIL_KINDS; k++)
		for (size_t i = 0; rc == RC_OK && i < language_count(); i++)
			if (has_words(language_at(i)))
				rc = say_one(&ws, (enum mail_kind)k, language_at(i),
					     as_json ? &j : NULL, &reply->out, err);
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	workspace_close(&ws);
	return rc;
}

/* --- show --- */

/* For a preview: what each name stands for, made up. */
static struct text made_up(struct workspace *ws, const struct mail_text *t, struct text name,
			   struct text provider)
{
	struct text out;
	struct buf b;

	if (text_is(name, "link"))
		return text_of("https://tenor.example/...");
	if (text_is(name, "provider"))
		return provider;
	if (text_is(name, "name"))
		return text_of("ana");
	if (text_is(name, "contract"))
		return text_of("NW-2026");
	if (text_is(name, "period"))
		return text_of("2026-03");
	if (text_is(name, "number"))
		return text_of("INV-2026-00042");
	if (text_is(name, "ticket"))
		return text_of("T-118");
	if (text_is(name, "count"))
		return text_of("3");
	if (text_is(name, "token"))
		return text_of("t_0k5w8n2v6c1x9r4m");
	buf_init(&b, 200);
	format_time(&b, t->language, zone_utc(), ws->now - ws->now % MINUTE_MS, TIME_FULL);
	out = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static enum rc show(struct workspace *ws, const struct args *args, struct mail_text *t,
		    struct reply *reply, struct err *err)
{
	struct mail_values values = {.v = {{NULL, 0}}};
	struct text rest = text_of(mail_row(t->kind)->names), name, provider, subject, body;
	bool own = false;
	struct json j;
	enum rc rc = mail_words_of(ws, t->kind, t->language, &t->words, &own, err);

	if (rc == RC_OK)
		rc = record_meta(ws->store, ws->arena, "provider", &provider, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; rest.n > 0 && i < ARRAY_SIZE(values.v); i++) {
		rest = text_cut(rest, ' ', &name);
		values.v[i] = made_up(ws, t, name, provider);
	}
	subject = mail_fill(ws->arena, t->kind, t->words.subject, &values);
	body = mail_fill(ws->arena, t->kind, t->words.body, &values);
	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out, "%.*s\n\n%.*s\n----\n%.*s\n\n%.*s\n",
			   TEXT_ARG(t->words.subject), TEXT_ARG(t->words.body), TEXT_ARG(subject),
			   TEXT_ARG(body));
		return RC_OK;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "body", t->words.body);
	json_kv_str(&j, "names", mail_row(t->kind)->names);
	json_kv_bool(&j, "own", own);
	json_kv_text(&j, "preview", body);
	json_kv_text(&j, "preview_subject", subject);
	json_kv_text(&j, "subject", t->words.subject);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
	return RC_OK;
}

enum rc action_mail_text_show(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct mail_text t = {.language = NULL};
	struct workspace ws;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = text_find_by(args_text(args, PARAM_MAIL_TEXT), &t, err);
	if (rc == RC_OK)
		rc = show(&ws, args, &t, reply, err);
	workspace_close(&ws);
	return rc;
}

/* --- save, reset --- */

static enum rc keep(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct mail_text *t = what;

	*done = true;
	return record_mail_text_put(ws->store, text_of(mail_row(t->kind)->kind),
				    text_of(language_words(t->language)), t->words.subject,
				    t->words.body, err);
}

static enum rc drop(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct mail_text *t = what;

	return record_mail_text_drop(ws->store, text_of(mail_row(t->kind)->kind),
				     text_of(language_words(t->language)), done, err);
}

/* Lines of a form end in both. */
static struct text unix_lines(struct arena *a, struct text t)
{
	struct text out;
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != '\r' || i + 1 == t.n || t.p[i + 1] != '\n')
			buf_char(&b, t.p[i]);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

enum rc action_mail_text_save(struct app *app, const struct args *args, struct reply *reply,
			      struct err *err)
{
	struct text id = args_text(args, PARAM_MAIL_TEXT);
	struct mail_text t = {.words = {text_trim(args_text(args, PARAM_MAIL_SUBJECT)),
					unix_lines(app->arena, args_text(args, PARAM_MAIL_BODY))}};
	bool done;
	enum rc rc = text_find_by(id, &t, err);

	if (rc == RC_OK)
		rc = mail_words_ok(t.kind, &t.words, err);
	if (rc == RC_OK)
		rc = setting_turn(app, args, keep, &t, &done, err);
	if (rc == RC_OK)
		answer_done(args, reply, "text", id, "%.*s says so from now on\n", TEXT_ARG(id));
	return rc;
}

enum rc action_mail_text_reset(struct app *app, const struct args *args, struct reply *reply,
			       struct err *err)
{
	struct text id = args_text(args, PARAM_MAIL_TEXT);
	struct mail_text t = {.language = NULL};
	bool done = false;
	enum rc rc = text_find_by(id, &t, err);

	if (rc == RC_OK)
		rc = setting_turn(app, args, drop, &t, &done, err);
	if (rc == RC_OK)
		answer_done(args, reply, "text", id, "%.*s says %s\n", TEXT_ARG(id),
			    done ? "what is usual again" : "what is usual already");
	return rc;
}
