/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money_last.h"

#include "app/money_again.h"
#include "engine/invoice_json.h"
#include "engine/version.h"

#include <assert.h>
#include <string.h>

enum { INVOICE_BYTES_MAX = 64 << 20 };

/* --- working it out --- */

/* Do the first `size` entries lead to the versions at hand? They do where all versions and inputs lie among them. */
static enum rc same_versions(struct workspace *ws, const struct money_state *m, int64_t size,
			     bool *same, struct err *err)
{
	int64_t *pins = NULL;
	size_t n = 0;
	enum rc rc =
		record_marks(ws->store, ws->arena, m->log.id, FACT_INPUT_PINNED, &pins, &n, err);

	*same = rc == RC_OK && m->r.versions[m->r.n_versions - 1].index < size &&
		(n == 0 || pins[n - 1] < size);
	return rc;
}

/* The state on which a document was made: its facts are read again; versions only where others were known then. */
static enum rc state_of(struct workspace *ws, const struct log_head *log,
			const struct money_state *m, const struct invoice *of,
			struct money_state *then, struct err *err)
{
	struct money_at at = {.size = of->log_size, .known_as_of = INSTANT_MAX, .on = of->run};
	struct provider_settings now;
	struct recalled r = m->r;
	bool same = false;
	enum rc rc = same_versions(ws, m, at.size, &same, err);

	/* what is known at its size is what was known then: the log's times only grow */
	if (rc == RC_OK && !same)
		return money_recall(ws, log, &at, then, err);
	if (rc == RC_OK)
		rc = provider_settings_at(ws, INSTANT_MAX, &now, err);
	if (rc != RC_OK)
		return rc;
	r.log.edge.size = at.size;
	r.size = at.size;
	return money_recall_on(ws, &r, &now, &at, then, err);
}

static bool is_heavy(const struct err *err)
{
	return strcmp(err->code, "heavy") == 0;
}

/* *same: it comes out. What cannot be worked out is another result; *sure false: as far as the file can be read now. */
static enum rc again(struct workspace *ws, const struct log_head *log, const struct money_state *m,
		     const struct invoice *last, bool *same, bool *sure, struct err *err)
{
	const struct invoice *made = NULL;
	struct money_state then;
	enum rc rc = state_of(ws, log, m, last, &then, err);

	*same = false;
	*sure = rc == RC_OK;
	if (rc == RC_OK)
		rc = money_again(ws->arena, &then, last, &made, err);
	if ((rc == RC_LIMIT && !is_heavy(err)) || rc == RC_INVALID) {
		err_clear(err);
		return RC_OK;
	}
	*same = rc == RC_OK && made != NULL && money_same(made, last);
	return rc;
}

/* --- what is kept --- */

static struct hash own_sources(void)
{
	struct hash out;

	if (!hash_parse(engine_sources(), &out))
		assert(false && "the build prints a hash");
	return out;
}

/* Is the document what its entry names? */
static bool is_whole(const struct issued_document *d)
{
	struct hash sha = {{0}};
	struct buf b;

	buf_init(&b, INVOICE_BYTES_MAX);
	invoice_json(d->invoice, INVOICE_WHOLE, &b);
	sha256(buf_view(&b), sha.b);
	buf_free(&b);
	return hash_eq(&sha, &d->sha256);
}

static enum rc put(struct workspace *ws, int64_t log, int64_t index, bool same, struct err *err)
{
	const struct stored_again row = {index, own_sources(), same};

	return record_again_put(ws->store, log, &row, err);
}

/* What this program found of that document. *known false: nothing. */
static enum rc kept(struct workspace *ws, int64_t log, const struct issued_document *last,
		    bool *known, bool *same, struct err *err)
{
	const struct hash own = own_sources();
	struct stored_again row;
	enum rc rc = record_again(ws->store, log, &row, err);

	*known = rc == RC_OK && row.index == last->entry && hash_eq(&row.sources, &own) &&
		 is_whole(last);
	if (*known)
		*same = row.same;
	return rc == RC_MISSING ? RC_OK : rc;
}

static const struct issued_document *last_of(const struct issued_document *v, size_t n)
{
	for (size_t i = n; i > 0; i--)
		if (v[i - 1].invoice->kind == DOCUMENT_INVOICE)
			return &v[i - 1];
	return NULL;
}

