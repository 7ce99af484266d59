/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The charges of a back-test, as parts of its document, of its JSON and as a table.
 *
 * JSON of a contract: charges {before, after, difference, tax {before, after}, tax_included {before, after}, why {price, allowance,
 * quantity, other}, paid {before, after, difference}, months[{from, to, before, after, difference, tax}], by_charge[{kind: charge|
 * discount|commitment, id, name, type, presence: both|added|removed, before, after, difference, why, units {before, after} of {quantity,
 * unit}, months[{from, before, after}]}]}. Discounts are negative. paid: charges without tax, less credits, with bonus and earned back.
 *
 * CSV: contract, currency, kind (charge, discount, commitment, tax, credit), id (of a credit: the promise's; its month is empty), name,
 * month, before, after, difference; then of the row without month, which is the total: price, allowance, quantity, other.
 */
#include "render/backtest_parts.h"
#include "render/invoice_parts.h"
#include "render/table_csv.h"

#include <assert.h>

static struct money amount_of(const struct compared_charges *c, int64_t minor)
{
	return (struct money){minor, c->currency};
}

static struct money difference_of(const struct compared_charges *c, struct two_amounts x)
{
	return money_sub(amount_of(c, x.of[AFTER]), amount_of(c, x.of[BEFORE]));
}

/* --- in all --- */

/* Charges without the tax that prices include. */
static struct money net_of(const struct compared_charges *c, enum side s)
{
	struct money sum = amount_of(c, c->sum.of[s]);

	return c->tax_included[s] ? money_sub(sum, amount_of(c, c->tax.of[s])) : sum;
}

/* What the client pays without tax, which is what the provider has: charges, less credits, with bonus and what was earned back. */
static struct money paid(const struct versus *v, const struct compared_charges *c, enum side s)
{
	struct money m = money_sub(net_of(c, s), v->c->total[s].credit);

	return money_add(money_add(m, v->c->bonus[s]), v->c->earned_back[s]);
}

void backtest_answer_charges(const struct versus *v, const struct compared_charges *c)
{
	struct doc *d = v->d;
	struct phrase when = versus_when(v), was, is, size;
	struct money more;

	if (c == NULL) {
		doc_paragraph(d, SAY0(d, W_NO_CHARGES_AT_ALL));
		return;
	}
	more = money_sub(paid(v, c, AFTER), paid(v, c, BEFORE));
	was = versus_amount(v, paid(v, c, BEFORE));
	is = versus_amount(v, paid(v, c, AFTER));
	size = doc_money(d, versus_size(more));
	if (more.minor == 0)
		doc_paragraph(d, SAY(d, W_WOULD_PAY_SAME, when, doc_money(d, paid(v, c, AFTER))));
	else
		doc_paragraph(d, SAY(d, more.minor > 0 ? W_WOULD_PAY_MORE : W_WOULD_PAY_LESS, size,
				     when, is, was));
}

/* --- tables --- */

enum { UNTAXED = 2 }; /* columns that are left out where nothing is taxed */

struct table *backtest_charge_table(struct doc *d, enum wording first,
				    const struct compared_charges *c)
{
	bool taxed = c->tax.of[BEFORE] != 0 || c->tax.of[AFTER] != 0;
	const struct table_column columns[] = {
		{SAY0(d, first), COLUMN_TEXT},          {SAY0(d, W_CHARGES_OLD), COLUMN_NUMBER},
		{SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER}, {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER},
		{SAY0(d, W_TAX_OLD), COLUMN_NUMBER},    {SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER}};

	return doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns) - (taxed ? 0 : UNTAXED));
}

void backtest_charge_row(const struct versus *v, struct table *t, struct phrase name,
			 const struct compared_charges *c, struct two_amounts amount,
			 struct two_amounts tax)
{
	const struct phrase cells[] = {name,
				       versus_amount(v, amount_of(c, amount.of[BEFORE])),
				       versus_amount(v, amount_of(c, amount.of[AFTER])),
				       versus_difference(v, difference_of(c, amount)),
				       versus_amount(v, amount_of(c, tax.of[BEFORE])),
				       versus_amount(v, amount_of(c, tax.of[AFTER]))};

