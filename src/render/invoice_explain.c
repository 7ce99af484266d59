/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One figure of a document and how it came about (money.md R76): the steps that the computation left, as they are; nothing is worked out
 * again. A tax has no steps of its own: it is told by what it is of.
 */
#include "render/invoice.h"

#include "render/invoice_parts.h"
#include "render/tree_words.h"

#include <assert.h>

size_t invoice_parts(const struct invoice *i, enum invoice_part part)
{
	switch (part) {
	case PART_LINE:
		return i->n_lines;
	case PART_REDUCTION:
		return i->n_reductions;
	case PART_TAX:
		return i->n_taxes;
	case PART_DEDUCTION:
		return i->n_deductions;
	}
	assert(false && "an unknown part of a document");
	return 0;
}

static void text_pair(struct doc *d, struct pairs *to, enum wording key, struct text t)
{
	if (t.n > 0)
		pair_add(d, to, SAY0(d, key), doc_plain(d, t));
}

static void phrase_pair(struct doc *d, struct pairs *to, enum wording key, struct phrase v)
{
	if (v.n > 0)
		pair_add(d, to, SAY0(d, key), v);
}

static void add_steps(const struct paper *p, const struct step *v, size_t n)
{
	struct doc *d = p->d;
	const struct table_column columns[] = {{SAY0(d, W_STEP), COLUMN_TEXT},
					       {SAY0(d, W_VALUE), COLUMN_NUMBER},
					       {SAY0(d, W_RULE), COLUMN_TEXT},
					       {SAY0(d, W_FACT_HEADING), COLUMN_TEXT}};
	struct table *t;

	doc_section(d, "steps", SAY0(d, W_HOW_WORKED_OUT));
	if (n == 0) {
		doc_paragraph(d, SAY0(d, W_NO_STEPS));
		return;
	}
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < n; k++) {
		struct phrase rule = NO_WORDS;

		if (v[k].rule > 0)
			rule = doc_plain(
				d, text_format(d->arena, "money.md R%u", (unsigned)v[k].rule));
		ROW(d, t, step_words(d, (enum step_what)v[k].what), step_value(p, &v[k]), rule,
		    entry_words(p, v[k].entry));
	}
}

static void explain_line(const struct paper *p, const struct invoice_line *l)
{
	struct doc *d = p->d;
	struct pairs *to = doc_pairs(d);
	bool one = l->quantity.den != 0 && l->quantity.num == l->quantity.den;

	phrase_pair(d, to, W_CLAUSE, tree_clause(d, l->clause));
	text_pair(d, to, W_CHARGE, l->charge);
	text_pair(d, to, W_RULE, l->rule);
	phrase_pair(d, to, W_SERVICE_PERIOD, days_words(d, l->item));
	phrase_pair(d, to, W_DAYS, days_words(d, l->period));
	phrase_pair(d, to, W_WEIGHT_OF_PERIOD, weight_words(d, l->weight));
	if (l->quantity.den != 0)
		pair_add(d, to, SAY0(d, W_QUANTITY),
			 SAY(d, W_PAIR_PLAIN, fraction_words(d, l->quantity),
			     unit_words(d, l->unit, one)));
	if (l->priced)
		pair_add(d, to, SAY0(d, W_UNIT_PRICE),
			 price_words(d, l->price, p->i->currency.decimals));
	if (l->exact.den != 0)
		pair_add(d, to, SAY0(d, W_EXACT), doc_exact(d, l->exact, p->i->currency.decimals));
	if (p->i->tax_included)
		pair_add(d, to, SAY0(d, W_WITH_TAX), paper_money(p, l->gross));
	pair_add(d, to, SAY0(d, W_AMOUNT), paper_money(p, l->net));
	if (l->evidence.count > 0)
		pair_add(d, to, SAY0(d, W_FACTS), doc_int(d, l->evidence.count));
	add_steps(p, l->steps, l->n_steps);
	if (l->evidence.n_entries == 0)
		return;
	doc_section(d, "facts", SAY0(d, W_FACTS_OF_LINE));
	struct list *facts = doc_list(d);

	for (size_t k = 0; k < l->evidence.n_entries; k++)
		list_add(d, facts, entry_words(p, l->evidence.entries[k]));
	if (l->evidence.count > (int64_t)l->evidence.n_entries)
		doc_paragraph(d, COUNTED(d, l->evidence.count - (int64_t)l->evidence.n_entries,
					 W_FACTS_NOT_LISTED));
}

