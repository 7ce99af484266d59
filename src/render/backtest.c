/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back-test as a document and as JSON. The JSON:
 *
 * tenor_backtest  1: the number of this form; a field may be added, none changes its meaning within one number
 * compares        ["credits", "charges"]
 * contracts[]     id, title, provider, client, currency, zone, versions {before[hash], after[hash]}, period {from, to},
 *                 as_of, known_as_of, before and after (tallies), difference, bonus and earned_back {before, after},
 *                 outside_term (windows that the new version does not judge), months[{from, to, tallies, bonus, earned_back}],
 *                 metrics[{id, presence: both|added|removed, tallies}], windows[], items[], n_items (all), rest,
 *                 charges (where there are any: backtest_charges.c), changes[{kind, path, before, after, clause}]; tallies, windows and items are described in versus_json.c
 */
#include "render/backtest.h"

#include "render/backtest_parts.h"
#include "render/tree_words.h"

#include <assert.h>

/* --- the answer --- */

static struct phrase answer_words(const struct versus *v)
{
	const struct comparison *c = v->c;
	struct phrase was = versus_amount(v, c->total[BEFORE].credit),
		      is = versus_amount(v, c->total[AFTER].credit);
	struct phrase size = doc_money(v->d, versus_size(c->difference)), when = versus_when(v);

	if (c->difference.minor > 0)
		return SAY(v->d, W_NEW_COST_MORE, size, when, is, was);
	if (c->difference.minor < 0)
		return SAY(v->d, W_NEW_COST_LESS, size, when, is, was);
	if (c->total[AFTER].credit.minor == 0)
		return SAY(v->d, W_NEITHER_COSTS, when);
	return SAY(v->d, W_NEW_COST_SAME, when, doc_money(v->d, c->total[AFTER].credit));
}

static void add_pair_of_money(const struct versus *v, enum wording w,
			      const struct money money[SIDES])
{
	if (money[BEFORE].minor != money[AFTER].minor)
		doc_paragraph(v->d, SAY(v->d, w, doc_money(v->d, money[AFTER]),
					versus_amount(v, money[BEFORE])));
}

static void add_answer(const struct versus *v, const struct compared_charges *charges)
{
	struct doc *d = v->d;
	int64_t outside = compare_not_judged(v->c, AFTER, NJ_OUTSIDE_TERM);

	backtest_answer_charges(v, charges);
	doc_paragraph(d, answer_words(v));
	add_pair_of_money(v, W_BONUS_CHANGES, v->c->bonus);
	add_pair_of_money(v, W_EARNED_BACK_CHANGES, v->c->earned_back);
	if (outside > 0)
		doc_note(d, STATE_RISK, COUNTED(d, outside, W_NEW_VERSION_OUTSIDE));
}

/* --- tables --- */

enum { FIGURES = 9, TALLY_COLUMNS = FIGURES + 1 };

/* What every table of tallies has after its first column; windows and exact amounts where a page has room. */
static struct table *tally_table(struct doc *d, enum wording first, struct phrase caption)
{
	const struct table_column columns[TALLY_COLUMNS] = {
		{SAY0(d, first), COLUMN_TEXT},          {SAY0(d, W_CREDIT_OLD), COLUMN_NUMBER},
		{SAY0(d, W_CREDIT_NEW), COLUMN_NUMBER}, {SAY0(d, W_DIFFERENCE), COLUMN_NUMBER},
		{SAY0(d, W_LATE_OLD), COLUMN_NUMBER},   {SAY0(d, W_LATE_NEW), COLUMN_NUMBER},
		{SAY0(d, W_MISSED_OLD), COLUMN_PAGE},   {SAY0(d, W_MISSED_NEW), COLUMN_PAGE},
		{SAY0(d, W_EXACT_OLD), COLUMN_PAGE},    {SAY0(d, W_EXACT_NEW), COLUMN_PAGE}};

	return doc_table(d, caption, columns, ARRAY_SIZE(columns));
}

