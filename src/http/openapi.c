/* SPDX-License-Identifier: Apache-2.0 */
/* The description of the API, OpenAPI 3.1, and the page of it: both made from the rows that answer requests, so neither is ever behind. */
#include "http/api_parts.h"

#include "base/json.h"
#include "http/fields.h"
#include "http/shapes.h"

#include <string.h>

/* --- examples --- */

/* Of names in paths: what stands in the workspace of docs/api.md. */
static const char *example_of(enum param p)
{
	static const struct {
		enum param p;
		const char *example;
	} rows[] = {
		{PARAM_CONTRACT_ID, "NW-2026"},
		{PARAM_NUMBER, "INV-2026-00001"},
		{PARAM_INVOICE, "INV-2026-00001"},
		{PARAM_HANDLE, "desk"},
		{PARAM_SETTING, "vat_id"},
		{PARAM_FACT, "o1-began"},
		{PARAM_DISPUTE_ID, "INV-2026-00001-line-1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].p == p)
			return rows[i].example;
	return "";
}

/* --- schemas --- */

static void schema_of(struct json *j, const struct route *r, enum param p)
{
	const struct param_row *row = param_row(p);

	json_open_object(j);
	switch (row->type) {
	case TYPE_FLAG:
		json_kv_str(j, "type", "boolean");
		break;
	case TYPE_COUNT:
	case TYPE_INT:
		json_kv_str(j, "type", "integer");
		json_kv_int(j, "minimum", 0);
		break;
	case TYPE_MONTH:
		json_kv_str(j, "type", "string");
		json_kv_str(j, "pattern", "^[0-9]{4}-[0-9]{2}$");
		break;
	case TYPE_DATE:
		json_kv_str(j, "type", "string");
		json_kv_str(j, "format", "date");
		break;
	case TYPE_FORMAT:
		json_kv_str(j, "type", "string");
		json_key(j, "enum");
		json_open_array(j);
		json_str(j, "json");
		json_str(j, "html");
		if (!r->no_table)
			json_str(j, "csv");
		json_str(j, "pdf");
		json_str(j, "text");
		json_end_array(j);
		break;
	case TYPE_FILE:
	case TYPE_FILE_OUT:
	case TYPE_WORD:
	case TYPE_PERIOD:
	case TYPE_INSTANT:
	case TYPE_SPAN:
	case TYPE_MONEY:
	case TYPE_ZONE:
	case TYPE_DURATION:
	case TYPE_LANG:
		json_kv_str(j, "type", "string");
		break;
	}
	json_end_object(j);
}

/* Fields of a fact: FIELD=VALUE on the command line, members of an object here. */
static void schema_in_body(struct json *j, const struct route *r, enum param p, enum param_use use)
{
	if (p == PARAM_FIELDS) {
		json_open_object(j);
		json_kv_str(j, "type", "object");
		json_kv_str(j, "description",
			    "the fields of the kind (docs/facts.md); lists are arrays, decimals "
			    "are text");
		json_end_object(j);
		return;
	}
	if (use != USE_OPTS && use != USE_ARGS) {
		schema_of(j, r, p);
		return;
	}
	json_open_object(j);
	json_kv_str(j, "type", "array");
	json_key(j, "items");
	schema_of(j, r, p);
	json_end_object(j);
}

/* Help of the command line, in names of parameters. */
static struct text help_of(struct arena *a, enum param p)
{
	struct text t = text_of(param_row(p)->help);
	char *out = arena_alloc(a, t.n + 1);
	size_t n = 0;
	bool option = false;

	for (size_t i = 0; i < t.n; i++) {
		bool begins = i == 0 || t.p[i - 1] == ' ' || t.p[i - 1] == '"';

		if (begins && i + 2 < t.n && t.p[i] == '-' && t.p[i + 1] == '-' &&
		    t.p[i + 2] >= 'a') {
			option = true;
			i++;
			continue;
		}
		option = option && ((t.p[i] >= 'a' && t.p[i] <= 'z') || t.p[i] == '-');
		out[n++] = option && t.p[i] == '-' ? '_' : t.p[i];
	}
	return (struct text){out, n};
}

/* --- parameters --- */

struct describing {
	struct arena *a;
	struct json *j;
	struct fields query; /* of the example */
};

static bool in_path(const struct route *r, struct text name)
{
	struct text names[ROUTE_NAMES_MAX];
	size_t n = route_names(r, names);

	for (size_t i = 0; i < n; i++)
		if (text_eq(names[i], name))
			return true;
	return false;
}

static bool in_body(const struct route *r, enum param p)
{
	return !r->brings && r->method == METHOD_POST && p != PARAM_LANG && p != PARAM_PAPER &&
	       strcmp(param_row(p)->name, "format") != 0;
}

static bool required(enum param p, enum param_use use)
{
	return use == USE_ARG || use == USE_MUST || p == PARAM_REPORT_ID;
}

static void typed_example(struct json *j, enum param p, struct text value)
{
	int64_t n;

	json_key(j, "example");
	if (param_row(p)->type == TYPE_FLAG)
		json_bool(j, text_is(value, "true"));
	else if ((param_row(p)->type == TYPE_COUNT || param_row(p)->type == TYPE_INT) &&
		 text_digits(value, &n))
		json_int(j, n);
	else
		json_text(j, value);
}

static void parameter(struct describing *d, const struct route *r, enum param p, enum param_use use)
{
	struct text name = route_name(d->a, p);
	bool path = in_path(r, name);
	struct text example = path ? text_of(example_of(p)) : fields_get(&d->query, name.p);
	struct json *j = d->j;

	json_open_object(j);
	json_kv_text(j, "name", name);
	json_kv_str(j, "in", path ? "path" : "query");
	json_kv_text(j, "description", help_of(d->a, p));
	json_kv_bool(j, "required", path || required(p, use));
	json_key(j, "schema");
	schema_of(j, r, p);
	if (example.n > 0)
		typed_example(j, p, example);
	json_end_object(j);
}

static void plain_parameter(struct json *j, const char *name, const char *in, const char *type,
			    const char *help, struct text example)
{
	json_open_object(j);
	json_kv_str(j, "name", name);
	json_kv_str(j, "in", in);
	json_kv_str(j, "description", help);
	json_kv_bool(j, "required", strcmp(in, "path") == 0);
	json_key(j, "schema");
	json_open_object(j);
	json_kv_str(j, "type", type);
	json_end_object(j);
	if (example.n > 0) {
		int64_t n;

		json_key(j, "example");
		if (strcmp(type, "integer") == 0 && text_digits(example, &n))
			json_int(j, n);
		else
			json_text(j, example);
	}
	json_end_object(j);
}

static void parameters(struct describing *d, const struct route *r)
{
	const struct action *action = action_row(r->action);
	enum param_use use;

	json_key(d->j, "parameters");
	json_open_array(d->j);
	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param p = action->params[i].param;

		if (route_takes(r, p, &use) && (in_path(r, route_name(d->a, p)) || !in_body(r, p)))
			parameter(d, r, p, use);
	}
	if (r->list != NULL) {
		plain_parameter(d->j, "limit", "query", "integer",
				"how many at most, 1 to 1000; default: 100",
				fields_get(&d->query, "limit"));
		plain_parameter(d->j, "after", "query", "string",
				"go on after the member of this id; the Link header has it",
				(struct text){NULL, 0});
	}
	json_end_array(d->j);
}

/* --- bodies --- */

static void types_each(struct describing *d, const char *types, struct text example)
{
	struct text rest = text_of(types), one;
	bool first = true;

	json_key(d->j, "content");
	json_open_object(d->j);
	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &one);
		json_key_text(d->j, one);
		json_open_object(d->j);
		json_key(d->j, "schema");
		json_open_object(d->j);
		json_kv_str(d->j, "type", "string");
		json_end_object(d->j);
		if (example.n > 0 && first)
			json_kv_text(d->j, "example", example);
		json_end_object(d->j);
		first = false;
	}
	json_end_object(d->j);
}

