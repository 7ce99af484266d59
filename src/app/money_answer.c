/* SPDX-License-Identifier: Apache-2.0 */
/* How documents of money are answered: text, page, paper, table, or their own bytes; a draft with what keeps it back. */
#include "app/act_money.h"

#include "base/json.h"
#include "engine/invoice_json.h"
#include "render/invoice.h"
#include "render/said.h"

#include <assert.h>
#include <string.h>

enum { BYTES_MAX = 64 << 20 };

/* --- the words of a fact --- */

struct fact_words_from {
	const struct recalled *r;
	const struct zone *zone;
};

static const struct fact *fact_of_entry(const struct recalled *r, int64_t entry)
{
	if (r->fact_index == NULL)
		return entry >= 0 && (size_t)entry < r->facts->n ? &r->facts->v[entry] : NULL;
	for (size_t i = 0; i < r->facts->n; i++)
		if (r->fact_index[i] == entry)
			return &r->facts->v[i];
	return NULL;
}

static struct phrase fact_says_words(struct doc *d, const void *from, int64_t entry)
{
	const struct fact_words_from *w = from;
	const struct fact *f = fact_of_entry(w->r, entry);

	if (f == NULL)
		return NO_WORDS;
	const struct phrase parts[] = {said_kind(d, (enum fact_kind)f->kind),
				       doc_plain(d, symbol_text(w->r->facts->symbols, f->subject)),
				       doc_time(d, f->occurred_at, TIME_MOMENT)};

	return doc_join_all(d, " ", parts, ARRAY_SIZE(parts));
}

/* --- which part is explained --- */

static const struct {
	const char *word;
	enum invoice_part part;
} PARTS[] = {{"line", PART_LINE},        {"reduction", PART_REDUCTION},
	     {"credit", PART_REDUCTION}, {"discount", PART_REDUCTION},
	     {"tax", PART_TAX},          {"deduction", PART_DEDUCTION}};

/* "3", "line 3", "tax", "reduction 1": the part and its place from 0. */
static enum rc part_of(const struct invoice *i, struct text what, enum invoice_part *part,
		       size_t *at, struct err *err)
{
	struct text word, number = text_cut(text_trim(what), ' ', &word);
	int64_t n = 1;
	bool known = text_digits(word, &n);

	*part = PART_LINE;
	for (size_t k = 0; !known && k < ARRAY_SIZE(PARTS); k++)
		if (text_is(word, PARTS[k].word)) {
			*part = PARTS[k].part;
			known = number.n == 0 || text_digits(number, &n);
		}
	if (!known) {
		err_hint(err, "write the number of a line, or tax 1, reduction 1, deduction 1");
		return err_set(err, RC_USAGE, "nothing of an invoice is called '%.*s'",
			       TEXT_ARG(what));
	}
	if (n < 1 || (uint64_t)n > invoice_parts(i, *part)) {
		err_hint(err, "it has %zu", invoice_parts(i, *part));
		return err_set(err, RC_MISSING, "there is no '%.*s' on it", TEXT_ARG(what));
	}
	*at = (size_t)n - 1;
	return RC_OK;
}

/* --- answering --- */

static enum rc answer_as(struct selling *s, const struct invoice *i,
			 struct invoice_options *options, struct reply *reply, struct err *err)
{
	struct app *app = s->ws.app;
	struct answer_sender from = {.provider = i->provider.legal_name,
				     .dated = zone_midnight(s->zone, i->date)};
	const struct doc *d;
	enum invoice_part part = PART_LINE;
	size_t at = 0;
	enum rc rc = answer_language(s->args, i->language, &options->language, err);

	if (rc != RC_OK)
		return rc;
	options->zone = s->zone;
	if (s->format == FORMAT_PDF)
		rc = provider_letterhead(
			&s->ws, s->letterhead_at == 0 ? INSTANT_MAX : s->letterhead_at, err);
	if (rc != RC_OK)
		return rc;
	if (args_has(s->args, PARAM_EXPLAIN_LINE)) {
		rc = part_of(i, args_text(s->args, PARAM_EXPLAIN_LINE), &part, &at, err);
		if (rc != RC_OK)
			return rc;
		d = invoice_explain_doc(app->arena, i, part, at, options);
	} else if (s->format == FORMAT_CSV) {
		invoice_csv(i, &reply->out);
		return RC_OK;
	} else
		d = invoice_doc(app->arena, i, options);
	return answer_doc(app, s->args, s->format, d, &from, &reply->out, err);
}

static void answer_bytes(const struct invoice *i, struct buf *out)
{
	invoice_json(i, INVOICE_WHOLE, out);
	buf_char(out, '\n');
}

