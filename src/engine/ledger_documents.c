/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What documents and the closes of months post (money.md R140 to R142). An amount is earned over days or on one; each month that ended
 * before the document took its part as unbilled, each later one takes it from deferred. A correction and a credit note find those months
 * closed without them, so their part goes to revenue on their own date.
 */
#include "engine/ledger_parts.h"

#include <assert.h>

static const struct text no_part = {"", 0};

/* An amount and when it is earned. */
struct earning {
	struct days over; /* by day; one day: on it */
	int64_t amount;
	enum ledger_account revenue;
	struct text part;
	struct place at; /* of the document; date DAY_NONE: none yet */
	bool corrects;
};

static int64_t earned(struct booking *b, const struct earning *e, day before)
{
	int64_t out = 0;

	if (!ledger_earned(e->amount, e->over, before, b->mode, &out))
		b->too_large = true;
	return out;
}

static day month_before(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1) - 1;
}

/* The closes from the month of `first` to the day `to`, each with what that month earned. */
static void book_closes(struct booking *b, const struct earning *e, day first, day to,
			enum ledger_account from)
{
	for (day end = month_end(first); end <= to; end = month_end(end + 1)) {
		int64_t part = earned(b, e, end + 1) - earned(b, e, month_before(end) + 1);
		struct place at = e->at;

		at.date = end;
		at.document = close_name(b, end);
		at.kind = TRANSACTION_CLOSE;
		book(b, &at, from, no_part, part);
		book(b, &at, e->revenue, e->part, -part);
		if (end + 1 >= e->over.to)
			break;
	}
}

static void book_earning(struct booking *b, const struct earning *e)
{
	day date = e->at.date, on = b->in->on;
	day closed = date == DAY_NONE || month_before(date) > on ? on : month_before(date);
	int64_t before, rest;

	if (e->amount == 0)
		return;
	if (!e->corrects && e->over.from <= closed)
		book_closes(b, e, e->over.from, closed, LEDGER_UNBILLED);
	if (date == DAY_NONE || date > on)
		return;
	before = earned(b, e, month_before(date) + 1);
	rest = e->amount - before;
	if (e->corrects)
		book(b, &e->at, e->revenue, e->part, -before);
	else
		book(b, &e->at, LEDGER_UNBILLED, no_part, -before);
	/* what is done by its date waits for no close */
	if (e->over.to <= date + (e->over.to - e->over.from == 1 ? 1 : 0)) {
		book(b, &e->at, e->revenue, e->part, -rest);
		return;
	}
	book(b, &e->at, LEDGER_DEFERRED, no_part, -rest);
	book_closes(b, e, e->over.from > date ? e->over.from : date, on, LEDGER_DEFERRED);
}

/* --- when it is earned (R141) --- */

static const struct pricing *terms(const struct booking *b, day d)
{
	const struct charging *c = b->in->charging;
	size_t v = c->n_versions - 1;

	while (v > 0 && c->versions[v].from > d)
		v--;
	return c->versions[v].pricing;
}

/* A set-up is no service of its own: over the initial term. */
static struct days setup_days(const struct booking *b, const struct invoice_line *l)
{
	const struct pricing *p = terms(b, l->period.from);
	int at = pricing_charge(p, l->charge);
	struct days once = {l->period.from, l->period.from + 1}, term = once;
	day begin = p->counts_from_service_start ? p->promise->service_start_day
						 : p->promise->effective_day;

	if (at < 0 || p->charges[at].due == DUE_ACCEPTANCE || begin == DAY_NONE ||
	    p->promise->end >= INSTANT_MAX)
		return once;
	term = (struct days){begin, zone_day(p->promise->zone, p->promise->end)};
	return days_empty(term) ? once : term;
}

static struct days earned_over(const struct booking *b, const struct invoice_line *l)
{
	struct days last = {l->item.to - 1, l->item.to};

