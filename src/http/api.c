/* SPDX-License-Identifier: Apache-2.0 */
#include "http/api_parts.h"

#include "app/recall.h"
#include "app/zones.h"
#include "base/json.h"
#include "base/sha256.h"
#include "http/fields.h"
#include "http/limits.h"
#include "http/problem.h"
#include "http/server.h"

#include <string.h>

struct api {
	struct api_options o;
	struct zone_source zones; /* each is read once */
	int64_t recalled;         /* by the request under way (struct served) */
};

struct api *api_new(struct arena *a, const struct api_options *o)
{
	struct api *api = arena_one(a, struct api);

	api->o = *o;
	api->zones = zones_system(a);
	return api;
}

/* --- running --- */

void api_give(struct arena *a, struct args *args, enum param p, struct text value)
{
	struct text *v = arena_one(a, struct text);

	*v = value;
	args->values[p].v = v;
	args->values[p].n = 1;
}

static void act_as(struct api *api, const struct visitor *who, struct arena *a, struct args *args)
{
	struct text actor = who->kind == VISITOR_TOKEN ? who->token : who->user;

	api_give(a, args, PARAM_AS, actor);
	api_give(a, args, PARAM_WORKSPACE, api->o.workspace);
	if (api->o.key.n > 0)
		api_give(a, args, PARAM_KEY, api->o.key);
}

/* Paths of the server are nobody's business (S13). */
static void without_path(char *message, struct text path)
{
	static const char put[] = "the workspace";
	size_t n = strlen(message);

	for (size_t at = 0; path.n >= sizeof(put) - 1 && at + path.n <= n; at++) {
		if (memcmp(message + at, path.p, path.n) != 0)
			continue;
		memcpy(message + at, put, sizeof(put) - 1);
		memmove(message + at + sizeof(put) - 1, message + at + path.n, n - at - path.n + 1);
		return;
	}
}

static void etag(struct response *r)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(buf_view(&r->body), hex);
	r->etag = text_format(r->arena, "\"%.32s\"", hex);
}

/* Where a list goes on: RFC 8288. */
static void link_next(const struct request *q, const struct api_call *call, struct text next,
		      struct response *r)
{
	struct buf b;

	if (next.n == 0)
		return;
	buf_init(&b, 8192);
	buf_printf(&b, "<%.*s?limit=%lld&after=", TEXT_ARG(q->path),
		   (long long)(call->page.limit > 0 ? call->page.limit : API_PAGE));
	buf_path_segment(&b, next);
	buf_str(&b, ">; rel=\"next\"");
	response_field(r, "Link", buf_view(&b));
	buf_free(&b);
}

/* J28: the same again is answered as at first, and says that it is. */
static bool was_there(const struct api_call *call, const struct buf *out)
{
	enum action_id a = call->route->action;

	return (a == ACTION_FACT_ADD || a == ACTION_TICKET_ATTACH) &&
	       text_has(buf_view(out), text_of("\"again\": true"));
}

static enum rc deliver(const struct request *q, const struct api_call *call, struct reply *reply,
		       struct response *r, struct err *err)
{
	const struct route *route = call->route;
	struct text next = {NULL, 0};
	enum rc rc = RC_OK;

	if (route->list != NULL && call->format == API_JSON)
		rc = api_cut(r->arena, route, &call->page, &reply->out, &next, err);
	if (rc != RC_OK)
		return rc;
	if (reply->out.n > RESPONSE_BODY_MAX)
		return err_set(err, RC_LIMIT,
			       "the answer is larger than %d MiB: ask for less at once",
			       RESPONSE_BODY_MAX >> 20);
	buf_clear(&r->body);
	if (call->format == API_JSON)
		json_compact(buf_view(&reply->out), &r->body);
	else
		buf_text(&r->body, buf_view(&reply->out));
	r->status = route->records && !call->dry && reply->status == 0 ? 201 : 200;
	r->type = text_of(call->format == API_OTHER ? route->gives : api_type(call->format));
	if (reply->file_name.n > 0)
		response_file(r, reply->file_name);
	link_next(q, call, next, r);
	if (was_there(call, &reply->out))
		response_field(r, "Idempotent-Replayed", text_of("true"));
	if (method_safe(q->method))
		etag(r);
	return RC_OK;
}

enum rc api_act(struct api *api, const struct visitor *who, const struct request *q,
		struct args *args, struct text body, struct reply *reply, struct err *err)
{
	const struct served served = {.body = body,
				      .counts = &server_counts,
				      .first_line = q->piece == NULL ? 0 : q->piece->first_line,
				      .recalled = q->heavy == HEAVY_NOW ? NULL : &api->recalled};
	struct app app = {.arena = q->arena,
			  .world = api->o.world,
			  .zones = api->zones,
			  .served = &served,
			  .kept = api->o.kept};
	enum rc rc;

	act_as(api, who, q->arena, args);
	rc = app_run(&app, args, reply, err);
	if (app.disk_failed)
		server_disk_failed();
	if (rc != RC_OK) {
		without_path(err->message, api->o.workspace);
		without_path(err->message, api->o.key);
	}
	return rc;
}

void api_run(struct api *api, const struct visitor *who, const struct request *q,
	     struct api_call *call, struct text body, struct response *r)
{
	struct err err = {.line = 0};
	struct reply reply;
	enum rc rc = api_act(api, who, q, &call->args, body, &reply, &err);

	if (rc == RC_OK)
		rc = deliver(q, call, &reply, r, &err);
	if (rc != RC_OK)
		response_problem_noted(r, q, rc, &err, buf_view(&reply.notes));
	buf_free(&reply.out);
	buf_free(&reply.notes);
}