static void explain_reduction(const struct paper *p, const struct invoice_reduction *r)
{
	struct doc *d = p->d;
	struct pairs *to = doc_pairs(d);

	phrase_pair(d, to, W_CLAUSE, tree_clause(d, r->clause));
	text_pair(d, to, W_RULE, r->rule);
	text_pair(d, to, W_PROMISE, r->metric);
	text_pair(d, to, W_MONTH, r->month);
	phrase_pair(d, to, W_SERVICE_PERIOD, days_words(d, r->item));
	if (r->base != 0)
		pair_add(d, to, SAY0(d, W_BASE), paper_money(p, r->base));
	if (r->pct.units != 0)
		pair_add(d, to, SAY0(d, W_SHARE), doc_percent(d, r->pct));
	pair_add(d, to, SAY0(d, W_AMOUNT), paper_money(p, -r->amount));
	add_steps(p, r->steps, r->n_steps);
	if (r->n_lines == 0)
		return;
	const struct table_column columns[] = {{SAY0(d, W_LINE_HEADING), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};

	doc_section(d, "lines", SAY0(d, W_LOWERS));
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t k = 0; k < r->n_lines; k++) {
		struct phrase name = doc_int(d, r->lines[k]);

		for (size_t m = 0; m < p->i->n_lines; m++)
			if (p->i->lines[m].number == r->lines[k])
				name = line_title(p, &p->i->lines[m]);
		ROW(d, t, name, paper_money(p, -r->shares[k]));
	}
}

/* R68: the category's lines less its reductions, times the rate, rounded once. */
static void explain_tax(const struct paper *p, size_t at)
{
	struct doc *d = p->d;
	const struct invoice_tax *x = &p->i->taxes[at];
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct pairs *to = doc_pairs(d);
	struct table *t;

	text_pair(d, to, W_TAX_CATEGORY, x->category);
	pair_add(d, to, SAY0(d, W_TAX_CODE), paper_code(d, text_of(tax_word(x->code))));
	text_pair(d, to, W_REASON, x->reason);
	pair_add(d, to, SAY0(d, W_RATE), doc_percent(d, x->rate));
	pair_add(d, to, SAY0(d, W_BASE), paper_money(p, x->base));
	pair_add(d, to, SAY0(d, W_TAX), paper_money(p, x->tax));
	doc_section(d, "steps", SAY0(d, W_HOW_WORKED_OUT));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < p->i->n_lines; k++)
		if (p->i->lines[k].tax == (int)at)
			ROW(d, t, line_title(p, &p->i->lines[k]),
			    paper_money(p, p->i->lines[k].net));
	for (size_t k = 0; k < p->i->n_reductions; k++)
		if (p->i->reductions[k].tax == (int)at)
			ROW(d, t, reduction_title(p, &p->i->reductions[k]),
			    paper_money(p, -p->i->reductions[k].amount));
	ROW(d, t, SAY0(d, W_BASE), paper_money(p, x->base));
	ROW(d, t, SAY(d, W_TAX_ROUNDED, doc_percent(d, x->rate)), paper_money(p, x->tax));
	doc_paragraph(d, SAY0(d, W_TAX_RULE));
}

static void explain_deduction(const struct paper *p, const struct invoice_deduction *x)
{
	struct doc *d = p->d;
	struct pairs *to = doc_pairs(d);

	text_pair(d, to, W_REFERENCE, x->reference);
	pair_add(d, to, SAY0(d, W_AMOUNT), paper_money(p, -x->amount));
	add_steps(p, x->steps, x->n_steps);
}

struct doc *invoice_explain_doc(struct arena *a, const struct invoice *i, enum invoice_part part,
				size_t at, const struct invoice_options *options)
{
	struct paper p = paper_new(a, i, options);
	struct doc *d = p.d;
	struct phrase what = NO_WORDS, kind = kind_words(d, i->kind);

	assert(at < invoice_parts(i, part));
	if (part == PART_LINE)
		what = line_title(&p, &i->lines[at]);
	else if (part == PART_REDUCTION)
		what = reduction_title(&p, &i->reductions[at]);
	else if (part == PART_TAX)
		what = tax_words(&p, at);
	else
		what = deduction_title(&p, &i->deductions[at]);
	d->title = SAY(d, W_EXPLAIN_TITLE, what);
	d->aside = i->number.n > 0 ? doc_plain(d, i->number) : SAY(d, W_DRAFT_OF, kind);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, i->provider.legal_name),
			 doc_plain(d, i->client.legal_name));
	d->subject = doc_plain(d, i->title);
	if (part == PART_LINE)
		explain_line(&p, &i->lines[at]);
	else if (part == PART_REDUCTION)
		explain_reduction(&p, &i->reductions[at]);
	else if (part == PART_TAX)
		explain_tax(&p, at);
	else
		explain_deduction(&p, &i->deductions[at]);
	return d;
}
