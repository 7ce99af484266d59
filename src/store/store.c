/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every back end has in common: a broken store stays shut (trust.md D3), a write is always in a transaction, and who asks for
 * something out of turn is a programmer's error. No SQL here.
 */
#include "store/store.h"

#include "store/backend.h"
#include "store/sqlite.h"

#include <assert.h>

static enum rc refuse_broken(const struct store *s, struct err *err)
{
	err_code(err, "store.broken");
	err_hint(err, "end the program and start it again: what was acknowledged is on the disk");
	return err_set(err, RC_IO, "'%s' is closed to everything since a write to it failed",
		       s->path.p);
}

enum rc store_open(struct arena *a, struct text path, enum store_kind kind, enum store_mode mode,
		   struct store **out, struct err *err)
{
	return store_open_schema(a, path, kind, schema_of(kind), mode, out, err);
}

enum rc store_open_schema(struct arena *a, struct text path, enum store_kind kind,
			  const struct schema *schema, enum store_mode mode, struct store **out,
			  struct err *err)
{
	struct store *s = arena_one(a, struct store);
	enum rc rc;

	*s = (struct store){
		.backend = sqlite_backend(), .schema = schema, .kind = kind, .mode = mode};
	s->path = text_copy(a, path);
	s->native = sqlite_native_new(a);
	rc = s->backend->open(s, err);
	if (rc == RC_OK)
		*out = s;
	return rc;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_rollback(s);
	s->backend->close(s);
}

int store_schema(const struct store *s)
{
	return s->schema->version;
}

struct text store_path(const struct store *s)
{
	return s->path;
}

bool store_broken(const struct store *s)
{
	return s->broken;
}

static enum rc begin(struct store *s, bool write, struct err *err)
{
	enum rc rc;

	assert(s->transaction == TRANSACTION_NONE);
	assert(!write || s->mode != STORE_READ);
	if (s->broken)
		return refuse_broken(s, err);
	rc = s->backend->begin(s, write, err);
	if (rc == RC_OK)
		s->transaction = write ? TRANSACTION_WRITE : TRANSACTION_READ;
	return rc;
}

enum rc store_begin(struct store *s, struct err *err)
{
	return begin(s, true, err);
}

enum rc store_begin_read(struct store *s, struct err *err)
{
	return begin(s, false, err);
}

enum rc store_commit(struct store *s, struct err *err)
{
	assert(s->transaction != TRANSACTION_NONE);
	if (s->broken) {
		store_rollback(s);
		return refuse_broken(s, err);
	}
	s->transaction = TRANSACTION_NONE;
	return s->backend->commit(s, err);
}

void store_rollback(struct store *s)
{
	if (s->transaction == TRANSACTION_NONE)
		return;
	s->transaction = TRANSACTION_NONE;
	s->backend->rollback(s);
}

bool store_in_transaction(const struct store *s)
{
	return s->transaction != TRANSACTION_NONE;
}

enum rc store_read_through(struct store *s, struct err *err)
{
	assert(s->mode == STORE_READ);
	return s->broken ? refuse_broken(s, err) : s->backend->read_through(s, err);
}

enum rc store_stamp(struct store *s, struct store_stamp *out, struct err *err)
{
	assert(s->transaction == TRANSACTION_NONE);
	return s->broken ? refuse_broken(s, err) : s->backend->stamp(s, out, err);
}

enum rc store_scope(struct store *s, const struct store_scope *scope, struct err *err)
{
	assert(s->mode == STORE_READ && s->kind == STORE_WORKSPACE &&
	       s->transaction == TRANSACTION_NONE);
	return s->broken ? refuse_broken(s, err) : s->backend->scope(s, scope, err);
}

void store_limit(struct store *s, int64_t ms)
{
	s->backend->limit(s, ms);
}

enum rc store_aside_begin(struct store *s, struct arena *a, struct err *err)
{
	assert(s->transaction == TRANSACTION_NONE && s->mode != STORE_READ);
	return s->broken ? refuse_broken(s, err) : s->backend->aside_begin(s, a, err);
}