	switch (l->role) {
	case LINE_TRUE_UP:
	case LINE_MINIMUM:
		return days_empty(l->item) ? l->item : last;
	case LINE_EXIT:
	case LINE_INTEREST:
	case LINE_FIXED_FEE:
	case LINE_DUNNING_FEE:
		return (struct days){l->period.from, l->period.from + 1};
	case LINE_CHARGE:
	case LINE_CORRECTION:
	case LINE_COVERED:
		break;
	}
	if (days_empty(l->period))
		return l->period;
	if (text_is(l->type, "one_time"))
		return setup_days(b, l);
	/* when done: by the last day of what was counted */
	if (text_is(l->type, "time") || text_is(l->type, "usage") ||
	    text_is(l->type, "milestone") || text_is(l->type, "pass_through"))
		return (struct days){l->period.to - 1, l->period.to};
	return l->period;
}

/* A line without days is earned on the document's date. */
static struct earning earning_of(const struct booking *b, const struct invoice_line *l,
				 struct place at, int64_t amount)
{
	struct earning e = {.over = earned_over(b, l),
			    .amount = amount,
			    .revenue = LEDGER_REVENUE,
			    .part = l->charge,
			    .at = at};

	e.at.charge = l->charge;
	e.at.period = l->period;
	if (days_empty(e.over))
		e.over = (struct days){at.date, at.date + 1};
	e.corrects = l->role == LINE_CORRECTION || at.kind == TRANSACTION_CREDIT_NOTE;
	return e;
}

/* --- lines and reductions of documents --- */

static const struct invoice_line *line_numbered(const struct invoice *i, int64_t number)
{
	for (size_t k = 0; k < i->n_lines; k++)
		if (i->lines[k].number == number)
			return &i->lines[k];
	return NULL;
}

static bool is_prepaid(const struct invoice_line *l)
{
	return text_is(l->type, "prepaid") && l->role != LINE_EXIT;
}

/* sign: -1 on a credit note (R93). */
static void book_line(struct booking *b, const struct invoice_line *l, struct place at,
		      int64_t amount)
{
	struct earning e = earning_of(b, l, at, amount);

	if (is_prepaid(l) && at.date <= b->in->on)
		book(b, &e.at, LEDGER_PREPAID, no_part, -amount);
	else if (!is_prepaid(l))
		book_earning(b, &e);
}

static void book_credit(struct booking *b, const struct invoice_reduction *r, struct place at,
			int64_t amount)
{
	struct earning e = {.amount = amount,
			    .revenue = LEDGER_SERVICE_CREDITS,
			    .at = at,
			    .corrects = at.kind == TRANSACTION_CREDIT_NOTE};
	day month = at.date;

	if (month_parse(r->month, &month))
		month = month_end(month);
	e.over = (struct days){month, month + 1};
	e.at.charge = r->charge;
	e.at.period = r->item;
	book_earning(b, &e);
}

/* Discounts and maxima follow the lines they lower. */
static void book_reduction(struct booking *b, const struct invoice *i,
			   const struct invoice_reduction *r, struct place at, int64_t sign)
{
	int64_t left = -sign * r->amount;

	if (r->kind == REDUCTION_CREDIT) {
		book_credit(b, r, at, left);
		return;
	}
	for (size_t k = 0; k < r->n_lines && !i->tax_included; k++) {
		const struct invoice_line *l = line_numbered(i, r->lines[k]);
		struct earning e;

		if (l == NULL)
			continue;
		e = earning_of(b, l, at, -sign * r->shares[k]);
		e.part = r->charge;
		e.at.charge = r->charge;
		left -= e.amount;
		if (is_prepaid(l) && at.date <= b->in->on)
			book(b, &e.at, LEDGER_PREPAID, no_part, -e.amount);
		else if (!is_prepaid(l))
			book_earning(b, &e);
	}

	/* what is not told by line; shares of prices that hold their tax are not net */
	struct earning e = {.over = r->item,
			    .amount = left,
			    .revenue = LEDGER_REVENUE,
			    .part = r->charge,
			    .at = at,
			    .corrects = at.kind == TRANSACTION_CREDIT_NOTE};

	if (days_empty(e.over))
		e.over = (struct days){at.date, at.date + 1};
	e.at.charge = r->charge;
	e.at.period = r->item;
	book_earning(b, &e);
}

