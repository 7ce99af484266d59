/* SPDX-License-Identifier: Apache-2.0 */
/* Entries: appending and reading them (trust.md J7, J8, J27). What an entry must look like is said in journal/. */
#include "store/record.h"

#include "store/record_parts.h"

/* --- appending --- */

static enum rc no_room(const struct log_head *head, struct err *err)
{
	return err_set(err, RC_LIMIT, "log '%.*s' is full", TEXT_ARG(head->origin));
}

/* What the store says of a place that is taken: the head is not the newest. Ids that are there are no error of the store. */
static enum rc place_is_taken(const struct log_head *head, int64_t index, struct err *err)
{
	err_code(err, "store.damaged");
	return err_set(err, RC_INVALID, "log '%.*s' has an entry %lld, beyond its size",
		       TEXT_ARG(head->origin), (long long)index);
}

void record_append_begin(struct record_appender *a, struct store *s, struct hasher *h,
			 struct log_head *head)
{
	assert(store_in_transaction(s));
	*a = (struct record_appender){s, h, head, head->edge};
}

enum rc record_append_entry(struct record_appender *a, const struct uuid *id, struct text bytes,
			    const struct hash *leaf, bool *there, struct err *err)
{
	struct hash hashed;
	int64_t changed = 0;

	if (a->edge.size >= LOG_ENTRIES_MAX)
		return no_room(a->head, err);
	if (leaf == NULL) {
		hashed = merkle_leaf(a->hasher, bytes);
		leaf = &hashed;
	}
	const struct bind binds[] = {
		BIND_I(place_of(a->head->id, a->edge.size)),
		BIND_I(a->head->id),
		bind_uuid(id),
		bind_hash(leaf),
		BIND_B(bytes),
	};
	enum rc rc = store_run(a->store, SQL_ENTRY_ADD, binds, ARRAY_SIZE(binds), &changed, err);

	if (rc == RC_INVALID && strcmp(err->code, "unique") == 0)
		return place_is_taken(a->head, a->edge.size, err);
	if (rc != RC_OK)
		return rc;
	*there = changed == 0;
	if (changed > 0)
		edge_append(a->hasher, &a->edge, leaf);
	return RC_OK;
}

static enum rc move_head(struct store *s, const struct log_head *head, const struct edge *edge,
			 instant last_recorded_at, struct err *err)
{
	unsigned char bytes[MERKLE_LEVELS * SHA256_BYTES];
	size_t used = 0;
	int64_t changed = 0;

	edge_store(edge, bytes, &used);
	const struct bind binds[] = {
		BIND_I(edge->size),
		BIND_B(((struct text){(const char *)bytes, used})),
		bind_instant(last_recorded_at),
		BIND_I(head->id),
		BIND_I(head->edge.size),
	};
	enum rc rc = store_run(s, SQL_LOG_HEAD_MOVE, binds, ARRAY_SIZE(binds), &changed, err);

	if (rc == RC_OK && changed != 1) {
		err_code(err, "store.head");
		return err_set(err, RC_INVALID,
			       "log '%.*s' has another size than the %lld its head was read with",
			       TEXT_ARG(head->origin), (long long)head->edge.size);
	}
	return rc;
}

enum rc record_append_end(struct record_appender *a, instant last_recorded_at, struct err *err)
{
	struct log_head *head = a->head;
	enum rc rc;

	assert(last_recorded_at != INSTANT_NONE && last_recorded_at >= head->last_recorded_at);
	rc = move_head(a->store, head, &a->edge, last_recorded_at, err);
	if (rc != RC_OK)
		return rc;
	head->edge = a->edge;
	head->last_recorded_at = last_recorded_at;
	return RC_OK;
}

enum rc record_appended_twice(const struct log_head *head, const struct uuid *id, struct err *err)
{
	char text[UUID_TEXT + 1];

	uuid_text(id, text);
	err_code(err, "unique");
	return err_set(err, RC_INVALID, "log '%.*s' has an entry '%s' already",
		       TEXT_ARG(head->origin), text);
}

/* --- reading --- */

/* Views into the cursor's row; the bytes are not copied. */
static enum rc read_entry(const struct cursor *c, struct stored_entry *out, struct err *err)
{
	struct stored_entry e = {.index = index_of_place(cursor_int(c, 0)),
				 .bytes = cursor_text(c, 3)};
	enum rc rc = read_fixed(c, 1, e.id.b, sizeof(e.id.b), err);

