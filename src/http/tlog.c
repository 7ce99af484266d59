/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record as C2SP tlog-tiles has it (trust.md J9, J17), for tools that know no Tenor: /log/UUID/checkpoint, /log/UUID/tile/...,
 * POST /log/UUID/cosignature. Each is a verb, with its rights; a token as for the API.
 */
#include "http/api_parts.h"

#include "http/server.h"

#include <string.h>

/* "tile/0/x001/067.p/8": the rest of the path as it was sent. */
static struct text rest_of(const struct request *q, size_t from)
{
	struct text out = text_of("");

	for (size_t i = from; i < q->n_segments; i++)
		out = text_format(q->arena, "%.*s%s%.*s", TEXT_ARG(out), i > from ? "/" : "",
				  TEXT_ARG(q->segments[i]));
	return out;
}

/* What is not for one's eyes is not there (J9). */
static void refuse(const struct request *q, struct response *r, enum rc rc, const struct err *err)
{
	const struct err none = {.line = 0};

	if (strcmp(err->code, "right") == 0)
		response_problem_err(r, q, RC_MISSING, &none);
	else
		response_problem_err(r, q, rc, err);
}

/* A cosignature that is not taken, as J17 and C2SP say it. */
static void refuse_line(const struct request *q, struct response *r, enum rc rc,
			const struct err *err, const struct reply *reply)
{
	bool unknown = strcmp(err->code, "unknown_key") == 0 || strcmp(err->code, "bad_signature") == 0;

	if (unknown) {
		response_problem(r, q, 403, err->code, "this cosignature is not taken",
				 text_of(err->message));
	} else if (strcmp(err->code, "size_below") == 0) {
		buf_clear(&r->body);
		buf_text(&r->body, buf_view(&reply->out));
		r->status = 409;
		r->type = text_of("text/x.tlog.size");
	} else {
		refuse(q, r, rc, err);
	}
}

static void run(struct api *api, const struct visitor *who, const struct request *q,
		enum action_id verb, struct args *args, struct response *r)
{
	struct err err = {.line = 0};
	struct reply reply;
	enum rc rc;

	args->action = action_row(verb);
	api_give(q->arena, args, PARAM_CONTRACT_ID, q->segments[1]);
	rc = api_act(api, who, q, args, q->body, &reply, &err);
	if (rc != RC_OK && verb == ACTION_COSIGN_ACCEPT) {
		refuse_line(q, r, rc, &err, &reply);
	} else if (rc != RC_OK) {
		refuse(q, r, rc, &err);
	} else {
		buf_text(&r->body, buf_view(&reply.out));
		r->status = verb == ACTION_COSIGN_ACCEPT ? 201 : 200;
		r->type = text_of(verb == ACTION_LOG_TILE ? "application/octet-stream"
							  : "text/plain; charset=utf-8");
	}
	buf_free(&reply.out);
	buf_free(&reply.notes);
}

static void only(const struct request *q, struct response *r, const char *method)
{
	response_problem(r, q, 405, "method", "that is not done here",
			 text_format(r->arena, "here is %s", method));
	response_field(r, "Allow", text_of(method));
}

void api_tlog(struct api *api, const struct visitor *who, const struct request *q,
	      struct response *r)
{
	bool checkpoint = q->n_segments == 3 && text_is(q->segments[2], "checkpoint");
	bool cosignature = q->n_segments == 3 && text_is(q->segments[2], "cosignature");
	bool tile = q->n_segments > 3 && text_is(q->segments[2], "tile");
	const struct err none = {.line = 0};
	struct uuid uuid;
	enum action_id verb = checkpoint    ? ACTION_LOG_CHECKPOINT
			      : cosignature ? ACTION_COSIGN_ACCEPT
					    : ACTION_LOG_TILE;
	struct args args = {.action = NULL};

	if ((!checkpoint && !cosignature && !tile) || !uuid_parse(q->segments[1], &uuid)) {
		response_problem_err(r, q, RC_MISSING, &none);
		return;
	}
	r->action = action_row(verb)->verb;
	r->log = q->segments[1];
	if (cosignature && q->method != METHOD_POST) {
		only(q, r, "POST");
		return;
	}
	if (!cosignature && !method_safe(q->method)) {
		only(q, r, "GET, HEAD");
		return;
	}
	if (cosignature)
		api_give(q->arena, &args, PARAM_LINE, text_trim(q->body));
	if (tile)
		api_give(q->arena, &args, PARAM_TILE, rest_of(q, 2));
	run(api, who, q, verb, &args, r);
}
