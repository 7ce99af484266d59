/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the API share. Private to http. */
#ifndef HTTP_API_PARTS_H
#define HTTP_API_PARTS_H

#include "http/api.h"
#include "http/route.h"

enum { API_DEPTH_MAX = 32, API_VALUES_MAX = 4096, API_PAGE = 100, API_PAGE_MAX = 1000 };

/* How the answer is cut (PAGED): limit 0 is API_PAGE. */
struct api_page {
	int64_t limit;
	struct text after;
};

/* What kind of answer is wanted. */
enum api_format { API_JSON, API_HTML, API_CSV, API_PDF, API_TEXT, API_ICS, API_OTHER };

struct api_call {
	const struct route *route;
	struct args args;
	struct api_page page;
	enum api_format format;
	bool dry; /* records nothing, as asked */
};

/*
 * A request's path values, query, body and headers as a call of the verb: each value is looked at as on the command line. RC_USAGE and
 * RC_INVALID name the parameter (err key); code content_type: 415, not_acceptable: 406, idempotency_key: 422.
 */
enum rc api_read(const struct request *q, const struct route_match *m, struct api_call *out,
		 struct err *err) MUST_USE;

/* Nesting of a JSON text, strings aside, at most API_DEPTH_MAX? RC_USAGE with code json.syntax, if not. */
enum rc api_depth(struct text body, struct err *err) MUST_USE;

/* Cuts a list of a JSON answer by page; *next: the id to go on after, empty at the end. RC_USAGE: `after` is not in it. */
enum rc api_cut(struct arena *a, const struct route *route, const struct api_page *page,
		struct buf *body, struct text *next, struct err *err) MUST_USE;

/* Content type of a format, and back from --format's word. */
const char *api_type(enum api_format f);

/* One value of a parameter. */
void api_give(struct arena *a, struct args *args, enum param p, struct text value);
/* The verb as whoever asks, on the server's workspace. Paths of the server are in no message. */
enum rc api_act(struct api *api, const struct visitor *who, const struct request *q,
		struct args *args, struct text body, struct reply *reply,
		struct err *err) MUST_USE;
/* The paths of C2SP tlog-tiles, below /log (tlog.c). */
void api_tlog(struct api *api, const struct visitor *who, const struct request *q,
	      struct response *r);
/* Runs the call and fills the response. */
void api_run(struct api *api, const struct visitor *who, const struct request *q,
	     struct api_call *call, struct text body, struct response *r);

/* The same for one piece of its lines (q->piece, bulk.c): the last one is answered for all of them. */
void api_piece(struct api *api, const struct visitor *who, const struct request *q,
	       struct api_call *call, struct response *r);

/* A monitor's webhook as facts, one JSON object a line (hook.c). */
struct hook_form {
	struct text each, id, asset, state, began, ended, severity, down, up;
};
enum rc hook_facts(struct arena *a, struct text body, const struct hook_form *form, struct buf *out,
		   struct err *err) MUST_USE;
/* A form that is known by its name; false: none. */
bool hook_known(struct text name, struct hook_form *out);
void api_hook(struct api *api, const struct visitor *who, const struct request *q,
	      struct text source, struct response *r);

#endif
