/* SPDX-License-Identifier: Apache-2.0 */
/* tenor trust add, list, remove: whose signatures a person believes (trust.md J21). */
#include "app/answer.h"
#include "app/filing.h"
#include "app/trust.h"
#include "base/json.h"

enum { ADD_MAX_BYTES = 1 << 20 };

static bool knows(const struct trust *t, const struct vkey *k)
{
	for (size_t i = 0; i < t->n; i++)
		if (vkey_eq(&t->keys[i], k))
			return true;
	return false;
}

static void add_line(struct buf *out, struct text line)
{
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buf_char(out, '\n');
	buf_text(out, line);
	buf_char(out, '\n');
}

static enum rc save(struct app *app, const struct trust *t, struct text bytes, struct err *err)
{
	enum rc rc = filing_folders(app->arena, t->path, err);

	return rc == RC_OK ? filing_replace(app->arena, t->path, bytes, err) : rc;
}

/* --- add --- */

struct adding_trust {
	struct app *app;
	const struct args *args;
	struct reply *reply;
	struct trust before;
	struct buf after;
	struct json j;
	size_t added;
};

static void say_key(struct adding_trust *x, const struct vkey *k, bool added)
{
	struct text name = trust_name(x->app->arena, k);

	if (args_has(x->args, PARAM_JSON)) {
		json_open_object(&x->j);
		json_kv_text(&x->j, "key", name);
		json_kv_bool(&x->j, "added", added);
		json_end_object(&x->j);
	} else {
		buf_printf(&x->reply->out, "%s %.*s\n",
			   added ? "trusted from now on:" : "was trusted before:", TEXT_ARG(name));
	}
}

static enum rc add_key(struct adding_trust *x, struct text line, struct err *err)
{
	struct vkey k;
	enum rc rc = vkey_parse(line, &k, err);
	struct buf name;

	if (rc != RC_OK)
		return rc;
	/* The same name and id with another key cannot be: the id is a hash of both. */
	if (knows(&x->before, &k)) {
		say_key(x, &k, false);
		return RC_OK;
	}
	buf_init(&name, NOTE_MAX_BYTES);
	vkey_print(&k, &name);
	add_line(&x->after, text_trim(buf_view(&name)));
	buf_free(&name);
	say_key(x, &k, true);
	x->added++;
	return RC_OK;
}

/* A key as it stands on paper, or a file of such lines. */
static enum rc add_what(struct adding_trust *x, struct text what, struct err *err)
{
	struct text rest, line;
	struct err no_key = {.line = 0};
	struct vkey k;
	enum rc rc;

	if (vkey_parse(text_trim(what), &k, &no_key) == RC_OK)
		return add_key(x, text_trim(what), err);
	rc = filing_read(x->app, what, ADD_MAX_BYTES, &rest, err);
	/* What has two + is a key with a slip of the pen, not the name of a file. */
	if (rc == RC_MISSING && text_find(what, '+', text_find(what, '+', 0) + 1) < what.n) {
		*err = no_key;
		return RC_INVALID;
	}
	if (rc != RC_OK)
		return rc;
	for (uint32_t number = 1; rest.n > 0; number++) {
		rest = text_cut(rest, '\n', &line);
		line = text_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		rc = add_key(x, line, err);
		if (rc != RC_OK) {
			err_at(err, what, number, 0);
			return rc;
		}
	}
	return RC_OK;
}

enum rc action_trust_add(struct app *app, const struct args *args, struct reply *reply,
			 struct err *err)
{
	struct adding_trust x = {.app = app, .args = args, .reply = reply};
	enum rc rc = trust_read(app, args, false, &x.before, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&x.after, (size_t)2 * ADD_MAX_BYTES);
	buf_text(&x.after, x.before.bytes);
	json_init(&x.j, &reply->out, true);
	if (args_has(args, PARAM_JSON))
		json_open_array(&x.j);
	rc = add_what(&x, args_text(args, PARAM_VKEY), err);
	if (rc == RC_OK && x.after.full)
		rc = err_set(err, RC_LIMIT,
			     "the file of trusted keys would be larger than %d bytes",
			     2 * ADD_MAX_BYTES);
	if (rc == RC_OK && x.added > 0)
		rc = save(app, &x.before, buf_view(&x.after), err);
	if (rc == RC_OK && args_has(args, PARAM_JSON)) {
		json_end_array(&x.j);
		buf_char(&reply->out, '\n');
	}
	buf_free(&x.after);
	return rc;
}

/* --- list --- */

static const char *kind_of(const struct vkey *k)
{
	return k->type == KEY_LOG ? "log" : "witness";
}

enum rc action_trust_list(struct app *app, const struct args *args, struct reply *reply,
			  struct err *err)
{
	struct trust t;
	struct json j;
	bool as_json = args_has(args, PARAM_JSON);
	enum rc rc = trust_read(app, args, true, &t, err);

	if (rc != RC_OK)
		return rc;
	json_init(&j, &reply->out, true);
	if (as_json)
		json_open_array(&j);
	else if (t.n == 0)
		buf_str(&reply->out,
			"No key is trusted yet: tenor trust add KEY, as printed with the first "
			"version or by \"tenor log keys\" of the other side\n");
	for (size_t i = 0; i < t.n; i++) {
		if (as_json) {
			json_open_object(&j);
			json_kv_text(&j, "key", trust_name(app->arena, &t.keys[i]));
			json_kv_str(&j, "kind", kind_of(&t.keys[i]));
			json_end_object(&j);
		} else {
			buf_printf(&reply->out, "%-7s  %.*s\n", kind_of(&t.keys[i]),
				   TEXT_ARG(trust_name(app->arena, &t.keys[i])));
		}
	}
	if (as_json) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	return RC_OK;
}

/* --- remove --- */

/* "name+keyid", or the whole key. */
static bool is_named(struct arena *a, const struct vkey *k, struct text wanted)
{
	struct vkey whole;
	struct err ignored = {.line = 0};

	if (text_eq(trust_name(a, k), wanted))
		return true;
	return vkey_parse(wanted, &whole, &ignored) == RC_OK && vkey_eq(k, &whole);
}

enum rc action_trust_remove(struct app *app, const struct args *args, struct reply *reply,
			    struct err *err)
{
	struct text wanted = args_text(args, PARAM_KEY_NAME), rest, line;
	struct trust t;
	struct buf after;
	struct vkey k;
	struct err ignored = {.line = 0};
	size_t removed = 0;
	enum rc rc = trust_read(app, args, true, &t, err);

	if (rc != RC_OK)
		return rc;
	buf_init(&after, (size_t)2 * ADD_MAX_BYTES);
	for (rest = t.bytes; rest.n > 0;) {
		rest = text_cut(rest, '\n', &line);
		if (vkey_parse(text_trim(line), &k, &ignored) == RC_OK &&
		    is_named(app->arena, &k, wanted)) {
			removed++;
			continue;
		}
		buf_text(&after, line);
		buf_char(&after, '\n');
	}
	if (removed > 0) {
		rc = save(app, &t, buf_view(&after), err);
	} else {
		err_hint(err, "\"tenor trust list\" shows them, as NAME+ID");
		rc = err_set(err, RC_MISSING, "no key '%.*s' is trusted", TEXT_ARG(wanted));
	}
	buf_free(&after);
	if (rc == RC_OK)
		answer_done(args, reply, "removed", wanted, "trusted no longer: %.*s\n",
			    TEXT_ARG(wanted));
	return rc;
}
