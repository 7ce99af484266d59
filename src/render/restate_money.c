/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issued invoices against now. The JSON, "money" of a restatement:
 *
 * on, currency, tax_included, corrections: next_invoice|credit_note, parked (the next document waits for a person), lines[]: what:
 * charge|minimum|true_up|discount|maximum|credit, document and line of the last that has it (left out: none has), charge (a credit's rule),
 * part, name, from and to (first and last day), issued, now, difference, follows {next_invoice, credit_note, waits, waived}: amounts that
 * add up to the difference, those that are 0.00 left out; and totals of the same for all lines.
 *
 * The CSV has a row for each line and each way that its difference goes.
 */
#include "render/restate_money.h"

#include "render/invoice_parts.h"
#include "render/table_csv.h"

static struct phrase signed_amount(struct doc *d, const struct restate_money *m, int64_t minor)
{
	struct phrase amount = doc_money(d, (struct money){minor, m->currency});

	return minor > 0 ? SAY(d, W_PLUS, amount) : amount;
}

static struct phrase document_words(struct doc *d, const struct restated *r)
{
	if (r->number.n == 0)
		return SAY0(d, W_RESTATED_NO_DOCUMENT);
	if (r->line == 0)
		return doc_plain(d, r->number);
	return SAY(d, W_RESTATED_DOCUMENT_LINE, doc_plain(d, r->number), doc_int(d, r->line));
}

static struct phrase what_words(struct doc *d, const struct restated *r)
{
	struct phrase both[2] = {doc_plain(d, r->name.n > 0 ? r->name : r->charge),
				 doc_plain(d, r->part)};

	return doc_join_all(d, ", ", both, 2);
}

static struct phrase number(struct doc *d, const struct restate_money *m, int64_t minor)
{
	return doc_exact(d, money_exact((struct money){minor, m->currency}), m->currency.decimals);
}

static struct phrase signed_number(struct doc *d, const struct restate_money *m, int64_t minor)
{
	struct phrase amount = number(d, m, minor);

	return minor > 0 ? SAY(d, W_PLUS, amount) : amount;
}

/* All ways with their amounts; in a cell, one way alone goes without: it is the difference. */
static struct phrase ways_words(struct doc *d, const struct restate_money *m, const int64_t *way,
				bool cell)
{
	static const enum wording words[RESTATED_WAYS] = {W_RESTATED_BY_INVOICE, W_RESTATED_BY_NOTE,
							  W_RESTATED_WAITS, W_RESTATED_WAIVED};
	struct phrase all = NO_WORDS;
	size_t n = 0;

	for (size_t i = 0; i < RESTATED_WAYS; i++)
		n += way[i] != 0;
	for (size_t i = 0; i < RESTATED_WAYS; i++) {
		struct phrase both[2] = {all, NO_WORDS};

		if (way[i] == 0)
			continue;
		both[1] = SAY0(d, words[i]);
		if (!cell || n > 1)
			both[1] = SAY(d, W_RESTATED_WAY,
				      cell ? signed_number(d, m, way[i])
					   : signed_amount(d, m, way[i]),
				      both[1]);
		all = doc_join_all(d, "; ", both, 2);
	}
	return all;
}

/* Amounts of one currency and at most some thousand rows; what does not fit is left out of the sum as a whole. */
static bool total_of(const struct restate_money *m, struct restated *sum)
{
	*sum = (struct restated){.what = RESTATED_CHARGE};
	for (size_t i = 0; i < m->n; i++) {
		const struct restated *r = &m->rows[i];

		if (__builtin_add_overflow(sum->difference, r->difference, &sum->difference))
			return false;
		for (size_t w = 0; w < RESTATED_WAYS; w++)
			if (__builtin_add_overflow(sum->way[w], r->way[w], &sum->way[w]))
				return false;
	}
	return true;
}

static void add_rows(struct doc *d, const struct restate_money *m)
{
	const struct table_column columns[] = {{SAY0(d, W_RESTATED_DOCUMENT), COLUMN_TEXT},
					       {SAY0(d, W_RESTATED_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_WHEN), COLUMN_TEXT},
					       {SAY0(d, W_RESTATED_ISSUED), COLUMN_NUMBER},
					       {SAY0(d, W_RESTATED_NOW), COLUMN_NUMBER},
					       {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER},
					       {SAY0(d, W_WHAT_FOLLOWS), COLUMN_TEXT}};
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->n; i++) {
		const struct restated *r = &m->rows[i];

		ROW(d, t, document_words(d, r), what_words(d, r), days_words(d, r->item),
		    number(d, m, r->was), number(d, m, r->now), signed_number(d, m, r->difference),
		    ways_words(d, m, r->way, true));
	}
}

