/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of money, from its head to the sum check: what is due, parties, lines by service period, reductions, taxes, deductions
 * (money.md R75, R76). What stands behind it is in invoice_rest.c.
 */
#include "render/invoice.h"

#include "render/invoice_parts.h"
#include "render/tree_words.h"

#include <assert.h>

#define NOTHING text_of("")

static bool is_draft(const struct paper *p)
{
	return p->i->number.n == 0;
}

/* --- head --- */

static void add_title(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct phrase kind = kind_words(d, i->kind), under[3] = {NO_WORDS};

	d->title = is_draft(p) ? SAY(d, W_DRAFT_OF, kind)
			       : SAY(d, W_PAIR_PLAIN, kind, doc_plain(d, i->number));
	d->aside = i->date == DAY_NONE ? NO_WORDS : doc_day(d, i->date);
	d->parties = SAY(d, W_FOR_PARTY, doc_plain(d, i->provider.legal_name),
			 doc_plain(d, i->client.legal_name));
	d->subject = doc_plain(d, i->title);
	if (i->contract.n > 0)
		under[0] = SAY(d, W_CONTRACT_ID, doc_plain(d, i->contract));
	if (i->version.n > 0)
		under[1] = SAY(d, W_VERSION,
			       doc_run(d, RUN_CODE, text_sub(i->version, 0, 12), text_of("")));
	if (i->order_reference.n > 0)
		under[2] = SAY(d, W_YOUR_ORDER, doc_plain(d, i->order_reference));
	d->under = doc_join_all(d, " \xc2\xb7 ", under, ARRAY_SIZE(under));
	if (p->o->n_parked > 0)
		d->verdict = doc_state_run(d, STATE_MISSED, SAY0(d, W_HELD));
	else if (is_draft(p))
		d->verdict = doc_state_run(d, STATE_RISK, SAY0(d, W_DRAFT));
}

/* Reasons of money.md R93 in the reader's language; any other is printed as it is. */
static struct phrase reason_words(struct doc *d, struct text reason)
{
	static const struct {
		const char *key;
		enum wording words;
	} known[] = {{"correction", W_REASON_CORRECTION},
		     {"service_credit", W_REASON_CREDIT},
		     {"cancellation", W_REASON_CANCELLATION},
		     {"goodwill", W_REASON_GOODWILL},
		     {"refund", W_REASON_REFUND},
		     {"write_off", W_REASON_WRITE_OFF}};

	for (size_t k = 0; k < ARRAY_SIZE(known); k++)
		if (text_is(reason, known[k].key))
			return SAY0(d, known[k].words);
	return doc_plain(d, reason);
}

/* One line above all: how much, by when. */
static struct phrase answer_words(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct phrase amount =
		doc_run(d, RUN_STRONG, doc_words(d, paper_money(p, i->payable)), text_of(""));

	if (i->kind == DOCUMENT_CREDIT_NOTE)
		return i->corrected.n == 0
			       ? SAY(d, W_CREDITED, amount)
			       : SAY(d, W_CREDITED_ON, amount, doc_plain(d, i->corrected));
	if (i->payable <= 0)
		return SAY0(d, W_NOTHING_TO_PAY);
	if (is_draft(p))
		return SAY(d, W_WOULD_BE_DUE, amount);
	if (i->due == DAY_NONE)
		return SAY(d, W_AMOUNT_DUE_IS, amount);
	return SAY(d, W_PAY_BY, amount, doc_day(d, i->due));
}

static struct text minor_figure(const struct paper *p, int64_t minor)
{
	struct buf b;
	struct text t;