static void json_body(struct describing *d, const struct route *r)
{
	const struct action *action = action_row(r->action);
	struct json *j = d->j;
	enum param_use use;

	json_key(j, "content");
	json_open_object(j);
	json_key(j, "application/json");
	json_open_object(j);
	json_key(j, "schema");
	json_open_object(j);
	json_kv_str(j, "type", "object");
	json_kv_bool(j, "additionalProperties", false);
	json_key(j, "properties");
	json_open_object(j);
	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param p = action->params[i].param;

		if (!route_takes(r, p, &use) || in_path(r, route_name(d->a, p)) || !in_body(r, p))
			continue;
		json_key_text(j, route_name(d->a, p));
		schema_in_body(j, r, p, use);
	}
	json_end_object(j);
	json_key(j, "required");
	json_open_array(j);
	for (size_t i = 0; action->params[i].use != USE_END; i++) {
		enum param p = action->params[i].param;

		if (route_takes(r, p, &use) && !in_path(r, route_name(d->a, p)) && in_body(r, p) &&
		    required(p, use))
			json_text(j, route_name(d->a, p));
	}
	json_end_array(j);
	json_end_object(j);
	/* As text: the page and the tests send it as it stands. */
	if (r->body != NULL)
		json_kv_str(j, "x-tenor-example", r->body);
	json_end_object(j);
	json_end_object(j);
}

