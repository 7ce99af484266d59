/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /api: the verbs as JSON over HTTP, for programs (trust.md S13 to S15, S20). A request becomes a call of a verb, which asks for rights
 * and isolation as it does on the command line; here is no right but who the bearer of a token is.
 */
#ifndef HTTP_API_H
#define HTTP_API_H

#include "app/app.h"
#include "http/door.h"
#include "http/message.h"

struct api;

struct api_options {
	struct text workspace, key; /* the server's files; key empty: the one in the settings */
	const struct world *world;
	struct kept *kept; /* connections that stay open; NULL: none do */
};

struct api *api_new(struct arena *a, const struct api_options *o);

/* Of a path that begins with /api. door may be NULL for what needs no token: the page and the description. */
void api_handle(struct api *api, struct door *d, const struct request *q, struct response *r);

/* Lines of facts, which are taken in pieces (struct site, server.h). Of any request; the path need not be one of the API. */
bool api_in_pieces(const struct request *q);
/* How large the body of such a request may be, by its route: files that are attached are larger than others. */
size_t api_body_max(const struct request *q);

/* OpenAPI 3.1 of all routes, as JSON. */
void openapi_print(struct text base_url, struct buf *out);
/* The same to read: what stands inside a page (HTML). */
void api_page(struct buf *out);

#endif
