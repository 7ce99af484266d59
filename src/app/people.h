/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a person may manage (trust.md P3: USERS_MANAGE, TOKENS_MANAGE are of one's own side; P5): the provider's of the provider, a client's
 * of the same contract. Anybody else's person is answered like one that is not there.
 */
#ifndef APP_PEOPLE_H
#define APP_PEOPLE_H

#include "app/workspace.h"

/* Is the person of the actor's own side? */
bool person_own(const struct workspace *ws, const struct stored_user *u);
/* An active person of the own side by the handle. RC_MISSING; code "right": of the other side, and seen to be. */
enum rc person_managed(struct workspace *ws, struct text handle, struct stored_user *out,
		       struct err *err) MUST_USE;
/*
 * The same, or the first person of a client that has no password yet: the provider brings in whoever then brings in the others.
 */
enum rc person_invited(struct workspace *ws, struct text handle, struct stored_user *out,
		       struct err *err) MUST_USE;
/* Any active person: the operator's, at the machine. */
enum rc person_any(struct workspace *ws, struct text handle, struct stored_user *out,
		   struct err *err) MUST_USE;

/* A verb about one person that records: which one (of the functions above), and what it does; the reply is written where that went well. */
struct person_verb {
	enum rc (*find)(struct workspace *ws, struct text handle, struct stored_user *out,
			struct err *err);
	enum rc (*act)(struct workspace *ws, const struct args *args, struct stored_user *u,
		       struct reply *reply, struct err *err);
};

enum rc person_action(struct app *app, const struct args *args, const struct person_verb *verb,
		      struct reply *reply, struct err *err) MUST_USE;

#endif