static void request_body(struct describing *d, const struct route *r)
{
	if (r->method != METHOD_POST)
		return;
	json_key(d->j, "requestBody");
	json_open_object(d->j);
	json_kv_bool(d->j, "required", true);
	if (r->brings)
		types_each(d, r->types, text_of(r->body));
	else
		json_body(d, r);
	json_end_object(d->j);
}

/* --- answers --- */

/* What is no JSON is text or bytes of a media type (OpenAPI 3.1, 4.8.14.3). */
static void media_schema(struct json *j, const char *type)
{
	json_key(j, "schema");
	json_open_object(j);
	json_kv_str(j, "type", "string");
	json_kv_str(j, "contentMediaType", type);
	json_end_object(j);
}

static void answer_types(struct json *j, const struct route *r)
{
	static const enum api_format formats[] = {API_HTML, API_CSV, API_PDF, API_TEXT, API_ICS};
	enum param p = PARAM_FORMAT;
	bool many = route_format(r, &p);

	json_key(j, "content");
	json_open_object(j);
	json_key_text(j, r->gives != NULL ? media_type(text_of(r->gives))
					  : text_of("application/json"));
	json_open_object(j);
	if (r->gives != NULL)
		media_schema(j, r->gives);
	(void)shape_answer(j, r->gives != NULL ? "x-tenor-line" : "schema", r);
	json_end_object(j);
	for (size_t i = 0; many && i < ARRAY_SIZE(formats); i++) {
		const char *type = api_type(formats[i]);

		if ((formats[i] == API_CSV && r->no_table) ||
		    (formats[i] == API_ICS && p != PARAM_DEADLINES_FORMAT))
			continue;
		json_key_text(j, media_type(text_of(type)));
		json_open_object(j);
		media_schema(j, type);
		json_end_object(j);
	}
	json_end_object(j);
}

static void responses(struct json *j, const struct route *r)
{
	json_key(j, "responses");
	json_open_object(j);
	if (r->records) {
		json_key(j, "201");
		json_open_object(j);
		json_kv_str(j, "description", "recorded, committed and on disk");
		answer_types(j, r);
		json_end_object(j);
	}
	json_key(j, "200");
	json_open_object(j);
	json_kv_str(j, "description",
		    r->records ? "nothing was recorded, or not all of it: the answer tells"
			       : "the answer");
	answer_types(j, r);
	json_end_object(j);
	json_key(j, "default");
	json_open_object(j);
	json_kv_str(j, "$ref", "#/components/responses/Problem");
	json_end_object(j);
	json_end_object(j);
}

/* --- routes --- */

static const char *const groups[GROUP_COUNT] = {
	[GROUP_CONTRACTS] = "contracts", [GROUP_FILES] = "service", [GROUP_RECORD] = "record",
	[GROUP_MONEY] = "money",         [GROUP_PROOF] = "proof",   [GROUP_KEEPING] = "keeping",
	[GROUP_TOOLS] = "tools",
};

/* "invoice show" with its method where a verb has two routes: invoice_show, statement_post. */
static struct text operation_id(struct arena *a, const struct route *r, bool first)
{
	struct text t = text_of(action_row(r->action)->verb);
	char *out = arena_copy(a, t.p, t.n);

	for (size_t i = 0; i < t.n; i++)
		if (out[i] == ' ' || out[i] == '-')
			out[i] = '_';
	return first ? (struct text){out, t.n}
		     : text_format(a, "%s_%s", out, method_word(r->method));
}

