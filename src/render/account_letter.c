/* SPDX-License-Identifier: Apache-2.0 */
/* Letters about an account: a reminder (money.md R111), an adjusted price (R59), the price of leaving early (R120 to R125). */
#include "render/account_doc.h"

#include "render/invoice_parts.h"
#include "render/tree_words.h"

#include <assert.h>

static void money_pair(struct doc *d, struct pairs *to, const struct account_words *w,
		       enum wording key, int64_t minor)
{
	pair_add(d, to, SAY0(d, key), NO_WORDS)->amount = account_money(d, w, minor);
}

static void add_parties(struct doc *d, const struct account_words *w)
{
	struct pairs *to;

	doc_section(d, "parties", SAY0(d, W_PARTIES));
	to = doc_pairs(d);
	party_pairs(d, to, W_FROM_PARTY, &w->provider);
	party_pairs(d, to, W_TO_PARTY, &w->client);
}

/* --- reminder --- */

static void reminder_figures(struct doc *d, const struct account *acc,
			     const struct dunning_due *due, const struct account_words *w)
{
	const struct account_document *x = &acc->documents[due->document];
	struct pairs *to = doc_pairs(d);

	pair_add(d, to, SAY0(d, W_DOCUMENT), doc_plain(d, x->invoice->number));
	if (x->invoice->date != DAY_NONE)
		pair_add(d, to, SAY0(d, W_DATE), doc_day(d, x->invoice->date));
	if (x->due != DAY_NONE)
		pair_add(d, to, SAY0(d, W_DUE_DATE), doc_day(d, x->due));
	money_pair(d, to, w, W_DOCUMENT_TOTAL, x->gross);
	if (x->paid != 0)
		money_pair(d, to, w, W_PAID_SO_FAR, -x->paid);
	if (x->credited != 0)
		money_pair(d, to, w, W_CREDITED_SO_FAR, -x->credited);
	if (x->disputed != 0)
		money_pair(d, to, w, W_DISPUTED_NOT_ASKED, -x->disputed);
	money_pair(d, to, w, W_TO_BE_PAID, due->amount);
}

static void reminder_interest(struct doc *d, const struct account *acc,
			      const struct dunning_due *due, const struct account_words *w)
{
	for (size_t i = 0; i < acc->n_accrued; i++) {
		const struct accrued *x = &acc->accrued[i];
		struct pairs *to;

		if (x->document != due->document || x->too_large ||
		    x->interest + x->fixed + x->dunning == 0)
			continue;
		doc_section(d, "interest", SAY0(d, W_ACCRUED));
		doc_paragraph(d, SAY(d, W_INTEREST_APART, doc_day(d, w->on)));
		to = doc_pairs(d);
		money_pair(d, to, w, W_INTEREST, x->interest);
		if (x->fixed != 0)
			money_pair(d, to, w, W_FIXED_SUM, x->fixed);
		if (x->dunning != 0)
			money_pair(d, to, w, W_REMINDER_FEES, x->dunning);
		if (x->charged != 0)
			money_pair(d, to, w, W_CHARGED_BEFORE, -x->charged);
	}
}

