/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What late and corrected facts change of issued documents, and what follows (money.md R17, R91 to R98): read off a run that is made
 * already, so that the next document carries exactly what is told here. Decides nothing and makes no document.
 */
#include "engine/billing_parts.h"

#include <assert.h>

struct restating {
	struct biller *b;
	day last_run; /* of the last invoice: what fell due by then was looked at */
	struct restated *v;
	size_t n, cap;
};

const char *restated_word(enum restated_what w)
{
	static const char *const words[] = {"charge",   "minimum", "true_up",
					    "discount", "maximum", "credit"};

	assert((size_t)w < ARRAY_SIZE(words));
	return words[w];
}

const char *restated_way_word(enum restated_way w)
{
	static const char *const words[] = {"next_invoice", "credit_note", "waits", "waived"};

	assert((size_t)w < ARRAY_SIZE(words));
	return words[w];
}

static struct restated *add_row(struct restating *t, struct restated row)
{
	t->v = arena_grow(t->b->arena, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n] = row;
	return &t->v[t->n++];
}

/* --- items, minimums, true-ups --- */

static day due_day(const struct biller *b, const struct due *d)
{
	if (d->from != NULL)
		return d->from->due;
	return d->class == DUE_TRUE_UP || d->slot < 0 ? d->item.to
						      : item_due(b->c, (size_t)d->slot, d->item);
}

/* Is it about what a document has, or about what the last run would have put on one? */
static bool is_late(const struct restating *t, const struct due *d)
{
	return d->carried != NULL || due_day(t->b, d) <= t->last_run;
}

static struct text name_of(const struct due *d)
{
	if (d->carried != NULL && d->carried->last_line != NULL)
		return d->carried->last_line->name;
	if (d->n_lines > 0)
		return d->lines[0].name;
	return d->from != NULL && d->from->n_lines > 0 ? d->from->lines[0].name : d->charge;
}

static enum rc due_row(struct restating *t, const struct due *d)
{
	static const enum restated_what whats[] = {[DUE_ITEM] = RESTATED_CHARGE,
						   [DUE_MINIMUM] = RESTATED_MINIMUM,
						   [DUE_TRUE_UP] = RESTATED_TRUE_UP,
						   [DUE_EXIT] = RESTATED_CHARGE};
	struct restated row = {.what = whats[d->class],
			       .charge = d->charge,
			       .part = d->part,
			       .name = name_of(d),
			       .item = d->item,
			       .was = d->carried != NULL ? d->carried->billed : 0,
			       .difference = d->diff};

	if ((d->diff == 0 && d->waived == 0) || !is_late(t, d))
		return RC_OK;
	if (d->carried != NULL && d->carried->last != NULL) {
		row.number = d->carried->last->number;
		row.line = d->carried->last_line->number;
	}
	row.way[d->goes == GOES_NOTE ? RESTATED_NOTE : RESTATED_INVOICE] = d->diff;
	row.way[RESTATED_WAIVED] = d->waived;
	row.now = row.was;
	if (!add_to(&row.difference, d->waived) || !add_to(&row.now, row.difference))
		return billing_too_large(t->b, d->charge);
	(void)add_row(t, row);
	return RC_OK;
}

/* --- discounts and maximums --- */

/* What issued documents say of it, and the last one that does: what lowers is negative. */
static bool reduced_before(const struct restating *t, const struct invoice_reduction *like,
			   struct restated *row)
{
	const struct billing_input *in = t->b->in;

	for (size_t i = 0; i < in->n_issued; i++) {
		const struct invoice *doc = in->issued[i].invoice;
		bool note = doc->kind == DOCUMENT_CREDIT_NOTE;

		if (note && (doc->n_lines == 0 || !doc->lines[0].counts))
			continue;
		for (size_t k = 0; k < doc->n_reductions; k++) {
			const struct invoice_reduction *r = &doc->reductions[k];
			int64_t amount = reduction_amount(doc, r);

			if (r->kind != like->kind || !text_eq(r->charge, like->charge) ||
			    !days_same(r->item, like->item))
				continue;
			if (!note)
				row->number = doc->number;
			if (note ? !add_to(&row->was, amount) : !take_from(&row->was, amount))
				return false;
		}
	}
	return true;
}

static enum rc reduction_row(struct restating *t, const struct invoice_reduction *r,
			     enum restated_way way, int64_t amount)
{
	enum restated_what what =
		r->kind == REDUCTION_MAXIMUM ? RESTATED_MAXIMUM : RESTATED_DISCOUNT;
	struct restated *row = NULL;

	for (size_t i = 0; i < t->n && row == NULL; i++)
		if (t->v[i].what == what && text_eq(t->v[i].charge, r->charge) &&
		    days_same(t->v[i].item, r->item))
			row = &t->v[i];
	if (row == NULL) {
		row = add_row(t, (struct restated){.what = what,
						   .charge = r->charge,
						   .name = r->name,
						   .item = r->item});
		if (!reduced_before(t, r, row))
			return billing_too_large(t->b, r->charge);
		row->now = row->was;
	}
	if (!add_to(&row->way[way], amount) || !add_to(&row->difference, amount) ||
	    !add_to(&row->now, amount))
		return billing_too_large(t->b, r->charge);
	return RC_OK;
}

/*
 * A discount grows by itself where a period gets lines that no document was late for. With a corrected line beside a new one the
 * discount's difference is that of both: it is one amount on paper too.
 */
