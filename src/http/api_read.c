/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as a call: path values, query, JSON body, the file that is the body, Accept, Idempotency-Key. Whatever the table does not
 * name, or is named twice, is an error that says so (trust.md S13).
 */
#include "http/api_parts.h"

#include "app/values.h"
#include "facts/json_read.h"
#include "http/fields.h"

#include <assert.h>
#include <string.h>

static enum rc wrong(struct text name, struct err *err)
{
	err_key(err, name);
	return RC_USAGE;
}

static enum rc unknown(const struct route *r, struct arena *a, struct text name, struct err *err)
{
	const struct action *action = action_row(r->action);
	struct text names[ACTION_PARAMS_MAX];
	enum param_use use;
	size_t n = 0;

	for (size_t i = 0; action->params[i].use != USE_END; i++)
		if (route_takes(r, action->params[i].param, &use))
			names[n++] = route_name(a, action->params[i].param);

	struct text near = text_nearest(name, names, n);

	if (near.n > 0)
		err_hint(err, "did you mean %.*s?", TEXT_ARG(near));
	else
		err_hint(err, "/api lists what there is");
	(void)err_set(err, RC_USAGE, "there is no parameter '%.*s' here", TEXT_ARG(name));
	return wrong(name, err);
}

/* --- values --- */

struct reading {
	const struct request *q;
	struct api_call *call;
	bool given[PARAM_COUNT]; /* in an earlier place: path, query or body */
	struct err *err;
};

static enum rc twice(struct text name, struct err *err)
{
	(void)err_set(err, RC_USAGE, "'%.*s' is given twice", TEXT_ARG(name));
	return wrong(name, err);
}

static enum rc add(struct reading *x, enum param p, struct text name, struct text value)
{
	struct args *args = &x->call->args;
	struct arena *a = x->q->arena;
	size_t n = args->values[p].n;
	enum rc rc;

	if (memchr(value.p, 0, value.n) != NULL) {
		(void)err_set(x->err, RC_USAGE, "'%.*s' has a NUL in it", TEXT_ARG(name));
		return wrong(name, x->err);
	}
	rc = value_check(param_row(p), value, x->err);
	if (rc != RC_OK)
		return wrong(name, x->err);
	if (n >= API_VALUES_MAX) {
		(void)err_set(x->err, RC_USAGE, "'%.*s' has more than %d values", TEXT_ARG(name),
			      API_VALUES_MAX);
		return wrong(name, x->err);
	}

	struct text *v = arena_array(a, struct text, n + 1);

	for (size_t i = 0; i < n; i++)
		v[i] = args->values[p].v[i];
	v[n] = text_copy(a, value);
	args->values[p].v = v;
	args->values[p].n = n + 1;
	return RC_OK;
}

/* A flag is true or it is not there: "false" is the same as nothing. */
static enum rc add_flag(struct reading *x, enum param p, struct text name, struct text value)
{
	if (text_is(value, "false"))
		return RC_OK;
	if (text_is(value, "true"))
		return add(x, p, name, value);
	(void)err_set(x->err, RC_USAGE, "'%.*s' is true or false", TEXT_ARG(name));
	return wrong(name, x->err);
}

static enum rc add_text(struct reading *x, enum param p, struct text name, struct text value)
{
	return param_row(p)->type == TYPE_FLAG ? add_flag(x, p, name, value)
					       : add(x, p, name, value);
}

static bool repeats(enum param_use use)
{
	return use == USE_OPTS || use == USE_ARGS;
}

static bool find(const struct reading *x, struct text name, enum param *p, enum param_use *use)
{
	return route_param(x->call->route, name, p, use);
}

static enum rc from_path(struct reading *x, const struct route_match *m)
{
	struct text names[ROUTE_NAMES_MAX];
	size_t n = route_names(m->route, names);
	enum param_use use;
	enum param p;

	for (size_t i = 0; i < n; i++) {
		bool there = find(x, names[i], &p, &use);

		assert(there && "a name in a path is a parameter of its verb");
		enum rc rc = there ? add_text(x, p, names[i], m->values[i]) : RC_USAGE;

		if (rc != RC_OK)
			return rc;
		x->given[p] = true;
	}
	return RC_OK;
}