	assert(t->n_columns <= ARRAY_SIZE(cells));
	table_row(v->d, t, cells, t->n_columns);
}

static void money_row(const struct versus *v, struct table *t, struct phrase name,
		      struct money before, struct money after)
{
	ROW(v->d, t, name, versus_amount(v, before), versus_amount(v, after),
	    versus_difference(v, money_sub(after, before)));
}

static struct money negative(struct money m)
{
	return money_sub((struct money){0, m.currency}, m);
}

static void add_in_all(const struct versus *v, const struct compared_charges *c)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {{SAY0(d, W_AMOUNT_OF), COLUMN_TEXT},
					       {SAY0(d, W_UNDER_OLD), COLUMN_NUMBER},
					       {SAY0(d, W_UNDER_NEW), COLUMN_NUMBER},
					       {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER}};
	const struct comparison *x = v->c;
	struct table *t;

	doc_section(d, backtest_anchor(v, "in-all"), SAY0(d, W_IN_ALL));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	money_row(v, t, SAY0(d, W_CHARGES_NO_TAX), net_of(c, BEFORE), net_of(c, AFTER));
	money_row(v, t, SAY0(d, W_SERVICE_CREDITS), negative(x->total[BEFORE].credit),
		  negative(x->total[AFTER].credit));
	if (x->bonus[BEFORE].minor != 0 || x->bonus[AFTER].minor != 0)
		money_row(v, t, SAY0(d, W_BONUS), x->bonus[BEFORE], x->bonus[AFTER]);
	if (x->earned_back[BEFORE].minor != 0 || x->earned_back[AFTER].minor != 0)
		money_row(v, t, SAY0(d, W_EARNED_BACK), x->earned_back[BEFORE],
			  x->earned_back[AFTER]);
	money_row(v, t, SAY0(d, W_TOTAL), paid(v, c, BEFORE), paid(v, c, AFTER));
	if (c->tax.of[BEFORE] != 0 || c->tax.of[AFTER] != 0)
		money_row(v, t, SAY0(d, W_TAX_ON_CHARGES), amount_of(c, c->tax.of[BEFORE]),
			  amount_of(c, c->tax.of[AFTER]));
	doc_paragraph(d, SAY0(d, W_BOTH_SIDES_OF_IT));
	if (c->tax_included[BEFORE] || c->tax_included[AFTER])
		doc_paragraph(d, SAY0(d, W_AMOUNTS_WITH_TAX));
}

static struct phrase month_words(const struct versus *v, struct days month)
{
	return doc_time(v->d, zone_midnight(v->d->zone, month.from), TIME_MONTH);
}

static void add_months(const struct versus *v, const struct compared_charges *c)
{
	struct doc *d = v->d;
	struct table *t;

	doc_section(d, backtest_anchor(v, "charges"), SAY0(d, W_CHARGES_BY_MONTH));
	t = backtest_charge_table(d, W_MONTH, c);
	for (size_t i = 0; i < c->n_months; i++)
		backtest_charge_row(v, t, month_words(v, c->months[i]), c, c->sums[i], c->taxes[i]);
	if (c->n_months > 1)
		backtest_charge_row(v, t, SAY0(d, W_TOTAL), c, c->sum, c->tax);
}

static struct phrase name_words(const struct versus *v, const struct compared_charge *r)
{
	return r->row == ROW_COMMITMENT ? SAY0(v->d, W_COMMITMENT) : doc_plain(v->d, r->name);
}

