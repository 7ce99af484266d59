/* SPDX-License-Identifier: Apache-2.0 */
/* Logs and their heads (trust.md J1, J8). */
#include "store/record.h"

#include "store/record_parts.h"

/* Kind 1 is the provider's own: the install log has no name, the internal one has this in the place of a contract's. */
static const char internal_name[] = "internal";

enum rc record_log_last(struct store *s, int64_t *id, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_LOG_LAST, NULL, 0, &c, &row, err);

	if (rc == RC_OK)
		*id = row ? cursor_int(&c, 0) : 0; /* NULL, no log yet: 0 */
	cursor_close(&c);
	return rc;
}

enum rc record_log_add(struct store *s, const struct log_head *head, int64_t *id, struct err *err)
{
	struct text name = head->kind == LOG_ENGAGEMENT
				   ? head->contract
				   : text_of(head->kind == LOG_INTERNAL ? internal_name : "");
	int64_t last = 0;

	assert(store_in_transaction(s));
	enum rc rc = record_log_last(s, &last, err);

	if (rc != RC_OK)
		return rc;

	const struct bind binds[] = {
		BIND_I(last + 1),
		bind_uuid(&head->uuid),
		BIND_I(head->kind == LOG_ENGAGEMENT ? 0 : 1),
		BIND_T(head->origin),
		BIND_T(name),
		BIND_T(head->client),
		BIND_I(head->created_at),
		BIND_B(((struct text){NULL, 0})),
	};

	rc = store_run(s, SQL_LOG_ADD, binds, ARRAY_SIZE(binds), NULL, err);
	if (rc == RC_OK)
		*id = last + 1;
	return rc;
}

static enum rc read_head(const struct cursor *c, struct arena *a, struct log_head *out,
			 struct err *err)
{
	struct log_head h = {
		.id = cursor_int(c, 0),
		.kind = cursor_int(c, 2) == 1 ? LOG_INSTALL : LOG_ENGAGEMENT,
		.origin = cursor_copy(c, 3, a),
		.contract = cursor_copy(c, 4, a),
		.client = cursor_copy(c, 5, a),
		.created_at = cursor_int(c, 6),
		.last_recorded_at = read_instant(c, 9),
		.frozen = cursor_copy(c, 10, a),
	};
	enum rc rc = read_fixed(c, 1, h.uuid.b, sizeof(h.uuid.b), err);

	if (rc != RC_OK)
		return rc;
	if (h.kind == LOG_INSTALL && text_is(h.contract, internal_name)) {
		h.kind = LOG_INTERNAL;
		h.contract = text_of("");
	}
	if (!edge_load(&h.edge, cursor_int(c, 7), cursor_text(c, 8))) {
		err_code(err, "store.damaged");
		return err_set(err, RC_INVALID,
			       "the right edge of log '%.*s' does not fit its size of %lld",
			       TEXT_ARG(h.origin), (long long)cursor_int(c, 7));
	}
	*out = h;
	return RC_OK;
}

static enum rc all_heads(struct store *s, struct arena *a, enum statement q,
			 const struct bind *binds, size_t n_binds, struct log_head **out, size_t *n,
			 struct err *err)
{
	struct log_head *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		r.rc = read_head(&r.c, a, &v[r.n++], err);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

enum rc record_logs(struct store *s, struct arena *a, struct log_head **out, size_t *n,
		    struct err *err)
{
	return all_heads(s, a, SQL_LOGS, NULL, 0, out, n, err);
}

enum rc record_logs_after(struct store *s, struct arena *a, int64_t after, size_t most,
			  struct log_head **out, size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_I(after), BIND_I((int64_t)most)};

	return all_heads(s, a, SQL_LOGS_AFTER, binds, ARRAY_SIZE(binds), out, n, err);
}

static enum rc one_head(struct store *s, struct arena *a, enum statement q,
			const struct bind *binds, size_t n, struct log_head *out, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, q, binds, n, &c, &row, err);

	if (rc == RC_OK && row)
		rc = read_head(&c, a, out, err);
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_log_of_id(struct store *s, struct arena *a, int64_t id, struct log_head *out,
			 struct err *err)
{
	return one_head(s, a, SQL_LOG_OF_ID, &BIND_I(id), 1, out, err);
}

enum rc record_log_of_contract(struct store *s, struct arena *a, struct text contract,
			       struct log_head *out, struct err *err)
{
	return one_head(s, a, SQL_LOG_OF_CONTRACT, &BIND_T(contract), 1, out, err);
}

enum rc record_log_of_uuid(struct store *s, struct arena *a, const struct uuid *uuid,
			   struct log_head *out, struct err *err)
{
	const struct bind binds[] = {bind_uuid(uuid)};

	return one_head(s, a, SQL_LOG_OF_UUID, binds, 1, out, err);
}

enum rc record_log_stands(struct store *s, const struct log_head *head, bool *stands,
			  struct err *err)
{
	const struct bind binds[] = {BIND_I(head->id), BIND_I(head->edge.size)};
	struct cursor c;
	enum rc rc = store_one(s, SQL_LOG_STANDS, binds, ARRAY_SIZE(binds), &c, stands, err);

	cursor_close(&c);
	return rc;
}

enum rc record_log_install(struct store *s, struct arena *a, struct log_head *out, struct err *err)
{
	return one_head(s, a, SQL_LOG_INSTALL, NULL, 0, out, err);
}

enum rc record_log_internal(struct store *s, struct arena *a, struct log_head *out, struct err *err)
{
	return one_head(s, a, SQL_LOG_INTERNAL, NULL, 0, out, err);
}

enum rc record_log_freeze(struct store *s, int64_t log, struct text why, struct err *err)
{
	const struct bind binds[] = {BIND_T(why), BIND_I(log)};
	int64_t changed = 0;
	enum rc rc = store_run(s, SQL_LOG_FREEZE, binds, ARRAY_SIZE(binds), &changed, err);

	if (rc == RC_OK && changed == 0)
		return err_set(err, RC_MISSING, "there is no log %lld", (long long)log);
	return rc;
}