static bool is_restated(const struct restating *t, const struct invoice_reduction *r)
{
	const struct biller *b = t->b;
	int64_t had = 0;

	for (size_t i = 0; i < b->n_dues; i++) {
		const struct due *d = &b->dues[i];

		for (size_t k = 0; k < r->n_lines && d->n_on_paper > 0; k++)
			if (r->lines[k] >= d->first_line &&
			    r->lines[k] < d->first_line + d->n_on_paper && is_late(t, d))
				return true;
		had += d->carried != NULL && days_same(d->item, r->item);
	}
	return r->n_lines == 0 || (r->amount < 0 && had > 0);
}

static enum rc reduction_rows(struct restating *t)
{
	struct biller *b = t->b;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < b->n_reductions && rc == RC_OK; i++) {
		const struct invoice_reduction *r = &b->reductions[i];

		if (r->kind != REDUCTION_CREDIT && is_restated(t, r))
			rc = reduction_row(t, r, RESTATED_INVOICE, -reduction_amount(b->draft, r));
	}
	for (size_t i = 0; i < b->n_credited && rc == RC_OK; i++)
		for (size_t k = 0; k < b->credited[i].n_shares && rc == RC_OK; k++) {
			const struct credit_share *s = &b->credited[i].shares[k];

			if (s->of->kind != REDUCTION_CREDIT)
				rc = reduction_row(t, s->of, RESTATED_NOTE, s->amount);
		}
	return rc;
}

/* --- service credits (R98) --- */

static bool same_credit(const struct earned_credit *x, const struct earned_credit *y)
{
	return text_eq(x->rule, y->rule) && text_eq(x->month, y->month);
}

/* What of it stands on this document, goes on a note, waits. */
static bool credit_ways(const struct restating *t, const struct earned_credit *k,
			struct restated *row)
{
	const struct biller *b = t->b;
	int64_t *way = row->way, waits = 0;
	struct text name =
		text_format(b->arena, "%.*s %.*s", TEXT_ARG(k->rule), TEXT_ARG(k->month));

	for (size_t i = 0; i < b->n_reductions; i++)
		if (b->reductions[i].kind == REDUCTION_CREDIT &&
		    text_eq(b->reductions[i].charge, k->rule) &&
		    text_eq(b->reductions[i].month, k->month) &&
		    !take_from(&way[RESTATED_INVOICE],
			       reduction_amount(b->draft, &b->reductions[i])))
			return false;
	for (size_t i = 0; i < b->n_deductions; i++)
		if (b->deductions[i].kind == DEDUCTION_DAMAGES &&
		    text_eq(b->deductions[i].reference, name) &&
		    !take_from(&way[RESTATED_INVOICE], b->deductions[i].amount))
			return false;
	for (size_t i = 0; i < b->n_waiting; i++)
		if (same_credit(&b->waiting[i], k) && !add_to(&waits, b->waiting[i].amount))
			return false;
	for (size_t i = 0; i < b->n_noted; i++)
		if (same_credit(&b->noted[i], k) &&
		    !take_from(&way[RESTATED_NOTE], b->noted[i].amount))
			return false;
	/* what a note could not give waits after all */
	if (way[RESTATED_NOTE] != 0 && !add_to(&way[RESTATED_NOTE], waits))
		return false;
	return take_from(&way[RESTATED_WAITS], waits);
}

/* The first day after the month. */
static day month_end(struct text month)
{
	day from = 0;

	return month_parse(month, &from) ? day_add_months(from, 1) : INT32_MAX;
}

static enum rc credit_row(struct restating *t, const struct earned_credit *k)
{
	struct restated row = {
		.what = RESTATED_CREDIT, .charge = k->rule, .name = k->name, .month = k->month};
	int64_t given = 0, rest = k->due ? k->amount : 0;
	enum restated_way other = RESTATED_WAITS;

	if (!credit_given(t->b, k, &given, &row.number) || !take_from(&rest, given))
		return billing_too_large(t->b, k->rule);
	if (rest == 0 || (given == 0 && month_end(k->month) > t->last_run))
		return RC_OK;
	row.item.to = month_end(k->month);
	row.item.from = day_add_months(row.item.to, -1);
	row.was = -given;
	row.difference = -rest;
	row.now = row.was;
	if (!add_to(&row.now, row.difference) || !credit_ways(t, k, &row))
		return billing_too_large(t->b, k->rule);
	rest = row.difference;
	for (size_t w = 0; w < RESTATED_WAYS; w++)
		if (!take_from(&rest, row.way[w]))
			return billing_too_large(t->b, k->rule);
	/* R62: a credit that found no place has lapsed; what was too much is taken back when there is a line again */
	if (rest < 0)
		other = RESTATED_WAIVED;
	if (!add_to(&row.way[other], rest))
		return billing_too_large(t->b, k->rule);
	(void)add_row(t, row);
	return RC_OK;
}

/* --- all --- */

enum rc restated_make(struct biller *b, struct restated **out, size_t *n)
{
	struct restating t = {.b = b, .last_run = INT32_MIN};
	enum rc rc = RC_OK;

	for (size_t i = 0; i < b->in->n_issued; i++)
		if (b->in->issued[i].invoice->kind == DOCUMENT_INVOICE &&
		    b->in->issued[i].invoice->run > t.last_run)
			t.last_run = b->in->issued[i].invoice->run;
	for (size_t i = 0; i < b->n_dues && rc == RC_OK; i++)
		rc = due_row(&t, &b->dues[i]);
	if (rc == RC_OK)
		rc = reduction_rows(&t);
	for (size_t i = 0; i < b->in->n_credits && rc == RC_OK; i++)
		rc = credit_row(&t, &b->in->credits[i]);
	*out = t.v;
	*n = t.n;
	return rc;
}