/* "price +60.00, quantity -12.00"; "added". */
static struct phrase why_words(const struct versus *v, const struct compared_charges *c,
			       const struct compared_charge *r)
{
	static const enum wording words[] = {W_BY_PRICE, W_BY_ALLOWANCE, W_BY_QUANTITY, W_BY_OTHER};
	struct doc *d = v->d;
	struct phrase all = NO_WORDS;

	if (r->presence != IN_BOTH)
		return SAY0(d, r->presence == ADDED ? W_CHARGE_ADDED : W_CHARGE_REMOVED);
	for (size_t i = 0; i < CHARGE_WHYS; i++) {
		struct phrase both[2] = {all, NO_WORDS};

		if (r->why[i] == 0)
			continue;
		both[1] = SAY(d, words[i], versus_difference(v, amount_of(c, r->why[i])));
		all = doc_join_all(d, ", ", both, 2);
	}
	return all;
}

static struct phrase units_words(const struct versus *v, const struct compared_charge *r,
				 enum side s)
{
	if (!r->quantity_set[s])
		return NO_WORDS;
	return SAY(v->d, W_PAIR_PLAIN, doc_exact(v->d, r->quantity[s], 0),
		   unit_words(v->d, r->unit[s], r->quantity[s].num == r->quantity[s].den));
}

static void add_by_charge(const struct versus *v, const struct compared_charges *c)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {
		{SAY0(d, W_CHARGE), COLUMN_TEXT},       {SAY0(d, W_CHARGES_OLD), COLUMN_NUMBER},
		{SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER}, {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER},
		{SAY0(d, W_WHY), COLUMN_TEXT},          {SAY0(d, W_QUANTITY_OLD), COLUMN_PAGE},
		{SAY0(d, W_CREDIT_NEW), COLUMN_PAGE}};
	struct table *t;

	doc_section(d, backtest_anchor(v, "by-charge"), SAY0(d, W_BY_CHARGE));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n; i++) {
		const struct compared_charge *r = &c->v[i];

		ROW(d, t, name_words(v, r), versus_amount(v, amount_of(c, r->total.of[BEFORE])),
		    versus_amount(v, amount_of(c, r->total.of[AFTER])),
		    versus_difference(v, difference_of(c, r->total)), why_words(v, c, r),
		    units_words(v, r, BEFORE), units_words(v, r, AFTER));
	}
	doc_paragraph(d, SAY0(d, W_CHARGES_EXPLAINED));
}

enum { ROWS_AS_TEXT = 24 };

static bool any_difference(const struct compared_charges *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t m = 0; m < c->n_months; m++)
			if (c->v[i].months[m].of[BEFORE] != c->v[i].months[m].of[AFTER])
				return true;
	return false;
}

static void add_differences(const struct versus *v, const struct compared_charges *c)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {{SAY0(d, W_MONTH), COLUMN_TEXT},
					       {SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_CHARGES_OLD), COLUMN_NUMBER},
					       {SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER},
					       {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER}};
	struct table *t;

	if (c->n_months == 1 || !any_difference(c))
		return;
	doc_section(d, backtest_anchor(v, "by-charge-and-month"), SAY0(d, W_BY_CHARGE_AND_MONTH));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t m = 0; m < c->n_months; m++)
		for (size_t i = 0; i < c->n; i++) {
			struct two_amounts x = c->v[i].months[m];

			if (x.of[BEFORE] != x.of[AFTER])
				ROW(d, t, month_words(v, c->months[m]), name_words(v, &c->v[i]),
				    versus_amount(v, amount_of(c, x.of[BEFORE])),
				    versus_amount(v, amount_of(c, x.of[AFTER])),
				    versus_difference(v, difference_of(c, x)));
		}
	t->limit = ROWS_AS_TEXT;
	if (t->n_rows > t->limit)
		t->more = COUNTED(d, (int64_t)(t->n_rows - t->limit), W_MORE_ROWS);
}

void backtest_add_charges(const struct versus *v, const struct compared_charges *c)
{
	if (c == NULL)
		return;
	add_in_all(v, c);
	add_months(v, c);
	add_by_charge(v, c);
	add_differences(v, c);
}

/* --- JSON --- */

