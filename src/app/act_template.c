/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tenor template save, remove, list: what tickets of a kind begin with. A setting of the provider's, which leaves an entry; a client is
 * shown those that are for clients, and never a queue.
 */
#include "app/people.h"
#include "app/setting.h"
#include "app/workspace.h"
#include "base/json.h"
#include "store/record_desk.h"

#include <assert.h>
#include <jansson.h>

enum {
	NAME_MAX_BYTES = 60,
	LINE_MAX_BYTES = 200,
	WORDS_MAX_BYTES = 16 << 10,
	FORM_MAX_BYTES = 1 << 16
};

/* lines: it may have more than one. */
static enum rc fits(enum param name, struct text value, size_t most, bool lines, struct err *err)
{
	const char *word = param_row(name)->name;
	bool good = value.n <= most && (value.n > 0 || lines);

	for (size_t i = 0; i < value.n; i++)
		good = good &&
		       ((unsigned char)value.p[i] >= ' ' || (lines && value.p[i] == '\n')) &&
		       value.p[i] != 0x7f;
	if (good)
		return RC_OK;
	err_key(err, text_of(word));
	err_hint(err, lines ? "at most %zu letters" : "1 to %zu letters in one line", most);
	return err_set(err, RC_USAGE, "this '%s' cannot be kept", word);
}

static const struct {
	enum param param;
	const char *key;
	bool lines;
} members[] = {
	{PARAM_TITLE, "title", false},
	{PARAM_TEMPLATE_PRIORITY, "priority", false},
	{PARAM_TEMPLATE_SERVICE, "service", false},
	{PARAM_QUEUE, "queue", false},
	{PARAM_WORDS, "words", true},
};

static enum rc template_of(const struct args *args, struct buf *out, struct err *err)
{
	struct json j;

	json_init(&j, out, false);
	json_open_object(&j);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		struct text value = text_trim(args_text(args, members[i].param));
		enum rc rc = RC_OK;

		if (members[i].param != PARAM_TITLE && value.n == 0)
			continue;
		rc = fits(members[i].param, value,
			  members[i].lines ? WORDS_MAX_BYTES : LINE_MAX_BYTES, members[i].lines,
			  err);
		if (rc != RC_OK)
			return rc;
		json_kv_text(&j, members[i].key, value);
	}
	json_kv_bool(&j, "for_clients", args_has(args, PARAM_FOR_CLIENTS));
	json_end_object(&j);
	return RC_OK;
}

static void say(const struct args *args, struct reply *reply, struct text name, const char *words)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_printf(&reply->out, "%.*s %s\n", TEXT_ARG(name), words);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "template", name);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

static enum rc save(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	*done = true;
	return record_template_put(ws->store, ws->arena, what, err);
}

static enum rc drop(struct workspace *ws, const void *what, bool *done, struct err *err)
{
	const struct text *name = what;

	return record_template_drop(ws->store, ws->arena, *name, done, err);
}

enum rc action_template_save(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	struct stored_reply t = {text_trim(args_text(args, PARAM_TEMPLATE)), {NULL, 0}};
	struct buf form;
	bool done;
	enum rc rc = fits(PARAM_TEMPLATE, t.name, NAME_MAX_BYTES, false, err);

	buf_init(&form, FORM_MAX_BYTES);
	if (rc == RC_OK)
		rc = template_of(args, &form, err);
	t.words = text_copy(app->arena, buf_view(&form));
	buf_free(&form);
	if (rc == RC_OK)
		rc = setting_turn(app, args, save, &t, &done, err);
	if (rc == RC_OK)
		say(args, reply, t.name, "is kept");
	return rc;
}

enum rc action_template_remove(struct app *app, const struct args *args, struct reply *reply,
			       struct err *err)
{
	struct text name = args_text(args, PARAM_TEMPLATE);
	bool there;
	enum rc rc = setting_turn(app, args, drop, &name, &there, err);

	if (rc == RC_OK && !there) {
		err_hint(err, "\"tenor template list\" lists those there are");
		return err_set(err, RC_MISSING, "there is no template '%.*s'", TEXT_ARG(name));
	}
	if (rc == RC_OK)
		say(args, reply, name, "is forgotten");
	return rc;
}

static struct text member(const json_t *t, const char *key)
{
	const json_t *v = json_object_get(t, key);

	return v == NULL ? text_of("") : (struct text){json_string_value(v), json_string_length(v)};
}

static void tell(const struct stored_reply *t, const json_t *form, bool client, struct json *j)
{
	json_open_object(j);
	json_kv_text(j, "template", t->name);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (member(form, members[i].key).n > 0 &&
		    !(client && members[i].param == PARAM_QUEUE))
			json_kv_text(j, members[i].key, member(form, members[i].key));
	if (!client)
		json_kv_bool(j, "for_clients", json_is_true(json_object_get(form, "for_clients")));
	json_end_object(j);
}

/* j: NULL for lines. *n: how many there were to see. */
static void tell_all(const struct stored_reply *v, size_t n, bool client, struct json *j,
		     struct buf *out, size_t *seen)
{
	*seen = 0;
	for (size_t i = 0; i < n; i++) {
		json_t *form = json_loadb(v[i].words.p, v[i].words.n, 0, NULL);
		bool theirs = json_is_true(json_object_get(form, "for_clients"));

		assert(form != NULL && "we wrote it");
		if (theirs || !client) {
			(*seen)++;
			if (j != NULL)
				tell(&v[i], form, client, j);
			else
				buf_printf(out, "%-20.*s %.*s%s\n", TEXT_ARG(v[i].name),
					   TEXT_ARG(member(form, "title")),
					   theirs && !client ? "  (for clients, too)" : "");
		}
		json_decref(form);
	}
}

enum rc action_template_list(struct app *app, const struct args *args, struct reply *reply,
			     struct err *err)
{
	bool as_json = args_has(args, PARAM_JSON);
	struct stored_reply *v = NULL;
	struct workspace ws;
	size_t n = 0, seen;
	struct json j;
	enum rc rc = workspace_open(app, args, STORE_READ, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = record_templates(ws.store, ws.arena, &v, &n, err);
	if (rc == RC_OK) {
		json_init(&j, &reply->out, true);
		if (as_json) {
			json_open_object(&j);
			json_kv_int(&j, "tenor_templates", 1);
			json_key(&j, "templates");
			json_open_array(&j);
		}
		tell_all(v, n, workspace_client(&ws), as_json ? &j : NULL, &reply->out, &seen);
		if (as_json) {
			json_end_array(&j);
			json_end_object(&j);
			buf_char(&reply->out, '\n');
		} else if (seen == 0) {
			buf_str(&reply->out,
				"no templates yet; keep one with: tenor template save\n");
		}
	}
	workspace_close(&ws);
	return rc;
}
