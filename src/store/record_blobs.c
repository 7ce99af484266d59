/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes beside the log: blobs by their hash (trust.md J6), and slots, which are sealed and can be erased (J22 to J24). */
#include "store/record.h"

#include "store/record_parts.h"

enum rc record_blob_put(struct store *s, const struct hash *sha256, struct text kind,
			struct text bytes, struct err *err)
{
	const struct bind binds[] = {bind_hash(sha256), BIND_T(kind), BIND_B(bytes)};

	return store_run(s, SQL_BLOB_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_blob(struct store *s, struct arena *a, const struct hash *sha256, struct text *bytes,
		    struct err *err)
{
	const struct bind binds[] = {bind_hash(sha256)};
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_BLOB, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		*bytes = cursor_copy(&c, 0, a);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_slot_put(struct store *s, int64_t log, const struct stored_slot *slot,
			struct err *err)
{
	const struct bind binds[] = {BIND_I(log),         bind_uuid(&slot->id),
				     BIND_T(slot->name),  BIND_T(slot->subject),
				     BIND_B(slot->nonce), BIND_B(slot->cipher)};

	return store_run(s, SQL_SLOT_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

/* Views into the row. */
static enum rc read_slot(const struct cursor *c, struct stored_slot *out, struct err *err)
{
	struct stored_slot slot = {.name = cursor_text(c, 1), .subject = cursor_text(c, 2)};
	enum rc rc = read_fixed(c, 0, slot.id.b, sizeof(slot.id.b), err);

	if (rc == RC_OK)
		*out = slot;
	return rc;
}

enum rc record_slot(struct store *s, struct arena *a, int64_t log, const struct uuid *id,
		    struct text name, struct stored_slot *out, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), bind_uuid(id), BIND_T(name)};
	struct stored_slot slot;
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_SLOT, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_slot(&c, &slot, err);
	if (rc == RC_OK && row)
		*out = (struct stored_slot){slot.id, text_copy(a, slot.name),
					    text_copy(a, slot.subject), cursor_copy(&c, 3, a),
					    cursor_copy(&c, 4, a)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_slots_each(struct store *s, int64_t log,
			  enum rc (*each)(void *context, const struct stored_slot *slot,
					  struct err *err),
			  void *context, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(s, SQL_SLOTS, &BIND_I(log), 1, &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		struct stored_slot slot;

		rc = read_slot(&c, &slot, err);
		if (rc == RC_OK)
			rc = each(context, &slot, err);
	}
	cursor_close(&c);
	return rc;
}

enum rc record_slots_erase(struct store *s, struct text subject, int64_t *n, struct err *err)
{
	return store_run(s, SQL_SLOTS_ERASE, &BIND_T(subject), 1, n, err);
}

enum rc record_slots_of_subject(struct store *s, struct text subject, int64_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_T(subject)};
	struct cursor c;
	bool row;
	enum rc rc = store_one(s, SQL_SLOTS_OF_SUBJECT, binds, ARRAY_SIZE(binds), &c, &row, err);

	if (rc != RC_OK)
		return rc;
	*n = row ? cursor_int(&c, 0) : 0;
	cursor_close(&c);
	return RC_OK;
}

enum rc record_blobs_each(struct store *s,
			  enum rc (*each)(void *context, const struct hash *sha256,
					  struct text kind, struct text bytes, struct err *err),
			  void *context, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(s, SQL_BLOBS, NULL, 0, &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		struct hash sha;

		rc = read_fixed(&c, 0, sha.b, sizeof(sha.b), err);
		if (rc == RC_OK)
			rc = each(context, &sha, cursor_text(&c, 1), cursor_text(&c, 2), err);
	}
	cursor_close(&c);
	return rc;
}

enum rc record_slot_logs(struct store *s, struct arena *a, struct text subject,
			 struct slot_log **out, size_t *n, struct err *err)
{
	struct slot_log *v = NULL;
	struct rows r = rows_of(s, a, SQL_SLOT_LOGS, &BIND_T(subject), 1, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct slot_log){cursor_int(&r.c, 0), cursor_int(&r.c, 1)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}
