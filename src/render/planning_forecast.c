/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast as a document, as JSON and as a table (money.md R133 to R135): its assumptions are printed with it. */
#include "render/planning_parts.h"

#include "render/table_csv.h"

#include <assert.h>

static void add_answer(struct doc *d, const struct forecast *f)
{
	doc_paragraph(d, SAY(d, W_PLAN_EXPECT, COUNTED(d, (int64_t)f->n, W_MONTHS),
			     plan_money(d, f->currency, f->sum.p50),
			     plan_money(d, f->currency, f->sum.p90)));
	if (f->sum.reserve > 0)
		doc_paragraph(
			d, SAY(d, W_PLAN_RESERVE_IS, plan_money(d, f->currency, f->sum.reserve)));
}

static void month_row(struct doc *d, struct table *t, const struct forecast *f, struct phrase name,
		      const struct forecast_month *m)
{
	ROW(d, t, name, plan_figure(d, f->currency, m->certain),
	    plan_figure(d, f->currency, m->trend), plan_figure(d, f->currency, -m->credits),
	    plan_figure(d, f->currency, m->p50), plan_figure(d, f->currency, m->p90),
	    plan_figure(d, f->currency, m->reserve));
}

static void add_months(struct doc *d, const struct forecast *f, const struct planning_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_MONTH), COLUMN_TEXT},
					       {SAY0(d, W_PLAN_CERTAIN), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_TREND), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_CREDITS_EXPECTED), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_P50), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_P90), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_RESERVE), COLUMN_NUMBER}};
	int64_t *v = arena_array(d->arena, int64_t, f->n),
		*high = arena_array(d->arena, int64_t, f->n);
	struct days *months = arena_array(d->arena, struct days, f->n);
	struct table *t;

	doc_section(d, "months", SAY0(d, W_PLAN_BY_MONTH));
	for (size_t i = 0; i < f->n; i++) {
		v[i] = f->months[i].p50;
		high[i] = f->months[i].p90;
		months[i] = f->months[i].days;
	}
	plan_chart(d, w, f->currency, months, v, high, f->n);
	t = doc_table(d, plan_amounts(d, f->currency), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < f->n; i++)
		month_row(d, t, f, plan_month(d, w, f->months[i].days), &f->months[i]);
	month_row(d, t, f, plan_strong(d, SAY0(d, W_TOTAL)), &f->sum);
}

/* --- by charge --- */

static struct phrase basis_words(struct doc *d, const struct forecast_charge *x)
{
	int64_t n = (int64_t)x->n_history;

	switch (x->basis) {
	case FORECAST_CERTAIN:
		return SAY0(d, W_PLAN_BASIS_CERTAIN);
	case FORECAST_TREND:
		return SAY(d, W_PLAN_BASIS_TREND, COUNTED(d, n, W_MONTHS));
	case FORECAST_MEDIAN:
		return SAY(d, W_PLAN_BASIS_MEDIAN, COUNTED(d, n, W_MONTHS));
	case FORECAST_PLANNED:
		return SAY0(d, W_PLAN_BASIS_PLANNED);
	case FORECAST_UNKNOWN:
		break;
	}
	return SAY0(d, W_PLAN_BASIS_UNKNOWN);
}

static void topups(const struct forecast *f, int64_t *p50, int64_t *p90)
{
	*p50 = *p90 = 0;
	for (size_t i = 0; i < f->n; i++) {
		*p50 += f->topup[i]; /* within the totals, which fit */
		*p90 += f->topup_p90[i];
	}
}

static void add_charges(struct doc *d, const struct forecast *f)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_PLAN_BASIS), COLUMN_TEXT},
					       {SAY0(d, W_PLAN_P50), COLUMN_NUMBER},
					       {SAY0(d, W_PLAN_P90), COLUMN_NUMBER}};
	struct table *t;
	int64_t p50, p90;

	doc_section(d, "charges", SAY0(d, W_PLAN_BY_CHARGE));
	t = doc_table(d, plan_amounts(d, f->currency), columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < f->n_charges; i++) {
		const struct forecast_charge *x = &f->charges[i];

		ROW(d, t, plan_charge(d, x->id, x->name), basis_words(d, x),
		    plan_figure(d, f->currency, x->sum_p50),
		    plan_figure(d, f->currency, x->sum_p90));
	}
	topups(f, &p50, &p90);
	if (p50 != 0 || p90 != 0)
		ROW(d, t, SAY0(d, W_PLAN_COMMITMENT), SAY0(d, W_PLAN_BASIS_CERTAIN),
		    plan_figure(d, f->currency, p50), plan_figure(d, f->currency, p90));
	if (f->sum.credits != 0)
		ROW(d, t, SAY0(d, W_PLAN_CREDITS), NO_WORDS,
		    plan_figure(d, f->currency, -f->sum.credits), plan_figure(d, f->currency, 0));
}

/* --- assumptions --- */