static enum transaction_kind kind_of(const struct invoice *i)
{
	switch (i->kind) {
	case DOCUMENT_INVOICE:
		return TRANSACTION_INVOICE;
	case DOCUMENT_CREDIT_NOTE:
		return TRANSACTION_CREDIT_NOTE;
	case DOCUMENT_INTEREST:
		break;
	}
	return TRANSACTION_INTEREST;
}

static int64_t damages_of(struct booking *b, const struct invoice *i)
{
	int64_t sum = 0;

	for (size_t k = 0; k < i->n_deductions; k++)
		if (i->deductions[k].kind == DEDUCTION_DAMAGES &&
		    __builtin_add_overflow(sum, i->deductions[k].amount, &sum))
			b->too_large = true;
	return sum;
}

static bool is_late_fee(const struct invoice_line *l)
{
	return l->role == LINE_INTEREST || l->role == LINE_FIXED_FEE || l->role == LINE_DUNNING_FEE;
}

/* What is asked for and its tax. */
static void book_head(struct booking *b, const struct invoice *i, const struct place *at,
		      int64_t sign)
{
	book(b, at, LEDGER_RECEIVABLE, no_part, sign * i->gross);
	book_pair(b, at, LEDGER_RECEIVABLE, LEDGER_ROUNDING, no_part, sign * i->rounding);
	book_pair(b, at, LEDGER_DAMAGES, LEDGER_RECEIVABLE, no_part, sign * damages_of(b, i));
	for (size_t k = 0; k < i->n_taxes; k++)
		book(b, at, LEDGER_TAX, i->taxes[k].category, -sign * i->taxes[k].tax);
}

/* Of one that is later than the day looked at, what closed months take of it. */
static void book_document(struct booking *b, const struct invoice *i)
{
	struct place at = {.date = i->date, .document = i->number, .kind = kind_of(i)};
	bool note = i->kind == DOCUMENT_CREDIT_NOTE, later = i->date > b->in->on;
	int64_t sign = note ? -1 : 1;

	if (!later)
		book_head(b, i, &at, sign);
	if (note && text_is(i->reason, "write_off") && !later) {
		book(b, &at, LEDGER_BAD_DEBT, no_part, i->net);
		return;
	}
	if (later && i->kind != DOCUMENT_INVOICE)
		return;
	for (size_t k = 0; k < i->n_lines; k++) {
		if (is_late_fee(&i->lines[k]))
			book(b, &at, LEDGER_INTEREST, no_part, -sign * i->lines[k].net);
		else
			book_line(b, &i->lines[k], at, sign * i->lines[k].net);
	}
	for (size_t k = 0; k < i->n_reductions; k++)
		book_reduction(b, i, &i->reductions[k], at, sign);
}

/* --- what no document has yet --- */

static bool carried(const struct booking *b, const struct item *it)
{
	struct text id = b->in->charging->slots[it->slot].id;

	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;

		for (size_t k = 0; k < doc->n_lines; k++)
			if (doc->lines[k].item.from == it->service.from &&
			    doc->lines[k].item.to == it->service.to &&
			    text_eq(doc->lines[k].charge, id) &&
			    text_eq(doc->lines[k].item_part, it->part))
				return true;
	}
	return false;
}

static int64_t without_tax(struct booking *b, const struct item *it, int64_t amount)
{
	const struct pricing *p = b->in->charging->versions[it->version].pricing;
	const struct priced_charge *ch = slot_charge(b->in->charging, it->slot, it->version);
	struct fraction rate, whole = {100, 1}, f = fraction_of(amount, 1);
	struct decimal d = {0, 0};

	if (!p->prices_include_tax || ch == NULL || ch->category < 0)
		return amount;
	rate = fraction_of_decimal(p->categories[ch->category].rate);
	if (!fraction_try_add(whole, rate, &whole) ||
	    !fraction_try_mul(f, (struct fraction){100, 1}, &f) ||
	    !fraction_try_div(f, whole, &f) || !fraction_try_round(f, 0, b->mode, &d))
		b->too_large = true;
	return d.units;
}

