/* SPDX-License-Identifier: Apache-2.0 */
/* What was charged by charge and month (money.md R130): lines of documents, issued or due, spread over the days of what they pay for. */
#include "engine/forecast.h"
#include "engine/forecast_parts.h"
#include "engine/ledger.h"

void months_make(struct arena *a, day from, size_t n, struct month_table *out)
{
	struct days *v = arena_array(a, struct days, n);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct days){day_add_months(from, (int32_t)i),
				     day_add_months(from, (int32_t)i + 1)};
	*out = (struct month_table){.months = v, .n = n};
	if (n > 0)
		out->first = v[0];
}

int month_index(const struct month_table *t, day d)
{
	for (size_t i = 0; i < t->n; i++)
		if (d >= t->months[i].from && d < t->months[i].to)
			return (int)i;
	return -1;
}

const struct month_row *month_row_of(const struct month_table *t, struct text charge)
{
	for (size_t i = 0; i < t->n_rows; i++)
		if (text_eq(t->rows[i].charge, charge))
			return &t->rows[i];
	return NULL;
}

struct month_row *month_row_for(struct arena *a, struct month_table *t, struct text charge,
				struct text name, int slot)
{
	struct month_row *r;

	for (size_t i = 0; i < t->n_rows; i++)
		if (text_eq(t->rows[i].charge, charge))
			return &t->rows[i];
	t->rows = arena_grow(a, t->rows, t->n_rows, &t->cap, sizeof(*t->rows));
	r = &t->rows[t->n_rows++];
	*r = (struct month_row){.charge = charge,
				.name = name,
				.slot = slot,
				.net = arena_array(a, int64_t, t->n),
				.printed = arena_array(a, int64_t, t->n),
				.quantity = arena_array(a, struct fraction, t->n)};
	for (size_t i = 0; i < t->n; i++)
		r->quantity[i] = (struct fraction){0, 1};
	return r;
}

bool sum_add(int64_t *sum, int64_t more)
{
	return !__builtin_add_overflow(*sum, more, sum);
}

bool month_spread(const struct month_table *t, struct days over, int64_t amount, enum rounding mode,
		  int64_t *to)
{
	int64_t before = 0, now = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->months[i].from >= over.to || t->months[i].to <= over.from)
			continue;
		if (!ledger_earned(amount, over, t->months[i].from, mode, &before) ||
		    !ledger_earned(amount, over, t->months[i].to, mode, &now) ||
		    !sum_add(&to[i], now - before))
			return false;
	}
	return true;
}

void month_spread_quantity(const struct month_table *t, struct days over, struct fraction q,
			   struct fraction *to)
{
	for (size_t i = 0; i < t->n; i++) {
		struct days both = days_both(t->months[i], over);
		struct fraction part = q;

		if (days_empty(both))
			continue;
		if ((both.from != over.from || both.to != over.to) &&
		    !fraction_try_mul(q, fraction_of(both.to - both.from, over.to - over.from),
				      &part))
			part = (struct fraction){0, 0};
		if (to[i].den == 0 || part.den == 0 || !fraction_try_add(to[i], part, &to[i]))
			to[i] = (struct fraction){0, 0};
	}
}

/* --- documents --- */

static struct days line_days(const struct invoice *doc, const struct invoice_line *l)
{
	struct days once = {doc->date != DAY_NONE ? doc->date : doc->run, 0};

	once.to = once.from + 1;
	switch (l->role) {
	case LINE_TRUE_UP:
	case LINE_MINIMUM:
		/* what is missing at the end is owed at the end */
		return days_empty(l->item) ? once : (struct days){l->item.to - 1, l->item.to};
	case LINE_EXIT:
	case LINE_INTEREST:
	case LINE_FIXED_FEE:
	case LINE_DUNNING_FEE:
		return days_empty(l->period) ? once
					     : (struct days){l->period.from, l->period.from + 1};
	case LINE_CHARGE:
	case LINE_CORRECTION:
	case LINE_COVERED:
		break;
	}
	return days_empty(l->period) ? once : l->period;
}

static bool is_cost(const struct invoice *doc, const struct invoice_line *l)
{
	return doc->kind != DOCUMENT_INTEREST && l->role != LINE_INTEREST &&
	       l->role != LINE_FIXED_FEE && l->role != LINE_DUNNING_FEE;
}

static int slot_named(const struct charging *c, struct text id)
{
	for (size_t s = 0; s < c->n_slots; s++)
		if (text_eq(c->slots[s].id, id))
			return (int)s;
	return -1;
}

static const struct invoice_line *line_numbered(const struct invoice *i, int64_t number)
{
	for (size_t k = 0; k < i->n_lines; k++)
		if (i->lines[k].number == number)
			return &i->lines[k];
	return NULL;
}

struct reading {
	struct arena *arena;
	const struct charging *c;
	struct month_table *t;
	enum rounding mode;
};

