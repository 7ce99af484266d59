/* SPDX-License-Identifier: Apache-2.0 */
/* What a contract's invoice is worked out from, for a look at it and for its issue. */
#include "app/issue_parts.h"
#include "app/money_last.h"
#include "app/recall_past.h"
#include "app/signing.h"
#include "engine/invoice_json.h"

struct hash issue_substance(const struct invoice *i)
{
	struct hash h = {{0}};
	struct buf b;

	buf_init(&b, INVOICE_BYTES_MAX);
	invoice_json(i, INVOICE_SUBSTANCE, &b);
	sha256(buf_view(&b), h.b);
	buf_free(&b);
	return h;
}

enum rc issue_hold_changed(struct workspace *ws, const struct log_head *log,
			   const struct money_state *m, struct billing *b, struct err *err)
{
	struct hash released = money_released(m), substance;
	struct parked *parked;
	struct text changed;
	enum rc rc;

	if (b->invoice == NULL && b->n_credit_notes == 0)
		return RC_OK;
	rc = money_last_changed(ws, log, m, &changed, err);
	if (rc != RC_OK || changed.n == 0)
		return rc;
	substance = issue_substance(b->invoice != NULL ? b->invoice : b->credit_notes[0]);
	if (hash_eq(&released, &substance))
		return RC_OK;
	parked = arena_array(ws->arena, struct parked, b->n_parked + 1);
	for (size_t i = 0; i < b->n_parked; i++)
		parked[i] = b->parked[i];
	parked[b->n_parked] = (struct parked){.why = PARKED_CHANGED,
					      .what = m->log.contract,
					      .other = changed,
					      .days = {DAY_NONE, DAY_NONE}};
	b->parked = parked;
	b->n_parked++;
	return RC_OK;
}

struct text issue_root_hex(struct workspace *ws, const struct hash *root)
{
	char hex[SHA256_HEX + 1];

	hash_hex(root, hex);
	return text_copy(ws->arena, text_of(hex));
}

/* --- drafts --- */

/* A draft on its way, from facts that were recalled. */
struct drafting {
	struct workspace *ws;
	const struct log_head *log;
	day on, date;
	struct money_proof proof;
	struct money_state *m;
	struct billing *out;
};

static struct drafting drafting(struct workspace *ws, const struct log_head *log, day on, day date,
				struct money_state *m, struct billing *out)
{
	struct hash root = edge_root(ws->hasher, &log->edge);
	struct drafting d = {.ws = ws, .log = log, .on = on, .date = date, .m = m, .out = out};

	d.proof = (struct money_proof){log->edge.size, issue_root_hex(ws, &root), log->origin};
	return d;
}

static enum rc draft_of(const struct drafting *d, const struct recalled *r, struct err *err)
{
	struct money_at at = {.size = d->log->edge.size, .known_as_of = INSTANT_MAX, .on = d->on};
	enum rc rc = money_of(d->ws, r, &at, d->m, err);

	if (rc == RC_OK)
		rc = money_provider_now(d->ws, d->m, err);
	return rc == RC_OK ? money_bill(d->ws->arena, d->m, d->date, &d->proof, d->out, err) : rc;
}

static enum rc draft_of_all(const struct drafting *d, struct err *err)
{
	struct recall_options all = {d->log->edge.size, INSTANT_MAX, PACK_IDS_FEW};
	struct recalled r;
	enum rc rc = recall(d->ws, d->log, &all, &r, err);

	return rc == RC_OK ? draft_of(d, &r, err) : rc;
}

/* What the draft tells of a credit's causes it tells of their facts: then tickets of those months are read, too. */
static enum rc draft_with_causes(const struct drafting *d, struct err *err)
{
	struct past_asked asked = {{0, 0}, d->m->as_of};
	struct recalled r;
	enum rc rc = money_past_shown(d->ws->arena, d->m, d->date, &asked.shown, err);

	if (rc != RC_OK || asked.shown.from == asked.shown.to)
		return rc;
	rc = recall_past(d->ws, d->log, &asked, &r, err);
	if (rc == RC_OK)
		rc = draft_of(d, &r, err);
	if (rc == RC_OK)
		rc = money_past_shown(d->ws->arena, d->m, d->date, &asked.shown, err);
	return rc == RC_OK && asked.shown.from != asked.shown.to ? draft_of_all(d, err) : rc;
}

enum rc issue_preview_on(struct workspace *ws, const struct recalled *r, day on, day date,
			 struct money_state *m, struct billing *out, struct err *err)
{
	struct drafting d = drafting(ws, &r->log, on, date, m, out);
	enum rc rc = draft_of(&d, r, err);

	if (rc == RC_OK && r->left_out != NULL)
		rc = draft_with_causes(&d, err);
	return rc == RC_OK ? issue_hold_changed(ws, &r->log, m, out, err) : rc;
}

/* Of nothing but what the draft shows a ticket that is over need be read. */
static enum rc recall_draft(struct workspace *ws, const struct log_head *log, day on,
			    struct recalled *out, struct err *err)
{
	struct past_asked nothing = {{INSTANT_MAX, INSTANT_MAX}, 0};
	enum rc rc = recall_versions(ws, log, INSTANT_MAX, out, err);

	if (rc != RC_OK)
		return rc;
	nothing.as_of = zone_midnight(out->versions[out->n_versions - 1].promise->zone, on + 1);
	return recall_past(ws, log, &nothing, out, err);
}

enum rc issue_preview(struct workspace *ws, const struct log_head *log, day on, day date,
		      struct money_state *m, struct billing *out, struct err *err)
{
	struct recalled r;
	enum rc rc = recall_draft(ws, log, on, &r, err);

	return rc == RC_OK ? issue_preview_on(ws, &r, on, date, m, out, err) : rc;
}

enum rc issue_draft(struct workspace *ws, const struct log_head *log, day on, day date,
		    struct money_state *m, struct billing *out, struct err *err)
{
	struct drafting d = drafting(ws, log, on, date, m, out);
	enum rc rc = draft_of_all(&d, err);

	return rc == RC_OK ? issue_hold_changed(ws, log, m, out, err) : rc;
}

/* --- the state that documents are issued from --- */

static enum rc work_out(struct workspace *ws, const struct log_head *log, day on,
			struct money_state *m, struct err *err)
{
	struct money_at at = {.size = log->edge.size, .known_as_of = INSTANT_MAX, .on = on};

	return money_recall(ws, log, &at, m, err);
}

enum rc issue_state(struct workspace *ws, const struct log_head *log, day on, struct money_state *m,
		    struct money_proof *proof, struct err *err)
{
	struct stored_checkpoint checkpoint = {.size = 0};
	struct log_head now = *log;
	enum rc rc = sign_log(ws, log, true, &checkpoint, err);

	if (rc == RC_OK)
		rc = record_log_of_uuid(ws->store, ws->arena, &log->uuid, &now, err);
	if (rc != RC_OK)
		return rc;
	if (now.edge.size != checkpoint.size) {
		err_code(err, "moved");
		return err_set(err, RC_INVALID, "more was recorded meanwhile");
	}
	*proof = (struct money_proof){checkpoint.size, issue_root_hex(ws, &checkpoint.root),
				      now.origin};
	rc = work_out(ws, &now, on, m, err);
	return rc == RC_OK ? money_provider_now(ws, m, err) : rc;
}
