/* SPDX-License-Identifier: Apache-2.0 */
/* People, clients, and the values of the workspace itself. Who may do what is decided in app/. */
#include "store/record.h"

#include "store/record_parts.h"

static enum rc there_is_one(enum rc rc, const char *what, struct text word, struct err *err)
{
	if (rc == RC_INVALID && strcmp(err->code, "unique") == 0)
		return err_set(err, rc, "there is %s '%.*s' already", what, TEXT_ARG(word));
	return rc;
}

enum rc record_user_put(struct store *s, const struct stored_user *u, struct err *err)
{
	const struct bind binds[] = {BIND_T(u->id),
				     BIND_T(u->handle),
				     BIND_I(u->client ? 1 : 0),
				     BIND_T(u->roles),
				     BIND_T(u->contract),
				     BIND_I(u->added_at),
				     bind_instant(u->ended_at)};

	return there_is_one(store_run(s, SQL_PERSON_PUT, binds, ARRAY_SIZE(binds), NULL, err),
			    "a person", u->handle, err);
}

enum rc record_users(struct store *s, struct arena *a, struct stored_user **out, size_t *n,
		     struct err *err)
{
	struct stored_user *v = NULL;
	struct rows r = rows_of(s, a, SQL_PEOPLE, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_user){
			.id = cursor_copy(&r.c, 0, a),
			.handle = cursor_copy(&r.c, 1, a),
			.client = cursor_int(&r.c, 2) != 0,
			.roles = cursor_copy(&r.c, 3, a),
			.contract = cursor_copy(&r.c, 4, a),
			.added_at = cursor_int(&r.c, 5),
			.ended_at = read_instant(&r.c, 6),
		};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_client_put(struct store *s, const struct stored_client *c, struct err *err)
{
	const struct bind binds[] = {BIND_T(c->id), BIND_T(c->name), BIND_I(c->added_at)};

	return there_is_one(store_run(s, SQL_CLIENT_ADD, binds, ARRAY_SIZE(binds), NULL, err),
			    "a client", c->id, err);
}

enum rc record_clients(struct store *s, struct arena *a, struct stored_client **out, size_t *n,
		       struct err *err)
{
	struct stored_client *v = NULL;
	struct rows r = rows_of(s, a, SQL_CLIENTS, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_client){
			.id = cursor_copy(&r.c, 0, a),
			.name = cursor_copy(&r.c, 1, a),
			.added_at = cursor_int(&r.c, 2),
		};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_meta(struct store *s, struct arena *a, const char *key, struct text *out,
		    struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_META, &BIND_T(text_of(key)), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = cursor_copy(&c, 0, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_meta_put(struct store *s, const char *key, struct text value, struct err *err)
{
	const struct bind binds[] = {BIND_T(text_of(key)), BIND_T(value)};

	return store_run(s, SQL_META_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_clock(struct store *s, instant *highest, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_CLOCK, NULL, 0, &c, &row, err);

	if (rc == RC_OK)
		*highest = row ? cursor_int(&c, 0) : INSTANT_NONE;
	cursor_close(&c);
	return rc;
}

enum rc record_clock_put(struct store *s, instant highest, struct err *err)
{
	return store_run(s, SQL_CLOCK_PUT, &BIND_I(highest), 1, NULL, err);
}