static void put_two(struct json *j, const struct compared_charges *c, struct two_amounts x)
{
	json_money(j, "before", amount_of(c, x.of[BEFORE]));
	json_money(j, "after", amount_of(c, x.of[AFTER]));
}

static void put_under(struct json *j, const char *key, const struct compared_charges *c,
		      struct two_amounts x)
{
	json_key(j, key);
	json_open_object(j);
	put_two(j, c, x);
	json_end_object(j);
}

static void put_why(struct json *j, const struct compared_charges *c,
		    const int64_t why[CHARGE_WHYS])
{
	json_key(j, "why");
	json_open_object(j);
	for (size_t i = 0; i < CHARGE_WHYS; i++)
		json_money(j, charge_why_word((enum charge_why)i), amount_of(c, why[i]));
	json_end_object(j);
}

static struct text day_text(const struct versus *v, day at)
{
	struct civil x = civil_of(at);

	return text_format(v->d->arena, "%04d-%02d-%02d", (int)x.year, (int)x.month, (int)x.mday);
}

static void put_units(struct json *j, const struct compared_charge *r)
{
	static const char *const sides[] = {"before", "after"};

	json_key(j, "units");
	json_open_object(j);
	for (size_t s = BEFORE; s < SIDES; s++) {
		if (!r->quantity_set[s])
			continue;
		json_key(j, sides[s]);
		json_open_object(j);
		json_exact(j, "quantity", r->quantity[s]);
		json_kv_text(j, "unit", r->unit[s]);
		json_end_object(j);
	}
	json_end_object(j);
}

static const char *row_word(const struct compared_charge *r)
{
	static const char *const words[] = {"charge", "discount", "commitment"};

	assert((size_t)r->row < ARRAY_SIZE(words));
	return words[r->row];
}

