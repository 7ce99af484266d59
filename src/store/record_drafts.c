/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of drafts: binding and reading. */
#include "store/record_drafts.h"

#include "store/record_parts.h"

static struct stored_draft read_draft(const struct cursor *c, struct arena *a)
{
	return (struct stored_draft){.id = cursor_copy(c, 0, a),
				     .client = cursor_int(c, 1) != 0,
				     .client_id = cursor_copy(c, 2, a),
				     .contract = cursor_copy(c, 3, a),
				     .base = cursor_copy(c, 4, a),
				     .subject = cursor_copy(c, 5, a),
				     .revision = cursor_int(c, 6),
				     .author = cursor_copy(c, 7, a),
				     .made_at = cursor_int(c, 8),
				     .changed_at = cursor_int(c, 9)};
}

enum rc record_draft(struct store *s, struct arena *a, struct text id, struct stored_draft *out,
		     struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_DRAFT, &BIND_T(id), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = read_draft(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_drafts(struct store *s, struct arena *a, struct stored_draft **out, size_t *n,
		      struct err *err)
{
	struct stored_draft *v = NULL;
	struct rows r = rows_of(s, a, SQL_DRAFTS, NULL, 0, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = read_draft(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_draft_add(struct store *s, const struct stored_draft *d, struct err *err)
{
	const struct bind binds[] = {BIND_T(d->id),        BIND_I(d->client ? 1 : 0),
				     BIND_T(d->client_id), BIND_T(d->contract),
				     BIND_T(d->base),      BIND_T(d->subject),
				     BIND_I(d->revision),  BIND_T(d->author),
				     BIND_I(d->made_at),   BIND_I(d->changed_at)};

	return store_run(s, SQL_DRAFT_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_draft_move(struct store *s, const struct stored_draft *d, int64_t revision,
			  bool *moved, struct err *err)
{
	const struct bind binds[] = {BIND_I(revision + 1), BIND_T(d->author), BIND_I(d->changed_at),
				     BIND_T(d->id), BIND_I(revision)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_DRAFT_MOVE, binds, ARRAY_SIZE(binds), &changed, err);

	*moved = rc == RC_OK && changed == 1;
	return rc;
}

enum rc record_draft_drop(struct store *s, struct text id, struct err *err)
{
	enum rc rc = store_run(s, SQL_DRAFT_TEXTS_DROP, &BIND_T(id), 1, NULL, err);

	return rc == RC_OK ? store_run(s, SQL_DRAFT_DROP, &BIND_T(id), 1, NULL, err) : rc;
}

enum rc record_draft_text(struct store *s, struct arena *a, struct text draft, int64_t revision,
			  struct stored_draft_text *out, struct err *err)
{
	const struct bind binds[] = {BIND_T(draft), BIND_I(revision)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_DRAFT_TEXT, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_draft_text){.draft = cursor_copy(&c, 0, a),
						  .revision = cursor_int(&c, 1),
						  .author = cursor_copy(&c, 2, a),
						  .saved_at = cursor_int(&c, 3),
						  .nonce = cursor_copy(&c, 4, a),
						  .cipher = cursor_copy(&c, 5, a)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_draft_text_add(struct store *s, const struct stored_draft_text *t, struct err *err)
{
	const struct bind binds[] = {BIND_T(t->draft),    BIND_I(t->revision), BIND_T(t->author),
				     BIND_I(t->saved_at), BIND_B(t->nonce),    BIND_B(t->cipher)};

	return store_run(s, SQL_DRAFT_TEXT_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_draft_texts_over(struct store *s, struct text draft, int64_t revision,
				struct err *err)
{
	const struct bind binds[] = {BIND_T(draft), BIND_I(revision)};

	return store_run(s, SQL_DRAFT_TEXTS_OVER, binds, ARRAY_SIZE(binds), NULL, err);
}