static void operation(struct describing *d, const struct route *r, bool first)
{
	const struct action *action = action_row(r->action);
	struct json *j = d->j;

	json_open_object(j);
	json_kv_text(j, "operationId", operation_id(d->a, r, first));
	json_kv_str(j, "summary", action->line);
	json_key(j, "tags");
	json_open_array(j);
	json_str(j, groups[action->group]);
	json_end_array(j);
	json_kv_str(j, "x-tenor-verb", action->verb);
	json_kv_str(j, "x-tenor-right", right_word(action->right));
	if (route_person(r))
		json_kv_bool(j, "x-tenor-person", true);
	parameters(d, r);
	request_body(d, r);
	responses(j, r);
	json_end_object(j);
}

/* The same path and method a second time, for files, is told with the first: an operation has one place. */
static const struct route *twin(const struct route *r)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *o = route_at(i);

		if (o != r && o->method == r->method && strcmp(o->path, r->path) == 0)
			return o;
	}
	return NULL;
}

static size_t number_of(const struct route *r)
{
	for (size_t i = 0; i < route_count(); i++)
		if (route_at(i) == r)
			return i;
	return route_count();
}

static bool first_of_verb(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (route_at(k)->action == route_at(i)->action)
			return false;
	return true;
}

static bool path_was(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(route_at(k)->path, route_at(i)->path) == 0)
			return true;
	return false;
}

static struct text lower(struct arena *a, const char *word)
{
	struct text t = text_of(word);
	char *out = arena_copy(a, t.p, t.n);

	for (size_t i = 0; i < t.n; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] - 'A' + 'a');
	return (struct text){out, t.n};
}

static void path_item(struct describing *d, size_t i)
{
	json_key(d->j, route_at(i)->path);
	json_open_object(d->j);
	for (size_t k = i; k < route_count(); k++) {
		const struct route *r = route_at(k), *other = twin(r);
		struct err ignored = {.line = 0};
		bool hidden = other != NULL && number_of(other) > k;

		if (strcmp(r->path, route_at(i)->path) != 0)
			continue;
		d->query = (struct fields){NULL, 0};
		if (r->query != NULL && r->query[0] != '\0' &&
		    pairs_parse(d->a, text_of(r->query), &d->query, &ignored) != RC_OK)
			d->query = (struct fields){NULL, 0};
		/* The one for files of two has a place of its own beside: x-tenor-files. */
		if (hidden)
			json_key(d->j, "x-tenor-files");
		else
			json_key_text(d->j, lower(d->a, method_word(r->method)));
		operation(d, r, first_of_verb(k));
	}
	json_end_object(d->j);
}

static const struct route *route_of(enum action_id action)
{
	size_t i = 0;

	while (i < route_count() && route_at(i)->action != action)
		i++;
	return route_at(i); /* which asserts that there is one */
}