static struct phrase assumption_words(struct doc *d, const struct forecast *f,
				      const struct assumption *x)
{
	struct phrase subject = doc_plain(d, x->subject), date = NO_WORDS;
	struct phrase amount = plan_money(d, f->currency, x->amount), count = doc_int(d, x->count);

	if (x->date != DAY_NONE)
		date = doc_day(d, x->date);
	switch (x->kind) {
	case ASSUME_FROZEN:
		return SAY(d, W_PLAN_A_FROZEN, date);
	case ASSUME_ENDS:
		return SAY(d, W_PLAN_A_ENDS, date);
	case ASSUME_INDEX:
		return SAY(d, W_PLAN_A_INDEX, date, doc_percent(d, x->low),
			   doc_percent(d, x->high));
	case ASSUME_INDEX_NO_CAP:
		return SAY(d, W_PLAN_A_INDEX_NO_CAP, date, doc_percent(d, x->low));
	case ASSUME_INDEX_KNOWN:
		return SAY(d, W_PLAN_A_INDEX_KNOWN, date, doc_percent(d, x->low));
	case ASSUME_TREND:
		return SAY(d, W_PLAN_A_TREND, subject, count);
	case ASSUME_MEDIAN:
		return SAY(d, W_PLAN_A_MEDIAN, subject, count);
	case ASSUME_PLANNED:
		return SAY(d, W_PLAN_A_PLANNED, subject, count);
	case ASSUME_UNKNOWN:
		return SAY(d, W_PLAN_A_UNKNOWN, subject);
	case ASSUME_ONLY_CONTRACT:
		return SAY0(d, W_PLAN_A_ONLY_CONTRACT);
	case ASSUME_MILESTONE:
		return SAY(d, W_PLAN_A_MILESTONE, subject, amount, date);
	case ASSUME_COMMITMENT:
		return SAY(d, W_PLAN_A_COMMITMENT, amount, date,
			   plan_money(d, f->currency, x->count));
	case ASSUME_CREDITS:
		break;
	}
	return SAY(d, W_PLAN_A_CREDITS, amount, count);
}

static void add_assumptions(struct doc *d, const struct forecast *f)
{
	struct list *l;

	doc_section(d, "assumptions", SAY0(d, W_PLAN_ASSUMPTIONS));
	l = doc_list(d);
	for (size_t i = 0; i < f->n_assumptions; i++)
		list_add(d, l, assumption_words(d, f, &f->assumptions[i]));
	if (f->checked > 0)
		list_add(d, l,
			 SAY(d, W_PLAN_CHECKED, doc_int(d, (int64_t)f->checked),
			     doc_int(d, (int64_t)f->under)));
	else
		list_add(d, l, SAY0(d, W_PLAN_NOT_CHECKED));
}

struct doc *forecast_doc(struct arena *a, const struct forecast *f, const struct planning_words *w)
{
	struct doc *d = doc_new(a, w->language == NULL ? language_english() : w->language, w->zone);

	d->title = SAY(d, W_PLAN_FORECAST_TITLE, doc_plain(d, w->contract));
	plan_head(d, w, f->on);
	d->under =
		SAY(d, W_PLAN_YEAR, doc_day(d, f->sum.days.from), doc_day(d, f->sum.days.to - 1));
	add_answer(d, f);
	add_months(d, f, w);
	add_charges(d, f);
	add_assumptions(d, f);
	return d;
}

/* --- JSON --- */

static void json_totals(struct json *j, const struct forecast *f, const struct forecast_month *m)
{
	json_minor(j, "certain", m->certain, f->currency);
	json_minor(j, "certain_p90", m->certain_p90, f->currency);
	json_minor(j, "credits", m->credits, f->currency);
	json_day(j, "from", m->days.from);
	json_minor(j, "p50", m->p50, f->currency);
	json_minor(j, "p90", m->p90, f->currency);
	json_minor(j, "reserve", m->reserve, f->currency);
	json_day(j, "to", m->days.to);
	json_minor(j, "trend", m->trend, f->currency);
	json_minor(j, "trend_p90", m->trend_p90, f->currency);
}

static void json_list(struct json *j, const char *key, const int64_t *v, size_t n,
		      struct currency c)
{
	struct buf b;

	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < n; i++) {
		buf_init(&b, 64);
		decimal_print_places(&b, (struct decimal){v[i], c.decimals}, c.decimals);
		json_text(j, buf_view(&b));
		buf_free(&b);
	}
	json_end_array(j);
}

/* Minor units, exact, as currency units. */
static void json_exact(struct json *j, const char *key, struct fraction minor, struct currency c)
{
	int64_t of = 1;

	for (unsigned i = 0; i < c.decimals; i++)
		of *= 10;
	if (fraction_try_div(minor, fraction_of(of, 1), &minor))
		json_fraction(j, key, minor);
}

