/* SPDX-License-Identifier: Apache-2.0 */
#include "app/notes.h"

#include "app/append.h"
#include "app/logs.h"
#include "app/own_entries.h"
#include "app/recall.h"
#include "app/signing.h"
#include "base/canon.h"
#include "store/record_desk.h"

#include <sodium.h>
#include <stdlib.h>

/* Canonical bytes have no other way to write it, and a quote within a text stands behind a backslash. */
bool entry_is_internal(struct text canonical)
{
	return text_has(canonical, text_of("\"visibility\":\"internal\""));
}

/* --- writing --- */

enum rc notes_log(struct workspace *ws, struct log_head *out, struct err *err)
{
	struct text host;
	enum rc rc = record_log_internal(ws->store, ws->arena, out, err);

	if (rc != RC_MISSING)
		return rc;
	err_clear(err);
	rc = record_meta(ws->store, ws->arena, "host", &host, err);
	return rc == RC_OK ? log_make(ws, LOG_INTERNAL, text_of(""), text_of(""), host, out, err)
			   : rc;
}

static struct text body_words(struct workspace *ws, const struct log_head *log,
			      const struct new_note *n)
{
	struct text out;
	struct buf b;

	buf_init(&b, 4096);
	buf_str(&b, "{\"contract\":");
	canon_quote(&b, log->contract);
	if (n->queue.n > 0) {
		buf_str(&b, ",\"queue\":");
		canon_quote(&b, n->queue);
	}
	buf_str(&b, ",\"ticket\":");
	canon_quote(&b, n->ticket);
	buf_char(&b, '}');
	out = text_copy(ws->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

/* As the words of the ticket itself are kept (append_batch.c): under its log and its id. */
static enum rc seal(struct workspace *ws, const struct log_head *log, const struct new_note *n,
		    struct own_slot *out, struct err *err)
{
	char uuid[UUID_TEXT + 1];
	struct buf b;

	buf_init(&b, (size_t)8 * NOTE_BYTES_MAX);
	buf_str(&b, "{\"words\":");
	canon_quote(&b, n->words);
	buf_char(&b, '}');
	*out = (struct own_slot){.name = "words",
				 .private_bytes = text_copy(ws->arena, buf_view(&b))};
	buf_free(&b);
	ws->app->world->random.fill(ws->app->world->random.context, out->salt, SALT_BYTES);
	uuid_text(&log->uuid, uuid);
	return keys_subject(ws->keys, text_format(ws->arena, "%s/%.*s", uuid, TEXT_ARG(n->ticket)),
			    out->subject, err);
}

/* An id that is there: the same body is the same note, sent twice (trust.md J28); its words are not compared. */
static enum rc there_before(struct workspace *ws, const struct log_head *notes, struct text body,
			    const struct uuid *id, bool *again, struct err *err)
{
	struct stored_entry before;
	enum rc rc =
		id == NULL ? RC_MISSING
			   : record_entry_of_id(ws->store, ws->arena, notes->id, id, &before, err);

	*again = rc == RC_OK;
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc == RC_OK && !text_has(before.bytes, body)) {
		err_code(err, "id_conflict");
		return err_set(err, RC_INVALID, "this id names another note");
	}
	return rc;
}

static enum rc write_note(struct workspace *ws, const struct log_head *log,
			  const struct new_note *n, struct log_head *notes, bool *again,
			  struct err *err)
{
	struct text body = body_words(ws, log, n);
	struct uuid id = n->id != NULL ? *n->id : workspace_uuid(ws);
	bool queue = n->queue.n > 0;
	struct own_slot slot;
	enum rc rc = notes_log(ws, notes, err);

	if (rc == RC_OK)
		rc = there_before(ws, notes, body, n->id, again, err);
	if (rc != RC_OK || *again)
		return rc;
	if (!queue) {
		rc = workspace_keys_begin(ws, err);
		if (rc == RC_OK)
			rc = seal(ws, log, n, &slot, err);
	}
	if (rc == RC_OK)
		rc = append_own(ws, notes, queue ? FACT_TICKET_QUEUED : FACT_TICKET_NOTED, body,
				&id, ws->now, &slot, queue ? 0 : 1, NULL, err);
	if (rc == RC_OK)
		rc = record_note_add(ws->store,
				     &(const struct stored_note){log->contract, n->ticket,
								 notes->edge.size - 1, n->queue},
				     err);
	return rc == RC_OK ? workspace_audit(ws, log->contract, text_of(""), err) : rc;
}

enum rc notes_add(struct workspace *ws, const struct log_head *log, const struct new_note *n,
		  bool *again, struct err *err)
{
	struct log_head notes;
	enum rc rc = workspace_begin(ws, err);

	*again = false;
	if (rc != RC_OK)
		return rc;
	rc = workspace_end(ws, write_note(ws, log, n, &notes, again, err), err);
	return rc == RC_OK && !*again ? sign_log_and_install(ws, &notes, false, NULL, err) : rc;
}

/* --- reading --- */

/* *is_note false: it is a file. */
static enum rc read_note(struct workspace *ws, const struct log_head *notes,
			 const struct stored_note *from, struct desk_note *out, bool *is_note,
			 struct err *err)
{
	struct facts *set = facts_new(ws->arena);
	struct fact f;
	enum rc rc = recall_fact_at(ws, notes, from->index, set, &f, &out->who, err);

	if (rc != RC_OK)
		return rc;
	*is_note = f.kind != FACT_TICKET_ATTACHED;
	out->at = f.occurred_at;
	out->queue = from->queue;
	out->words = fact_value(&f, FIELD_WORDS) == NULL
			     ? text_of("")
			     : symbol_text(set->symbols, fact_word(&f, FIELD_WORDS));
	return RC_OK;
}

/* RC_MISSING without words: nothing was noted yet, or who asks is of the client. */
static enum rc rows(struct workspace *ws, const struct log_head *log, struct text ticket,
		    struct log_head *notes, struct stored_note **out, size_t *n, struct err *err)
{
	enum rc rc;

	*n = 0;
	if (workspace_client(ws))
		return RC_MISSING;
	rc = record_log_internal(ws->store, ws->arena, notes, err);
	return rc == RC_OK ? record_notes(ws->store, ws->arena, log->contract, ticket, out, n, err)
			   : rc;
}

enum rc notes_of(struct workspace *ws, const struct log_head *log, struct text ticket,
		 struct desk_note **out, size_t *n, struct err *err)
{
	struct log_head notes;
	struct stored_note *v = NULL;
	size_t n_rows = 0;
	bool is_note = false;
	enum rc rc = rows(ws, log, ticket, &notes, &v, &n_rows, err);

	*n = 0;
	if (rc != RC_OK) {
		if (rc == RC_MISSING)
			err_clear(err);
		return rc == RC_MISSING ? RC_OK : rc;
	}
	*out = arena_array(ws->arena, struct desk_note, n_rows);
	for (size_t i = 0; rc == RC_OK && i < n_rows; i++) {
		rc = read_note(ws, &notes, &v[i], &(*out)[*n], &is_note, err);
		*n += is_note;
	}
	return rc;
}

static int by_ticket(const void *x, const void *y)
{
	return text_cmp(((const struct queued *)x)->ticket, ((const struct queued *)y)->ticket);
}

/* The last one of a ticket holds: rows come by index, so a stable order by ticket keeps it last. */
struct placed_queue {
	struct queued q;
	int64_t index;
};

static int by_ticket_and_index(const void *x, const void *y)
{
	const struct placed_queue *a = x, *b = y;
	int d = text_cmp(a->q.ticket, b->q.ticket);

	return d != 0 ? d : (a->index > b->index) - (a->index < b->index);
}

enum rc notes_queues(struct workspace *ws, const struct log_head *log, struct queued **out,
		     size_t *n, struct err *err)
{
	struct log_head notes;
	struct stored_note *v = NULL;
	struct placed_queue *p;
	size_t rows_n = 0;
	enum rc rc = rows(ws, log, text_of(""), &notes, &v, &rows_n, err);

	*n = 0;
	if (rc == RC_MISSING) {
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	p = arena_array(ws->arena, struct placed_queue, rows_n);
	*out = arena_array(ws->arena, struct queued, rows_n);
	for (size_t i = 0; i < rows_n; i++)
		p[i] = (struct placed_queue){{v[i].ticket, v[i].queue}, v[i].index};
	if (rows_n > 1)
		qsort(p, rows_n, sizeof(*p), by_ticket_and_index);
	for (size_t i = 0; i < rows_n; i++)
		if (i + 1 == rows_n || !text_eq(p[i].q.ticket, p[i + 1].q.ticket))
			(*out)[(*n)++] = p[i].q;
	return RC_OK;
}

struct text queue_of(const struct queued *v, size_t n, struct text ticket)
{
	const struct queued key = {ticket, {NULL, 0}};
	const struct queued *found = n == 0 ? NULL : bsearch(&key, v, n, sizeof(*v), by_ticket);

	return found == NULL ? text_of("") : found->queue;
}

/* --- the derived table --- */

static enum rc from_entries(struct workspace *ws, const struct log_head *log,
			    struct stored_note **out, size_t *n, struct err *err)
{
	static const enum fact_kind kinds[] = {FACT_TICKET_NOTED, FACT_TICKET_QUEUED,
					       FACT_TICKET_ATTACHED};
	struct stored_note *v = NULL;
	size_t cap = 0;
	enum rc rc = RC_OK;

	*n = 0;
	for (size_t k = 0; rc == RC_OK && k < ARRAY_SIZE(kinds); k++) {
		struct own_entry *own;
		size_t n_own;

		rc = own_entries(ws, log, kinds[k], log->edge.size, &own, &n_own, err);
		for (size_t i = 0; rc == RC_OK && i < n_own; i++) {
			v = arena_grow(ws->arena, v, *n, &cap, sizeof(*v));
			v[(*n)++] = (struct stored_note){own_entry_text(&own[i], "contract"),
							 own_entry_text(&own[i], "ticket"),
							 own[i].index,
							 own_entry_text(&own[i], "queue")};
		}
	}
	*out = v;
	return rc;
}

enum rc notes_derive(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct stored_note *v = NULL;
	size_t n;
	enum rc rc = from_entries(ws, log, &v, &n, err);

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = record_note_add(ws->store, &v[i], err);
	return rc;
}

static int by_index(const void *x, const void *y)
{
	const struct stored_note *a = x, *b = y;

	return (a->index > b->index) - (a->index < b->index);
}

enum rc notes_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
		      struct err *err)
{
	struct stored_note *want = NULL, *got = NULL;
	size_t n_want, n_got;
	bool same;
	enum rc rc = checks_take(checks, from_entries(ws, log, &want, &n_want, err), err);

	if (rc == RC_OK)
		rc = record_notes(ws->store, ws->arena, text_of(""), text_of(""), &got, &n_got,
				  err);
	if (rc != RC_OK)
		return rc;
	if (n_want > 1)
		qsort(want, n_want, sizeof(*want), by_index);
	same = n_want == n_got;
	for (size_t i = 0; same && i < n_want; i++)
		same = want[i].index == got[i].index &&
		       text_eq(want[i].contract, got[i].contract) &&
		       text_eq(want[i].ticket, got[i].ticket) &&
		       text_eq(want[i].queue, got[i].queue);
	if (!same)
		checks_problem(checks, "the table of notes is not what the entries make; \"tenor "
				       "rebuild\" makes it again");
	return RC_OK;
}