static void tally_row(const struct versus *v, struct table *t, struct phrase name,
		      const struct tally tally[SIDES])
{
	struct doc *d = v->d;
	unsigned places = v->c->currency.decimals;

	ROW(d, t, name, versus_amount(v, tally[BEFORE].credit),
	    versus_amount(v, tally[AFTER].credit),
	    versus_difference(v, money_sub(tally[AFTER].credit, tally[BEFORE].credit)),
	    doc_int(d, tally[BEFORE].late), doc_int(d, tally[AFTER].late),
	    doc_int(d, tally[BEFORE].missed), doc_int(d, tally[AFTER].missed),
	    doc_exact(d, tally[BEFORE].exact, places), doc_exact(d, tally[AFTER].exact, places));
}

/* Anchors of a portfolio's parts must not be alike. */
const char *backtest_anchor(const struct versus *v, const char *what)
{
	return text_format(v->d->arena, "%s-%.*s", what, TEXT_ARG(versus_promise(v)->id)).p;
}

static void add_months(const struct versus *v)
{
	struct doc *d = v->d;
	struct table *t;

	doc_section(d, backtest_anchor(v, "months"), SAY0(d, W_BY_MONTH));
	t = tally_table(d, W_MONTH, NO_WORDS);
	for (size_t i = 0; i < v->c->n_months; i++)
		tally_row(v, t, doc_time(d, v->c->months[i].month.from, TIME_MONTH),
			  v->c->months[i].tally);
	if (v->c->n_months > 1)
		tally_row(v, t, SAY0(d, W_TOTAL), v->c->total);
}

static void add_metrics(const struct versus *v)
{
	struct doc *d = v->d;
	struct table *t;

	doc_section(d, backtest_anchor(v, "promises"), SAY0(d, W_BY_PROMISE));
	t = tally_table(d, W_PROMISE, NO_WORDS);
	for (size_t i = 0; i < v->c->n_metrics; i++)
		tally_row(v, t, versus_metric(v, i), v->c->metrics[i].tally);
}

/* --- what changed --- */

static struct phrase change_value(struct doc *d, const struct node *n, struct text canonical)
{
	if (n == NULL)
		return SAY0(d, W_NOT_THERE);
	return doc_plain(d, tree_is_value(n) ? tree_value(d->arena, n) : canonical);
}

static void add_changes(const struct versus *v, const struct changes *changes)
{
	struct doc *d = v->d;
	const struct table_column columns[] = {{SAY0(d, W_CLAUSE), COLUMN_PAGE},
					       {SAY0(d, W_TERM), COLUMN_TEXT},
					       {SAY0(d, W_WAS), COLUMN_TEXT},
					       {SAY0(d, W_IS), COLUMN_TEXT}};
	struct table *t;

	if (changes == NULL)
		return;
	doc_section(d, backtest_anchor(v, "changes"), SAY0(d, W_CHANGED_TERMS));
	if (changes->n == 0) {
		doc_paragraph(d, SAY0(d, W_NO_CHANGE));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *x = &changes->v[i];
		bool order = x->kind == CHANGE_REORDERED;
		struct phrase was = change_value(d, x->old_node, x->before),
			      is = change_value(d, x->new_node, x->after);

		ROW(d, t, x->clause != NULL ? doc_plain(d, x->label) : SAY0(d, W_NO_CLAUSE),
		    doc_run(d, RUN_CODE, x->path, text_of("")),
		    order ? SAY(d, W_ORDER, doc_plain(d, x->before)) : was,
		    order ? SAY(d, W_ORDER, doc_plain(d, x->after)) : is);
	}
}

/* --- one contract --- */

static void add_contract(const struct versus *v, const struct compared_charges *charges,
			 const struct changes *changes)
{
	backtest_add_charges(v, charges);
	add_months(v);
	add_metrics(v);
	versus_items(v, W_UNDER_OLD, W_UNDER_NEW);
	add_changes(v, changes);
}

static struct phrase hash_words(struct doc *d, const struct comparison *c, enum side s)
{
	const struct evaluation *in = &c->of[s]->in;
	struct phrase names = NO_WORDS;