struct doc *dunning_doc(struct arena *a, const struct account *acc, const struct dunning_due *due,
			const struct account_words *w)
{
	struct doc *d = account_letter(a, w);
	const struct account_document *x;
	struct pairs *to;

	assert(due->document < acc->n_documents);
	x = &acc->documents[due->document];
	d->title = SAY(d, W_REMINDER, doc_plain(d, x->invoice->number), doc_plain(d, due->step));
	if (x->overdue_days > 0)
		d->verdict =
			doc_state_run(d, STATE_MISSED, COUNTED(d, x->overdue_days, W_DAYS_OVERDUE));
	doc_paragraph(d, SAY(d, W_REMINDER_SAYS, doc_plain(d, x->invoice->number),
			     x->due == DAY_NONE ? NO_WORDS : doc_day(d, x->due),
			     doc_run(d, RUN_STRONG, doc_words(d, account_money(d, w, due->amount)),
				     text_of(""))));
	doc_paragraph(d, SAY0(d, W_REMINDER_ASKS));
	doc_section(d, "open", SAY0(d, W_OPEN_DOCUMENTS));
	reminder_figures(d, acc, due, w);
	reminder_interest(d, acc, due, w);
	doc_section(d, "pay", SAY0(d, W_HOW_TO_PAY));
	to = doc_pairs(d);
	money_pair(d, to, w, W_TO_BE_PAID, due->amount);
	if (w->instructions.n > 0)
		pair_add(d, to, SAY0(d, W_INSTRUCTIONS), doc_plain(d, w->instructions));
	pair_add(d, to, SAY0(d, W_PAYMENT_REFERENCE),
		 doc_plain(d, x->invoice->payment_reference.n > 0 ? x->invoice->payment_reference
								  : x->invoice->number));
	if (acc->suspension_from != DAY_NONE)
		doc_paragraph(d, SAY(d, W_SUSPENSION_FROM, doc_day(d, acc->suspension_from)));
	add_parties(d, w);
	return d;
}

/* --- price --- */

static struct phrase state_words(struct doc *d, enum adjustment_state s)
{
	static const enum wording words[] = {
		[ADJUSTED] = W_PRICE_IN_FORCE,       [ADJUST_ANNOUNCED] = W_PRICE_ANNOUNCED,
		[ADJUST_NOTHING] = W_PRICE_NOTHING,  [ADJUST_WAITS] = W_PRICE_WAITS,
		[ADJUST_NOTICE] = W_PRICE_NO_NOTICE, [ADJUST_CHOICE] = W_PRICE_CHOICE};

	assert((size_t)s < ARRAY_SIZE(words));
	return SAY0(d, words[s]);
}

static struct phrase month_words(struct doc *d, day v)
{
	struct civil c = civil_of(v);

	return doc_plain(d, text_format(d->arena, "%04d-%02d", (int)c.year, (int)c.month));
}

static struct phrase index_words(struct doc *d, day month, struct decimal value, int64_t entry)
{
	struct phrase v[3] = {month_words(d, month), doc_decimal(d, value), NO_WORDS};

	if (entry >= 0)
		v[2] = SAY(d, W_ENTRY_N, doc_int(d, entry));
	return doc_join_all(d, " \xc2\xb7 ", v, 3);
}

static void add_index(struct doc *d, const struct charging *c, const struct adjustment *x)
{
	const struct indexation *terms = &c->versions[x->version].pricing->indexation;
	struct pairs *to = doc_pairs(d);

	pair_add(d, to, SAY0(d, W_CLAUSE_DATE), doc_day(d, x->date));
	if (terms->fixed) {
		pair_add(d, to, SAY0(d, W_FIXED_STEP), doc_percent(d, terms->pct));
	} else {
		pair_add(d, to, SAY0(d, W_INDEX_SERIES), paper_code(d, terms->series));
		if (x->base_month != DAY_NONE)
			pair_add(d, to, SAY0(d, W_STEP_INDEX_BASE),
				 index_words(d, x->base_month, x->value_base, x->entry_base));
		if (x->month_used != DAY_NONE)
			pair_add(d, to, SAY0(d, W_STEP_INDEX_NOW),
				 index_words(d, x->month_used, x->value_now, x->entry_now));
		if (x->month_used != x->month_wanted && x->month_wanted != DAY_NONE)
			pair_add(d, to, NO_WORDS,
				 SAY(d, W_INDEX_MONTH_MISSING, month_words(d, x->month_wanted)));
	}
	pair_add(d, to, SAY0(d, W_STEP_RATIO), doc_decimal(d, x->ratio));
	if (terms->cap_set)
		pair_add(d, to, SAY0(d, W_CAPS),
			 SAY(d, x->capped ? W_CAP_BINDS : W_CAP_FREE, doc_percent(d, terms->cap)));
	if (x->floored)
		pair_add(d, to, SAY0(d, W_STEP_FLOOR),
			 SAY(d, W_FLOOR_BINDS, doc_percent(d, terms->floor)));
	pair_add(d, to, SAY0(d, W_APPLIED_FACTOR), doc_decimal(d, x->applied));
}