enum rc store_aside_rest(struct store *s, struct err *err)
{
	assert(s->transaction == TRANSACTION_NONE);
	return s->broken ? refuse_broken(s, err) : s->backend->aside_rest(s, err);
}

enum rc store_aside_end(struct store *s, struct err *err)
{
	return s->backend->aside_end(s, err);
}

/* A statement that writes outside a transaction is one of its own. */
static enum rc run_alone(struct store *s, enum statement q, const struct bind *binds, size_t n,
			 int64_t *changed, struct err *err)
{
	enum rc rc = store_begin(s, err);

	if (rc != RC_OK)
		return rc;
	rc = s->backend->run(s, q, binds, n, changed, err);
	if (rc != RC_OK) {
		store_rollback(s);
		return rc;
	}
	return store_commit(s, err);
}

enum rc store_run(struct store *s, enum statement q, const struct bind *binds, size_t n,
		  int64_t *changed, struct err *err)
{
	assert(s->transaction != TRANSACTION_READ);
	assert(s->mode != STORE_READ);
	if (s->broken)
		return refuse_broken(s, err);
	if (s->transaction == TRANSACTION_NONE)
		return run_alone(s, q, binds, n, changed, err);
	return s->backend->run(s, q, binds, n, changed, err);
}

enum rc store_query(struct store *s, enum statement q, const struct bind *binds, size_t n,
		    struct cursor *c, struct err *err)
{
	*c = (struct cursor){.store = s, .q = q, .done = true};
	if (s->broken)
		return refuse_broken(s, err);
	return s->backend->query(s, q, binds, n, c, err);
}

enum rc store_next(struct cursor *c, bool *row, struct err *err)
{
	*row = false;
	if (c->done)
		return RC_OK;
	if (c->store->broken) {
		cursor_close(c);
		return refuse_broken(c->store, err);
	}
	return c->store->backend->next(c, row, err);
}

void cursor_close(struct cursor *c)
{
	if (c->native != NULL)
		c->store->backend->cursor_close(c);
	c->native = NULL;
	c->done = true;
}

int64_t cursor_int(const struct cursor *c, int column)
{
	assert(!c->done);
	return c->store->backend->column_int(c, column);
}

struct text cursor_text(const struct cursor *c, int column)
{
	assert(!c->done);
	return c->store->backend->column_text(c, column);
}

bool cursor_is_null(const struct cursor *c, int column)
{
	assert(!c->done);
	return c->store->backend->column_is_null(c, column);
}

struct text cursor_copy(const struct cursor *c, int column, struct arena *a)
{
	return text_copy(a, cursor_text(c, column));
}

enum rc store_one(struct store *s, enum statement q, const struct bind *binds, size_t n,
		  struct cursor *c, bool *row, struct err *err)
{
	enum rc rc = store_query(s, q, binds, n, c, err);

	*row = false;
	return rc == RC_OK ? store_next(c, row, err) : rc;
}

enum rc store_check(struct store *s, bool quick, struct buf *problems, struct err *err)
{
	return s->broken ? refuse_broken(s, err) : s->backend->check(s, quick, problems, err);
}

enum rc store_copy(struct store *s, struct text to,
		   void (*progress)(void *context, int64_t done, int64_t all), void *context,
		   struct err *err)
{
	/* the copy has a read transaction of its own: one moment, whoever writes meanwhile */
	assert(s->transaction == TRANSACTION_NONE);
	return s->broken ? refuse_broken(s, err) : s->backend->copy(s, to, progress, context, err);
}

enum rc store_scrub(struct store *s, struct err *err)
{
	assert(s->transaction == TRANSACTION_NONE && s->mode != STORE_READ);
	return s->broken ? refuse_broken(s, err) : s->backend->scrub(s, err);
}

enum rc store_drop_derived(struct store *s, struct err *err)
{
	assert(s->transaction == TRANSACTION_WRITE);
	return s->broken ? refuse_broken(s, err) : s->backend->drop_derived(s, err);
}
