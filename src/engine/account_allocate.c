/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who pays what (money.md R95, R100 to R105): payments by due date or as stated, credit notes on their own invoice first, cash and
 * credits that are free, returns that reopen, deposits, refunds. Every unit that leaves a source reaches a piece, and the other way
 * round.
 */
#include "engine/account_parts.h"

#include <assert.h>

/* --- parts --- */

size_t piece_add(struct accounts *a, struct owed_piece p)
{
	a->pieces =
		arena_grow(a->arena, a->pieces, a->n_pieces, &a->pieces_cap, sizeof(*a->pieces));
	a->pieces[a->n_pieces] = p;
	return a->n_pieces++;
}

/* R102: what was given back beyond all cash comes off the cash that is free. */
static void make_up(struct accounts *a)
{
	for (size_t i = 0; i < a->n_sources && a->overdrawn > 0; i++) {
		struct source *s = &a->sources[i];
		int64_t amount = s->left < a->overdrawn ? s->left : a->overdrawn;

		if (s->by == BY_CREDIT_NOTE || s->barred)
			continue;
		s->left -= amount;
		a->overdrawn -= amount;
		a->payments[s->payment].refunded += amount;
	}
}

size_t source_add(struct accounts *a, struct source s)
{
	a->sources = arena_grow(a->arena, a->sources, a->n_sources, &a->sources_cap,
				sizeof(*a->sources));
	a->sources[a->n_sources++] = s;
	make_up(a);
	return a->n_sources - 1;
}

static void take_add(struct accounts *a, struct take t)
{
	struct owed_piece *p = &a->pieces[t.piece];

	assert(t.amount > 0 && t.amount <= p->open);
	p->open -= t.amount;
	a->takes = arena_grow(a->arena, a->takes, a->n_takes, &a->takes_cap, sizeof(*a->takes));
	a->takes[a->n_takes++] = t;
}

/* As much of the piece as the source has, at most `most`. */
static void pay(struct accounts *a, size_t source, size_t piece, int64_t most, day date)
{
	struct source *s = &a->sources[source];
	int64_t amount = a->pieces[piece].open;

	amount = s->left < amount ? s->left : amount;
	amount = most < amount ? most : amount;
	if (amount <= 0)
		return;
	s->left -= amount;
	take_add(a, (struct take){piece, source, s->by, s->reference, date, amount, s->entry,
				  s->corrects, false});
}

/* --- order --- */

static int due_order(const struct accounts *a, const struct owed_piece *x,
		     const struct owed_piece *y)
{
	/* what has no due date comes last */
	bool x_none = x->due == DAY_NONE, y_none = y->due == DAY_NONE;

	if (x_none != y_none)
		return x_none ? 1 : -1;
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return text_cmp(a->documents[x->document].invoice->number,
			a->documents[y->document].invoice->number);
}

/* R101: the next open piece in nobody's dispute; by due date, then number, then as they came. Grants pay no interest notes (R36). */
static size_t next_open(const struct accounts *a, enum paid_by by)
{
	size_t best = NOTHING;

	for (size_t i = 0; i < a->n_pieces; i++) {
		const struct owed_piece *p = &a->pieces[i];

		if (p->state != PIECE_OPEN || p->open == 0 ||
		    (by == BY_GRANT &&
		     a->documents[p->document].invoice->kind == DOCUMENT_INTEREST))
			continue;
		if (best == NOTHING || due_order(a, p, &a->pieces[best]) < 0)
			best = i;
	}
	return best;
}

static void pay_oldest(struct accounts *a, size_t source, day date)
{
	size_t piece = next_open(a, a->sources[source].by);

	while (piece != NOTHING && a->sources[source].left > 0) {
		pay(a, source, piece, INT64_MAX, date);
		piece = next_open(a, a->sources[source].by);
	}
}

static size_t document_named(const struct accounts *a, struct text number)
{
	for (size_t i = 0; i < a->n_documents; i++)
		if (a->own_piece[i] != NOTHING && number.n > 0 &&
		    text_eq(a->documents[i].invoice->number, number))
			return i;
	return NOTHING;
}

/* The pieces of a document in that state, in the order in which they came to be. */
static void pay_document(struct accounts *a, size_t source, size_t document, enum piece_state state,
			 int64_t most, day date)
{
	for (size_t i = 0; i < a->n_pieces && most > 0; i++) {
		int64_t before = a->sources[source].left;

		if (a->pieces[i].document != document || a->pieces[i].state != state)
			continue;
		pay(a, source, i, most, date);
		most -= before - a->sources[source].left;
	}
}

/* --- documents --- */

