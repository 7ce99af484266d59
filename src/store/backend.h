/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a back end gives (DESIGN section 8): SQLite now, PostgreSQL next. Only store.c and back ends include this. A back end sets
 * store->broken when a write or a sync failed (trust.md D3); store.c then lets nothing through but close.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/schema.h"

struct store_backend {
	enum rc (*open)(struct store *s, struct err *err);
	void (*close)(struct store *s);
	enum rc (*begin)(struct store *s, bool write, struct err *err);
	/* Durable when it returns RC_OK; after anything else the transaction is undone. */
	enum rc (*commit)(struct store *s, struct err *err);
	void (*rollback)(struct store *s);
	enum rc (*run)(struct store *s, enum statement q, const struct bind *binds, size_t n,
		       int64_t *changed, struct err *err);
	enum rc (*query)(struct store *s, enum statement q, const struct bind *binds, size_t n,
			 struct cursor *c, struct err *err);
	enum rc (*next)(struct cursor *c, bool *row, struct err *err);
	void (*cursor_close)(struct cursor *c);
	int64_t (*column_int)(const struct cursor *c, int column);
	struct text (*column_text)(const struct cursor *c, int column);
	bool (*column_is_null)(const struct cursor *c, int column);
	void (*limit)(struct store *s, int64_t ms);
	enum rc (*scope)(struct store *s, const struct store_scope *scope, struct err *err);
	enum rc (*stamp)(struct store *s, struct store_stamp *out, struct err *err);
	enum rc (*check)(struct store *s, bool quick, struct buf *problems, struct err *err);
	enum rc (*copy)(struct store *s, struct text to,
			void (*progress)(void *context, int64_t done, int64_t all), void *context,
			struct err *err);
	enum rc (*read_through)(struct store *s, struct err *err);
	enum rc (*aside_begin)(struct store *s, struct arena *a, struct err *err);
	enum rc (*aside_rest)(struct store *s, struct err *err);
	enum rc (*aside_end)(struct store *s, struct err *err);
	enum rc (*scrub)(struct store *s, struct err *err);
	enum rc (*drop_derived)(struct store *s, struct err *err);
};

enum store_transaction { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };

struct store {
	const struct store_backend *backend;
	void *native;
	const struct schema *schema;
	enum store_kind kind;
	enum store_mode mode;
	struct text path; /* terminated */
	enum store_transaction transaction;
	bool broken;
};

#endif
