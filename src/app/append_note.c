/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of the record's own whose body is written member by member. */
#include "app/append.h"

struct json *own_note_begin(struct own_note *n)
{
	buf_init(&n->body, OWN_NOTE_BYTES);
	json_init(&n->j, &n->body, false);
	json_open_object(&n->j);
	return &n->j;
}

enum rc own_note_add(struct own_run *r, enum fact_kind kind, struct own_note *n, struct err *err)
{
	struct uuid id = workspace_uuid(r->ws);
	enum rc rc;

	json_end_object(&n->j);
	if (n->body.full)
		rc = err_set(err, RC_LIMIT, "an entry of more than %d bytes", OWN_NOTE_BYTES);
	else
		rc = own_run_add(r, kind, buf_view(&n->body), &id, r->ws->now, NULL, 0, NULL, err);
	buf_free(&n->body);
	return rc;
}

enum rc own_note_append(struct workspace *ws, struct log_head *log, enum fact_kind kind,
			struct own_note *n, struct err *err)
{
	struct own_run r;
	enum rc rc;

	own_run_begin(&r, ws, log);
	rc = own_note_add(&r, kind, n, err);
	return own_run_end(&r, rc, err);
}