	for (size_t i = 0; i < in->n_versions; i++) {
		struct text hash = text_of(in->versions[i].promise->contract->hash);
		struct phrase both[2] = {names,
					 doc_run(d, RUN_CODE, text_sub(hash, 0, 12), text_of(""))};

		names = doc_join_all(d, ", ", both, 2);
	}
	return names;
}

static void add_title(const struct versus *v)
{
	struct doc *d = v->d;
	const struct promise *p = versus_promise(v);
	struct phrase under[2] = {
		SAY(d, W_VERSIONS, hash_words(d, v->c, BEFORE), hash_words(d, v->c, AFTER)),
		SAY(d, W_AS_OF, doc_time(d, v->c->of[AFTER]->in.as_of, TIME_FULL))};

	d->title = SAY(d, W_BACKTEST, versus_period(v));
	d->aside = doc_plain(d, p->id);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, p->provider), doc_plain(d, p->client));
	d->subject = doc_plain(d, p->title);
	d->under = doc_join_all(d, " \xc2\xb7 ", under, 2);
}

/* --- a portfolio --- */

static bool same_currency(const struct comparison *x, const struct comparison *y)
{
	return money_same_currency(x->difference, y->difference);
}

/* Does an earlier contract have the same currency? Then the total of that currency has been made. */
static bool is_first(const struct backtest_contract *v, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same_currency(v[i].comparison, v[at].comparison))
			return false;
	return true;
}

/* All contracts of the currency of the one at `at`. */
static struct comparison sum_of(const struct backtest_contract *v, size_t n, size_t at)
{
	struct comparison sum = *v[at].comparison;

	for (size_t i = at + 1; i < n; i++) {
		const struct comparison *c = v[i].comparison;

		if (!same_currency(c, &sum))
			continue;
		for (size_t s = BEFORE; s < SIDES; s++) {
			tally_add(&sum.total[s], &c->total[s]);
			sum.bonus[s] = money_add(sum.bonus[s], c->bonus[s]);
			sum.earned_back[s] = money_add(sum.earned_back[s], c->earned_back[s]);
		}
		sum.difference = money_add(sum.difference, c->difference);
	}
	return sum;
}

/* The same of their charges; one without a currency: none of them charges anything. */
static struct compared_charges charges_of(const struct backtest_contract *v, size_t n, size_t at)
{
	struct compared_charges sum = {.n = 0};

	for (size_t i = at; i < n; i++) {
		const struct compared_charges *c = v[i].charges;

		if (c == NULL || !same_currency(v[i].comparison, v[at].comparison))
			continue;
		sum.currency = c->currency;
		for (size_t s = BEFORE; s < SIDES; s++) {
			struct money x = {sum.sum.of[s], c->currency},
				     y = {sum.tax.of[s], c->currency};

			sum.tax_included[s] = sum.tax_included[s] || c->tax_included[s];
			sum.sum.of[s] =
				money_add(x, (struct money){c->sum.of[s], c->currency}).minor;
			sum.tax.of[s] =
				money_add(y, (struct money){c->tax.of[s], c->currency}).minor;
		}
	}
	return sum;
}

static struct phrase contract_name(struct doc *d, const struct promise *p)
{
	return SAY(d, W_PAIR, doc_plain(d, p->id), doc_plain(d, p->client));
}

static void add_charges_by_contract(struct doc *d, const struct backtest_contract *v, size_t n,
				    size_t at, const struct compared_charges *sum,
				    const struct statement_options *words)
{
	struct versus one = versus_new(d, v[at].comparison, words);
	struct table *t = backtest_charge_table(d, W_CONTRACT, sum);

	for (size_t i = at; i < n; i++) {
		if (v[i].charges == NULL || !same_currency(v[i].comparison, v[at].comparison))
			continue;
		one = versus_new(d, v[i].comparison, words);
		backtest_charge_row(&one, t, contract_name(d, versus_promise(&one)), v[i].charges,
				    v[i].charges->sum, v[i].charges->tax);
	}
	backtest_charge_row(&one, t, SAY0(d, W_TOTAL), sum, sum->sum, sum->tax);
}

