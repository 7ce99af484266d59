/* SPDX-License-Identifier: Apache-2.0 */
#include "render/margin.h"

#include "base/json.h"
#include "render/table_csv.h"

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

static struct phrase amount(struct doc *d, const struct margin_words *w, int64_t minor)
{
	return doc_money(d, (struct money){minor, w->currency});
}

static void month_row(struct doc *d, struct table *t, const struct margin_words *w,
		      struct phrase name, const struct margin_month *m)
{
	ROW(d, t, name, amount(d, w, m->revenue), amount(d, w, m->costs[COST_HOURS]),
	    amount(d, w, m->costs[COST_SUPPLIER]), amount(d, w, m->left));
}

struct doc *margin_doc(struct arena *a, const struct margin *m, const struct margin_words *w)
{
	struct doc *d = doc_new(a, w->language, NULL);
	const struct table_column columns[] = {{SAY0(d, W_MARGIN_MONTH), COLUMN_TEXT},
					       {SAY0(d, W_MARGIN_REVENUE), COLUMN_NUMBER},
					       {SAY0(d, W_MARGIN_HOURS), COLUMN_NUMBER},
					       {SAY0(d, W_MARGIN_SUPPLIER), COLUMN_NUMBER},
					       {SAY0(d, W_MARGIN_LEFT), COLUMN_NUMBER}};
	const struct table_column people[] = {{SAY0(d, W_MARGIN_TECHNICIAN), COLUMN_TEXT},
					      {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct table *t;

	d->title = SAY(d, W_MARGIN_TITLE, doc_plain(d, w->subject));
	doc_paragraph(
		d, SAY(d, W_FIX_WINDOW, doc_day(d, w->window.from), doc_day(d, w->window.to - 1)));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < m->n_months; i++)
		month_row(d, t, w,
			  doc_plain(d, (struct text){day_text(a, m->months[i].month).p, 7}),
			  &m->months[i]);
	month_row(d, t, w, SAY0(d, W_TOTAL), &m->total);
	if (m->n_technicians > 0) {
		t = doc_table(d, NO_WORDS, people, ARRAY_SIZE(people));
		for (size_t i = 0; i < m->n_technicians; i++)
			ROW(d, t, doc_plain(d, m->technicians[i].technician),
			    amount(d, w, m->technicians[i].amount));
	}
	if (m->n_outside > 0)
		doc_paragraph(d, SAY(d, W_MARGIN_OUTSIDE, doc_int(d, (int64_t)m->n_outside)));
	doc_paragraph(d, SAY0(d, W_MARGIN_HOW));
	return d;
}

static void kv_amount(struct json *j, struct arena *a, const struct margin_words *w,
		      const char *key, int64_t minor)
{
	struct buf b;

	buf_init(&b, 64);
	csv_amount(&(struct table_csv){&b, false}, minor, w->currency);
	json_kv_text(j, key, text_copy(a, buf_view(&b)));
	buf_free(&b);
}

static void json_month(struct json *j, struct arena *a, const struct margin_words *w,
		       const struct margin_month *m)
{
	json_open_object(j);
	kv_amount(j, a, w, "hours", m->costs[COST_HOURS]);
	kv_amount(j, a, w, "margin", m->left);
	json_kv_text(j, "month", (struct text){day_text(a, m->month).p, 7});
	kv_amount(j, a, w, "revenue", m->revenue);
	kv_amount(j, a, w, "supplier", m->costs[COST_SUPPLIER]);
	json_end_object(j);
}

void margin_json(struct arena *a, const struct margin *m, const struct margin_words *w,
		 struct buf *out)
{
	struct json j;

	json_init(&j, out, true);
	json_open_object(&j);
	json_kv_int(&j, "costs_outside", (int64_t)m->n_outside);
	json_kv_str(&j, "currency", w->currency.code);
	kv_amount(&j, a, w, "margin", m->total.left);
	json_key(&j, "months");
	json_open_array(&j);
	for (size_t i = 0; i < m->n_months; i++)
		json_month(&j, a, w, &m->months[i]);
	json_end_array(&j);
	kv_amount(&j, a, w, "revenue", m->total.revenue);
	json_kv_text(&j, "subject", w->subject);
	json_key(&j, "technicians");
	json_open_array(&j);
	for (size_t i = 0; i < m->n_technicians; i++) {
		json_open_object(&j);
		kv_amount(&j, a, w, "amount", m->technicians[i].amount);
		json_kv_text(&j, "technician", m->technicians[i].technician);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

void margin_csv(const struct margin *m, const struct margin_words *w, struct buf *out)
{
	static const char *const heads[] = {"subject",  "month",  "revenue", "hours",
					    "supplier", "margin", "currency"};
	struct table_csv c = {out, false};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		csv_word(&c, heads[i]);
	csv_end(&c);
	for (size_t i = 0; i < m->n_months; i++) {
		csv_text(&c, w->subject);
		csv_day(&c, m->months[i].month);
		csv_amount(&c, m->months[i].revenue, w->currency);
		csv_amount(&c, m->months[i].costs[COST_HOURS], w->currency);
		csv_amount(&c, m->months[i].costs[COST_SUPPLIER], w->currency);
		csv_amount(&c, m->months[i].left, w->currency);
		csv_word(&c, w->currency.code);
		csv_end(&c);
	}
}