void allocate_damages(struct accounts *a, size_t document, const struct invoice_deduction *d)
{
	size_t piece = a->own_piece[document];
	int64_t amount = d->amount;

	if (amount > a->pieces[piece].open)
		amount = a->pieces[piece].open;
	if (amount > 0)
		take_add(a, (struct take){piece, NOTHING, BY_DAMAGES, d->reference,
					  a->documents[document].invoice->date, amount,
					  a->documents[document].entry, false, false});
}

static enum paid_by stated_by(enum deduction_kind k)
{
	switch (k) {
	case DEDUCTION_CREDIT_NOTE:
		return BY_CREDIT_NOTE;
	case DEDUCTION_UNAPPLIED:
		return BY_PAYMENT;
	case DEDUCTION_GRANT:
		return BY_GRANT;
	case DEDUCTION_DAMAGES:
		break;
	}
	return BY_DAMAGES;
}

/*
 * R103: what the document was told is there may have gone elsewhere since: a payment that came back, or one that was recorded late and
 * pays an older debt. Then as much stays open.
 */
void allocate_stated(struct accounts *a, size_t document)
{
	const struct invoice *i = a->documents[document].invoice;

	for (size_t k = 0; k < i->n_deductions; k++) {
		const struct invoice_deduction *d = &i->deductions[k];

		for (size_t s = 0; s < a->n_sources && d->kind != DEDUCTION_DAMAGES; s++)
			if (a->sources[s].by == stated_by(d->kind) && !a->sources[s].barred &&
			    text_eq(a->sources[s].reference, d->reference))
				pay(a, s, a->own_piece[document], d->amount, i->date);
	}
}

/* --- payments --- */

void allocate_payment(struct accounts *a, size_t source, struct text named)
{
	const struct source *s = &a->sources[source];
	const struct pricing *p = account_terms(a, s->date);
	size_t document = document_named(a, named);
	day date = s->date;

	if (s->barred)
		return;
	if (document == NOTHING && s->payment != NOTHING)
		document = document_named(a, a->payments[s->payment].reference);
	if (document != NOTHING && p->payment.as_stated) {
		pay_document(a, source, document, PIECE_OPEN, INT64_MAX, date);
		pay_document(a, source, document, PIECE_HELD, INT64_MAX, date);
	}
	pay_oldest(a, source, date);
	/* a disputed part takes nothing unless the payer names it */
	if (document != NOTHING && named.n > 0)
		pay_document(a, source, document, PIECE_HELD, INT64_MAX, date);
}

void allocate_credit_note(struct accounts *a, size_t source)
{
	size_t document = a->sources[source].document;
	day date = a->sources[source].date;

	if (document == NOTHING || a->own_piece[document] == NOTHING)
		return;
	pay_document(a, source, document, PIECE_UPHELD, INT64_MAX, date);
	pay_document(a, source, document, PIECE_OPEN, INT64_MAX, date);
	pay_document(a, source, document, PIECE_HELD, INT64_MAX, date);
}

void allocate_free(struct accounts *a, day date)
{
	static const enum paid_by order[] = {BY_CREDIT_NOTE, BY_PAYMENT, BY_GRANT};
	bool set_off = account_terms(a, date)->payment.set_off != SET_OFF_NONE;

	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (size_t s = 0; s < a->n_sources; s++)
			if (a->sources[s].by == order[k] && a->sources[s].left > 0 &&
			    !a->sources[s].barred && (order[k] != BY_CREDIT_NOTE || set_off))
				pay_oldest(a, s, date);
}

/* --- what comes back --- */

static void undo(struct accounts *a, struct take *t)
{
	t->undone = true;
	accounts_add(a, &a->pieces[t->piece].open, t->amount);
}

/* R105: a deposit that came back after it was used takes back its last uses. */
static void deposit_returned(struct accounts *a, int64_t amount, day date)
{
	account_sub(a, &a->deposit, amount);
	for (size_t i = a->n_takes; i > 0 && a->deposit < 0; i--) {
		struct take *t = &a->takes[i - 1];

		if (t->by != BY_DEPOSIT || t->undone)
			continue;
		undo(a, t);
		accounts_add(a, &a->deposit, t->amount);
		account_move(a, MOVE_RETURNED, date, t->reference, t->amount, t->entry);
		dispute_hold_again(a, a->pieces[t->piece].document, date);
	}
}

void allocate_return(struct accounts *a, size_t payment, day date)
{
	struct account_payment *p = &a->payments[payment];
	size_t source = 0;

	if (p->deposit) {
		deposit_returned(a, p->amount, date);
		return;
	}
	while (source < a->n_sources && a->sources[source].payment != payment)
		source++;
	assert(source < a->n_sources && "a payment comes before its return");
	a->sources[source].left = 0;
	/* what was refunded of it is owed now */
	accounts_add(a, &a->overdrawn, p->refunded);
	make_up(a);
	for (size_t i = 0; i < a->n_takes; i++) {
		struct take *t = &a->takes[i];

		if (t->source != source || t->undone)
			continue;
		undo(a, t);
		dispute_hold_again(a, a->pieces[t->piece].document, date);
	}
}