static struct month_row *row_of_line(struct reading *r, const struct invoice_line *l)
{
	return month_row_for(r->arena, r->t, l->charge, l->name, slot_named(r->c, l->charge));
}

/* A discount's or maximum's amount over its lines, in proportion to what it took off each; prices may hold their tax, the amount does not. */
static bool read_reduction(struct reading *r, const struct invoice *doc,
			   const struct invoice_reduction *x, int64_t sign)
{
	struct fraction *weights = arena_array(r->arena, struct fraction, x->n_lines);
	struct money *parts = arena_array(r->arena, struct money, x->n_lines);
	struct money total = {x->amount, doc->currency};
	bool any = false;

	for (size_t k = 0; k < x->n_lines; k++) {
		int64_t share = x->shares[k] < 0 ? -x->shares[k] : x->shares[k];

		weights[k] = fraction_of(share, 1);
		any = any || share > 0;
	}
	if (!any)
		return x->amount == 0 || days_empty(x->item) ||
		       month_spread(r->t, x->item, -sign * x->amount, r->mode,
				    month_row_for(r->arena, r->t, x->charge, x->name, -1)->net);
	if (!money_try_allocate(total, weights, x->n_lines, parts))
		return false;
	for (size_t k = 0; k < x->n_lines; k++) {
		const struct invoice_line *l = line_numbered(doc, x->lines[k]);

		if (l != NULL && !month_spread(r->t, line_days(doc, l), -sign * parts[k].minor,
					       r->mode, row_of_line(r, l)->net))
			return false;
	}
	return true;
}

static bool read_document(struct reading *r, const struct invoice *doc)
{
	int64_t sign = doc->kind == DOCUMENT_CREDIT_NOTE ? -1 : 1;

	/* what is written off was owed all the same */
	if (doc->kind == DOCUMENT_CREDIT_NOTE && text_is(doc->reason, "write_off"))
		return true;
	for (size_t k = 0; k < doc->n_lines; k++) {
		const struct invoice_line *l = &doc->lines[k];
		struct month_row *row;

		if (!is_cost(doc, l) || l->net == 0)
			continue;
		row = row_of_line(r, l);
		if (!month_spread(r->t, line_days(doc, l), sign * l->net, r->mode, row->net) ||
		    !month_spread(r->t, line_days(doc, l), sign * l->net, r->mode, row->printed))
			return false;
	}
	for (size_t k = 0; k < doc->n_reductions; k++)
		if (doc->reductions[k].kind != REDUCTION_CREDIT &&
		    !read_reduction(r, doc, &doc->reductions[k], sign))
			return false;
	return true;
}

/* R17: the totals known now are what documents come to, so their pieces are the quantities. */
void month_quantities(struct arena *a, const struct charging *c, struct month_table *t)
{
	for (size_t i = 0; i < c->n_items; i++) {
		const struct item *it = &c->items[i];
		struct month_row *row = NULL;

		for (size_t k = 0; k < it->n_lines; k++) {
			const struct invoice_line *l = &it->lines[k];
			struct days over = days_empty(l->period) ? it->service : l->period;
			struct fraction q = l->quantity;

			if (l->net == 0 || days_empty(over) || month_index(t, over.to - 1) < 0)
				continue;
			if (l->price_base > 1 &&
			    !fraction_try_div(q, fraction_of(l->price_base, 1), &q))
				q = (struct fraction){0, 0};
			row = month_row_for(a, t, c->slots[it->slot].id, l->name, (int)it->slot);
			month_spread_quantity(t, over, q, row->quantity);
		}
	}
}

enum rc actual_by_month(struct arena *a, const struct forecast_input *in, struct month_table *t,
			struct err *err)
{
	const struct charging *c = in->charging;
	struct reading r = {a, c, t, c->versions[c->n_versions - 1].pricing->promise->rounding};
	bool fits = true;

	for (size_t i = 0; i < in->n_issued && fits; i++)
		fits = read_document(&r, in->issued[i].invoice);
	for (size_t i = 0; i < in->n_due && fits; i++)
		fits = read_document(&r, in->due[i]);
	if (!fits)
		return err_set(err, RC_LIMIT, "amount too large: a month's charges");
	month_quantities(a, c, t);
	return RC_OK;
}

bool credits_by_month(const struct forecast_input *in, const struct month_table *t, int64_t *out)
{
	for (size_t i = 0; i < in->n_credits; i++) {
		const struct earned_credit *x = &in->credits[i];
		day month = 0;
		int at;

		if (!x->due || !month_parse(x->month, &month))
			continue;
		/* by the month's last day, where the budget's months are not the calendar's */
		at = month_index(t, day_add_months(month, 1) - 1);
		if (at >= 0 && !sum_add(&out[at], x->amount))
			return false;
	}
	return true;
}
