/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the record share: binding and reading hashes, UUIDs, times; places. Nobody else includes it. */
#ifndef STORE_RECORD_PARTS_H
#define STORE_RECORD_PARTS_H

#include "store/record.h"

#include <assert.h>
#include <string.h>

/* The place of entry i of a log is (log << 40) + i: up to 2^40 entries in each of 2^22 logs. */
enum { PLACE_SHIFT = 40 };
#define LOG_ENTRIES_MAX (INT64_C(1) << PLACE_SHIFT)

static inline int64_t place_of(int64_t log, int64_t index)
{
	assert(log >= 1 && log < (1 << 22) && index >= 0 && index <= LOG_ENTRIES_MAX);
	return log * LOG_ENTRIES_MAX + index;
}

static inline int64_t index_of_place(int64_t place)
{
	return place % LOG_ENTRIES_MAX;
}

/* The indexes of the entries whose places a question answers, in its order; in record_derived.c. */
enum rc record_indexes(struct store *s, struct arena *a, enum statement q, const struct bind *binds,
		       size_t n_binds, int64_t **out, size_t *n, struct err *err) MUST_USE;

/*
 * The rows of a question, one after another into an array in the arena:
 *
 *	struct rows r = rows_of(s, a, SQL_..., binds, n_binds, err);
 *
 *	while (rows_next(&r, err)) {
 *		v = rows_room(&r, v, sizeof(*v));
 *		v[r.n++] = read_...(&r.c, a);              what can fail: r.rc = read_...(&r.c, a, &v[r.n++], err);
 *	}
 *	if (rows_end(&r) == RC_OK) { *out = v; *n = r.n; }
 *	return r.rc;
 */
struct rows {
	struct cursor c;
	struct arena *arena;
	size_t n, cap;
	enum rc rc;
};

static inline struct rows rows_of(struct store *s, struct arena *a, enum statement q,
				  const struct bind *binds, size_t n_binds, struct err *err)
{
	struct rows r = {.arena = a};

	r.rc = store_query(s, q, binds, n_binds, &r.c, err);
	return r;
}

static inline bool rows_next(struct rows *r, struct err *err)
{
	bool row = false;

	if (r->rc == RC_OK)
		r->rc = store_next(&r->c, &row, err);
	return r->rc == RC_OK && row;
}

/* v with room for one more. */
static inline NEVER_NULL void *rows_room(struct rows *r, const void *v, size_t size)
{
	return arena_grow(r->arena, v, r->n, &r->cap, size);
}

static inline enum rc rows_end(struct rows *r)
{
	cursor_close(&r->c);
	return r->rc;
}

static inline struct bind bind_uuid(const struct uuid *u)
{
	return BIND_B(((struct text){(const char *)u->b, sizeof(u->b)}));
}

static inline struct bind bind_hash(const struct hash *h)
{
	return BIND_B(((struct text){(const char *)h->b, sizeof(h->b)}));
}

static inline struct bind bind_instant(instant t)
{
	return t == INSTANT_NONE ? BIND_NOTHING : BIND_I(t);
}

static inline instant read_instant(const struct cursor *c, int column)
{
	return cursor_is_null(c, column) ? INSTANT_NONE : cursor_int(c, column);
}

/* A hash or UUID of another length than its own cannot be in a sound file: the schema checks it. */
static inline enum rc read_fixed(const struct cursor *c, int column, unsigned char *out, size_t n,
				 struct err *err)
{
	struct text t = cursor_text(c, column);

	if (t.n != n) {
		err_code(err, "store.damaged");
		return err_set(err, RC_INVALID, "'%s' is damaged: %zu bytes where %zu belong",
			       store_path(c->store).p, t.n, n);
	}
	memcpy(out, t.p, n);
	return RC_OK;
}

#endif