/* An answer and a table for each currency: sums over currencies mean nothing. */
static void add_portfolio(struct doc *d, const struct backtest_contract *v, size_t n,
			  const struct statement_options *words)
{
	for (size_t at = 0; at < n; at++) {
		struct compared_charges charges;
		struct comparison sum;
		struct versus all;

		if (!is_first(v, at))
			continue;
		sum = sum_of(v, n, at);
		all = versus_new(d, &sum, words);
		charges = charges_of(v, n, at);
		backtest_answer_charges(&all, charges.currency.code[0] != 0 ? &charges : NULL);
		doc_paragraph(d, answer_words(&all));
	}
	doc_section(d, "contracts", SAY0(d, W_BY_CONTRACT));
	for (size_t at = 0; at < n; at++) {
		struct compared_charges charges;
		struct comparison sum;
		struct versus all;
		struct table *t;

		if (!is_first(v, at))
			continue;
		sum = sum_of(v, n, at);
		all = versus_new(d, &sum, words);
		t = tally_table(d, W_CONTRACT,
				doc_plain(d, text_of(v[at].comparison->currency.code)));
		for (size_t i = at; i < n; i++) {
			struct versus one = versus_new(d, v[i].comparison, words);

			if (same_currency(v[i].comparison, &sum))
				tally_row(&one, t, contract_name(d, versus_promise(&one)),
					  v[i].comparison->total);
		}
		tally_row(&all, t, SAY0(d, W_TOTAL), sum.total);
		charges = charges_of(v, n, at);
		if (charges.currency.code[0] != 0)
			add_charges_by_contract(d, v, n, at, &charges, words);
	}
}

static void add_portfolio_title(struct doc *d, const struct versus *first, size_t n)
{
	d->title = SAY(d, W_BACKTEST, versus_period(first));
	d->aside = COUNTED(d, (int64_t)n, W_BACKTEST_MANY);
	d->parties = doc_plain(d, versus_promise(first)->provider);
	d->under = SAY(d, W_AS_OF, doc_time(d, first->c->of[AFTER]->in.as_of, TIME_FULL));
}

struct doc *backtest_doc(struct arena *a, const struct backtest_contract *v, size_t n,
			 const struct backtest_options *options)
{
	struct statement_options words;
	struct doc *d = versus_doc(a, options->language, &words);
	struct versus first;

	assert(n > 0);
	first = versus_new(d, v[0].comparison, &words);
	if (n == 1) {
		add_title(&first);
		add_answer(&first, v[0].charges);
		add_contract(&first, v[0].charges, v[0].changes);
		return d;
	}
	add_portfolio_title(d, &first, n);
	add_portfolio(d, v, n, &words);
	for (size_t i = 0; i < n; i++) {
		struct versus one = versus_new(d, v[i].comparison, &words);

		doc_section(d, backtest_anchor(&one, "contract"),
			    contract_name(d, versus_promise(&one)));
		add_answer(&one, v[i].charges);
		add_contract(&one, v[i].charges, v[i].changes);
	}
	return d;
}

/* --- JSON --- */

static void put_pair(struct json *j, const char *key, const struct money money[SIDES])
{
	json_key(j, key);
	json_open_object(j);
	json_money(j, "before", money[BEFORE]);
	json_money(j, "after", money[AFTER]);
	json_end_object(j);
}

static void put_versions(struct json *j, const char *key, const struct evaluation *in)
{
	json_key(j, key);
	json_open_array(j);
	for (size_t i = 0; i < in->n_versions; i++)
		json_str(j, in->versions[i].promise->contract->hash);
	json_end_array(j);
}

