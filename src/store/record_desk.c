/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record_desk.h"

#include "store/record_parts.h"

/* --- pairs of words: named lists and texts to answer with --- */

struct pair_rows {
	struct text a, b;
};

static enum rc pair_rows(struct store *s, struct arena *a, enum statement q,
			 const struct bind *binds, size_t n_binds, struct pair_rows **out,
			 size_t *n, struct err *err)
{
	struct pair_rows *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n].a = cursor_copy(&r.c, 0, a);
		v[r.n++].b = cursor_copy(&r.c, 1, a);
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

static enum rc drop(struct store *s, enum statement q, const struct bind *binds, size_t n,
		    bool *there, struct err *err)
{
	int64_t changed = 0;
	enum rc rc = store_run(s, q, binds, n, &changed, err);

	if (rc == RC_OK)
		*there = changed > 0;
	return rc;
}

enum rc record_views(struct store *s, struct arena *a, struct text person, struct stored_view **out,
		     size_t *n, struct err *err)
{
	struct pair_rows *v = NULL;
	size_t rows = 0;
	enum rc rc = pair_rows(s, a, SQL_SAVED_VIEWS, &BIND_T(person), 1, &v, &rows, err);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(a, struct stored_view, rows);
	*n = rows;
	for (size_t i = 0; i < rows; i++)
		(*out)[i] = (struct stored_view){v[i].a, v[i].b};
	return RC_OK;
}

enum rc record_view_put(struct store *s, struct text person, const struct stored_view *v,
			struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(v->name), BIND_T(v->query)};

	return store_run(s, SQL_SAVED_VIEW_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_view_drop(struct store *s, struct text person, struct text name, bool *there,
			 struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(name)};

	return drop(s, SQL_SAVED_VIEW_DROP, binds, ARRAY_SIZE(binds), there, err);
}

/* No name of a text has a control character. */
#define TEMPLATE_MARK "\x1f"

static enum rc marked(struct store *s, struct arena *a, bool templates, struct stored_reply **out,
		      size_t *n, struct err *err)
{
	struct pair_rows *v = NULL;
	size_t rows = 0;
	enum rc rc = pair_rows(s, a, SQL_CANNED_REPLIES, NULL, 0, &v, &rows, err);

	if (rc != RC_OK)
		return rc;
	*out = arena_array(a, struct stored_reply, rows);
	*n = 0;
	for (size_t i = 0; i < rows; i++) {
		bool is = text_starts(v[i].a, TEMPLATE_MARK);

		if (is == templates)
			(*out)[(*n)++] = (struct stored_reply){
				is ? text_sub(v[i].a, 1, v[i].a.n) : v[i].a, v[i].b};
	}
	return RC_OK;
}

enum rc record_replies(struct store *s, struct arena *a, struct stored_reply **out, size_t *n,
		       struct err *err)
{
	return marked(s, a, false, out, n, err);
}

enum rc record_templates(struct store *s, struct arena *a, struct stored_reply **out, size_t *n,
			 struct err *err)
{
	return marked(s, a, true, out, n, err);
}

static struct text template_name(struct arena *a, struct text name)
{
	return text_format(a, "%s%.*s", TEMPLATE_MARK, TEXT_ARG(name));
}

enum rc record_template_put(struct store *s, struct arena *a, const struct stored_reply *r,
			    struct err *err)
{
	return record_reply_put(s, &(struct stored_reply){template_name(a, r->name), r->words},
				err);
}

enum rc record_template_drop(struct store *s, struct arena *a, struct text name, bool *there,
			     struct err *err)
{
	return record_reply_drop(s, template_name(a, name), there, err);
}

enum rc record_reply_put(struct store *s, const struct stored_reply *r, struct err *err)
{
	const struct bind binds[] = {BIND_T(r->name), BIND_T(r->words)};

	return store_run(s, SQL_CANNED_REPLY_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_reply_drop(struct store *s, struct text name, bool *there, struct err *err)
{
	return drop(s, SQL_CANNED_REPLY_DROP, &BIND_T(name), 1, there, err);
}

/* --- a running timer --- */

enum rc record_timer(struct store *s, struct arena *a, struct text person, struct stored_timer *out,
		     struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_WORK_TIMER, &BIND_T(person), 1, &c, &row, err);

	if (rc == RC_OK && row)
		*out = (struct stored_timer){cursor_copy(&c, 0, a), cursor_copy(&c, 1, a),
					     cursor_int(&c, 2)};
	cursor_close(&c);
	return rc == RC_OK && !row ? RC_MISSING : rc;
}

enum rc record_timer_start(struct store *s, struct text person, const struct stored_timer *t,
			   bool *started, struct err *err)
{
	const struct bind binds[] = {BIND_T(person), BIND_T(t->contract), BIND_T(t->ticket),
				     BIND_I(t->started_at)};

	return drop(s, SQL_WORK_TIMER_START, binds, ARRAY_SIZE(binds), started, err);
}

enum rc record_timer_stop(struct store *s, struct text person, bool *there, struct err *err)
{
	return drop(s, SQL_WORK_TIMER_STOP, &BIND_T(person), 1, there, err);
}

/* --- the internal log by ticket --- */

enum rc record_note_add(struct store *s, const struct stored_note *n, struct err *err)
{
	const struct bind binds[] = {BIND_T(n->contract), BIND_T(n->ticket), BIND_I(n->index),
				     BIND_T(n->queue)};

	return store_run(s, SQL_NOTE_ADD, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_notes(struct store *s, struct arena *a, struct text contract, struct text ticket,
		     struct stored_note **out, size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_T(contract), BIND_T(ticket)};
	enum statement q = contract.n == 0 ? SQL_NOTES
			   : ticket.n == 0 ? SQL_NOTES_OF_CONTRACT
					   : SQL_NOTES_OF;
	size_t n_binds = contract.n == 0 ? 0 : ticket.n == 0 ? 1 : 2;
	int at = contract.n == 0 ? 2 : ticket.n == 0 ? 1 : 0; /* column of the number */
	struct stored_note *v = NULL;
	struct rows r = rows_of(s, a, q, binds, n_binds, err);

	while (rows_next(&r, err)) {
		v = rows_room(&r, v, sizeof(*v));
		v[r.n++] = (struct stored_note){
			.contract = at == 2 ? cursor_copy(&r.c, 0, a) : contract,
			.ticket = at > 0 ? cursor_copy(&r.c, at - 1, a) : ticket,
			.index = cursor_int(&r.c, at),
			.queue = cursor_copy(&r.c, at + 1, a)};
	}
	if (rows_end(&r) == RC_OK) {
		*out = v;
		*n = r.n;
	}
	return r.rc;
}

/* --- all of a person --- */

enum rc record_desk_forget(struct store *s, struct text person, struct err *err)
{
	enum rc rc = store_run(s, SQL_SAVED_VIEWS_DROP, &BIND_T(person), 1, NULL, err);

	return rc == RC_OK ? store_run(s, SQL_WORK_TIMER_STOP, &BIND_T(person), 1, NULL, err) : rc;
}