/* --- what is asked for --- */

static bool path_is(const struct request *q, const char *const *words, size_t n)
{
	if (q->n_segments != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!text_is(q->segments[i], words[i]))
			return false;
	return true;
}

static void not_found(const struct request *q, struct response *r)
{
	const struct err none = {.line = 0};

	response_problem_err(r, q, RC_MISSING, &none);
}

static void other_method(const struct request *q, const bool allowed[METHOD_COUNT],
			 struct response *r)
{
	struct text list = {"", 0};

	for (size_t m = 0; m < METHOD_COUNT; m++)
		if (allowed[m])
			list = text_format(r->arena, "%.*s%s%s", TEXT_ARG(list),
					   list.n > 0 ? ", " : "", method_word((enum method)m));
	response_problem(r, q, 405, "method", "that is not done here",
			 text_format(r->arena, "here is %.*s", TEXT_ARG(list)));
	response_field(r, "Allow", list);
}

/*
 * What records is done or not by what it says, not by what stands at its path: a condition would be passed over, and whoever sent it would
 * believe it had been looked at (RFC 9110 13.1).
 */
static bool conditional(const struct request *q, struct response *r)
{
	static const char *const fields[] = {"if-match", "if-none-match", "if-unmodified-since"};

	for (size_t i = 0; i < ARRAY_SIZE(fields) && !method_safe(q->method); i++) {
		if (fields_get(&q->headers, fields[i]).p == NULL)
			continue;
		response_problem(r, q, 412, "precondition", "what records takes no condition",
				 text_format(r->arena, "send it without %s", fields[i]));
		return true;
	}
	return false;
}

/* What needs no token, since it tells nothing of anybody. */
static bool open_to_all(const struct request *q, struct response *r)
{
	static const char *const page[] = {"api"};
	static const char *const description[] = {"api", "v1", "openapi.json"};
	bool is_page = path_is(q, page, ARRAY_SIZE(page));

	if (!is_page && !path_is(q, description, ARRAY_SIZE(description)))
		return false;
	r->action = "openapi";
	if (!method_safe(q->method)) {
		const bool allowed[METHOD_COUNT] = {[METHOD_GET] = true, [METHOD_HEAD] = true};

		other_method(q, allowed, r);
		return true;
	}
	buf_clear(&r->body);
	if (is_page)
		api_page(&r->body);
	else
		openapi_print((struct text){NULL, 0}, &r->body);
	r->type = text_of(is_page ? api_type(API_HTML) : "application/openapi+json;version=3.1");
	etag(r);
	return true;
}

/* Whose token it is; false: answered. */
static bool known(struct door *d, const struct request *q, struct response *r, struct visitor *who)
{
	struct err err = {.line = 0};
	enum rc rc = door_api(d, q, r, who, &err);
	bool told = false;

	if (rc == RC_OK)
		return true;
	response_problem_err(r, q, rc, &err);
	for (size_t i = 0; i < r->n_fields; i++)
		told = told || text_eq_nocase(r->fields[i].name, text_of("www-authenticate"));
	if (r->status == 401 && !told)
		response_field(r, "WWW-Authenticate", text_of("Bearer"));
	return false;
}

size_t api_body_max(const struct request *q)
{
	struct route_match m;

	route_find(q->segments, q->n_segments, q->method,
		   media_type(fields_get(&q->headers, "content-type")), &m);
	return m.route != NULL && m.route->brings && m.route->file == PARAM_ATTACHED
		       ? LIMIT_UPLOAD_BYTES
		       : server_body_max(q);
}

/* What leaves as a file of its own, not as an answer to a program. */
static bool is_export(const struct api_call *call)
{
	return call->route->action == ACTION_EXPORT_BUNDLE || call->format == API_PDF ||
	       call->format == API_CSV || call->format == API_ICS ||
	       call->route->action == ACTION_INVOICE_XML;
}

void api_handle(struct api *api, struct door *d, const struct request *q, struct response *r)
{
	struct err err = {.line = 0};
	struct visitor who = {.kind = VISITOR_NOBODY};
	struct route_match m;
	struct api_call call;
	enum rc rc;

	api->recalled = 0;
	if (open_to_all(q, r) || !known(d, q, r, &who))
		return;
	r->actor = text_copy(r->arena, who.kind == VISITOR_TOKEN ? who.token : who.user);
	if (conditional(q, r))
		return;
	if (text_is(q->segments[0], "log")) {
		api_tlog(api, &who, q, r);
		return;
	}
	if (door_is_hook(q)) {
		api_hook(api, &who, q, q->segments[3], r);
		return;
	}
	route_find(q->segments, q->n_segments, q->method,
		   media_type(fields_get(&q->headers, "content-type")), &m);
	if (m.route == NULL) {
		bool any = false;

		for (size_t i = 0; i < METHOD_COUNT; i++)
			any = any || m.allowed[i];
		if (any)
			other_method(q, m.allowed, r);
		else
			not_found(q, r);
		return;
	}
	r->action = action_row(m.route->action)->verb;
	rc = api_read(q, &m, &call, &err);
	if (rc == RC_OK && is_export(&call))
		rc = door_export(d, q, r, &who, &err);
	if (rc == RC_OK && (q->heavy == HEAVY_BUSY || q->heavy == HEAVY_LARGE))
		rc = request_heavy(q, &err);
	if (rc != RC_OK)
		response_problem_err(r, q, rc, &err);
	else if (q->piece != NULL)
		api_piece(api, &who, q, &call, r);
	else
		api_run(api, &who, q, &call, q->body, r);
	r->heavy = q->heavy == HEAVY_UNASKED && api->recalled > RECALL_SERVED_MAX;
}
