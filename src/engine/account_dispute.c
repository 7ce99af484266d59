/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disputes of invoices (money.md R112): how much is held and until when, and what becomes of it. Who may decide is not asked here: a
 * decision is a fact that the other side can contest.
 */
#include "engine/account_parts.h"

#include <assert.h>

/* --- how much --- */

/* The line's net with its share of reductions: what is asked for it. */
static int64_t line_net(struct accounts *a, const struct invoice *i, const struct invoice_line *l)
{
	int64_t net = l->net;

	for (size_t k = 0; k < i->n_reductions; k++) {
		const struct invoice_reduction *r = &i->reductions[k];

		for (size_t m = 0; m < r->n_lines; m++)
			if (r->lines[m] == l->number)
				account_sub(a, &net, r->shares[m]);
	}
	return net;
}

static const struct invoice_line *line_of_number(const struct invoice *i, int64_t number)
{
	for (size_t k = 0; k < i->n_lines; k++)
		if (i->lines[k].number == number)
			return &i->lines[k];
	return NULL;
}

/* Net disputed and its tax, of a line or of the whole. */
static void measure(struct accounts *a, struct invoice_dispute *d, struct maybe_money net)
{
	const struct invoice *i = a->documents[d->document].invoice;
	const struct invoice_line *l = line_of_number(i, d->line);
	int64_t all = l != NULL ? line_net(a, i, l) : i->net, base = i->net, tax = i->tax;

	if (l != NULL) {
		base = l->tax >= 0 ? i->taxes[l->tax].base : 0;
		tax = l->tax >= 0 ? i->taxes[l->tax].tax : 0;
	}
	d->net = !net.set || net.minor > all ? all : net.minor;
	if (d->net < 0)
		d->net = 0;
	d->held = d->net;
	if (base > 0)
		accounts_add(a, &d->held, account_share(a, tax, d->net, base));
}

enum rc dispute_measure(struct accounts *a, struct invoice_dispute *d, struct maybe_money net,
			int64_t line)
{
	const struct invoice *i = a->documents[d->document].invoice;
	const struct pricing *p = account_terms(a, i->date);
	day from = p->payment.dispute_from_receipt ? account_received(a, i) : i->date;
	day until = DAY_NONE;
	enum rc rc = account_dispute_until(p, from, &until, a->err);

	d->line = line;
	d->state = DISPUTE_OPEN;
	measure(a, d, net);
	if (rc != RC_OK)
		return rc;
	if (until != DAY_NONE && d->raised > until) {
		d->state = DISPUTE_LATE;
		d->held = 0;
		return RC_OK;
	}
	/* the whole waits where the contract does not ask for the rest */
	if (p->payment.dispute_set && !p->payment.pay_undisputed) {
		d->held = i->gross;
		accounts_add(a, &d->held, i->rounding);
	}
	if (!p->payment.dispute_set || !p->payment.resolve_within.set)
		return RC_OK;
	rc = account_day_after(p, &p->payment.resolve_within, d->raised, &d->resolve_by, a->err);
	if (rc == RC_OK && a->in->on > d->resolve_by)
		d->state = DISPUTE_OVERDUE;
	return rc;
}

enum rc dispute_pay_by(struct accounts *a, struct invoice_dispute *d)
{
	const struct pricing *p = account_terms(a, a->documents[d->document].invoice->date);

	d->pay_by = d->settled;
	if (d->state == DISPUTE_UPHELD) {
		d->pay_by = DAY_NONE;
		return RC_OK;
	}
	if (!p->payment.dispute_set || !p->payment.pay_after.set)
		return RC_OK;
	return account_day_after(p, &p->payment.pay_after, d->settled, &d->pay_by, a->err);
}

/* --- what is held --- */

static void split_off(struct accounts *a, size_t from, size_t to, int64_t amount, day date)
{
	account_sub(a, &a->pieces[from].open, amount);
	accounts_add(a, &a->pieces[to].open, amount);
	accounts_add(a, &a->pieces[to].amount, amount);
	a->splits =
		arena_grow(a->arena, a->splits, a->n_splits, &a->splits_cap, sizeof(*a->splits));
	a->splits[a->n_splits++] = (struct split){to, date, amount};
}

/* Nothing is held of what is paid already; if that payment comes back, dispute_hold_again finds it. */
void dispute_hold(struct accounts *a, size_t dispute)
{
	const struct invoice_dispute *d = &a->disputes[dispute];
	size_t own = a->own_piece[d->document];
	int64_t wants = d->held, open;

	assert(own != NOTHING && "a document comes before its disputes");
	open = a->pieces[own].open;
	if (a->held_piece[dispute] != NOTHING)
		wants -= a->pieces[a->held_piece[dispute]].amount;
	if (wants > open)
		wants = open;
	if (wants <= 0)
		return;
	if (a->held_piece[dispute] == NOTHING) {
		size_t piece = piece_add(a, (struct owed_piece){.document = d->document,
								.state = PIECE_HELD,
								.due = a->pieces[own].due});

		a->pieces[piece].family = piece;
		a->held_piece[dispute] = piece;
	}
	split_off(a, own, a->held_piece[dispute], wants, d->raised);
}

void dispute_hold_again(struct accounts *a, size_t document, day date)
{
	for (size_t i = 0; i < a->n_disputes; i++) {
		const struct invoice_dispute *d = &a->disputes[i];

		if (d->document == document && d->raised <= date &&
		    (d->settled == DAY_NONE || d->settled > date))
			dispute_hold(a, i);
	}
}

/* Upheld: waits for its credit note. The rest has a due date of its own, never an earlier one. */
void dispute_settle(struct accounts *a, size_t dispute)
{
	const struct invoice_dispute *d = &a->disputes[dispute];
	size_t held = a->held_piece[dispute], rest;
	struct owed_piece *p;
	int64_t back;

	if (held == NOTHING)
		return;
	p = &a->pieces[held];
	back = p->open > d->upheld ? p->open - d->upheld : 0;
	p->state = PIECE_UPHELD;
	p->open -= back;
	if (back == 0)
		return;

	day due = p->due;

	if (due != DAY_NONE && d->pay_by > due)
		due = d->pay_by;
	rest = piece_add(a, (struct owed_piece){.document = d->document,
						.state = PIECE_OPEN,
						.family = held,
						.due = due,
						.amount = back,
						.open = back});
	assert(rest != held);
}
