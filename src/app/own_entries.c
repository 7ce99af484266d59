/* SPDX-License-Identifier: Apache-2.0 */
#include "app/own_entries.h"

enum rc own_entry_read(struct workspace *ws, const struct log_head *log, int64_t index,
		       struct own_entry *out, struct err *err)
{
	struct stored_entry stored;
	enum rc rc = record_entry(ws->store, ws->arena, log->id, index, &stored, err);

	if (rc == RC_OK)
		rc = entry_parse(ws->arena, NULL, stored.bytes, &out->entry, &out->doc, err);
	if (rc != RC_OK)
		return rc;
	out->index = index;
	out->body = canon_member(&out->doc, out->doc.v, "body");
	return RC_OK;
}

enum rc own_entries(struct workspace *ws, const struct log_head *log, enum fact_kind kind,
		    int64_t size, struct own_entry **out, size_t *n, struct err *err)
{
	int64_t *marks;
	size_t n_marks;
	enum rc rc = record_marks(ws->store, ws->arena, log->id, (int)kind, &marks, &n_marks, err);

	*n = 0;
	if (rc != RC_OK)
		return rc;
	*out = arena_array(ws->arena, struct own_entry, n_marks + 1);
	for (size_t i = 0; rc == RC_OK && i < n_marks && marks[i] < size; i++) {
		rc = own_entry_read(ws, log, marks[i], &(*out)[*n], err);
		*n += rc == RC_OK;
	}
	return rc;
}

struct text own_entry_text(const struct own_entry *e, const char *key)
{
	const struct canon_node *v = e->body == NULL ? NULL : canon_member(&e->doc, e->body, key);

	return v != NULL && v->type == CANON_TEXT ? v->text : text_of("");
}

int64_t own_entry_number(const struct own_entry *e, const char *key, int64_t otherwise)
{
	const struct canon_node *v = e->body == NULL ? NULL : canon_member(&e->doc, e->body, key);

	return v != NULL && v->type == CANON_INT ? v->number : otherwise;
}