static void add_prices(struct doc *d, const struct charging *c, const struct adjustment *x,
		       const struct account_words *w)
{
	const struct table_column columns[] = {{SAY0(d, W_CHARGE), COLUMN_TEXT},
					       {SAY0(d, W_OLD_PRICE), COLUMN_NUMBER},
					       {SAY0(d, W_NEW_PRICE), COLUMN_NUMBER},
					       {SAY0(d, W_YEARLY_EFFECT), COLUMN_NUMBER}};
	struct table *t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < x->n_prices; i++) {
		const struct adjusted_price *p = &x->prices[i];
		const struct priced_charge *charge = slot_charge(c, p->slot, x->version);

		ROW(d, t, doc_plain(d, charge != NULL ? charge->name : c->slots[p->slot].id),
		    price_words(d, p->old_price, w->currency.decimals),
		    price_words(d, p->new_price, w->currency.decimals),
		    p->yearly_effect == 0 ? SAY0(d, W_BY_COUNT)
					  : account_money(d, w, p->yearly_effect));
	}
}

struct doc *price_letter_doc(struct arena *a, const struct charging *c, const struct adjustment *x,
			     const struct account_words *w)
{
	struct doc *d = account_letter(a, w);

	d->title = SAY(d, W_PRICE_LETTER, doc_day(d, x->effective));
	doc_paragraph(d, state_words(d, x->state));
	if (x->n_prices > 0) {
		doc_section(d, "prices", SAY0(d, W_PRICES));
		add_prices(d, c, x, w);
	}
	doc_section(d, "why", SAY0(d, W_HOW_WORKED_OUT));
	add_index(d, c, x);
	doc_section(d, "leave", SAY0(d, W_YOUR_RIGHTS));
	doc_paragraph(d, x->last_day_to_leave == DAY_NONE
				 ? SAY0(d, W_NO_DAY_TO_LEAVE)
				 : SAY(d, W_LAST_DAY_TO_LEAVE, doc_day(d, x->last_day_to_leave)));
	if (x->notice_due != INSTANT_NONE && x->notice_due != INSTANT_MIN)
		doc_paragraph(d,
			      SAY(d, W_NOTICE_DUE_BY, doc_time(d, x->notice_due, TIME_DEADLINE)));
	add_parties(d, w);
	return d;
}

/* --- leaving early --- */

static enum wording cause_words(enum exit_trigger t)
{
	switch (t) {
	case EXIT_CHRONIC_FAILURE:
		return W_EXIT_CHRONIC_FAILURE;
	case EXIT_CLIENT_CONVENIENCE:
		return W_EXIT_CLIENT_CONVENIENCE;
	case EXIT_CLIENT_DEFAULT:
		return W_EXIT_CLIENT_DEFAULT;
	case EXIT_FORCE_MAJEURE:
		return W_EXIT_FORCE_MAJEURE;
	case EXIT_PROVIDER_DEFAULT:
		return W_EXIT_PROVIDER_DEFAULT;
	}
	assert(false && "an unknown cause of leaving");
	return W_EXIT_CLIENT_CONVENIENCE;
}