/* --- deposit --- */

static int64_t use_deposit(struct accounts *a, const struct deposit_use *d, size_t piece,
			   int64_t most)
{
	int64_t amount = a->pieces[piece].open < most ? a->pieces[piece].open : most;

	if (amount <= 0)
		return 0;
	take_add(a, (struct take){piece, NOTHING, BY_DEPOSIT, d->id, d->date, amount, d->entry,
				  false, false});
	a->deposit -= amount;
	return amount;
}

void allocate_deposit(struct accounts *a, const struct deposit_use *d)
{
	size_t document = document_named(a, d->invoice);
	int64_t left = d->amount < a->deposit ? d->amount : a->deposit, used = 0;

	for (size_t i = 0; i < a->n_pieces && document != NOTHING; i++)
		if (a->pieces[i].document == document && a->pieces[i].state == PIECE_OPEN)
			used += use_deposit(a, d, i, left - used);
	while (document == NOTHING && used < left) {
		size_t piece = next_open(a, BY_DEPOSIT);

		if (piece == NOTHING)
			break;
		used += use_deposit(a, d, piece, left - used);
	}
	if (used > 0)
		account_move(a, MOVE_DEPOSIT, d->date, d->id, -used, d->entry);
}

/* --- refunds --- */

/* Of the sources of one sort that `fits` allows, the oldest first; what could not be had is returned. */
struct refunding {
	struct accounts *accounts;
	struct account_refund *refund;
	struct text named;
	int64_t left;
};

static void refund_of(struct refunding *r, size_t source)
{
	struct accounts *a = r->accounts;
	struct source *s = &a->sources[source];
	int64_t amount = s->left < r->left ? s->left : r->left;

	if (amount <= 0)
		return;
	s->left -= amount;
	r->left -= amount;
	if (s->payment != NOTHING)
		accounts_add(a, &a->payments[s->payment].refunded, amount);
	accounts_add(a,
		    s->by == BY_CREDIT_NOTE ? &r->refund->of_credits
		    : s->by == BY_GRANT     ? &r->refund->of_retainer
					    : &r->refund->of_unapplied,
		    amount);
}

/* R95: a credit that the refund names, by its own number or by its invoice's. */
static void refund_named(struct refunding *r)
{
	struct accounts *a = r->accounts;

	for (size_t i = 0; i < a->n_sources && r->named.n > 0; i++) {
		const struct source *s = &a->sources[i];

		if (s->by == BY_CREDIT_NOTE &&
		    (text_eq(s->reference, r->named) ||
		     (s->document != NOTHING &&
		      text_eq(a->documents[s->document].invoice->number, r->named))))
			refund_of(r, i);
	}
}

/* R100: confirm or refund. What equals a possible duplicate to the cent is its refund. */
static void refund_duplicate(struct refunding *r, bool exactly)
{
	struct accounts *a = r->accounts;

	for (size_t i = 0; i < a->n_sources; i++)
		if (a->sources[i].barred && r->left > 0 &&
		    (!exactly || a->sources[i].left == r->left))
			refund_of(r, i);
}

static void refund_by(struct refunding *r, enum paid_by by)
{
	for (size_t i = 0; i < r->accounts->n_sources; i++)
		if (r->accounts->sources[i].by == by && !r->accounts->sources[i].barred)
			refund_of(r, i);
}

void allocate_refund(struct accounts *a, size_t refund)
{
	struct account_refund *out = &a->refunds[refund];
	const struct refund_words *words = &a->refund_words[refund];
	struct refunding r = {a, out, words->invoice, out->amount};
	bool deposit = text_is(words->purpose, "deposit");

	if (deposit) {
		out->of_deposit = a->deposit < r.left ? a->deposit : r.left;
		out->of_deposit = out->of_deposit > 0 ? out->of_deposit : 0;
		a->deposit -= out->of_deposit;
		r.left -= out->of_deposit;
	} else if (text_is(words->purpose, "retainer")) {
		refund_by(&r, BY_GRANT);
	} else {
		refund_named(&r);
		refund_duplicate(&r, true);
	}
	refund_by(&r, BY_PAYMENT);
	refund_by(&r, BY_CREDIT_NOTE);
	refund_by(&r, BY_GRANT);
	refund_duplicate(&r, false);
	out->beyond = r.left;
	accounts_add(a, &a->overdrawn, r.left);
	if (out->amount > out->of_deposit)
		account_move(a, MOVE_REFUND, out->date, out->id, out->amount - out->of_deposit,
			     out->entry);
}
