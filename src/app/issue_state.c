/* SPDX-License-Identifier: Apache-2.0 */
/* What a contract's invoice is worked out from, for a look at it and for its issue. */
#include "app/issue_parts.h"
#include "app/money_last.h"
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

static enum rc work_out(struct workspace *ws, const struct log_head *log, day on,
			struct money_state *m, struct err *err)
{
	struct money_at at = {.size = log->edge.size, .known_as_of = INSTANT_MAX, .on = on};

	return money_recall(ws, log, &at, m, err);
}

struct text issue_root_hex(struct workspace *ws, const struct hash *root)
{
	char hex[SHA256_HEX + 1];

	hash_hex(root, hex);
	return text_copy(ws->arena, text_of(hex));
}

enum rc issue_preview(struct workspace *ws, const struct log_head *log, day on, day date,
		      struct money_state *m, struct billing *out, struct err *err)
{
	struct hash root = edge_root(ws->hasher, &log->edge);
	struct money_proof proof = {log->edge.size, issue_root_hex(ws, &root), log->origin};
	enum rc rc = work_out(ws, log, on, m, err);

	if (rc == RC_OK)
		rc = money_provider_now(ws, m, err);
	if (rc == RC_OK)
		rc = money_bill(ws->arena, m, date, &proof, out, err);
	return rc == RC_OK ? issue_hold_changed(ws, log, m, out, err) : rc;
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