static void json_parked(struct json *j, const struct billing *b)
{
	json_key(j, "parked");
	json_open_array(j);
	for (size_t i = 0; i < b->n_parked; i++) {
		json_open_object(j);
		json_kv_int(j, "bound", b->parked[i].bound);
		json_kv_int(j, "value", b->parked[i].value);
		json_kv_text(j, "what", b->parked[i].what);
		json_kv_str(j, "why", parked_word(b->parked[i].why));
		json_end_object(j);
	}
	json_end_array(j);
}

/* {"credit_notes": [...], "invoice": {...}, "parked": [...]} with the documents' own members. */
static void json_bill(const struct billing *b, struct buf *out)
{
	struct json j;

	json_init(&j, out, false);
	json_open_object(&j);
	json_key(&j, "credit_notes");
	json_open_array(&j);
	json_end_array(&j);
	if (b->n_credit_notes > 0) {
		out->n--; /* what was opened is filled by the documents' own bytes */
		for (size_t i = 0; i < b->n_credit_notes; i++) {
			if (i > 0)
				buf_char(out, ',');
			invoice_json(b->credit_notes[i], INVOICE_WHOLE, out);
		}
		buf_char(out, ']');
	}
	if (b->invoice != NULL) {
		buf_str(out, ",\"invoice\":");
		invoice_json(b->invoice, INVOICE_WHOLE, out);
	}
	json_parked(&j, b);
	json_end_object(&j);
	buf_char(out, '\n');
}

enum rc money_answer_bill(struct selling *s, const struct billing *bill, struct reply *reply,
			  struct err *err)
{
	struct fact_words_from from = {&s->m.r, s->zone};
	struct invoice_options options = {.parked = bill->parked,
					  .n_parked = bill->n_parked,
					  .waiting = bill->waiting,
					  .n_waiting = bill->n_waiting,
					  .fact = fact_says_words,
					  .fact_from = &from};
	const struct invoice *first = bill->invoice != NULL      ? bill->invoice
				      : bill->n_credit_notes > 0 ? bill->credit_notes[0]
								 : NULL;

	if (s->format == FORMAT_JSON) {
		json_bill(bill, &reply->out);
		return RC_OK;
	}
	if (bill->n_parked > 0)
		reply->status = 1;
	if (first == NULL) {
		buf_printf(&reply->out, "nothing is due by ");
		day_print(&reply->out, s->on);
		buf_str(&reply->out, " that no document has\n");
		return RC_OK;
	}
	for (size_t i = 1; i < bill->n_credit_notes + (bill->invoice == NULL ? 0 : 1); i++)
		buf_printf(&reply->notes, "and a credit note: --json has it\n");
	return answer_as(s, first, &options, reply, err);
}

/* The facts that an explanation names, as they were known then. */
static enum rc recall_for(struct selling *s, const struct invoice *i, struct recalled *r,
			  struct err *err)
{
	struct recall_options options = {i->log_size > 0 ? i->log_size : -1, INSTANT_MAX,
					 PACK_IDS_FEW};

	return recall(&s->ws, &s->log, &options, r, err);
}

enum rc money_letterhead_of(struct selling *s, const struct issued_document *d, struct err *err)
{
	struct own_entry own;
	enum rc rc = own_entry_read(&s->ws, &s->log, d->entry, &own, err);

	if (rc == RC_OK)
		s->letterhead_at = own.entry.recorded_at;
	return rc;
}

static struct invoice_options shown(struct arena *a, const struct issued_document *d)
{
	char hex[SHA256_HEX + 1];

	hash_hex(&d->sha256, hex);
	return (struct invoice_options){.explain_command =
						text_format(a, "tenor invoice show %.*s --explain",
							    TEXT_ARG(d->invoice->number)),
					.verify_command = text_of("tenor verify"),
					.sha256 = text_copy(a, text_of(hex))};
}

enum rc money_page(struct selling *s, const struct issued_document *d, struct arena *a,
		   const struct doc **out, struct err *err)
{
	struct invoice_options options = shown(a, d);
	enum rc rc = money_zone(&s->ws, &s->log, &s->zone, err);

	if (rc == RC_OK)
		rc = answer_language(s->args, d->invoice->language, &options.language, err);
	if (rc != RC_OK)
		return rc;
	options.zone = s->zone;
	*out = invoice_doc(a, d->invoice, &options);
	return RC_OK;
}

enum rc money_answer_document(struct selling *s, const struct issued_document *d,
			      struct reply *reply, struct err *err)
{
	struct recalled r;
	struct fact_words_from from = {&r, NULL};
	struct invoice_options options = shown(s->ws.arena, d);
	enum rc rc = money_zone(&s->ws, &s->log, &s->zone, err);

