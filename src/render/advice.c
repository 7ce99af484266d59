/* SPDX-License-Identifier: Apache-2.0 */
#include "render/advice.h"

#include "base/json.h"
#include "render/invoice_parts.h"
#include "render/table_csv.h"

#include <assert.h>

/* --- suggestions --- */

static struct phrase says(struct doc *d, const struct advice *v)
{
	struct phrase charge = doc_plain(d, v->charge), option = doc_plain(d, v->option);

	switch (v->kind) {
	case ADVICE_UNITS:
		return SAY(d, W_ADVICE_SAYS_UNITS, charge, doc_int(d, (int64_t)v->n_units),
			   doc_int(d, v->count));
	case ADVICE_HOURS:
		return SAY(d, W_ADVICE_SAYS_HOURS, charge, doc_decimal(d, v->hours_then), option,
			   doc_decimal(d, v->hours));
	case ADVICE_NO_HOURS:
		return SAY(d, W_ADVICE_SAYS_NO_HOURS, charge);
	case ADVICE_AHEAD:
		return SAY(d, W_ADVICE_SAYS_AHEAD, charge);
	case ADVICE_OFFER:
		return SAY(d, W_ADVICE_SAYS_OFFER, option);
	}
	assert(false && "an unknown kind of advice");
	return NO_WORDS;
}

static struct phrase unit_list(struct doc *d, const struct advice *v)
{
	struct phrase *names = arena_array(d->arena, struct phrase, v->n_units);

	for (size_t i = 0; i < v->n_units; i++)
		names[i] = doc_plain(d, v->units[i]);
	return doc_join_all(d, ", ", names, v->n_units);
}

/* The arithmetic of one: charge by charge what differs, and the sum. */
static void advice_table(struct doc *d, const struct advice *v, const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_ADVICE_NOW), COLUMN_NUMBER},
					       {SAY0(d, W_ADVICE_THEN), COLUMN_NUMBER},
					       {SAY0(d, W_ADVICE_SAVING), COLUMN_NUMBER}};
	struct table *t = doc_table(d, says(d, v), columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < v->n_rows; i++)
		ROW(d, t, doc_plain(d, v->rows[i].charge), account_money(d, w, v->rows[i].now),
		    account_money(d, w, v->rows[i].then),
		    account_money(d, w, v->rows[i].now - v->rows[i].then));
	ROW(d, t, SAY0(d, W_TOTAL), account_money(d, w, v->now), account_money(d, w, v->then),
	    account_money(d, w, v->saving));
	if (v->kind == ADVICE_UNITS)
		doc_paragraph(d, SAY(d, W_ADVICE_UNITS_HOW, doc_int(d, v->left), unit_list(d, v)));
}

static void tried_table(struct doc *d, const struct advices *all, const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_ADVICE_NOW), COLUMN_NUMBER},
					       {SAY0(d, W_ADVICE_THEN), COLUMN_NUMBER},
					       {SAY0(d, W_ADVICE_WHY), COLUMN_TEXT}};
	struct table *t;

	if (all->n == all->n_saves)
		return;
	doc_section(d, "tried", SAY0(d, W_ADVICE_TRIED));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = all->n_saves; i < all->n; i++) {
		const struct advice *v = &all->v[i];

		ROW(d, t, says(d, v), account_money(d, w, v->now), account_money(d, w, v->then),
		    SAY0(d, v->verdict == ADVICE_COMMITTED ? W_ADVICE_COMMITTED
							   : W_ADVICE_TOO_LITTLE));
	}
}

struct doc *advice_doc(struct arena *a, const struct advices *all, struct days window,
		       const struct account_words *w)
{
	struct doc *d = account_letter(a, w);

	d->title = SAY0(d, W_ADVICE_TITLE);
	doc_paragraph(d, SAY(d, W_ADVICE_WINDOW, doc_day(d, window.from), doc_day(d, window.to - 1),
			     account_money(d, w, all->total)));
	if (all->n_saves == 0)
		doc_paragraph(d, SAY0(d, W_ADVICE_NONE));
	else
		doc_section(d, "suggested", SAY0(d, W_ADVICE_SUGGESTED));
	for (size_t i = 0; i < all->n_saves; i++)
		advice_table(d, &all->v[i], w);
	tried_table(d, all, w);
	doc_paragraph(d, SAY0(d, W_ADVICE_HOW));
	return d;
}

/* --- JSON and tables --- */

static struct text amount_text(struct arena *a, const struct account_words *w, int64_t minor)
{
	struct text out;
	struct buf b;

