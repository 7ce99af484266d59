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