	buf_init(&b, 128);
	format_fixed(&b, p->d->language, (struct decimal){minor, p->i->currency.decimals});
	t = text_copy(p->d->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

static void money_tile(const struct paper *p, struct tiles *t, enum wording heading, int64_t minor,
		       struct phrase note)
{
	struct tile *one = tile_add(p->d, t, SAY0(p->d, heading));

	one->figure = doc_plain(p->d, minor_figure(p, minor));
	one->unit = doc_plain(p->d, text_of(p->i->currency.code));
	one->note = note;
}

/* A large figure on a phone may break where small print may not. */
static struct text loose(struct doc *d, struct text t)
{
	char *p = arena_array(d->arena, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		bool unbreakable = i + 1 < t.n && t.p[i] == '\xc2' && t.p[i + 1] == '\xa0';

		p[n++] = unbreakable ? ' ' : t.p[i];
		i += unbreakable;
	}
	return (struct text){p, n};
}

static void add_tiles(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct tiles *t;

	d->medium = ON_PAGE;
	t = doc_tiles(d);
	d->medium = ON_ANY;
	if (i->kind == DOCUMENT_CREDIT_NOTE) {
		money_tile(p, t, W_CREDIT_AMOUNT, i->payable, reason_words(d, i->reason));
		if (i->corrected.n > 0)
			tile_add(d, t, SAY0(d, W_CORRECTED_DOCUMENT))->figure =
				doc_plain(d, i->corrected);
		return;
	}
	money_tile(p, t, W_AMOUNT_DUE, i->payable,
		   i->gross == i->payable
			   ? NO_WORDS
			   : SAY(d, W_COLON, SAY0(d, W_DOCUMENT_TOTAL), paper_money(p, i->gross)));
	if (i->due != DAY_NONE)
		tile_add(d, t, SAY0(d, W_DUE_DATE))->figure =
			doc_plain(d, loose(d, doc_words(d, doc_day(d, i->due))));
}

static void add_answer(const struct paper *p)
{
	struct doc *d = p->d;
	struct list *why;

	add_tiles(p);
	if (is_draft(p))
		doc_note(d, STATE_RISK, SAY0(d, W_DRAFT_SAYS));
	if (p->o->n_parked > 0) {
		doc_note(d, STATE_MISSED, COUNTED(d, (int64_t)p->o->n_parked, W_HELD_BECAUSE));
		why = doc_list(d);
		for (size_t k = 0; k < p->o->n_parked; k++)
			list_add(d, why, parked_words(d, p->i, &p->o->parked[k]));
	}
	/* On a page the tiles say how much and until when; a sentence is left where they do not say all. */
	d->medium = is_draft(p) || p->i->payable <= 0 || p->i->kind == DOCUMENT_CREDIT_NOTE
			    ? ON_ANY
			    : ON_TEXT;
	doc_paragraph(d, answer_words(p));
	d->medium = ON_ANY;
	if (p->i->kind == DOCUMENT_CREDIT_NOTE && p->i->reason.n > 0)
		doc_paragraph(d, SAY(d, W_REASON_IS, reason_words(d, p->i->reason)));
}

static void text_pair(struct doc *d, struct pairs *to, enum wording key, struct text t)
{
	if (t.n > 0)
		pair_add(d, to, SAY0(d, key), doc_plain(d, t));
}

static void day_pair(struct doc *d, struct pairs *to, enum wording key, day v)
{
	if (v != DAY_NONE)
		pair_add(d, to, SAY0(d, key), doc_day(d, v));
}

static void add_head(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct pairs *to;

	doc_section(d, "head", SAY0(d, W_PARTIES));
	to = doc_pairs(d);
	party_pairs(d, to, W_FROM_PARTY, &i->provider);
	party_pairs(d, to, W_TO_PARTY, &i->client);
	text_pair(d, to, W_NUMBER, i->number);
	day_pair(d, to, W_DATE, i->date);
	if (i->kind != DOCUMENT_CREDIT_NOTE)
		day_pair(d, to, W_DUE_DATE, i->due);
	text_pair(d, to, W_YOUR_ORDER_KEY, i->order_reference);
	text_pair(d, to, W_CORRECTED_DOCUMENT, i->corrected);
}

/* --- lines --- */

static bool is_shown_apart(const struct invoice_line *l)
{
	return l->role == LINE_COVERED;
}

static bool same_days(struct days a, struct days b)
{
	return a.from == b.from && a.to == b.to;
}

static struct phrase role_words(struct doc *d, enum line_role r)
{
	static const enum wording words[] = {
		[LINE_CORRECTION] = W_ROLE_CORRECTION, [LINE_MINIMUM] = W_ROLE_MINIMUM,
		[LINE_TRUE_UP] = W_ROLE_TRUE_UP,       [LINE_EXIT] = W_ROLE_EXIT,
		[LINE_INTEREST] = W_ROLE_INTEREST,     [LINE_FIXED_FEE] = W_ROLE_FIXED_FEE,
		[LINE_DUNNING_FEE] = W_ROLE_DUNNING};

	if (r == LINE_CHARGE || r == LINE_COVERED)
		return NO_WORDS;
	assert((size_t)r < ARRAY_SIZE(words));
	return SAY0(d, words[r]);
}

/* What a line rests on: how many facts of which kind, and where they stand in the log. */
static struct phrase evidence_words(const struct paper *p, const struct evidence *e)
{
	static const struct {
		const char *key;
		enum wording one, many;
	} kinds[] = {{"unit_list", W_BY_LISTS_ONE, W_BY_LISTS_MANY},
		     {"usage_records", W_BY_USAGE_ONE, W_BY_USAGE_MANY},
		     {"time_entries", W_BY_TIME_ENTRIES_ONE, W_BY_TIME_ENTRIES_MANY},
		     {"orders", W_BY_ORDERS_ONE, W_BY_ORDERS_MANY},
		     {"supplier_invoice", W_BY_SUPPLIER_ONE, W_BY_SUPPLIER_MANY},
		     {"acceptance", W_BY_ACCEPTANCE_ONE, W_BY_ACCEPTANCE_MANY}};
	struct doc *d = p->d;
	struct phrase what = NO_WORDS, entries[ENTRIES_SHOWN + 1] = {NO_WORDS};
	size_t n = e->n_entries < ENTRIES_SHOWN ? e->n_entries : ENTRIES_SHOWN;

	if (e->count == 0)
		return NO_WORDS;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		if (text_is(e->kind, kinds[k].key))
			what = doc_counted(d, e->count, kinds[k].one, kinds[k].many);
	if (what.n == 0)
		what = COUNTED(d, e->count, W_FACTS_N);
	for (size_t k = 0; k < n; k++)
		entries[k] = doc_int(d, e->entries[k]);
	if (e->count > (int64_t)n && n > 0)
		entries[n] = doc_plain(d, text_of("\xe2\x80\xa6"));
	if (n == 0)
		return what;
	return SAY(d, W_PAIR, what,
		   SAY(d, n == 1 && e->count == 1 ? W_ENTRY_N : W_ENTRIES_LIST,
		       doc_join_all(d, ", ", entries, n + 1)));
}

/* group: the period under whose heading it stands. */
static struct phrase line_details(const struct paper *p, const struct invoice_line *l,
				  struct days group)
{
	struct doc *d = p->d;
	struct phrase v[PHRASES_MAX] = {NO_WORDS};

	v[0] = role_words(d, l->role);
	v[1] = tree_clause(d, l->clause);
	if (l->role != LINE_EXIT) /* the title says it */
		v[2] = doc_plain(d, l->item_part);
	if (!same_days(l->period, group))
		v[3] = days_words(d, l->period);
	v[4] = weight_words(d, l->weight);
	if (l->corrects.n > 0)
		v[5] = SAY(d, W_CORRECTS, doc_plain(d, l->corrects));
	if (l->of_line > 0)
		v[6] = SAY(d, W_LINE, doc_int(d, l->of_line));
	if (l->tax >= 0 && p->i->n_taxes > 1)
		v[7] = tax_words(p, (size_t)l->tax);
	if (p->i->kind == DOCUMENT_CREDIT_NOTE && !l->counts && text_is(p->i->reason, "goodwill"))
		v[8] = SAY0(d, W_WITHOUT_CAUSE);
	v[9] = evidence_words(p, &l->evidence);
	v[10] = doc_plain(d, l->rule);
	return paper_details(d, v, ARRAY_SIZE(v));
}

static struct phrase quantity_words(const struct paper *p, const struct invoice_line *l)
{
	struct doc *d = p->d;
	bool one = l->quantity.den != 0 && l->quantity.num == l->quantity.den;

	if (l->quantity.den == 0 || (l->quantity.num == 0 && l->unit.n == 0))
		return NO_WORDS;
	return SAY(d, W_PAIR_PLAIN, fraction_words(d, l->quantity), unit_words(d, l->unit, one));
}

static struct phrase rate_words(const struct paper *p, const struct invoice_line *l)
{
	struct doc *d = p->d;
	struct phrase price;

	if (!l->priced && l->price.units == 0)
		return NO_WORDS;
	price = price_words(d, l->price, p->i->currency.decimals);
	if (l->price_base <= 1)
		return price;
	return SAY(d, W_PRICE_PER, price,
		   SAY(d, W_PAIR_PLAIN, doc_int(d, l->price_base), unit_words(d, l->unit, false)));
}

static struct phrase figure_words(const struct paper *p, int64_t minor)
{
	return doc_plain(p->d, minor_figure(p, minor));
}

static void line_row(const struct paper *p, struct table *t, const struct invoice_line *l,
		     struct days group)
{
	struct doc *d = p->d;
	struct phrase both[2] = {line_title(p, l), line_details(p, l, group)};
	struct phrase what = doc_join_all(d, " \xc2\xb7 ", both, 2);

	if (p->i->tax_included)
		ROW(d, t, what, quantity_words(p, l), rate_words(p, l), figure_words(p, l->gross),
		    figure_words(p, l->net));
	else
		ROW(d, t, what, quantity_words(p, l), rate_words(p, l), figure_words(p, l->net));
}

static struct table *lines_table(const struct paper *p, struct phrase caption)
{
	struct doc *d = p->d;
	struct phrase currency = doc_plain(d, text_of(p->i->currency.code));
	struct phrase amount = SAY(d, W_AMOUNT_IN, currency);
	const struct table_column columns[] = {
		{SAY0(d, W_WHAT), COLUMN_TEXT},
		{SAY0(d, W_QUANTITY), COLUMN_NUMBER},
		{SAY0(d, W_UNIT_PRICE), COLUMN_NUMBER},
		{p->i->tax_included ? SAY(d, W_GROSS_IN, currency) : amount, COLUMN_NUMBER},
		{SAY(d, W_NET_IN, currency), COLUMN_NUMBER}};

	return doc_table(d, caption, columns, p->i->tax_included ? 5 : 4);
}

static void group_row(const struct paper *p, struct table *t, struct days group)
{
	struct doc *d = p->d;
	struct phrase head =
		doc_run(d, RUN_STRONG, doc_words(d, days_words(d, group)), text_of(""));

	if (p->i->tax_included)
		ROW(d, t, head, NO_WORDS, NO_WORDS, NO_WORDS, NO_WORDS);
	else
		ROW(d, t, head, NO_WORDS, NO_WORDS, NO_WORDS);
}

/* Lines as they stand in the document, those of one service period together: the order of the first of each. */
static void add_lines(const struct paper *p, bool apart, const char *anchor, enum wording heading)
{
	const struct invoice *i = p->i;
	bool *done = arena_array(p->d->arena, bool, i->n_lines + 1);
	struct table *t = NULL;

	for (size_t k = 0; k < i->n_lines; k++) {
		struct days group = i->lines[k].item;

		if (done[k] || is_shown_apart(&i->lines[k]) != apart)
			continue;
		if (t == NULL) {
			doc_section(p->d, anchor, SAY0(p->d, heading));
			t = lines_table(p, NO_WORDS);
		}
		if (group.from < group.to)
			group_row(p, t, group);
		for (size_t m = k; m < i->n_lines; m++) {
			if (done[m] || is_shown_apart(&i->lines[m]) != apart ||
			    !same_days(i->lines[m].item, group))
				continue;
			done[m] = true;
			line_row(p, t, &i->lines[m], group);
		}
	}
}

/* --- reductions --- */

/* What a cap left or took, where a cap had a say. */
static struct phrase cap_words(const struct paper *p, const struct invoice_reduction *r)
{
	for (size_t k = 0; k < r->n_steps; k++)
		if (r->steps[k].what == STEP_CAP)
			return SAY(p->d, W_CAP_OF, step_value(p, &r->steps[k]));
	return NO_WORDS;
}

static struct phrase lowered_words(const struct paper *p, const struct invoice_reduction *r)
{
	struct doc *d = p->d;
	size_t n = r->n_lines < ENTRIES_SHOWN ? r->n_lines : ENTRIES_SHOWN;
	struct phrase v[ENTRIES_SHOWN + 1] = {NO_WORDS};

	if (n == 0)
		return NO_WORDS;
	for (size_t k = 0; k < n; k++)
		v[k] = doc_int(d, r->lines[k]);
	if (n < r->n_lines)
		v[n] = doc_plain(d, text_of("\xe2\x80\xa6"));
	return SAY(d, r->n_lines == 1 ? W_ON_LINE : W_ON_LINES,
		   doc_join_all(d, ", ", v, ARRAY_SIZE(v)));
}

static void reduction_row(const struct paper *p, struct table *t, const struct invoice_reduction *r)
{
	struct doc *d = p->d;
	struct phrase v[PHRASES_MAX] = {NO_WORDS}, both[2] = {reduction_title(p, r)}, what;
	bool has_pct = r->pct.units != 0 || r->pct.scale != 0;

	if (!text_eq(r->metric, r->name)) /* where the rule has the metric's name, the title has said it */
		v[0] = doc_plain(d, r->metric);
	v[1] = doc_plain(d, r->month);
	v[2] = days_words(d, r->item);
	v[3] = tree_clause(d, r->clause);
	v[4] = lowered_words(p, r);
	v[5] = cap_words(p, r);
	if (r->amount < 0)
		v[6] = SAY0(d, W_GIVEN_TOO_MUCH);
	if (r->tax >= 0 && p->i->n_taxes > 1)
		v[7] = tax_words(p, (size_t)r->tax);
	v[8] = doc_plain(d, r->rule);
	both[1] = paper_details(d, v, ARRAY_SIZE(v));
	what = doc_join_all(d, " \xc2\xb7 ", both, 2);
	ROW(d, t, what, r->base == 0 ? NO_WORDS : figure_words(p, r->base),
	    has_pct ? doc_percent(d, r->pct) : NO_WORDS,
	    figure_words(p, -(p->i->tax_included ? r->gross : r->amount)));
}

static void add_reductions(const struct paper *p)
{
	struct doc *d = p->d;
	struct phrase currency = doc_plain(d, text_of(p->i->currency.code));
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_OF_BASE), COLUMN_NUMBER},
					       {SAY0(d, W_SHARE), COLUMN_NUMBER},
					       {SAY(d, W_AMOUNT_IN, currency), COLUMN_NUMBER}};
	struct table *t;

	if (p->i->n_reductions == 0)
		return;
	doc_section(d, "reductions", SAY0(d, W_REDUCTIONS));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < p->i->n_reductions; k++)
		reduction_row(p, t, &p->i->reductions[k]);
}