/* A webhook's outages are imported, and answered like other imports. */
static void hook_item(struct json *j)
{
	static const char *const names[] = {"contract", "form",  "each",  "id",
					    "asset",    "state", "began", "ended",
					    "severity", "down",  "up"};

	json_key(j, "/api/v1/hooks/{source}");
	json_open_object(j);
	json_key(j, "post");
	json_open_object(j);
	json_kv_str(j, "operationId", "hook");
	json_kv_str(j, "summary", "outages from a monitor's webhook");
	json_key(j, "tags");
	json_open_array(j);
	json_str(j, groups[GROUP_RECORD]);
	json_end_array(j);
	json_key(j, "parameters");
	json_open_array(j);
	plain_parameter(j, "source", "path", "string", "name of the monitor",
			text_of("alertmanager"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		plain_parameter(j, names[i], "query", "string",
				i == 0 ? "the contract, where the token has several"
				       : "see docs/api.md",
				text_of(i == 0   ? "NW-2026"
					: i == 1 ? "alertmanager"
						 : ""));
	json_end_array(j);
	json_key(j, "requestBody");
	json_open_object(j);
	json_kv_bool(j, "required", true);
	json_key(j, "content");
	json_open_object(j);
	json_key(j, "application/json");
	json_open_object(j);
	json_key(j, "schema");
	json_open_object(j);
	json_key(j, "type");
	json_open_array(j);
	json_str(j, "object");
	json_str(j, "array");
	json_end_array(j);
	json_kv_str(j, "description", "what the monitor sends; the query says what stands where");
	json_end_object(j);
	json_kv_str(j, "x-tenor-example",
		    "{\"alerts\": [{\"status\": \"firing\", \"fingerprint\": \"a1b2c3\", "
		    "\"startsAt\": \"2026-03-25T08:30:00Z\", \"labels\": {\"asset\": \"records\", "
		    "\"severity\": \"critical\"}}]}");
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	responses(j, route_of(ACTION_IMPORT));
	json_end_object(j);
	json_end_object(j);
}

/* --- the rest --- */

static void problem_schema(struct json *j)
{
	static const struct {
		const char *name, *type, *about;
	} members[] = {
		{"type", "string", "about:blank"},
		{"title", "string", "what the status or the code means"},
		{"status", "integer", "the status of the answer"},
		{"detail", "string", "what was wrong"},
		{"hint", "string", "what would be right"},
		{"code", "string", "a word for programs"},
		{"field", "string", "the parameter or field it is about"},
		{"line", "integer", "in the body, from 1"},
		{"column", "integer", "in the line, from 1"},
		{"committed_line", "integer", "of facts in bulk: all up to this line is recorded"},
		{"notes", "array", "further lines, for example every error of a contract"},
		{"request", "string", "id of the request, also in the server's log"},
	};

	json_open_object(j);
	json_kv_str(j, "type", "object");
	json_key(j, "required");
	json_open_array(j);
	json_str(j, "title");
	json_str(j, "status");
	json_str(j, "code");
	json_str(j, "request");
	json_end_array(j);
	json_key(j, "properties");
	json_open_object(j);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		json_key(j, members[i].name);
		json_open_object(j);
		json_kv_str(j, "type", members[i].type);
		json_kv_str(j, "description", members[i].about);
		if (strcmp(members[i].type, "array") == 0) {
			json_key(j, "items");
			json_open_object(j);
			json_kv_str(j, "type", "string");
			json_end_object(j);
		}
		json_end_object(j);
	}
	json_end_object(j);
	json_end_object(j);
}

static void components(struct json *j)
{
	json_key(j, "components");
	json_open_object(j);
	json_key(j, "schemas");
	json_open_object(j);
	json_key(j, "Problem");
	problem_schema(j);
	shapes_named(j);
	json_end_object(j);
	json_key(j, "responses");
	json_open_object(j);
	json_key(j, "Problem");
	json_open_object(j);
	json_kv_str(j, "description", "it was refused (RFC 9457)");
	json_key(j, "content");
	json_open_object(j);
	json_key(j, "application/problem+json");
	json_open_object(j);
	json_key(j, "schema");
	json_open_object(j);
	json_kv_str(j, "$ref", "#/components/schemas/Problem");
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	json_key(j, "securitySchemes");
	json_open_object(j);
	json_key(j, "token");
	json_open_object(j);
	json_kv_str(j, "type", "http");
	json_kv_str(j, "scheme", "bearer");
	json_kv_str(j, "description", "a token of \"tenor token add\": tnr_ and 69 characters");
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	json_key(j, "security");
	json_open_array(j);
	json_open_object(j);
	json_key(j, "token");
	json_open_array(j);
	json_end_array(j);
	json_end_object(j);
	json_end_array(j);
}

enum { DESCRIPTION_ARENA = 64 << 20 };

void openapi_print(struct text base_url, struct buf *out)
{
	struct arena *a = arena_new(DESCRIPTION_ARENA);
	struct json j;
	struct describing d = {.a = a, .j = &j};

	json_init(&j, out, false);
	json_open_object(&j);
	json_kv_str(&j, "openapi", "3.1.0");
	json_key(&j, "info");
	json_open_object(&j);
	json_kv_str(&j, "title", "Tenor");
	json_kv_str(&j, "version", TENOR_VERSION);
	json_kv_str(&j, "summary",
		    "managed service contracts: facts in, statements, invoices and proofs out");
	json_end_object(&j);
	json_key(&j, "servers");
	json_open_array(&j);
	json_open_object(&j);
	json_kv_text(&j, "url", base_url.n > 0 ? base_url : text_of("/"));
	json_end_object(&j);
	json_end_array(&j);
	json_key(&j, "paths");
	json_open_object(&j);
	for (size_t i = 0; i < route_count(); i++)
		if (!path_was(i))
			path_item(&d, i);
	hook_item(&j);
	json_end_object(&j);
	components(&j);
	json_end_object(&j);
	buf_char(out, '\n');
	arena_free(a);
}