	if (rc == RC_OK)
		rc = read_fixed(c, 2, e.leaf.b, sizeof(e.leaf.b), err);
	if (rc == RC_OK)
		*out = e;
	return rc;
}

static enum rc one_entry(struct store *s, struct arena *a, enum statement q,
			 const struct bind *binds, size_t n, struct stored_entry *out,
			 struct err *err)
{
	struct stored_entry e = {.index = -1};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, binds, n, &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_entry(&c, &e, err);
	if (rc == RC_OK && row) {
		e.bytes = text_copy(a, e.bytes);
		*out = e;
	}
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_entry(struct store *s, struct arena *a, int64_t log, int64_t index,
		     struct stored_entry *out, struct err *err)
{
	if (index < 0 || index >= LOG_ENTRIES_MAX)
		return RC_MISSING;
	return one_entry(s, a, SQL_ENTRY, &BIND_I(place_of(log, index)), 1, out, err);
}

enum rc record_entry_of_id(struct store *s, struct arena *a, int64_t log, const struct uuid *id,
			   struct stored_entry *out, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), bind_uuid(id)};

	return one_entry(s, a, SQL_ENTRY_OF_ID, binds, ARRAY_SIZE(binds), out, err);
}

bool record_has_id(struct store *s, int64_t log, const struct uuid *id, struct err *err,
		   enum rc *rc)
{
	const struct bind binds[] = {BIND_I(log), bind_uuid(id)};
	struct cursor c;
	bool row = false;

	*rc = store_one(s, SQL_ENTRY_HAS_ID, binds, ARRAY_SIZE(binds), &c, &row, err);
	cursor_close(&c);
	return *rc == RC_OK && row;
}

enum rc record_entry_count(struct store *s, int64_t log, int64_t *n, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_ENTRY_COUNT, &BIND_I(log), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*n = cursor_int(&c, 0);
	cursor_close(&c);
	return rc;
}

static enum rc entry_missing(int64_t index, struct err *err)
{
	err_code(err, "entry.missing");
	err_hint(err, "restore the last backup: tenor restore DIR");
	return err_set(err, RC_INVALID, "entry %lld is missing", (long long)index);
}

enum rc record_each(struct store *s, int64_t log, int64_t from, int64_t to,
		    enum rc (*each)(void *context, const struct stored_entry *e, struct err *err),
		    void *context, struct err *err)
{
	const struct bind binds[] = {BIND_I(place_of(log, from)), BIND_I(place_of(log, to))};
	struct cursor c;
	bool row = false;
	int64_t index = from;
	enum rc rc = store_query(s, SQL_ENTRIES, binds, ARRAY_SIZE(binds), &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		struct stored_entry e = {.index = 0};

		rc = read_entry(&c, &e, err);
		if (rc == RC_OK && e.index != index)
			rc = entry_missing(index, err);
		if (rc == RC_OK)
			rc = each(context, &e, err);
		index++;
	}
	cursor_close(&c);
	return rc == RC_OK && index < to ? entry_missing(index, err) : rc;
}

static enum rc read_leaves(void *context, int64_t from, size_t n, struct hash *out, struct err *err)
{
	const struct record_leaves *l = (const struct record_leaves *)context;
	const struct bind binds[] = {BIND_I(place_of(l->log, from)),
				     BIND_I(place_of(l->log, from + (int64_t)n))};
	struct cursor c;
	bool row = false;
	size_t got = 0;
	enum rc rc = store_query(l->store, SQL_LEAVES, binds, ARRAY_SIZE(binds), &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		if (index_of_place(cursor_int(&c, 0)) != from + (int64_t)got)
			rc = entry_missing(from + (int64_t)got, err);
		else
			rc = read_fixed(&c, 1, out[got++].b, SHA256_BYTES, err);
	}
	cursor_close(&c);
	return rc == RC_OK && got < n ? entry_missing(from + (int64_t)got, err) : rc;
}

struct leaf_source record_leaf_source(const struct record_leaves *l)
{
	/* the callback takes it back as what it is: read only */
	return (struct leaf_source){.context = (void *)(uintptr_t)l, .read = read_leaves};
}
