/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of documents (money.md R72), and what the record and its derived tables say of one that is issued. */
#include "app/issue_parts.h"

#include "app/outbox.h"
#include "base/json.h"

#include <assert.h>

/* --- numbers (R72) --- */

static const char *series_word(enum document_kind kind)
{
	static const char *const words[] = {[DOCUMENT_INVOICE] = "INV",
					    [DOCUMENT_CREDIT_NOTE] = "CN",
					    [DOCUMENT_INTEREST] = "INT"};

	return words[kind];
}

static enum rc last_of(struct workspace *ws, struct numbers *numbers, struct text series,
		       struct last **out, struct err *err)
{
	struct stored_document last = {.seq = 0, .day = INT32_MIN};
	enum rc rc;

	for (size_t i = 0; i < numbers->n; i++)
		if (text_eq(numbers->v[i].series, series)) {
			*out = &numbers->v[i];
			return RC_OK;
		}
	if (numbers->n == SERIES_MAX) {
		err_code(err, "moved");
		return err_set(err, RC_INVALID, "more than %d series at once", SERIES_MAX);
	}
	rc = record_document_last(ws->store, ws->arena, series, &last, err);
	if (rc == RC_MISSING) {
		err_clear(err);
		rc = RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	*out = &numbers->v[numbers->n++];
	**out = (struct last){series, last.number, last.seq, (day)last.day};
	return RC_OK;
}

static struct text number_of(struct arena *a, struct text series, int64_t seq)
{
	return text_format(a, "%.*s-%05lld", TEXT_ARG(series), (long long)seq);
}

void issue_series(struct arena *a, struct invoice *i)
{
	i->series = text_format(a, "%s-%04d", series_word(i->kind), (int)civil_of(i->date).year);
	i->number = number_of(a, i->series, 0);
}

enum rc issue_number(struct workspace *ws, struct numbers *numbers, struct invoice *i, int64_t *seq,
		     struct err *err)
{
	struct last *last = NULL;
	enum rc rc;

	rc = last_of(ws, numbers, i->series, &last, err);
	if (rc != RC_OK)
		return rc;
	assert(last != NULL);
	if (last->seq > 0 && last->day > i->date) {
		struct buf b;

		buf_init(&b, 32);
		day_print(&b, last->day);
		err_hint(err, "date it %.*s or later", TEXT_ARG(buf_view(&b)));
		buf_free(&b);
		return err_set(err, RC_INVALID,
			       "dates do not descend within a series: %.*s is later",
			       TEXT_ARG(last->number));
	}
	*seq = last->seq + 1;
	i->number = number_of(ws->arena, i->series, *seq);
	last->seq = *seq;
	last->day = i->date;
	last->number = i->number;
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
struct text issue_body(struct arena *a, const struct invoice *i, const struct hash *sha,
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

enum rc issue_tell(struct workspace *ws, struct text contract, const struct invoice *i,
		   struct err *err)
{
	const struct mail_notice n = {.kind = MAIL_INVOICE,
				      .right = R_MONEY_READ,
				      .contract = contract,
				      .object = i->number};

	return i->kind == DOCUMENT_INVOICE ? outbox_tell_client(ws, &n, err) : RC_OK;
}
