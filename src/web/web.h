/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages for provider and client. A page runs a verb as the person who is signed in and frames what it answers; a form runs a verb with
 * what was typed. Rights, isolation and numbers are the verbs': nothing here opens the store or works anything out.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "app/identity.h"
#include "http/door.h"
#include "http/message.h"

struct web_options {
	const struct world *world;
	struct text workspace, key; /* key empty: where the command line looks */
	struct text provider;       /* its name, for the frame */
	struct text base_url;       /* for links that people send to each other */
	bool unsafe;                /* http on loopback: every page says so (S1) */
	struct door *door;
	struct sign_in *sign_in;
	struct identity_provider identity; /* issuer empty: nobody signs in by one */
	struct kept *kept; /* connections that stay open; NULL: none do */
};

struct web;

/* Of one worker; a outlives all requests. */
struct web *web_new(struct arena *a, const struct web_options *o);
void web_close(struct web *w);
void web_handle(struct web *w, const struct request *q, struct response *r);
/* The answer to a request that the keeper was handed (struct site). */
void web_given(struct web *w, const struct request *q, const struct response *r, int64_t took_ms);

/* Of pages that are kept up to date (struct site): tick also once before the first of them. */
void web_tick(struct web *w, struct arena *a, instant now);
bool web_more(struct web *w, struct arena *a, const struct request *q, void *stream, instant now,
	      struct buf *out);

#endif