void restate_money_add(struct doc *d, const struct restate_money *m)
{
	struct restated sum;

	doc_section(d, "invoices", SAY0(d, W_RESTATED_MONEY));
	if (m->n == 0) {
		doc_paragraph(d, SAY(d, W_RESTATED_MONEY_NONE, doc_day(d, m->on)));
		return;
	}
	doc_paragraph(d, COUNTED(d, (int64_t)m->n, W_RESTATED_AMOUNTS));
	add_rows(d, m);
	if (total_of(m, &sum))
		doc_paragraph(d, SAY(d, W_RESTATED_IN_ALL, signed_amount(d, m, sum.difference),
				     ways_words(d, m, sum.way, false)));
	doc_paragraph(d, SAY0(d, m->tax_included ? W_RESTATED_WITH_TAX : W_RESTATED_WITHOUT_TAX));
	doc_paragraph(d, SAY0(d, m->by_credit_note ? W_RESTATED_RULE_NOTE : W_RESTATED_RULE_NEXT));
	if (m->parked)
		doc_paragraph(d, SAY0(d, W_RESTATED_PARKED));
}

/* --- JSON --- */

static void kv_amount(struct json *j, struct arena *a, const struct restate_money *m,
		      const char *key, int64_t minor)
{
	struct buf b;

	buf_init(&b, 64);
	csv_amount(&(struct table_csv){&b, false}, minor, m->currency);
	json_kv_text(j, key, text_copy(a, buf_view(&b)));
	buf_free(&b);
}

static void kv_day(struct json *j, struct arena *a, const char *key, day v)
{
	struct buf b;

	buf_init(&b, 32);
	day_print(&b, v);
	json_kv_text(j, key, text_copy(a, buf_view(&b)));
	buf_free(&b);
}

static void put_ways(struct json *j, struct arena *a, const struct restate_money *m,
		     const int64_t *way)
{
	json_key(j, "follows");
	json_open_object(j);
	for (size_t i = 0; i < RESTATED_WAYS; i++)
		if (way[i] != 0)
			kv_amount(j, a, m, restated_way_word((enum restated_way)i), way[i]);
	json_end_object(j);
}

static void put_row(struct json *j, struct arena *a, const struct restate_money *m,
		    const struct restated *r)
{
	json_open_object(j);
	json_kv_str(j, "what", restated_word(r->what));
	if (r->number.n > 0)
		json_kv_text(j, "document", r->number);
	if (r->line > 0)
		json_kv_int(j, "line", r->line);
	json_kv_text(j, "charge", r->charge);
	if (r->part.n > 0)
		json_kv_text(j, "part", r->part);
	json_kv_text(j, "name", r->name);
	kv_day(j, a, "from", r->item.from);
	kv_day(j, a, "to", r->item.to > r->item.from ? r->item.to - 1 : r->item.from);
	kv_amount(j, a, m, "issued", r->was);
	kv_amount(j, a, m, "now", r->now);
	kv_amount(j, a, m, "difference", r->difference);
	put_ways(j, a, m, r->way);
	json_end_object(j);
}

void restate_money_json(struct arena *a, const struct restate_money *m, struct json *j)
{
	struct restated sum;

	json_open_object(j);
	kv_day(j, a, "on", m->on);
	json_kv_str(j, "currency", m->currency.code);
	json_kv_bool(j, "tax_included", m->tax_included);
	json_kv_str(j, "corrections", m->by_credit_note ? "credit_note" : "next_invoice");
	json_kv_bool(j, "parked", m->parked);
	json_key(j, "lines");
	json_open_array(j);
	for (size_t i = 0; i < m->n; i++)
		put_row(j, a, m, &m->rows[i]);
	json_end_array(j);
	if (total_of(m, &sum)) {
		kv_amount(j, a, m, "difference", sum.difference);
		put_ways(j, a, m, sum.way);
	}
	json_end_object(j);
}

/* --- CSV --- */

void restate_money_csv(const struct restate_money *m, struct buf *out)
{
	static const char *const heads[] = {"contract", "document", "line",    "what",
					    "charge",   "part",     "name",    "from",
					    "to",       "issued",   "now",     "difference",
					    "follows",  "amount",   "currency"};
	struct table_csv c = {out, false};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		csv_word(&c, heads[i]);
	csv_end(&c);
	for (size_t i = 0; i < m->n; i++)
		for (size_t w = 0; w < RESTATED_WAYS; w++) {
			const struct restated *r = &m->rows[i];

			if (r->way[w] == 0)
				continue;
			csv_text(&c, m->contract);
			csv_text(&c, r->number);
			if (r->line > 0)
				csv_int(&c, r->line);
			else
				csv_empty(&c, 1);
			csv_word(&c, restated_word(r->what));
			csv_text(&c, r->charge);
			csv_text(&c, r->part);
			csv_text(&c, r->name);
			csv_day(&c, r->item.from);
			csv_day(&c, r->item.to > r->item.from ? r->item.to - 1 : r->item.from);
			csv_amount(&c, r->was, m->currency);
			csv_amount(&c, r->now, m->currency);
			csv_amount(&c, r->difference, m->currency);
			csv_word(&c, restated_way_word((enum restated_way)w));
			csv_amount(&c, r->way[w], m->currency);
			csv_word(&c, m->currency.code);
			csv_end(&c);
		}
}
