/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sends a request (trust.md S2, S8, S14, S16): a session's cookie on pages, a bearer token on /api, or nobody. Also what is asked of
 * a request before a handler changes anything: same origin, the form's token, a rate. Sessions and tokens themselves: app/sign_in.h.
 */
#ifndef HTTP_DOOR_H
#define HTTP_DOOR_H

#include "app/sign_in.h"
#include "http/message.h"
#include "http/rate.h"

struct door;

struct door_options {
	struct text base_url;    /* https, or http on loopback */
	struct sign_in *sign_in; /* of this worker */
};

/* shared: door_shared_bytes() of zeroed memory that all workers have: rates, last-seen times. */
size_t door_shared_bytes(void);
struct door *door_new(struct arena *a, const struct door_options *o, void *shared);

/*
 * Pages: the visitor of the session cookie; *who is nobody (user empty) where there is none or it ended. Unsafe methods are held to S8:
 * RC_INVALID with code cross_site or form_expired. RC_LIMIT with code too_many: r has Retry-After (S16).
 */
enum rc door_page(struct door *d, const struct request *q, struct response *r, struct visitor *who,
		  struct err *err) MUST_USE;
/* /api and /log: bearer only, cookies are ignored. RC_USAGE with code token: none, unknown, expired: 401 with WWW-Authenticate. */
enum rc door_api(struct door *d, const struct request *q, struct response *r, struct visitor *who,
		 struct err *err) MUST_USE;

/* Paths for programs, /api and /log: a token, no cookie. */
bool door_is_api(const struct request *q);
/* A webhook of a monitor, whose rate is another one (S16). */
bool door_is_hook(const struct request *q);
/* Asked once a head is there, before a large body is taken: does it come with a session or a token that holds? */
bool door_knows(struct door *d, const struct request *q);

/* The cookie of the session, also of a half one that waits for its second factor. Empty: none came. */
struct text door_session(const struct door *d, const struct request *q);

/* Set-Cookie of a session (S2), of the device it began on (S4), and the session's end. Also for half a session. */
void door_set_session(struct door *d, struct response *r, struct text cookie, bool for_days);
void door_end_session(struct door *d, struct response *r);

/* What the browser keeps on its way to a provider of identities and back, and what is offered for linking; for some minutes. */
enum door_cookie { DOOR_WAY, DOOR_OFFER };
struct text door_kept(const struct door *d, const struct request *q, enum door_cookie which);
void door_keep(const struct door *d, struct response *r, enum door_cookie which, struct text value,
	       int64_t age_s);

/* The token that forms carry as the hidden field "form", scripts in X-Tenor-Form (S8): of the session, or of a pre-session cookie that this sets. */
struct text door_form_token(struct door *d, const struct request *q, struct response *r,
			    const struct visitor *who);

/*
 * One more document or export of whoever asks, before it is made (S16): what leaves as a file of its own, a table as CSV among them. RC_LIMIT
 * with code too_many: r has Retry-After. A request that is handled again counts once.
 */
enum rc door_export(struct door *d, const struct request *q, struct response *r,
		    const struct visitor *who, struct err *err) MUST_USE;

/* One more link that resets an account, by the name it is known by, and of this address (S16); otherwise as door_export. */
enum rc door_reset(struct door *d, const struct request *q, struct response *r, struct text account,
		   struct err *err) MUST_USE;

/*
 * Sign-in attempts by account and address (S16), before sign_in_password, sign_in_second (account: empty) and sign_in_link, which hear from
 * here what device it is. A form's field "stay" = "yes" asks for 30 days. RC_LIMIT: too many; r has Retry-After. A request that is handled
 * again counts once.
 */
enum rc door_may_try(struct door *d, const struct request *q, struct response *r,
		     struct text account, struct err *err) MUST_USE;

/*
 * Before a password is hashed (S5), after door_may_try: true, it may be now. false and *rc RC_OK: it waits for its place, and is handled
 * again; RC_LIMIT with code too_many: too many wait; r has Retry-After.
 */
bool door_may_hash(const struct request *q, struct response *r, enum rc *rc, struct err *err);

#endif