/* --- taxes and the sum --- */

static struct phrase strong(struct doc *d, struct phrase v)
{
	return doc_run(d, RUN_STRONG, doc_words(d, v), text_of(""));
}

static void sum_pair(const struct paper *p, struct pairs *to, struct phrase key,
		     struct phrase value, int64_t minor)
{
	pair_add(p->d, to, key, value)->amount = paper_money(p, minor);
}

static void tax_pairs(const struct paper *p, struct pairs *to)
{
	struct doc *d = p->d;

	for (size_t k = 0; k < p->i->n_taxes; k++) {
		const struct invoice_tax *t = &p->i->taxes[k];
		struct phrase v[2] = {SAY(d, W_OF_TARGET, paper_money(p, t->base)),
				      doc_plain(d, t->reason)};

		sum_pair(p, to, tax_words(p, k), doc_join_all(d, " \xc2\xb7 ", v, 2), t->tax);
	}
}

/* R76: lines - reductions + tax - deductions + rounding = due, with the figures of this document. */
static struct phrase sum_check(const struct paper *p)
{
	const struct invoice *i = p->i;
	struct doc *d = p->d;
	struct buf b;
	struct text t;
	const struct {
		bool minus;
		int64_t minor;
		bool always;
	} v[] = {{true, i->sum_reductions, false},
		 {false, i->tax, true},
		 {true, i->sum_deductions, false},
		 {false, i->rounding, false}};