	if (rc == RC_OK && s->format == FORMAT_PDF)
		rc = money_letterhead_of(s, d, err);
	if (rc == RC_OK && s->format == FORMAT_JSON) {
		answer_bytes(d->invoice, &reply->out);
		return RC_OK;
	}
	if (rc == RC_OK && args_has(s->args, PARAM_EXPLAIN_LINE)) {
		rc = recall_for(s, d->invoice, &r, err);
		from.zone = s->zone;
		options.fact = fact_says_words;
		options.fact_from = &from;
	}
	return rc == RC_OK ? answer_as(s, d->invoice, &options, reply, err) : rc;
}

/* --- lines of text and rows of JSON --- */

void money_json_result(struct json *j, const struct issue_result *r)
{
	static const char *const fates[] = {
		[ISSUED] = "issued", [ISSUE_NOTHING] = "nothing", [ISSUE_PARKED] = "parked"};

	json_open_object(j);
	json_kv_text(j, "contract", r->contract);
	json_key(j, "documents");
	json_open_array(j);
	for (size_t i = 0; r->fate == ISSUED && i < r->n_documents; i++)
		json_text(j, r->documents[i]->number);
	json_end_array(j);
	json_kv_str(j, "fate", fates[r->fate]);
	json_parked(j, &r->billing);
	json_end_object(j);
}

/* Words for a line of a terminal or a log file: amounts keep together by no space that a search for them would miss. */
static void say_plainly(struct text words, struct buf *out)
{
	for (size_t i = 0; i < words.n; i++) {
		bool hard = i + 1 < words.n && memcmp(words.p + i, "\xc2\xa0", 2) == 0;

		buf_char(out, hard ? ' ' : words.p[i]);
		i += hard;
	}
}

void money_say_parked(const struct workspace *ws, struct text contract, const struct billing *b,
		      struct buf *out)
{
	const struct language *english = NULL;
	struct err none;
	struct doc *d;

	err_clear(&none);
	if (language_find(text_of("en"), &english, &none) != RC_OK)
		assert(false && "English is always there");
	d = doc_new(ws->arena, english, NULL);

	for (size_t i = 0; i < b->n_parked; i++) {
		struct text words = doc_words(d, parked_words(d, b->invoice, &b->parked[i]));

		buf_printf(out, "account is held: '%.*s': ", TEXT_ARG(contract));
		say_plainly(words, out);
		buf_char(out, '\n');
	}
	buf_printf(out,
		   "  look: tenor invoice preview --contract %.*s; let it go: tenor invoice "
		   "release --contract %.*s --reason WORD\n",
		   TEXT_ARG(contract), TEXT_ARG(contract));
}

/* With the decimals that its currency has: the entry's own are as few as can be. */
static void list_amount(const struct own_entry *own, struct buf *out)
{
	struct text amount = own_entry_text(own, "amount"), code = own_entry_text(own, "currency");
	struct decimal d = {0, 0};
	struct currency currency;
	struct err none;
	struct buf b;

	err_clear(&none);
	buf_init(&b, 64);
	if (currency_find(code, &currency) && decimal_parse(amount, &d, &none) == RC_OK &&
	    d.scale <= currency.decimals)
		decimal_print_places(&b, d, currency.decimals);
	else
		buf_text(&b, amount);
	buf_printf(out, "%14.*s %.*s", TEXT_ARG(buf_view(&b)), TEXT_ARG(code));
	buf_free(&b);
}

static void put_money(struct buf *out, const struct money *m)
{
	decimal_print_places(out, (struct decimal){m->minor, m->currency.decimals},
			     m->currency.decimals);
}

void money_list_row(const struct own_entry *own, struct text contract, const struct money *open,
		    struct json *j, struct buf *out)
{
	static const char *const keys[] = {"amount",   "currency", "date",
					   "document", "due",      "invoice"};

	if (j == NULL) {
		struct text due = own_entry_text(own, "due");

		buf_printf(out, "%-16.*s %.*s  %s %-10.*s  ",
			   TEXT_ARG(own_entry_text(own, "invoice")),
			   TEXT_ARG(own_entry_text(own, "date")), due.n > 0 ? "due" : "   ",
			   TEXT_ARG(due));
		list_amount(own, out);
		buf_printf(out, "  %.*s", TEXT_ARG(contract));
		if (open != NULL && open->minor == 0)
			buf_str(out, "  settled");
		else if (open != NULL) {
			buf_str(out, "  open ");
			put_money(out, open);
		}
		buf_char(out, '\n');
		return;
	}
	json_open_object(j);
	json_kv_text(j, "contract", contract);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (own_entry_text(own, keys[i]).n > 0)
			json_kv_text(j, keys[i], own_entry_text(own, keys[i]));
	if (open != NULL) {
		struct buf b;

		buf_init(&b, 64);
		put_money(&b, open);
		json_kv_text(j, "open", buf_view(&b));
		buf_free(&b);
	}
	json_end_object(j);
}
