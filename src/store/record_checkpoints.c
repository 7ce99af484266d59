/* SPDX-License-Identifier: Apache-2.0 */
/* Signed checkpoints: one root for a size, for ever (trust.md J12). Making and signing them is done elsewhere. */
#include "store/record.h"

#include "store/record_parts.h"

/* Views into the row. */
static enum rc read_checkpoint(const struct cursor *c, struct stored_checkpoint *out,
			       struct err *err)
{
	struct stored_checkpoint k = {.size = cursor_int(c, 0),
				      .note = cursor_text(c, 2),
				      .state = cursor_text(c, 3),
				      .made_at = cursor_int(c, 4),
				      .kept = cursor_int(c, 5) != 0};
	enum rc rc = read_fixed(c, 1, k.root.b, sizeof(k.root.b), err);

	if (rc == RC_OK)
		*out = k;
	return rc;
}

static enum rc copy_checkpoint(const struct cursor *c, struct arena *a,
			       struct stored_checkpoint *out, struct err *err)
{
	struct stored_checkpoint k = {.size = 0};
	enum rc rc = read_checkpoint(c, &k, err);

	if (rc != RC_OK)
		return rc;
	k.note = text_copy(a, k.note);
	k.state = text_copy(a, k.state);
	*out = k;
	return RC_OK;
}

enum rc record_checkpoint_put(struct store *s, int64_t log, const struct stored_checkpoint *c,
			      struct err *err)
{
	bool there;

	return record_checkpoint_add(s, log, c, &there, err);
}

/* There is a checkpoint of that size: it must say the same (J12). */
static enum rc same_root(struct store *s, int64_t log, const struct stored_checkpoint *c,
			 struct err *err)
{
	const struct bind key[] = {BIND_I(log), BIND_I(c->size)};
	struct stored_checkpoint there = {.size = -1};
	struct cursor cursor;
	bool row = false;
	enum rc rc = store_one(s, SQL_CHECKPOINT, key, ARRAY_SIZE(key), &cursor, &row, err);

	if (rc == RC_OK && row)
		rc = read_checkpoint(&cursor, &there, err);
	cursor_close(&cursor);
	if (rc != RC_OK || (row && hash_eq(&there.root, &c->root)))
		return rc;
	err_code(err, "fork");
	return err_set(err, RC_INVALID, "log %lld has a checkpoint of size %lld with another root",
		       (long long)log, (long long)c->size);
}

enum rc record_checkpoint_add(struct store *s, int64_t log, const struct stored_checkpoint *c,
			      bool *already, struct err *err)
{
	const struct bind binds[] = {
		BIND_I(log),      BIND_I(c->size),    bind_hash(&c->root),    BIND_T(c->note),
		BIND_B(c->state), BIND_I(c->made_at), BIND_I(c->kept ? 1 : 0)};
	int64_t changed = 0;

	assert(store_in_transaction(s));
	enum rc rc = store_run(s, SQL_CHECKPOINT_PUT, binds, ARRAY_SIZE(binds), &changed, err);

	*already = rc == RC_OK && changed == 0;
	return *already ? same_root(s, log, c, err) : rc;
}

static enum rc one_checkpoint(struct store *s, struct arena *a, enum statement q,
			      const struct bind *binds, size_t n, struct stored_checkpoint *out,
			      struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, binds, n, &c, &row, err);

	if (rc == RC_OK && row)
		rc = copy_checkpoint(&c, a, out, err);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_checkpoint_latest(struct store *s, struct arena *a, int64_t log,
				 struct stored_checkpoint *out, struct err *err)
{
	return one_checkpoint(s, a, SQL_CHECKPOINT_LATEST, &BIND_I(log), 1, out, err);
}

enum rc record_checkpoint(struct store *s, struct arena *a, int64_t log, int64_t size,
			  struct stored_checkpoint *out, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(size)};

	return one_checkpoint(s, a, SQL_CHECKPOINT, binds, ARRAY_SIZE(binds), out, err);
}

enum rc record_checkpoints(struct store *s, struct arena *a, int64_t log,
			   struct stored_checkpoint **out, size_t *n, struct err *err)
{
	struct stored_checkpoint *v = NULL;
	struct rows r = rows_of(s, a, SQL_CHECKPOINTS, &BIND_I(log), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		r.rc = copy_checkpoint(&r.c, a, &v[r.n++], err);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_checkpoint_note(struct store *s, int64_t log, int64_t size, struct text note,
			       bool kept, struct err *err)
{
	const struct bind key[] = {BIND_I(log), BIND_I(size)};
	struct stored_checkpoint there = {.size = -1};
	struct cursor c;
	bool row = false;

	assert(store_in_transaction(s));
	enum rc rc = store_one(s, SQL_CHECKPOINT, key, ARRAY_SIZE(key), &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_checkpoint(&c, &there, err);
	cursor_close(&c);
	if (rc == RC_OK && !row)
		rc = err_set(err, RC_MISSING, "log %lld has no checkpoint of size %lld",
			     (long long)log, (long long)size);
	if (rc != RC_OK)
		return rc;
	/* what was printed or cosigned once stays so */
	const struct bind binds[] = {BIND_T(note), BIND_I(kept || there.kept ? 1 : 0), BIND_I(log),
				     BIND_I(size)};

	return store_run(s, SQL_CHECKPOINT_NOTE, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_checkpoint_keep(struct store *s, int64_t log, int64_t size, struct err *err)
{
	const struct bind key[] = {BIND_I(log), BIND_I(size)};
	int64_t changed = 0;

	assert(store_in_transaction(s));
	enum rc rc = store_run(s, SQL_CHECKPOINT_KEEP, key, ARRAY_SIZE(key), &changed, err);

	if (rc == RC_OK && changed == 0)
		return err_set(err, RC_MISSING, "log %lld has no checkpoint of size %lld",
			       (long long)log, (long long)size);
	return rc;
}