static void exit_inputs(struct doc *d, const struct exit_quote *q, const struct account_words *w)
{
	struct pairs *to = doc_pairs(d);

	pair_add(d, to, SAY0(d, W_EXIT_MONTH), doc_int(d, q->month));
	pair_add(d, to, SAY0(d, W_STEP_MONTHS_LEFT), doc_int(d, q->months_left));
	pair_add(d, to, SAY0(d, W_STEP_AVERAGE),
		 SAY(d, W_AVERAGE_OVER, doc_exact(d, q->average, w->currency.decimals),
		     doc_int(d, q->months_counted)));
	if (q->pct.units != 0)
		pair_add(d, to, SAY0(d, W_SHARE), doc_percent(d, q->pct));
	money_pair(d, to, w, W_EXIT_FORMULA, q->formula);
	if (q->rebate != 0)
		money_pair(d, to, w, W_STEP_REBATE, -q->rebate);
	money_pair(d, to, w, W_EXIT_STAY, q->stay);
}

static void exit_line(struct paper *p, struct table *t, const struct invoice_line *l)
{
	struct doc *d = p->d;
	struct phrase v[3] = {exit_part_words(d, l->name.n > 0 ? l->name : l->part),
			      tree_clause(d, l->clause), doc_plain(d, l->rule)};

	ROW(d, t, doc_join_all(d, " \xc2\xb7 ", v, 3), paper_money(p, l->net));
}

/* The steps of all lines, those of the formula first, as they stand. */
static void exit_steps(struct paper *p, const struct exit_quote *q)
{
	struct doc *d = p->d;
	const struct table_column columns[] = {{SAY0(d, W_STEP), COLUMN_TEXT},
					       {SAY0(d, W_VALUE), COLUMN_NUMBER},
					       {SAY0(d, W_RULE), COLUMN_TEXT},
					       {SAY0(d, W_FACT_HEADING), COLUMN_TEXT}};

	for (size_t i = 0; i < q->n_lines; i++) {
		const struct invoice_line *l = &q->lines[i];
		struct table *t;

		if (l->n_steps == 0)
			continue;
		t = doc_table(d, exit_part_words(d, l->name.n > 0 ? l->name : l->part), columns,
			      ARRAY_SIZE(columns));
		for (size_t k = 0; k < l->n_steps; k++)
			ROW(d, t, step_words(d, (enum step_what)l->steps[k].what),
			    step_value(p, &l->steps[k]),
			    doc_plain(d, text_format(d->arena, "money.md R%u",
						     (unsigned)l->steps[k].rule)),
			    entry_words(p, l->steps[k].entry));
	}
}

struct doc *exit_doc(struct arena *a, const struct exit_quote *q, const struct exit_input *in,
		     const struct account_words *w)
{
	static const struct invoice_options options;
	struct doc *d = account_letter(a, w);
	struct invoice money = {.currency = w->currency};
	struct paper p = {d, &money, &options};
	const struct table_column columns[] = {{SAY0(d, W_WHAT), COLUMN_TEXT},
					       {SAY0(d, W_AMOUNT), COLUMN_NUMBER}};
	struct table *t;

	d->title = SAY(d, W_EXIT_QUOTE, doc_day(d, in->date));
	doc_paragraph(d, SAY(d, W_EXIT_CAUSE, SAY0(d, cause_words(in->cause))));
	if (!q->due) {
		doc_paragraph(d, SAY0(d, W_EXIT_FREE));
		return d;
	}
	doc_paragraph(d, SAY(d, W_EXIT_COSTS, doc_day(d, in->date),
			     doc_run(d, RUN_STRONG, doc_words(d, paper_money(&p, q->total)),
				     text_of(""))));
	doc_section(d, "fee", SAY0(d, W_EXIT_FEE));
	t = doc_table(d, NO_WORDS, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < q->n_lines; i++)
		exit_line(&p, t, &q->lines[i]);
	ROW(d, t, SAY0(d, W_TOTAL), paper_money(&p, q->total));
	doc_paragraph(d, SAY0(d, q->damages ? W_EXIT_DAMAGES : W_EXIT_PRICE));
	doc_section(d, "why", SAY0(d, W_HOW_WORKED_OUT));
	exit_inputs(d, q, w);
	exit_steps(&p, q);
	doc_paragraph(d, SAY0(d, W_EXIT_PREPAID));
	return d;
}