	buf_init(&b, 64);
	csv_amount(&(struct table_csv){&b, false}, minor, w->currency);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static struct text decimal_text(struct arena *a, struct decimal v)
{
	struct text out;
	struct buf b;

	buf_init(&b, 64);
	decimal_print(&b, v);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static struct text day_text(struct arena *a, day v)
{
	struct text out;
	struct buf b;

	buf_init(&b, 32);
	day_print(&b, v);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static void json_advice(struct json *j, struct arena *a, const struct advice *v,
			const struct account_words *w)
{
	json_open_object(j);
	json_kv_text(j, "charge", v->charge);
	if (v->kind == ADVICE_HOURS || v->kind == ADVICE_NO_HOURS) {
		json_kv_text(j, "hours", decimal_text(a, v->hours));
		json_kv_text(j, "hours_then", decimal_text(a, v->hours_then));
	}
	json_kv_str(j, "kind", advice_word(v->kind));
	if (v->kind == ADVICE_UNITS)
		json_kv_int(j, "months_left", v->left);
	json_kv_text(j, "now", amount_text(a, w, v->now));
	json_kv_text(j, "option", v->option);
	json_key(j, "rows");
	json_open_array(j);
	for (size_t i = 0; i < v->n_rows; i++) {
		json_open_object(j);
		json_kv_text(j, "charge", v->rows[i].charge);
		json_kv_text(j, "now", amount_text(a, w, v->rows[i].now));
		json_kv_text(j, "then", amount_text(a, w, v->rows[i].then));
		json_end_object(j);
	}
	json_end_array(j);
	json_kv_text(j, "saving", amount_text(a, w, v->saving));
	json_kv_text(j, "then", amount_text(a, w, v->then));
	if (v->kind == ADVICE_UNITS) {
		json_key(j, "units");
		json_open_array(j);
		for (size_t i = 0; i < v->n_units; i++)
			json_text(j, v->units[i]);
		json_end_array(j);
		json_kv_int(j, "units_counted", v->count);
	}
	json_kv_str(j, "verdict", advice_verdict_word(v->verdict));
	json_end_object(j);
}

void advice_json(struct arena *a, const struct advices *all, struct days window,
		 const struct account_words *w, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_key(&j, "advice");
	json_open_array(&j);
	for (size_t i = 0; i < all->n; i++)
		json_advice(&j, a, &all->v[i], w);
	json_end_array(&j);
	json_kv_text(&j, "contract", w->contract);
	json_kv_str(&j, "currency", w->currency.code);
	json_kv_text(&j, "from", day_text(a, window.from));
	json_kv_text(&j, "to", day_text(a, window.to - 1));
	json_kv_text(&j, "total", amount_text(a, w, all->total));
	json_end_object(&j);
	buf_char(out, '\n');
}

static void csv_heads(struct table_csv *c, const char *const *heads, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_word(c, heads[i]);
	csv_end(c);
}

void advice_csv(const struct advices *all, const struct account_words *w, struct buf *out)
{
	static const char *const heads[] = {"contract", "kind",   "charge",   "option", "now",
					    "then",     "saving", "currency", "verdict"};
	struct table_csv c = {out, false};

	csv_heads(&c, heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < all->n; i++) {
		const struct advice *v = &all->v[i];

		csv_text(&c, w->contract);
		csv_word(&c, advice_word(v->kind));
		csv_text(&c, v->charge);
		csv_text(&c, v->option);
		csv_amount(&c, v->now, w->currency);
		csv_amount(&c, v->then, w->currency);
		csv_amount(&c, v->saving, w->currency);
		csv_word(&c, w->currency.code);
		csv_word(&c, advice_verdict_word(v->verdict));
		csv_end(&c);
	}
}

/* --- break-fix --- */

static void work_table(struct doc *d, const struct break_fix *f, const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_FIX_MINUTES), COLUMN_NUMBER},
					       {SAY0(d, W_FIX_RATE), COLUMN_NUMBER},
					       {SAY0(d, W_FIX_FACTOR), COLUMN_NUMBER},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct table *t;

	doc_section(d, "work", SAY0(d, W_FIX_WORK));
	if (f->n_work == 0) {
		doc_paragraph(d, SAY0(d, W_FIX_NO_WORK));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < f->n_work; i++) {
		const struct rated_work *r = &f->work[i];
		const struct phrase name[] = {doc_plain(d, r->name), doc_plain(d, r->multiplier)};

		ROW(d, t, doc_join_all(d, ", ", name, ARRAY_SIZE(name)),
		    fraction_words(d, r->minutes), doc_decimal(d, r->price),
		    doc_decimal(d, r->factor), account_money(d, w, r->net));
	}
	ROW(d, t, SAY0(d, W_TOTAL), NO_WORDS, NO_WORDS, NO_WORDS, account_money(d, w, f->rated));
}

static void fee_table(struct doc *d, const struct break_fix *f, const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct table *t;

	doc_section(d, "fees", SAY0(d, W_FIX_FEES));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < f->n_fees; i++)
		ROW(d, t, doc_plain(d, f->fees[i].name), account_money(d, w, f->fees[i].net));
	ROW(d, t, SAY0(d, W_TOTAL), account_money(d, w, f->fixed));
}

