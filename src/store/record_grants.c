/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of grants, resets of second factors and identities: binding and reading. */
#include "store/record_grants.h"

#include "store/record_parts.h"

/* --- grants of auditors --- */

enum rc record_grant(struct store *s, struct arena *a, struct text person, struct stored_grant *out,
		     struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_GRANT, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_grant){.person = cursor_copy(&c, 0, a),
					     .contracts = cursor_copy(&c, 1, a),
					     .first = (day)cursor_int(&c, 2),
					     .end = (day)cursor_int(&c, 3),
					     .personal = cursor_int(&c, 4) != 0,
					     .made_at = cursor_int(&c, 5),
					     .ends_at = cursor_int(&c, 6)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_grant_put(struct store *s, const struct stored_grant *g, struct err *err)
{
	const struct bind binds[] = {
		BIND_T(g->person), BIND_T(g->contracts),        BIND_I(g->first),
		BIND_I(g->end),    BIND_I(g->personal ? 1 : 0), BIND_I(g->made_at),
		BIND_I(g->ends_at)};

	return store_run(s, SQL_GRANT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_grant_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_GRANT_DROP, &BIND_T(person), 1, NULL, err);
}

/* --- second factors that are to be taken away --- */

static struct stored_factor_reset read_reset(const struct cursor *c, struct arena *a)
{
	return (struct stored_factor_reset){
		.person = cursor_copy(c, 0, a),
		.asked_by = cursor_copy(c, 1, a),
		.asked_at = cursor_int(c, 2),
		.approved_by = cursor_is_null(c, 3) ? text_of("") : cursor_copy(c, 3, a),
		.due_at = read_instant(c, 4)};
}

enum rc record_factor_reset(struct store *s, struct arena *a, struct text person,
			    struct stored_factor_reset *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_FACTOR_RESET, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_reset(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_factor_resets(struct store *s, struct arena *a, struct stored_factor_reset **out,
			     size_t *n, struct err *err)
{
	struct stored_factor_reset *v = NULL;
	struct rows r = rows_of(s, a, SQL_FACTOR_RESETS, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_reset(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_factor_reset_put(struct store *s, const struct stored_factor_reset *r,
				struct err *err)
{
	const struct bind binds[] = {BIND_T(r->person), BIND_T(r->asked_by), BIND_I(r->asked_at),
				     r->approved_by.n > 0 ? BIND_T(r->approved_by) : BIND_NOTHING,
				     bind_instant(r->due_at)};

	return store_run(s, SQL_FACTOR_RESET_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_factor_reset_drop(struct store *s, struct text person, struct err *err)
{
	return store_run(s, SQL_FACTOR_RESET_DROP, &BIND_T(person), 1, NULL, err);
}

/* --- who is who elsewhere --- */

enum rc record_identity(struct store *s, struct arena *a, const struct hash *hash,
			struct text *person, struct err *err)
{
	const struct bind by = bind_hash(hash);
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_IDENTITY, &by, 1, &c, &row, err);

	if (rc == RC_OK && row)
		*person = cursor_copy(&c, 0, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_identity_of(struct store *s, struct text person, instant *linked_at, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_IDENTITY_OF, &BIND_T(person), 1, &c, &row, err);

	*linked_at = rc == RC_OK && row ? read_instant(&c, 0) : INSTANT_NONE;
	cursor_close(&c);
	return rc;
}

enum rc record_identity_put(struct store *s, const struct hash *hash, struct text person,
			    instant at, bool *taken, struct err *err)
{
	const struct bind binds[] = {bind_hash(hash), BIND_T(person), BIND_I(at)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_IDENTITY_PUT, binds, ARRAY_SIZE(binds), &changed, err);

	*taken = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_identities_drop(struct store *s, struct text person, int64_t *dropped,
			       struct err *err)
{
	return store_run(s, SQL_IDENTITIES_DROP, &BIND_T(person), 1, dropped, err);
}

enum rc record_identity_return(struct store *s, const struct hash *hash, instant ends, instant now,
			       bool *first, struct err *err)
{
	const struct bind binds[] = {bind_hash(hash), BIND_I(ends)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_IDENTITY_RETURNS_OVER, &BIND_I(now), 1, NULL, err);

	if (rc == RC_OK)
		rc = store_run(s, SQL_IDENTITY_RETURN_PUT, binds, ARRAY_SIZE(binds), &changed, err);
	*first = rc == RC_OK && changed > 0;
	return rc;
}

enum rc record_grants_forget(struct store *s, struct text person, struct err *err)
{
	enum rc rc = record_grant_drop(s, person, err);

	if (rc == RC_OK)
		rc = record_factor_reset_drop(s, person, err);
	if (rc == RC_OK)
		rc = record_identities_drop(s, person, NULL, err);
	return rc;
}