	buf_init(&b, 1024);
	buf_text(&b, minor_figure(p, i->sum_lines));
	for (size_t k = 0; k < ARRAY_SIZE(v); k++) {
		if (v[k].minor == 0 && !v[k].always)
			continue;
		bool minus = v[k].minus != (v[k].minor < 0);

		buf_str(&b, minus ? " \xe2\x88\x92 " : " + ");
		buf_text(&b, minor_figure(p, v[k].minor < 0 ? -v[k].minor : v[k].minor));
	}
	buf_str(&b, " = ");
	t = text_copy(d->arena, buf_view(&b));
	buf_free(&b);
	return SAY(d, W_SUM_CHECK, doc_join(d, doc_plain(d, t), paper_money(p, i->payable)));
}

static void add_sum(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	bool credit = i->kind == DOCUMENT_CREDIT_NOTE;
	struct pairs *to;

	doc_section(d, "sum", SAY0(d, W_TAX_AND_SUM));
	to = doc_pairs(d);
	sum_pair(p, to, SAY0(d, W_SUM_OF_LINES), NO_WORDS, i->sum_lines);
	if (i->n_reductions > 0)
		sum_pair(p, to, SAY0(d, W_SUM_OF_REDUCTIONS), NO_WORDS, -i->sum_reductions);
	sum_pair(p, to, SAY0(d, W_NET_TOTAL), i->tax_included ? SAY0(d, W_TAX_INCLUDED) : NO_WORDS,
		 i->net);
	tax_pairs(p, to);
	sum_pair(p, to, SAY0(d, W_DOCUMENT_TOTAL), NO_WORDS, i->gross);
	for (size_t k = 0; k < i->n_deductions; k++)
		sum_pair(p, to, deduction_title(p, &i->deductions[k]), NO_WORDS,
			 -i->deductions[k].amount);
	if (i->rounding != 0)
		sum_pair(p, to, SAY0(d, W_CASH_ROUNDING), NO_WORDS, i->rounding);
	pair_add(d, to, SAY0(d, credit ? W_CREDIT_AMOUNT : W_AMOUNT_DUE),
		 !credit && i->due != DAY_NONE && i->payable > 0
			 ? SAY(d, W_UNTIL_DATE, doc_day(d, i->due))
			 : NO_WORDS)
		->amount = strong(d, paper_money(p, i->payable));
	doc_paragraph(d, sum_check(p));
	if (i->n_taxes == 0)
		doc_paragraph(d, SAY0(d, W_NO_TAX_SAID));
}

