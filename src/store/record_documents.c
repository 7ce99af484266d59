/* SPDX-License-Identifier: Apache-2.0 */
/* Which document has which number, and which service periods are on it (money.md R71, R72). Derived from the entries. */
#include "store/record.h"

#include "store/record_parts.h"

enum { ITEM_KEY = 5 /* what an item is, before its ordinal */ };

static struct stored_document copy_document(const struct cursor *c, struct arena *a)
{
	int64_t place = cursor_int(c, 4);

	return (struct stored_document){.number = text_copy(a, cursor_text(c, 0)),
					.series = text_copy(a, cursor_text(c, 1)),
					.seq = cursor_int(c, 2),
					.log = cursor_int(c, 3),
					.index = place - (cursor_int(c, 3) << 40),
					.day = cursor_int(c, 5)};
}

enum rc record_document_put(struct store *s, const struct stored_document *d, struct err *err)
{
	const struct bind binds[] = {BIND_T(d->number),
				     BIND_T(d->series),
				     BIND_I(d->seq),
				     BIND_I(d->log),
				     BIND_I((d->log << 40) + d->index),
				     BIND_I(d->day)};

	assert(store_in_transaction(s));
	return store_run(s, SQL_DOCUMENT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

static enum rc one_document(struct store *s, struct arena *a, enum statement q, struct text key,
			    struct stored_document *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, &BIND_T(key), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = copy_document(&c, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_document(struct store *s, struct arena *a, struct text number,
			struct stored_document *out, struct err *err)
{
	return one_document(s, a, SQL_DOCUMENT, number, out, err);
}

enum rc record_document_last(struct store *s, struct arena *a, struct text series,
			     struct stored_document *out, struct err *err)
{
	return one_document(s, a, SQL_DOCUMENT_LAST, series, out, err);
}

static enum rc all_rows(struct store *s, struct arena *a, enum statement q,
			const struct bind *binds, size_t n_binds, struct stored_document **out,
			size_t *n, struct err *err)
{
	struct stored_document *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = copy_document(&r.c, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_documents(struct store *s, struct arena *a, struct stored_document **out, size_t *n,
			 struct err *err)
{
	return all_rows(s, a, SQL_DOCUMENTS, NULL, 0, out, n, err);
}

enum rc record_documents_of(struct store *s, struct arena *a, int64_t log,
			    struct stored_document **out, size_t *n, struct err *err)
{
	return all_rows(s, a, SQL_DOCUMENTS_OF, &BIND_I(log), 1, out, n, err);
}

enum rc record_again_put(struct store *s, int64_t log, const struct stored_again *g,
			 struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I((log << 40) + g->index),
				     bind_hash(&g->sources), BIND_I(g->same)};

	assert(store_in_transaction(s));
	return store_run(s, SQL_DOCUMENT_AGAIN_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_again(struct store *s, int64_t log, struct stored_again *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_DOCUMENT_AGAIN, &BIND_I(log), 1, &c, &row, err);

	if (rc == RC_OK && row) {
		*out = (struct stored_again){.index = cursor_int(&c, 0) - (log << 40),
					     .same = cursor_int(&c, 2) != 0};
		rc = read_fixed(&c, 1, out->sources.b, sizeof(out->sources.b), err);
	}
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_item_put(struct store *s, const struct stored_item *i, struct err *err)
{
	struct bind binds[] = {BIND_I(i->log),       BIND_T(i->charge),  BIND_T(i->part),
			       BIND_I(i->first_day), BIND_I(i->end_day), BIND_I(1),
			       BIND_T(i->number)};
	struct cursor c;
	bool row = false;
	int64_t changed = 0, last = 1;

	assert(store_in_transaction(s));
	enum rc rc = store_run(s, SQL_DOCUMENT_ITEM_PUT, binds, ARRAY_SIZE(binds), &changed, err);

	/* Nearly every period is documented for the first time; where it is not, how often is asked. */
	if (rc != RC_OK || changed > 0)
		return rc;
	rc = store_one(s, SQL_DOCUMENT_ITEM_LAST, binds, ITEM_KEY, &c, &row, err);
	if (rc == RC_OK && row)
		last = cursor_int(&c, 0);
	cursor_close(&c);
	binds[ITEM_KEY] = BIND_I(last + 1);
	return rc == RC_OK
		       ? store_run(s, SQL_DOCUMENT_ITEM_PUT, binds, ARRAY_SIZE(binds), NULL, err)
		       : rc;
}

enum rc record_items_of(struct store *s, struct arena *a, int64_t log, struct stored_item **out,
			size_t *n, struct err *err)
{
	struct stored_item *v = NULL;
	struct rows r = rows_of(s, a, SQL_DOCUMENT_ITEMS_OF, &BIND_I(log), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_item){.log = cursor_int(&r.c, 0),
						.charge = text_copy(a, cursor_text(&r.c, 1)),
						.part = text_copy(a, cursor_text(&r.c, 2)),
						.first_day = cursor_int(&r.c, 3),
						.end_day = cursor_int(&r.c, 4),
						.ordinal = cursor_int(&r.c, 5),
						.number = text_copy(a, cursor_text(&r.c, 6))};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}