enum rc money_last_changed(struct workspace *ws, const struct log_head *log,
			   const struct money_state *m, struct text *changed, struct err *err)
{
	const struct issued_document *last = last_of(m->issued, m->n_issued);
	bool known = false, same = true, sure;
	enum rc rc = RC_OK;

	*changed = text_of(NULL);
	if (last != NULL)
		rc = kept(ws, log->id, last, &known, &same, err);
	if (rc == RC_OK && last != NULL && !known)
		rc = again(ws, log, m, last->invoice, &same, &sure, err);
	if (rc == RC_OK && !same)
		*changed = last->invoice->number;
	return rc;
}

enum rc money_last_issued(struct workspace *ws, int64_t log, int64_t index, struct err *err)
{
	return put(ws, log, index, true, err);
}

/* The last invoice of a log, from its entry; *out.invoice NULL: there is none. */
static enum rc find_last(struct workspace *ws, const struct log_head *log,
			 struct issued_document *out, struct err *err)
{
	struct stored_document *v = NULL;
	size_t n = 0;
	enum rc rc = record_documents_of(ws->store, ws->arena, log->id, &v, &n, err);

	out->invoice = NULL;
	for (; rc == RC_OK && n > 0; n--) {
		struct own_entry own;

		rc = own_entry_read(ws, log, v[n - 1].index, &own, err);
		if (rc == RC_OK)
			rc = money_document_of(ws, &own, out, err);
		if (rc == RC_OK && out->invoice->kind == DOCUMENT_INVOICE)
			return RC_OK;
		out->invoice = NULL;
	}
	return rc;
}

/* In the memory of ws: what was found of the last invoice. */
static enum rc find_out(struct workspace *ws, const struct log_head *log,
			const struct invoice *last, bool *same, bool *sure, struct err *err)
{
	struct money_state m = {.on = last->run};
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, &m.r, err);

	m.log = m.r.log;
	return rc == RC_OK ? again(ws, log, &m, last, same, sure, err) : rc;
}

static enum rc keep(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct issued_document last;
	bool known = false, same = false, sure = false;
	enum rc rc = find_last(ws, log, &last, err);

	if (rc == RC_OK && last.invoice != NULL)
		rc = kept(ws, log->id, &last, &known, &same, err);
	if (rc == RC_OK && last.invoice != NULL && !known)
		rc = find_out(ws, log, last.invoice, &same, &sure, err);
	if (rc == RC_INVALID) { /* a file that cannot be read is told by the doctor */
		err_clear(err);
		return RC_OK;
	}
	if (rc != RC_OK || !sure)
		return rc;
	rc = store_begin(ws->store, err);
	if (rc != RC_OK)
		return rc;
	rc = put(ws, log->id, last.entry, same, err);
	if (rc == RC_OK)
		rc = store_commit(ws->store, err);
	if (rc != RC_OK)
		workspace_rollback(ws);
	return rc;
}

enum rc money_last_keep(struct workspace *ws, const struct log_head *log, struct err *err)
{
	struct workspace scratch = *ws;
	enum rc rc;

	/* Of shorter logs it is worked out at each look: that takes less than a page. */
	if ((ws->app->served != NULL && ws->app->served->recalled != NULL) ||
	    log->kind != LOG_ENGAGEMENT || log->edge.size < RECALL_LARGE)
		return RC_OK;
	scratch.arena = arena_like(ws->arena);
	rc = keep(&scratch, log, err);
	arena_free(scratch.arena);
	return rc;
}

/* --- comparing --- */

enum rc money_last_compare(struct workspace *ws, const struct log_head *log, struct checks *checks,
			   struct err *err)
{
	struct issued_document last = {.invoice = NULL};
	bool known = false, same = true, found = true, sure = false;
	enum rc rc = find_last(ws, log, &last, err);

	if (rc == RC_OK && last.invoice != NULL)
		rc = kept(ws, log->id, &last, &known, &same, err);
	if (rc == RC_OK && known)
		rc = find_out(ws, log, last.invoice, &found, &sure, err);
	if (rc == RC_OK && known && sure && found != same)
		checks_problem(checks,
			       "'%.*s' %s, and something else is kept of it; \"tenor rebuild\" "
			       "makes it again",
			       TEXT_ARG(last.invoice->number),
			       found ? "comes out again as it was issued"
				     : "does not come out again as it was issued");
	return rc == RC_INVALID ? checks_take(checks, rc, err) : rc;
}