/* --- how to pay --- */

static void add_payment(const struct paper *p)
{
	struct doc *d = p->d;
	const struct invoice *i = p->i;
	struct pairs *to;

	if (i->kind == DOCUMENT_CREDIT_NOTE || i->payable <= 0)
		return;
	doc_section(d, "pay", SAY0(d, W_HOW_TO_PAY));
	to = doc_pairs(d);
	sum_pair(p, to, SAY0(d, W_AMOUNT_DUE),
		 i->due == DAY_NONE ? NO_WORDS : SAY(d, W_UNTIL_DATE, doc_day(d, i->due)),
		 i->payable);
	text_pair(d, to, W_INSTRUCTIONS, i->instructions);
	text_pair(d, to, W_IBAN, i->iban);
	text_pair(d, to, W_BIC, i->bic);
	text_pair(d, to, W_PAYMENT_REFERENCE, i->payment_reference);
}

struct doc *invoice_doc(struct arena *a, const struct invoice *i,
			const struct invoice_options *options)
{
	struct paper p = paper_new(a, i, options);

	add_title(&p);
	add_answer(&p);
	add_head(&p);
	add_lines(&p, false, "lines",
		  i->kind == DOCUMENT_CREDIT_NOTE ? W_LINES_OF_CREDIT : W_LINES_BILLED);
	add_reductions(&p);
	add_lines(&p, true, "covered", W_LINES_COVERED);
	add_sum(&p);
	add_payment(&p);
	invoice_behind(&p);
	return p.d;
}