static void put_head(struct json *j, const struct versus *v)
{
	const struct promise *p = versus_promise(v);
	const struct evaluation *in = &v->c->of[AFTER]->in;

	json_kv_text(j, "id", p->id);
	json_kv_text(j, "title", p->title);
	json_kv_text(j, "provider", p->provider);
	json_kv_text(j, "client", p->client);
	json_kv_str(j, "currency", p->currency.code);
	json_kv_text(j, "zone", zone_name(p->zone));
	json_key(j, "versions");
	json_open_object(j);
	put_versions(j, "before", &v->c->of[BEFORE]->in);
	put_versions(j, "after", in);
	json_end_object(j);
	json_span(j, "period", in->period);
	json_instant(j, "as_of", in->as_of);
	json_instant(j, "known_as_of", in->known_as_of);
}

static void put_months(struct json *j, const struct versus *v)
{
	json_key(j, "months");
	json_open_array(j);
	for (size_t i = 0; i < v->c->n_months; i++) {
		const struct compared_month *m = &v->c->months[i];

		json_open_object(j);
		json_instant(j, "from", m->month.from);
		json_instant(j, "to", m->month.to);
		versus_json_tallies(j, m->tally);
		put_pair(j, "bonus", m->bonus);
		put_pair(j, "earned_back", m->earned_back);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_metrics(struct json *j, const struct versus *v)
{
	static const char *const presences[] = {"both", "added", "removed"};

	json_key(j, "metrics");
	json_open_array(j);
	for (size_t i = 0; i < v->c->n_metrics; i++) {
		const struct compared_metric *m = &v->c->metrics[i];

		assert((size_t)m->presence < ARRAY_SIZE(presences));
		json_open_object(j);
		json_kv_text(j, "id", m->id);
		json_kv_str(j, "presence", presences[m->presence]);
		versus_json_tallies(j, m->tally);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_changes(struct json *j, const struct changes *changes)
{
	static const char *const kinds[] = {"added", "removed", "changed", "reordered"};

	if (changes == NULL)
		return;
	json_key(j, "changes");
	json_open_array(j);
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *x = &changes->v[i];

		assert((size_t)x->kind < ARRAY_SIZE(kinds));
		json_open_object(j);
		json_kv_str(j, "kind", kinds[x->kind]);
		json_kv_text(j, "path", x->path);
		if (x->before.n > 0)
			json_kv_text(j, "before", x->before);
		if (x->after.n > 0)
			json_kv_text(j, "after", x->after);
		if (x->clause != NULL)
			json_kv_text(j, "clause", x->label);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_contract(struct json *j, const struct versus *v,
			 const struct compared_charges *charges, const struct changes *changes)
{
	json_open_object(j);
	put_head(j, v);
	versus_json_tallies(j, v->c->total);
	versus_json_difference(j, v->c);
	put_pair(j, "bonus", v->c->bonus);
	put_pair(j, "earned_back", v->c->earned_back);
	json_kv_int(j, "outside_term", compare_not_judged(v->c, AFTER, NJ_OUTSIDE_TERM));
	put_months(j, v);
	put_metrics(j, v);
	json_key(j, "windows");
	versus_json_windows(j, v);
	json_key(j, "items");
	versus_json_items(j, v);
	json_kv_int(j, "n_items", (int64_t)v->c->n_all_items);
	json_money(j, "rest", v->c->rest);
	backtest_json_charges(j, v, charges);
	put_changes(j, changes);
	json_end_object(j);
}

void backtest_json(struct arena *a, const struct backtest_contract *v, size_t n,
		   const struct backtest_options *options, bool pretty, struct buf *out)
{
	struct statement_options words;
	struct doc *d = versus_doc(a, options->language, &words);
	struct json j;

	versus_json_open(&j, out, pretty, "tenor_backtest");
	json_key(&j, "compares");
	json_open_array(&j);
	json_str(&j, "credits");
	json_str(&j, "charges");
	json_end_array(&j);
	json_key(&j, "contracts");
	json_open_array(&j);
	for (size_t i = 0; i < n; i++) {
		struct versus one = versus_new(d, v[i].comparison, &words);

		put_contract(&j, &one, v[i].charges, v[i].changes);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
