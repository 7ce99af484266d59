/* SPDX-License-Identifier: Apache-2.0 */
#include "app/issue.h"

#include "app/append.h"
#include "app/money_again.h"
#include "app/signing.h"
#include "base/json.h"
#include "engine/invoice_json.h"

#include <string.h>

enum { INVOICE_BYTES_MAX = 64 << 20, TRIES_MAX = 50 };

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

/* --- working out --- */

/* R73: where an issued document does not come out again nothing more is issued, until a person released exactly these bytes. */
static enum rc hold_changed(struct workspace *ws, const struct log_head *log,
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

static struct text root_hex(struct workspace *ws, const struct hash *root)
{
	char hex[SHA256_HEX + 1];

	hash_hex(root, hex);
	return text_copy(ws->arena, text_of(hex));
}

enum rc issue_preview(struct workspace *ws, const struct log_head *log, day on, day date,
		      struct money_state *m, struct billing *out, struct err *err)
{
	struct hash root = edge_root(ws->hasher, &log->edge);
	struct money_proof proof = {log->edge.size, root_hex(ws, &root), log->origin};
	enum rc rc = work_out(ws, log, on, m, err);

	if (rc == RC_OK)
		rc = money_provider_now(ws, m, err);
	if (rc == RC_OK)
		rc = money_bill(ws->arena, m, date, &proof, out, err);
	return rc == RC_OK ? hold_changed(ws, log, m, out, err) : rc;
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
	*proof = (struct money_proof){checkpoint.size, root_hex(ws, &checkpoint.root), now.origin};
	rc = work_out(ws, &now, on, m, err);
	return rc == RC_OK ? money_provider_now(ws, m, err) : rc;
}

/* --- numbers (R72) --- */

static const char *series_word(enum document_kind kind)
{
	static const char *const words[] = {[DOCUMENT_INVOICE] = "INV",
					    [DOCUMENT_CREDIT_NOTE] = "CN",
					    [DOCUMENT_INTEREST] = "INT"};

	return words[kind];
}

static enum rc give_number(struct workspace *ws, struct invoice *i, int64_t *seq, struct err *err)
{
	struct stored_document last = {.seq = 0, .day = INT32_MIN};
	enum rc rc;

	i->series = text_format(ws->arena, "%s-%04d", series_word(i->kind),
				(int)civil_of(i->date).year);
	rc = record_document_last(ws->store, ws->arena, i->series, &last, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		rc = RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	if (last.seq > 0 && last.day > i->date) {
		struct buf b;

		buf_init(&b, 32);
		day_print(&b, (day)last.day);
		err_hint(err, "date it %.*s or later", TEXT_ARG(buf_view(&b)));
		buf_free(&b);
		return err_set(err, RC_INVALID,
			       "dates do not descend within a series: %.*s is later",
			       TEXT_ARG(last.number));
	}
	*seq = last.seq + 1;
	i->number = text_format(ws->arena, "%.*s-%05lld", TEXT_ARG(i->series), (long long)*seq);
	return RC_OK;
}

/* --- writing --- */

static void kv_day(struct json *j, const char *key, day d)
{
	struct buf b;

	buf_init(&b, 32);
	day_print(&b, d);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

/* invoice_issued: keys in order. */
static struct text issued_body(struct arena *a, const struct invoice *i, const struct hash *sha,
			       int64_t seq)
{
	char hex[SHA256_HEX + 1];
	struct text out;
	struct buf b, amount;
	struct json j;

	hash_hex(sha, hex);
	buf_init(&b, 4096);
	buf_init(&amount, 64);
	decimal_print(&amount, (struct decimal){i->payable, i->currency.decimals});
	json_init(&j, &b, false);
	json_open_object(&j);
	json_kv_text(&j, "amount", buf_view(&amount));
	json_kv_str(&j, "currency", i->currency.code);
	kv_day(&j, "date", i->date);
	json_kv_str(&j, "document", hex);
	if (i->due != DAY_NONE)
		kv_day(&j, "due", i->due);
	json_kv_text(&j, "invoice", i->number);
	json_kv_int(&j, "number", seq);
	kv_day(&j, "run", i->run);
	json_kv_text(&j, "series", i->series);
	json_kv_int(&j, "size", i->log_size);
	json_end_object(&j);
	out = text_copy(a, buf_view(&b));
	buf_free(&amount);
	buf_free(&b);
	return out;
}

static bool item_before(const struct invoice *i, size_t n)
{
	const struct invoice_line *l = &i->lines[n];

	for (size_t k = 0; k < n; k++)
		if (text_eq(i->lines[k].charge, l->charge) &&
		    text_eq(i->lines[k].item_part, l->item_part) &&
		    i->lines[k].item.from == l->item.from && i->lines[k].item.to == l->item.to)
			return true;
	return false;
}

enum rc issue_index(struct store *s, int64_t log, int64_t index, const struct invoice *i,
		    int64_t seq, struct err *err)
{
	struct stored_document d = {i->number, i->series, seq, log, index, i->date};
	enum rc rc = record_document_put(s, &d, err);

	for (size_t n = 0; rc == RC_OK && n < i->n_lines; n++) {
		const struct invoice_line *l = &i->lines[n];
		struct stored_item item = {log,        l->charge, l->item_part, l->item.from,
					   l->item.to, 0,         i->number};

		if (!item_before(i, n))
			rc = record_item_put(s, &item, err);
	}
	return rc;
}

static enum rc write_one(struct workspace *ws, struct log_head *log, struct invoice *i,
			 struct err *err)
{
	struct uuid id = workspace_uuid(ws);
	struct hash sha = {{0}};
	struct buf b;
	int64_t seq = 0, index = 0;
	enum rc rc = give_number(ws, i, &seq, err);

	if (rc == RC_OK)
		rc = invoice_fits(i, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&b, INVOICE_BYTES_MAX);
	invoice_json(i, INVOICE_WHOLE, &b);
	sha256(buf_view(&b), sha.b);
	if (b.full)
		rc = err_set(err, RC_LIMIT, "the document is larger than %d MiB",
			     INVOICE_BYTES_MAX >> 20);
	if (rc == RC_OK)
		rc = record_blob_put(ws->store, &sha, text_of("document"), buf_view(&b), err);
	buf_free(&b);
	if (rc == RC_OK)
		rc = append_own(ws, log, FACT_INVOICE_ISSUED, issued_body(ws->arena, i, &sha, seq),
				&id, ws->now, NULL, 0, &index, err);
	return rc == RC_OK ? issue_index(ws->store, log->id, index, i, seq, err) : rc;
}

/*
 * What a document is made with is in the log before it (trust.md J2): settings that the log does not have yet go there first, and the
 * document is made again on the log that has them.
 */
static enum rc carry_settings(struct workspace *ws, const struct money_state *m, struct err *err)
{
	struct log_head log = m->log;
	enum rc rc;

	if (provider_same(&m->provider, &m->logged))
		return RC_OK;
	rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(ws->store, ws->arena, &log.uuid, &log, err);
	if (rc == RC_OK && log.edge.size == m->log.edge.size)
		rc = provider_append(ws, &log, &m->provider, err);
	rc = workspace_end(ws, rc, err);
	if (rc != RC_OK)
		return rc;
	err_code(err, "moved");
	return err_set(err, RC_INVALID, "the provider's settings were recorded first");
}

enum rc issue_documents(struct workspace *ws, const struct money_state *m,
			const struct invoice *const *documents, size_t n, day run,
			struct issue_result *out, struct err *err)
{
	return issue_after(ws, m, NULL, documents, n, run, out, err);
}

enum rc issue_after(struct workspace *ws, const struct money_state *m,
		    const struct issue_first *first, const struct invoice *const *documents,
		    size_t n, day run, struct issue_result *out, struct err *err)
{
	const struct invoice **issued = arena_array(ws->arena, const struct invoice *, n);
	struct log_head log = m->log;
	enum rc rc = carry_settings(ws, m, err);

	if (rc == RC_OK)
		rc = workspace_begin(ws, err);
	if (rc != RC_OK)
		return rc;
	rc = record_log_of_uuid(ws->store, ws->arena, &log.uuid, &log, err);
	if (rc == RC_OK && log.edge.size != m->log.edge.size) {
		err_code(err, "moved");
		rc = err_set(err, RC_INVALID, "more was recorded while the documents were made");
	}
	if (rc == RC_OK && first != NULL)
		rc = append_own(ws, &log, first->kind, first->body, &first->id, first->at, NULL, 0,
				NULL, err);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct invoice *own = arena_one(ws->arena, struct invoice);

		*own = *documents[i];
		own->run = run;
		rc = write_one(ws, &log, own, err);
		issued[i] = own;
	}
	if (rc == RC_OK)
		rc = workspace_audit(ws, log.contract, n > 0 ? issued[0]->number : text_of(NULL),
				     err);
	rc = workspace_end(ws, rc, err);
	if (rc == RC_OK)
		rc = sign_log_and_install(ws, &log, true, NULL, err);
	if (rc != RC_OK)
		return rc;
	out->fate = ISSUED;
	out->documents = issued;
	out->n_documents = n;
	return RC_OK;
}

/* --- what is due --- */

static enum rc issue_once(struct workspace *ws, const struct log_head *log, day on, day date,
			  struct issue_result *out, struct err *err)
{
	struct money_state m;
	struct money_proof proof;
	const struct invoice **documents;
	size_t n = 0;
	enum rc rc = issue_state(ws, log, on, &m, &proof, err);

	if (rc == RC_OK)
		rc = money_bill(ws->arena, &m, date, &proof, &out->billing, err);
	if (rc == RC_OK)
		rc = hold_changed(ws, log, &m, &out->billing, err);
	if (rc != RC_OK)
		return rc;
	if (out->billing.invoice != NULL)
		out->substance = issue_substance(out->billing.invoice);
	if (out->billing.n_parked > 0) {
		out->fate = ISSUE_PARKED;
		return RC_OK;
	}
	documents = arena_array(ws->arena, const struct invoice *, out->billing.n_credit_notes + 1);
	if (out->billing.invoice != NULL)
		documents[n++] = out->billing.invoice;
	for (size_t i = 0; i < out->billing.n_credit_notes; i++)
		documents[n++] = out->billing.credit_notes[i];
	out->fate = ISSUE_NOTHING;
	return n == 0 ? RC_OK : issue_documents(ws, &m, documents, n, on, out, err);
}

enum rc issue_due(struct workspace *ws, const struct log_head *log, day on, day date,
		  struct issue_result *out, struct err *err)
{
	enum rc rc = RC_INVALID;

	/* Whoever recorded meanwhile made the log longer: what is due is worked out anew, so that nothing is issued twice (R71). */
	for (int i = 0; i < TRIES_MAX && rc != RC_OK; i++) {
		*out = (struct issue_result){.fate = ISSUE_NOTHING, .contract = log->contract};
		err_clear(err);
		rc = issue_once(ws, log, on, date, out, err);
		if (rc != RC_OK && strcmp(err->code, "moved") != 0)
			return rc;
	}
	return rc;
}
