/* SPDX-License-Identifier: Apache-2.0 */
#include "app/people.h"

#include "store/record_access.h"

bool person_own(const struct workspace *ws, const struct stored_user *u)
{
	return u->client == ws->actor.client &&
	       (!u->client || text_eq(u->contract, ws->actor.contract));
}

static enum rc nobody(struct text handle, struct err *err)
{
	return err_set(err, RC_MISSING, "nobody active is called '%.*s'", TEXT_ARG(handle));
}

enum rc person_any(struct workspace *ws, struct text handle, struct stored_user *out,
		   struct err *err)
{
	enum rc rc = record_user_of_handle(ws->store, ws->arena, handle, out, err);

	return rc == RC_MISSING || (rc == RC_OK && out->ended_at != INSTANT_NONE)
		       ? nobody(handle, err)
		       : rc;
}

static enum rc not_yours(struct err *err)
{
	err_code(err, "right");
	return err_set(err, RC_USAGE, "people of the client are managed by a person of the client");
}

enum rc person_managed(struct workspace *ws, struct text handle, struct stored_user *out,
		       struct err *err)
{
	enum rc rc = person_any(ws, handle, out, err);

	if (rc != RC_OK || person_own(ws, out))
		return rc;
	/* The provider sees all people, a client its own only (P5). */
	return ws->actor.client ? nobody(handle, err) : not_yours(err);
}

/* Whom the provider brought in: the first of a contract who may act, until there is a password. */
static enum rc is_first(struct workspace *ws, const struct stored_user *u, bool *first,
			struct err *err)
{
	struct stored_user *all;
	struct stored_credential c;
	const struct stored_user *earliest = NULL;
	size_t n = 0;
	enum rc rc = record_users(ws->store, ws->arena, &all, &n, err);

	for (size_t i = 0; rc == RC_OK && earliest == NULL && i < n; i++)
		if (all[i].client && all[i].ended_at == INSTANT_NONE &&
		    text_eq(all[i].contract, u->contract))
			earliest = &all[i];
	if (rc == RC_OK)
		rc = record_credential(ws->store, ws->arena, u->id, &c, err);
	*first = rc == RC_MISSING && earliest != NULL && text_eq(earliest->id, u->id);
	return rc == RC_MISSING ? RC_OK : rc;
}

enum rc person_invited(struct workspace *ws, struct text handle, struct stored_user *out,
		       struct err *err)
{
	bool first;
	enum rc rc = person_any(ws, handle, out, err);

	if (rc != RC_OK || person_own(ws, out))
		return rc;
	if (ws->actor.client)
		return nobody(handle, err);
	rc = is_first(ws, out, &first, err);
	return rc == RC_OK && !first ? not_yours(err) : rc;
}

enum rc person_action(struct app *app, const struct args *args, const struct person_verb *verb,
		      struct reply *reply, struct err *err)
{
	struct workspace ws;
	struct stored_user u;
	enum rc rc = workspace_open(app, args, STORE_WRITE, &ws, err);

	if (rc != RC_OK)
		return rc;
	rc = verb->find(&ws, args_text(args, PARAM_HANDLE), &u, err);
	if (rc == RC_OK)
		rc = verb->act(&ws, args, &u, reply, err);
	workspace_close(&ws);
	return rc;
}
