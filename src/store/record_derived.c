/* SPDX-License-Identifier: Apache-2.0 */
/* Marks and packs: derived from the entries, dropped and made again at will (DESIGN section 8). */
#include "store/record.h"

#include "store/record_parts.h"

enum rc record_mark(struct store *s, int64_t log, int kind, int64_t index, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(kind), BIND_I(place_of(log, index))};

	return store_run(s, SQL_MARK_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_indexes(struct store *s, struct arena *a, enum statement q, const struct bind *binds,
		       size_t n_binds, int64_t **out, size_t *n, struct err *err)
{
	int64_t *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = index_of_place(cursor_int(&r.c, 0));
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_marks(struct store *s, struct arena *a, int64_t log, int kind, int64_t **out,
		     size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(kind)};

	return record_indexes(s, a, SQL_MARKS, binds, ARRAY_SIZE(binds), out, n, err);
}

enum rc record_marked_logs(struct store *s, struct arena *a, int kind, int64_t **out, size_t *n,
			   struct err *err)
{
	/* a log's number is a small one, and so its own place */
	return record_indexes(s, a, SQL_MARKED_LOGS, &BIND_I(kind), 1, out, n, err);
}

enum rc record_marks_all(struct store *s, struct arena *a, int64_t log, struct stored_mark **out,
			 size_t *n, struct err *err)
{
	struct stored_mark *v = NULL;
	struct rows r = rows_of(s, a, SQL_MARKS_OF_LOG, &BIND_I(log), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_mark){(int)cursor_int(&r.c, 0),
						index_of_place(cursor_int(&r.c, 1))};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_pack_put(struct store *s, int64_t log, int64_t pack, struct text bytes,
			struct err *err)
{
	const struct bind binds[] = {BIND_I(place_of(log, pack)), BIND_B(bytes)};

	return store_run(s, SQL_PACK_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_pack_last(struct store *s, struct arena *a, int64_t log, int64_t *pack,
			 struct text *bytes, struct err *err)
{
	const struct bind binds[] = {BIND_I(place_of(log, 0)),
				     BIND_I(place_of(log, LOG_ENTRIES_MAX))};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_PACK_LAST, binds, ARRAY_SIZE(binds), &c, &row, err);

	*pack = -1;
	if (rc == RC_OK && row) {
		*pack = index_of_place(cursor_int(&c, 0));
		*bytes = text_copy(a, cursor_text(&c, 1));
	}
	cursor_close(&c);
	return rc;
}

enum rc record_packs(struct store *s, int64_t log, int64_t from, int64_t to,
		     enum rc (*each)(void *context, int64_t pack, struct text bytes,
				     struct err *err),
		     void *context, struct err *err)
{
	const struct bind binds[] = {
		BIND_I(place_of(log, from)),
		BIND_I(place_of(log, to < 0 || to > LOG_ENTRIES_MAX ? LOG_ENTRIES_MAX : to))};
	struct cursor c;
	bool row = false;
	int64_t pack = from;
	enum rc rc = store_query(s, SQL_PACKS, binds, ARRAY_SIZE(binds), &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		if (index_of_place(cursor_int(&c, 0)) != pack) {
			err_code(err, "pack.missing");
			err_hint(err, "make the derived tables anew: tenor rebuild");
			rc = err_set(err, RC_INVALID, "pack %lld of log %lld is missing",
				     (long long)pack, (long long)log);
		} else {
			rc = each(context, pack++, cursor_text(&c, 1), err);
		}
	}
	cursor_close(&c);
	return rc;
}