/* limit and after of a list; *taken: it was one of these. */
static enum rc page_field(struct reading *x, const struct field *f, bool *taken)
{
	struct api_page *page = &x->call->page;

	*taken = false;
	if (x->call->route->list == NULL)
		return RC_OK;
	if (text_is(f->name, "after")) {
		*taken = true;
		page->after = f->value;
		return RC_OK;
	}
	if (!text_is(f->name, "limit"))
		return RC_OK;
	*taken = true;
	if (value_limit(f->value, API_PAGE_MAX, &page->limit, x->err) != RC_OK)
		return wrong(f->name, x->err);
	return RC_OK;
}

/* Where the body is JSON, the query says only how to answer. */
static bool about_answer(enum param p)
{
	return p == PARAM_LANG || p == PARAM_PAPER ||
	       text_is(text_of(param_row(p)->name), "format");
}

static enum rc from_query(struct reading *x)
{
	bool body_is_json = !x->call->route->brings && !method_safe(x->call->route->method);

	for (size_t i = 0; i < x->q->query.n; i++) {
		const struct field *f = &x->q->query.v[i];
		enum param_use use;
		enum param p;
		bool taken;
		enum rc rc = page_field(x, f, &taken);

		if (rc != RC_OK)
			return rc;
		if (taken)
			continue;
		if (!find(x, f->name, &p, &use))
			return unknown(x->call->route, x->q->arena, f->name, x->err);
		if (body_is_json && !about_answer(p)) {
			err_hint(x->err, "write it into the JSON of the body");
			(void)err_set(x->err, RC_USAGE, "'%.*s' stands in the query",
				      TEXT_ARG(f->name));
			return wrong(f->name, x->err);
		}
		if (x->given[p])
			return twice(f->name, x->err);
		x->given[p] = true;
		rc = add_text(x, p, f->name, f->value);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- the JSON body --- */

enum rc api_depth(struct text body, struct err *err)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < body.n; i++) {
		char c = body.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '[') && ++depth > API_DEPTH_MAX) {
			err_code(err, "json.syntax");
			return err_set(err, RC_USAGE, "the JSON is nested deeper than %d",
				       API_DEPTH_MAX);
		} else if (!quoted && (c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return RC_OK;
}

/* Text, whole number, true or false as a word of the command line. false: it is none of these. */
static bool as_word(struct arena *a, const json_t *v, struct text *out)
{
	if (json_is_string(v))
		*out = (struct text){json_string_value(v), json_string_length(v)};
	else if (json_is_integer(v))
		*out = text_format(a, "%lld", (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		*out = text_of(json_is_true(v) ? "true" : "false");
	else
		return false;
	return true;
}

static enum rc no_word(struct reading *x, struct text name, const json_t *v)
{
	if (json_is_real(v))
		err_hint(x->err, "write decimals as text: \"12.50\"");
	else if (json_is_null(v))
		err_hint(x->err, "leave it out");
	(void)err_set(x->err, RC_USAGE, "the value of '%.*s' is no text", TEXT_ARG(name));
	return wrong(name, x->err);
}

static enum rc add_list(struct reading *x, enum param p, struct text name, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);
		struct text word;
		enum rc rc = as_word(x->q->arena, v, &word) ? add(x, p, name, word)
							    : no_word(x, name, v);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* A list among fields is one word, with commas: so no member has one. */
static enum rc joined(struct reading *x, struct text key, const json_t *list, struct text *out)
{
	struct text all = {"", 0};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);
		struct text word;

		if (!as_word(x->q->arena, v, &word))
			return no_word(x, key, v);
		if (text_find(word, ',', 0) < word.n) {
			(void)err_set(x->err, RC_USAGE, "a member of '%.*s' has a comma",
				      TEXT_ARG(key));
			return wrong(key, x->err);
		}
		all = text_format(x->q->arena, "%.*s%s%.*s", TEXT_ARG(all), i > 0 ? "," : "",
				  TEXT_ARG(word));
	}
	*out = all;
	return RC_OK;
}

/* {"priority": "P1", "assets": ["web"]} as FIELD=VALUE, each. */
static enum rc add_fields(struct reading *x, enum param p, const json_t *object)
{
	json_t *o = (json_t *)(uintptr_t)object; /* iterating changes nothing */

	for (void *at = json_object_iter(o); at != NULL; at = json_object_iter_next(o, at)) {
		struct text key = text_copy(x->q->arena, text_of(json_object_iter_key(at))), word;
		const json_t *v = json_object_iter_value(at);
		enum rc rc = RC_OK;

		if (json_is_array(v))
			rc = joined(x, key, v, &word);
		else if (!as_word(x->q->arena, v, &word))
			rc = no_word(x, key, v);
		if (rc == RC_OK)
			rc = add(x, p, key,
				 text_format(x->q->arena, "%.*s=%.*s", TEXT_ARG(key),
					     TEXT_ARG(word)));
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc add_json(struct reading *x, enum param p, enum param_use use, struct text name,
			const json_t *v)
{
	struct text word;

	if (p == PARAM_FIELDS && json_is_object(v))
		return add_fields(x, p, v);
	if (json_is_array(v) && repeats(use))
		return add_list(x, p, name, v);
	if (!as_word(x->q->arena, v, &word))
		return no_word(x, name, v);
	return add_text(x, p, name, word);
}

static enum rc members(struct reading *x, const json_t *object)
{
	json_t *o = (json_t *)(uintptr_t)object;

	for (void *at = json_object_iter(o); at != NULL; at = json_object_iter_next(o, at)) {
		struct text name = text_copy(x->q->arena, text_of(json_object_iter_key(at)));
		enum param_use use;
		enum param p;
		enum rc rc;

		if (!find(x, name, &p, &use))
			return unknown(x->call->route, x->q->arena, name, x->err);
		if (x->given[p])
			return twice(name, x->err);
		x->given[p] = true;
		rc = add_json(x, p, use, name, json_object_iter_value(at));
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc other_type(struct text type, const char *right, struct err *err)
{
	err_code(err, "content_type");
	err_key(err, text_of("content_type"));
	err_hint(err, "send %s, in UTF-8", right);
	return err_set(err, RC_USAGE, "'%.*s' is not read here", TEXT_ARG(type));
}

static enum rc right_type(const struct request *q, const char *types, struct err *err)
{
	struct text whole = fields_get(&q->headers, "content-type");
	struct text type = media_type(whole), charset = media_parameter(q->arena, whole, "charset");
	bool utf8 = charset.n == 0 || text_eq_nocase(charset, text_of("utf-8"));

	return utf8 && route_type_is(types, type) ? RC_OK : other_type(whole, types, err);
}

static enum rc from_json(struct reading *x)
{
	struct text body = x->q->body;
	json_t *value;
	enum rc rc;

	if (text_trim(body).n == 0)
		return RC_OK;
	rc = right_type(x->q, "application/json", x->err);
	if (rc == RC_OK)
		rc = api_depth(body, x->err);
	if (rc != RC_OK)
		return rc;
	value = json_strict(body, x->err);
	if (value == NULL) {
		err_code(x->err, "json.syntax");
		return RC_USAGE;
	}
	if (json_is_object(value)) {
		rc = members(x, value);
	} else {
		err_code(x->err, "json.syntax");
		rc = err_set(x->err, RC_USAGE, "the body is no JSON object");
	}
	json_decref(value);
	return rc;
}

static enum rc from_body(struct reading *x)
{
	const struct route *r = x->call->route;
	struct args *args = &x->call->args;
	static const struct text body = {"-", 1};
	enum rc rc;

	if (method_safe(r->method) || r->method == METHOD_DELETE)
		return RC_OK;
	if (!r->brings)
		return from_json(x);
	rc = right_type(x->q, r->types, x->err);
	if (rc == RC_OK && x->q->body.n == 0)
		rc = err_set(x->err, RC_USAGE, "the body is empty: it brings %s",
			     param_row(r->file)->help);
	args->values[r->file].v = &body;
	args->values[r->file].n = 1;
	return rc;
}

/* --- a key against doing it twice --- */

/* S20: the key is the id that what is recorded gets, where the verb takes one; elsewhere doing it again changes nothing anyway. */
static enum rc from_key(struct reading *x)
{
	struct text key = fields_get(&x->q->headers, "idempotency-key");
	struct args *args = &x->call->args;
	enum param_use use;
	enum param p = PARAM_REPORT_ID;

	if (!route_takes(x->call->route, p, &use))
		p = PARAM_PAYMENT_ID;
	if (!route_takes(x->call->route, p, &use) || key.n == 0)
		return RC_OK;
	if (!args_has(args, p))
		return add(x, p, text_of("id"), key);
	if (text_eq(args_text(args, p), key))
		return RC_OK;
	err_code(x->err, "idempotency_key");
	err_key(x->err, text_of("id"));
	return err_set(x->err, RC_INVALID, "Idempotency-Key is another id than the body's");
}

/* --- what must be there --- */

static enum rc all_there(const struct reading *x)
{
	const struct route *r = x->call->route;
	const struct action *action = action_row(r->action);
	enum param_use use;

	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param p = action->params[i].param;
		/* A fact that is sent twice is one fact: so its id comes with it (S20). */
		bool must = action->params[i].use == USE_ARG || action->params[i].use == USE_MUST ||
			    p == PARAM_REPORT_ID;

		if (!must || args_has(&x->call->args, p) || !route_takes(r, p, &use))
			continue;

		struct text name = route_name(x->q->arena, p);

		(void)err_set(x->err, RC_USAGE, "'%.*s' is missing: %s", TEXT_ARG(name),
			      param_row(p)->help);
		return wrong(name, x->err);
	}
	return RC_OK;
}

/* --- the answer that is wanted --- */

static const struct {
	enum api_format format;
	const char *word, *type, *media;
} formats[] = {
	{API_JSON, "json", "application/json", "application/json"},
	{API_HTML, "html", "text/html; charset=utf-8", "text/html"},
	{API_CSV, "csv", "text/csv; charset=utf-8", "text/csv"},
	{API_PDF, "pdf", "application/pdf", "application/pdf"},
	{API_TEXT, "text", "text/plain; charset=utf-8", "text/plain"},
	{API_ICS, "ics", "text/calendar; charset=utf-8", "text/calendar"},
};

const char *api_type(enum api_format f)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (formats[i].format == f)
			return formats[i].type;
	return "application/octet-stream";
}

/* q of a range in thousandths; 1000 without one. */
static int quality(struct arena *a, struct text range)
{
	struct text q = text_trim(media_parameter(a, range, "q"));
	int out = 0, unit = 1000;

	if (q.n == 0)
		return 1000;
	for (size_t i = 0; i < q.n && unit > 0; i++) {
		if (q.p[i] == '.' && i == 1)
			continue;
		if (q.p[i] < '0' || q.p[i] > '9')
			return 0;
		out += (q.p[i] - '0') * unit;
		unit /= 10;
	}
	return out > 1000 ? 1000 : out;
}

static bool in_range(struct text range, const char *media)
{
	struct text type = text_of(media);
	size_t slash = text_find(type, '/', 0);

	return text_is(range, "*/*") || text_eq_nocase(range, type) ||
	       (text_ends(range, "/*") &&
		text_eq_nocase(text_sub(range, 0, range.n - 1), text_sub(type, 0, slash + 1)));
}

/* How much Accept wants this kind: the most exact range decides, 0 is not at all. */
static int wanted(struct arena *a, struct text accept, const char *media)
{
	struct text rest = accept, one;
	int best = -1, exact = -1;

	if (accept.p == NULL || text_trim(accept).n == 0)
		return 1000;
	while (rest.n > 0) {
		rest = text_cut(rest, ',', &one);

		struct text range = media_type(text_trim(one));
		int how = text_is(range, "*/*") ? 0 : text_ends(range, "/*") ? 1 : 2;

		if (!in_range(range, media) || how < exact)
			continue;
		exact = how;
		best = quality(a, one);
	}
	return best < 0 ? 0 : best;
}

/* The formats that a verb may have; a calendar only where it says so itself. */
static bool offers(const struct route *r, enum api_format f)
{
	enum param p;

	if (f == API_JSON)
		return true;
	return route_format(r, &p) && (f != API_ICS || p != PARAM_FORMAT);
}

static enum rc not_acceptable(const struct route *r, struct err *err)
{
	err_code(err, "not_acceptable");
	err_key(err, text_of("accept"));
	if (r->gives != NULL)
		err_hint(err, "there is %s", r->gives);
	else
		err_hint(err, offers(r, API_HTML)
				      ? "there is application/json, and text/html, text/csv, "
					"application/pdf, text/plain where the verb has them"
				      : "there is application/json");
	return err_set(err, RC_USAGE, "there is no answer of the kind that Accept names");
}

static void set(struct args *args, enum param p, const struct text *value)
{
	args->values[p].v = value;
	args->values[p].n = 1;
}

static const struct text yes = {"true", 4};

/* What the row says, and nothing else. */
static enum rc as_given(struct reading *x, struct text accept)
{
	const struct route *r = x->call->route;
	struct text type = media_type(text_of(r->gives));

	x->call->format = API_OTHER;
	if (text_is(type, "application/x-ndjson"))
		set(&x->call->args, PARAM_JSON, &yes);
	return wanted(x->q->arena, accept, arena_copy(x->q->arena, type.p, type.n)) > 0
		       ? RC_OK
		       : not_acceptable(r, x->err);
}

/* The format of the query, else the best of Accept. false: none will do. */
static bool choose(const struct reading *x, struct text accept, struct text format, size_t *best)
{
	int most = 0;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		int how = offers(x->call->route, formats[i].format)
				  ? wanted(x->q->arena, accept, formats[i].media)
				  : 0;

		if (format.n > 0)
			how = text_is(format, formats[i].word) ? 1000 : 0;
		if (how > most) {
			most = how;
			*best = i;
		}
	}
	return most > 0;
}

static enum rc from_accept(struct reading *x)
{
	struct text accept = fields_get(&x->q->headers, "accept"), format = {NULL, 0}, *word;
	const struct route *r = x->call->route;
	struct args *args = &x->call->args;
	enum param p = PARAM_FORMAT;
	size_t best = 0;

	if (r->gives != NULL)
		return as_given(x, accept);
	if (route_format(r, &p))
		format = args_text(args, p);
	if (!choose(x, accept, format, &best)) {
		if (format.n == 0)
			return not_acceptable(r, x->err);
		(void)err_set(x->err, RC_USAGE, "'%.*s' is no format", TEXT_ARG(format));
		return wrong(text_of("format"), x->err);
	}
	x->call->format = formats[best].format;
	args->values[p].n = 0;
	if (x->call->format == API_JSON) {
		set(args, PARAM_JSON, &yes);
		return RC_OK;
	}
	word = arena_one(x->q->arena, struct text);
	*word = text_of(formats[best].word);
	set(args, p, word);
	return RC_OK;
}

enum rc api_read(const struct request *q, const struct route_match *m, struct api_call *out,
		 struct err *err)
{
	struct reading x = {.q = q, .call = out, .err = err};
	struct text *value;
	enum rc rc;

	*out = (struct api_call){.route = m->route};
	out->args.action = action_row(m->route->action);
	rc = from_path(&x, m);
	if (rc == RC_OK)
		rc = from_query(&x);
	if (rc == RC_OK)
		rc = from_body(&x);
	if (rc == RC_OK)
		rc = from_key(&x);
	if (rc == RC_OK)
		rc = all_there(&x);
	if (rc == RC_OK)
		rc = from_accept(&x);
	if (rc != RC_OK)
		return rc;
	out->dry = args_has(&out->args, PARAM_DRY_RUN);
	if (m->route->sets_value == NULL)
		return RC_OK;
	value = arena_one(q->arena, struct text);
	*value = text_of(m->route->sets_value);
	set(&out->args, m->route->sets, value);
	return RC_OK;
}
