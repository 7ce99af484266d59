/* SPDX-License-Identifier: Apache-2.0 */
#include "web/verb.h"

#include "app/recall.h"
#include "app/values.h"
#include "http/server.h"

#include <string.h>

/* What one verb may take; more ends it with its limit, as on the command line. In the keeper it is what the request has. */
#define VERB_BYTES ((size_t)384 << 20)

/* What records something asks for what is so then. */
static struct recall_once *once_of(struct page *p)
{
	struct web *w = p->w;

	if (w->once == NULL && method_safe(p->q->method)) {
		w->once_arena =
			p->q->heavy == HEAVY_NOW ? arena_like(p->q->arena) : arena_new(VERB_BYTES);
		w->once = recall_once_new(w->once_arena);
	}
	return w->once;
}

void verb_begin(struct verb_run *v, struct page *p, enum action_id verb)
{
	bool heavy = p->q->heavy == HEAVY_NOW;

	*v = (struct verb_run){.rc = RC_OK};
	v->arena = heavy ? arena_like(p->q->arena) : arena_new(VERB_BYTES);
	v->served = (struct served){
		.body = p->q->body, .counts = &server_counts, .in_page = true, .recalled = heavy ? NULL : &p->w->recalled};
	v->app = (struct app){.arena = v->arena,
			      .world = p->w->o.world,
			      .zones = p->w->zones,
			      .served = &v->served,
			      .kept = p->w->o.kept,
			      .once = once_of(p)};
	v->args = (struct args){.action = action_row(verb)};
	verb_put(v, PARAM_WORKSPACE, p->w->o.workspace);
	if (p->w->o.key.n > 0)
		verb_put(v, PARAM_KEY, p->w->o.key);
	verb_put(v, PARAM_AS, p->who.user);
	if (p->who.language.n > 0)
		verb_put(v, PARAM_LANG, p->who.language);
}

void verb_put(struct verb_run *v, enum param name, struct text value)
{
	size_t n = v->args.values[name].n;
	struct text *values = arena_array(v->arena, struct text, n + 1);

	for (size_t i = 0; i < n; i++)
		values[i] = v->args.values[name].v[i];
	values[n] = text_copy(v->arena, value);
	v->args.values[name].v = values;
	v->args.values[name].n = n + 1;
}

void verb_flag(struct verb_run *v, enum param name)
{
	verb_put(v, name, text_of("true"));
}

bool verb_param(enum action_id verb, struct text name, enum param *out)
{
	const struct action *a = action_row(verb);

	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		const struct param_row *row = param_row(a->params[i].param);

		if (row->type == TYPE_FILE || row->type == TYPE_FILE_OUT ||
		    !text_is(name, row->name))
			continue;
		*out = a->params[i].param;
		return true;
	}
	return false;
}

enum rc verb_finish(struct verb_run *v)
{
	for (size_t i = 0; v->args.action->params[i].use != USE_END; i++) {
		enum param name = v->args.action->params[i].param;

		for (size_t k = 0; k < v->args.values[name].n; k++) {
			v->rc = value_check(param_row(name), v->args.values[name].v[k], &v->err);
			err_key(&v->err, text_of(v->rc == RC_OK ? "" : param_row(name)->name));
			if (v->rc != RC_OK)
				return v->rc;
		}
	}
	v->rc = app_run(&v->app, &v->args, &v->reply, &v->err);
	return v->rc;
}

/* Lines of JSON, as an array. */
static json_t *json_of_lines(struct text rest, json_error_t *where)
{
	json_t *out = json_array();
	struct text line;

	while (out != NULL && rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		if (line.n > 0 &&
		    json_array_append_new(out, json_loadb(line.p, line.n, 0, where)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *verb_json(struct verb_run *v)
{
	json_error_t where;
	json_t *out;

	verb_flag(v, PARAM_JSON);
	if (verb_finish(v) != RC_OK)
		return NULL;
	if (v->args.action == action_row(ACTION_LOG_SHOW))
		out = json_of_lines(buf_view(&v->reply.out), &where);
	else
		out = json_loadb(v->reply.out.p, v->reply.out.n, 0, &where);
	if (out == NULL)
		v->rc = err_set(&v->err, RC_INVALID, "the answer cannot be read: %s", where.text);
	return out;
}

struct text verb_text(const struct page *p, const json_t *v)
{
	if (json_is_string(v))
		return text_copy(p->q->arena,
				 (struct text){json_string_value(v), json_string_length(v)});
	if (json_is_integer(v))
		return text_format(p->q->arena, "%lld", (long long)json_integer_value(v));
	if (json_is_boolean(v))
		return text_of(json_is_true(v) ? "true" : "false");
	return (struct text){NULL, 0};
}

struct text verb_at(const struct page *p, const json_t *object, const char *key)
{
	return verb_text(p, json_object_get(object, key));
}

void verb_free(struct verb_run *v)
{
	if (v->app.disk_failed)
		server_disk_failed();
	buf_free(&v->reply.out);
	buf_free(&v->reply.notes);
	arena_free(v->arena);
}