struct doc *break_fix_doc(struct arena *a, const struct break_fix *f, struct days window,
			  const struct account_words *w)
{
	struct doc *d = account_letter(a, w);
	int64_t more = f->rated - f->fixed;

	d->title = SAY0(d, W_FIX_TITLE);
	doc_paragraph(d, SAY(d, W_FIX_WINDOW, doc_day(d, window.from), doc_day(d, window.to - 1)));
	if (f->entries > 0 &&
	    more == 0) /* without any work on record there is nothing to compare */
		doc_paragraph(d, SAY0(d, W_FIX_SAME));
	else if (f->entries > 0)
		doc_paragraph(d, SAY(d, more > 0 ? W_FIX_DEARER : W_FIX_CHEAPER,
				     account_money(d, w, more > 0 ? more : -more)));
	work_table(d, f, w);
	fee_table(d, f, w);
	if (f->unrated > 0)
		doc_paragraph(d, SAY(d, W_FIX_UNRATED, doc_int(d, f->unrated),
				     doc_int(d, f->unrated_minutes)));
	if (f->unworked > 0)
		doc_paragraph(
			d, SAY(d, W_FIX_UNWORKED, doc_int(d, f->unworked), doc_int(d, f->tickets)));
	doc_paragraph(d, SAY0(d, W_FIX_HOW));
	return d;
}

static void json_work(struct json *j, struct arena *a, const struct break_fix *f,
		      const struct account_words *w)
{
	json_key(j, "work");
	json_open_array(j);
	for (size_t i = 0; i < f->n_work; i++) {
		const struct rated_work *r = &f->work[i];
		struct text minutes;
		struct buf b;

		buf_init(&b, 128);
		csv_fraction(&(struct table_csv){&b, false}, r->minutes);
		minutes = text_copy(a, buf_view(&b));
		buf_free(&b);
		json_open_object(j);
		json_kv_text(j, "amount", amount_text(a, w, r->net));
		json_kv_text(j, "charge", r->charge);
		json_kv_text(j, "factor", decimal_text(a, r->factor));
		json_kv_text(j, "minutes", minutes);
		json_kv_text(j, "multiplier", r->multiplier);
		json_kv_text(j, "price", decimal_text(a, r->price));
		json_kv_int(j, "worked", r->worked);
		json_end_object(j);
	}
	json_end_array(j);
}

void break_fix_json(struct arena *a, const struct break_fix *f, struct days window,
		    const struct account_words *w, struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_text(&j, "break_fix", amount_text(a, w, f->rated));
	json_kv_text(&j, "contract", w->contract);
	json_kv_str(&j, "currency", w->currency.code);
	json_kv_text(&j, "difference", amount_text(a, w, f->rated - f->fixed));
	json_kv_int(&j, "entries", f->entries);
	json_key(&j, "fees");
	json_open_array(&j);
	for (size_t i = 0; i < f->n_fees; i++) {
		json_open_object(&j);
		json_kv_text(&j, "amount", amount_text(a, w, f->fees[i].net));
		json_kv_text(&j, "charge", f->fees[i].charge);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_kv_text(&j, "from", day_text(a, window.from));
	json_kv_text(&j, "managed", amount_text(a, w, f->fixed));
	json_kv_int(&j, "tickets", f->tickets);
	json_kv_int(&j, "tickets_without_work", f->unworked);
	json_kv_text(&j, "to", day_text(a, window.to - 1));
	json_kv_int(&j, "unrated", f->unrated);
	json_kv_int(&j, "unrated_minutes", f->unrated_minutes);
	json_work(&j, a, f, w);
	json_end_object(&j);
	buf_char(out, '\n');
}

void break_fix_csv(const struct break_fix *f, const struct account_words *w, struct buf *out)
{
	static const char *const heads[] = {"contract", "side",   "charge", "multiplier", "minutes",
					    "price",    "factor", "amount", "currency"};
	struct table_csv c = {out, false};

	csv_heads(&c, heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < f->n_work; i++) {
		csv_text(&c, w->contract);
		csv_word(&c, "break_fix");
		csv_text(&c, f->work[i].charge);
		csv_text(&c, f->work[i].multiplier);
		csv_fraction(&c, f->work[i].minutes);
		csv_decimal(&c, f->work[i].price);
		csv_decimal(&c, f->work[i].factor);
		csv_amount(&c, f->work[i].net, w->currency);
		csv_word(&c, w->currency.code);
		csv_end(&c);
	}
	for (size_t i = 0; i < f->n_fees; i++) {
		csv_text(&c, w->contract);
		csv_word(&c, "managed");
		csv_text(&c, f->fees[i].charge);
		csv_empty(&c, 4);
		csv_amount(&c, f->fees[i].net, w->currency);
		csv_word(&c, w->currency.code);
		csv_end(&c);
	}
}