static void put_charge(struct json *j, const struct versus *v, const struct compared_charges *c,
		       const struct compared_charge *r)
{
	static const char *const presences[] = {"both", "added", "removed"};

	assert((size_t)r->presence < ARRAY_SIZE(presences));
	json_open_object(j);
	json_kv_str(j, "kind", row_word(r));
	json_kv_text(j, "id", r->id);
	json_kv_text(j, "name", r->name);
	json_kv_text(j, "type", r->type);
	json_kv_str(j, "presence", presences[r->presence]);
	put_two(j, c, r->total);
	json_money(j, "difference", difference_of(c, r->total));
	put_why(j, c, r->why);
	put_units(j, r);
	json_key(j, "months");
	json_open_array(j);
	for (size_t m = 0; m < c->n_months; m++) {
		json_open_object(j);
		json_kv_text(j, "from", day_text(v, c->months[m].from));
		put_two(j, c, r->months[m]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void put_months(struct json *j, const struct versus *v, const struct compared_charges *c)
{
	json_key(j, "months");
	json_open_array(j);
	for (size_t m = 0; m < c->n_months; m++) {
		json_open_object(j);
		json_kv_text(j, "from", day_text(v, c->months[m].from));
		json_kv_text(j, "to", day_text(v, c->months[m].to));
		put_two(j, c, c->sums[m]);
		json_money(j, "difference", difference_of(c, c->sums[m]));
		put_under(j, "tax", c, c->taxes[m]);
		json_end_object(j);
	}
	json_end_array(j);
}

void backtest_json_charges(struct json *j, const struct versus *v, const struct compared_charges *c)
{
	struct money before, after;

	if (c == NULL)
		return;
	before = paid(v, c, BEFORE);
	after = paid(v, c, AFTER);
	json_key(j, "charges");
	json_open_object(j);
	put_two(j, c, c->sum);
	json_money(j, "difference", difference_of(c, c->sum));
	put_under(j, "tax", c, c->tax);
	json_key(j, "tax_included");
	json_open_object(j);
	json_kv_bool(j, "before", c->tax_included[BEFORE]);
	json_kv_bool(j, "after", c->tax_included[AFTER]);
	json_end_object(j);
	put_why(j, c, c->why);
	json_key(j, "paid");
	json_open_object(j);
	json_money(j, "before", before);
	json_money(j, "after", after);
	json_money(j, "difference", money_sub(after, before));
	json_end_object(j);
	put_months(j, v, c);
	json_key(j, "by_charge");
	json_open_array(j);
	for (size_t i = 0; i < c->n; i++)
		put_charge(j, v, c, &c->v[i]);
	json_end_array(j);
	json_end_object(j);
}

/* --- CSV --- */

struct csv_row {
	struct table_csv csv;
	struct text contract;
	struct currency currency;
};

static void csv_begin(struct csv_row *r, const char *kind, struct text id, struct text name)
{
	csv_text(&r->csv, r->contract);
	csv_word(&r->csv, r->currency.code);
	csv_word(&r->csv, kind);
	csv_text(&r->csv, id);
	csv_text(&r->csv, name);
}

/* month DAY_NONE: the total. */
static void csv_amounts(struct csv_row *r, day month, struct two_amounts x, struct money difference,
			const int64_t *why)
{
	csv_day(&r->csv, month);
	csv_amount(&r->csv, x.of[BEFORE], r->currency);
	csv_amount(&r->csv, x.of[AFTER], r->currency);
	csv_amount(&r->csv, difference.minor, r->currency);
	if (why == NULL)
		csv_empty(&r->csv, CHARGE_WHYS);
	for (size_t i = 0; why != NULL && i < CHARGE_WHYS; i++)
		csv_amount(&r->csv, why[i], r->currency);
	csv_end(&r->csv);
}

static void csv_charges(struct csv_row *r, const struct compared_charges *c)
{
	static const struct text none = {"", 0};

	for (size_t i = 0; i < c->n; i++) {
		const struct compared_charge *x = &c->v[i];

		for (size_t m = 0; m < c->n_months; m++) {
			csv_begin(r, row_word(x), x->id, x->name);
			csv_amounts(r, c->months[m].from, x->months[m],
				    difference_of(c, x->months[m]), NULL);
		}
		csv_begin(r, row_word(x), x->id, x->name);
		csv_amounts(r, DAY_NONE, x->total, difference_of(c, x->total), x->why);
	}
	for (size_t m = 0; m < c->n_months; m++) {
		csv_begin(r, "tax", none, none);
		csv_amounts(r, c->months[m].from, c->taxes[m], difference_of(c, c->taxes[m]), NULL);
	}
	csv_begin(r, "tax", none, none);
	csv_amounts(r, DAY_NONE, c->tax, difference_of(c, c->tax), NULL);
}

static void csv_credits(struct csv_row *r, const struct comparison *c)
{
	for (size_t i = 0; i < c->n_metrics; i++) {
		const struct compared_metric *m = &c->metrics[i];
		struct two_amounts x = {
			{m->tally[BEFORE].credit.minor, m->tally[AFTER].credit.minor}};

		csv_begin(r, "credit", m->id, m->id);
		csv_amounts(r, DAY_NONE, x,
			    money_sub(m->tally[AFTER].credit, m->tally[BEFORE].credit), NULL);
	}
}

void backtest_csv(const struct backtest_contract *v, size_t n, struct buf *out)
{
	static const char *const heads[] = {"contract",  "currency", "kind",  "id",         "name",
					    "month",     "before",   "after", "difference", "price",
					    "allowance", "quantity", "other"};
	struct csv_row r = {.csv = {out, false}};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		csv_word(&r.csv, heads[i]);
	csv_end(&r.csv);
	for (size_t i = 0; i < n; i++) {
		const struct evaluation *in = &v[i].comparison->of[AFTER]->in;
		const struct promise *p = in->versions[in->n_versions - 1].promise;

		r.contract = p->id;
		r.currency = p->currency;
		if (v[i].charges != NULL)
			csv_charges(&r, v[i].charges);
		csv_credits(&r, v[i].comparison);
	}
}