static void book_items(struct booking *b)
{
	const struct charging *c = b->in->charging;

	for (size_t i = 0; i < c->n_items; i++) {
		const struct item *it = &c->items[i];

		if (carried(b, it))
			continue;
		for (size_t k = 0; k < it->n_lines; k++) {
			struct place none = {.date = DAY_NONE};
			struct earning e = earning_of(b, &it->lines[k], none,
						      without_tax(b, it, it->lines[k].net));

			/* hours that nobody was billed are owed to nobody */
			if (!is_prepaid(&it->lines[k]) && e.over.from != DAY_NONE)
				book_earning(b, &e);
		}
	}
}

/* Service credits of months that are over, as far as no document gives them. */
static void book_waiting_credits(struct booking *b)
{
	for (size_t i = 0; i < b->in->n_credits; i++) {
		const struct earned_credit *x = &b->in->credits[i];
		struct invoice_reduction r = {.charge = x->rule, .month = x->month};
		int64_t left = x->amount;
		day month = 0;

		/* what no month names is booked when a document gives it */
		if (x->damages || !x->due || !month_parse(x->month, &month))
			continue;
		for (size_t d = 0; d < b->in->n_issued; d++) {
			const struct invoice *doc = b->in->issued[d].invoice;

			for (size_t k = 0; k < doc->n_reductions; k++)
				if (doc->reductions[k].kind == REDUCTION_CREDIT &&
				    text_eq(doc->reductions[k].charge, x->rule) &&
				    text_eq(doc->reductions[k].metric, x->metric) &&
				    text_eq(doc->reductions[k].month, x->month))
					left -= doc->reductions[k].amount;
		}
		if (left != 0)
			book_credit(b, &r, (struct place){.date = DAY_NONE}, -left);
	}
}

/* --- prepaid hours (R142) --- */

/* What so many hours of a grant are worth, rounded once from the beginning. */
static int64_t worth(struct booking *b, const struct grant *g, struct fraction hours)
{
	struct money m = {0, b->in->charging->currency};
	struct fraction f;

	if (!fraction_try_mul(hours, g->price, &f) || !money_try_round(f, m.currency, b->mode, &m))
		b->too_large = true;
	return m.minor;
}

static struct fraction drawn_before(struct booking *b, size_t grant, day before)
{
	const struct charging *c = b->in->charging;
	struct fraction sum = {0, 1};

	for (size_t i = 0; i < c->n_draws; i++)
		if (c->draws[i].grant == grant && zone_day(c->zone, c->draws[i].at) < before &&
		    !fraction_try_add(sum, c->draws[i].hours, &sum))
			b->too_large = true;
	return sum;
}

static void book_grant(struct booking *b, size_t at)
{
	const struct grant *g = &b->in->charging->grants[at];
	struct text id = b->in->charging->slots[g->slot].id;
	int64_t all = worth(b, g, g->bought), before = 0;

	for (day end = month_end(g->start); end <= b->in->on && before != all;
	     end = month_end(end + 1)) {
		int64_t now = worth(b, g, drawn_before(b, at, end + 1));
		struct place p = {.date = end,
				  .document = close_name(b, end),
				  .kind = TRANSACTION_CLOSE,
				  .charge = id};

		book(b, &p, LEDGER_PREPAID, no_part, now - before);
		book(b, &p, LEDGER_REVENUE, id, -(now - before));
		before = now;
		if (g->expiry > end)
			continue;
		book_pair(b, &p, LEDGER_PREPAID, LEDGER_BREAKAGE, no_part, all - before);
		break;
	}
}

void book_documents(struct booking *b)
{
	for (size_t i = 0; i < b->in->n_issued; i++)
		book_document(b, b->in->issued[i].invoice);
	book_items(b);
	book_waiting_credits(b);
	for (size_t i = 0; i < b->in->charging->n_grants; i++)
		book_grant(b, i);
}