static void json_charge(struct json *j, const struct forecast *f, const struct forecast_charge *x)
{
	json_open_object(j);
	json_kv_str(j, "basis", basis_word(x->basis));
	json_kv_text(j, "charge", x->id);
	if (x->n_history > 0) {
		json_list(j, "history", x->history, x->n_history, f->currency);
		json_day(j, "history_from", x->history_from);
	}
	if (x->basis == FORECAST_TREND || x->basis == FORECAST_MEDIAN)
		json_exact(j, "intercept", x->trend.intercept, f->currency);
	json_list(j, "p50", x->p50 + f->ahead, f->n, f->currency);
	json_list(j, "p90", x->p90 + f->ahead, f->n, f->currency);
	if (x->basis == FORECAST_PLANNED)
		json_kv_int(j, "planned_quantity", x->planned_qty);
	if (x->basis == FORECAST_TREND || x->basis == FORECAST_MEDIAN) {
		json_exact(j, "residual", x->trend.residual, f->currency);
		json_exact(j, "slope", x->trend.slope, f->currency);
	}
	json_minor(j, "sum_p50", x->sum_p50, f->currency);
	json_minor(j, "sum_p90", x->sum_p90, f->currency);
	json_end_object(j);
}

static void json_assumption(struct json *j, const struct forecast *f, const struct assumption *x)
{
	bool index = x->kind == ASSUME_INDEX || x->kind == ASSUME_INDEX_NO_CAP ||
		     x->kind == ASSUME_INDEX_KNOWN;

	json_open_object(j);
	if (x->kind == ASSUME_MILESTONE || x->kind == ASSUME_COMMITMENT ||
	    x->kind == ASSUME_CREDITS)
		json_minor(j, "amount", x->amount, f->currency);
	if (x->kind == ASSUME_TREND || x->kind == ASSUME_MEDIAN || x->kind == ASSUME_PLANNED ||
	    x->kind == ASSUME_CREDITS)
		json_kv_int(j, "count", x->count);
	json_day(j, "date", x->date);
	if (index)
		json_percent(j, "high", x->high);
	json_kv_str(j, "kind", assumption_word(x->kind));
	if (index)
		json_percent(j, "low", x->low);
	if (x->kind == ASSUME_COMMITMENT)
		json_minor(j, "missing", x->count, f->currency);
	if (x->subject.n > 0)
		json_kv_text(j, "subject", x->subject);
	json_end_object(j);
}

void forecast_json(struct json *j, const struct forecast *f, struct text contract)
{
	json_open_object(j);
	json_key(j, "assumptions");
	json_open_array(j);
	for (size_t i = 0; i < f->n_assumptions; i++)
		json_assumption(j, f, &f->assumptions[i]);
	json_end_array(j);
	json_key(j, "charges");
	json_open_array(j);
	for (size_t i = 0; i < f->n_charges; i++)
		json_charge(j, f, &f->charges[i]);
	json_end_array(j);
	json_kv_int(j, "checked_months", (int64_t)f->checked);
	json_list(j, "commitment", f->topup, f->n, f->currency);
	json_kv_text(j, "contract", contract);
	json_kv_str(j, "currency", f->currency.code);
	json_key(j, "months");
	json_open_array(j);
	for (size_t i = 0; i < f->n; i++) {
		json_open_object(j);
		json_totals(j, f, &f->months[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_day(j, "on", f->on);
	json_key(j, "total");
	json_open_object(j);
	json_totals(j, f, &f->sum);
	json_end_object(j);
	json_kv_int(j, "under_p90", (int64_t)f->under);
	json_end_object(j);
}

/* --- a table --- */

static void csv_row(struct table_csv *c, const struct forecast *f, struct text contract, size_t i,
		    struct text charge, const char *basis, int64_t p50, int64_t p90)
{
	csv_text(c, contract);
	csv_word(c, f->currency.code);
	csv_day(c, f->months[i].days.from);
	csv_day(c, f->months[i].days.to);
	csv_text(c, charge);
	csv_word(c, basis);
	csv_amount(c, p50, f->currency);
	csv_amount(c, p90, f->currency);
	csv_end(c);
}

void forecast_csv(const struct forecast *f, struct text contract, struct buf *out)
{
	struct table_csv c = {.out = out};

	buf_str(out, "contract,currency,from,to,charge,basis,p50,p90\n");
	for (size_t i = 0; i < f->n; i++) {
		for (size_t k = 0; k < f->n_charges; k++)
			csv_row(&c, f, contract, i, f->charges[k].id,
				basis_word(f->charges[k].basis), f->charges[k].p50[f->ahead + i],
				f->charges[k].p90[f->ahead + i]);
		if (f->topup[i] != 0 || f->topup_p90[i] != 0)
			csv_row(&c, f, contract, i, text_of("commitment"), "certain", f->topup[i],
				f->topup_p90[i]);
		if (f->months[i].credits != 0)
			csv_row(&c, f, contract, i, text_of(""), "credits", -f->months[i].credits,
				0);
	}
}
