/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credit notes (money.md R90 to R94): over lines of one issued invoice, at its own tax rates, each line's share of discounts going
 * back with it; total = rounded net + rounded tax. Which lines and how much is decided elsewhere, or asked for by a person.
 */
#include "engine/billing_parts.h"

#include <assert.h>
#include <string.h>

struct noting {
	struct arena *arena;
	const struct invoice *of;
	const struct issued_document *issued;
	size_t n_issued;
	day date;
	struct text reason;
	bool counts;
	struct err *err;
};

static enum rc beyond(struct err *err)
{
	return err_set(err, RC_LIMIT,
		       "amount too large: a sum of the credit note is beyond 64 bits");
}

static bool notes_of(const struct issued_document *d, const struct invoice *of)
{
	return d->invoice->kind == DOCUMENT_CREDIT_NOTE &&
	       text_eq(d->invoice->corrected, of->number);
}

int64_t left_now(const struct biller *b, const struct carried_line *of)
{
	int64_t left = of->left;

	for (size_t i = 0; i < b->n_credited; i++)
		if (b->credited[i].of->line == of->line && !take_from(&left, b->credited[i].amount))
			return 0;
	return left;
}

void credit_add(struct biller *b, struct credit_line c)
{
	b->credited = arena_grow(b->arena, b->credited, b->n_credited, &b->credited_cap,
				 sizeof(*b->credited));
	b->credited[b->n_credited++] = c;
}

bool is_refund(const struct due *d)
{
	return d->class == DUE_ITEM && text_starts(d->part, "refund.");
}

/* --- shares of discounts (R94) --- */

/* What earlier credits of the line gave back of one reduction. */
static bool share_given(const struct issued_document *issued, size_t n,
			const struct carried_line *of, const struct invoice_reduction *r,
			int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		const struct invoice *note = issued[i].invoice;

		if (!notes_of(&issued[i], of->invoice))
			continue;
		for (size_t k = 0; k < note->n_reductions; k++) {
			const struct invoice_reduction *x = &note->reductions[k];

			if (x->kind != r->kind || !text_eq(x->charge, r->charge) ||
			    !days_same(x->item, r->item))
				continue;
			for (size_t m = 0; m < x->n_lines; m++) {
				int64_t at = x->lines[m];

				if (at >= 1 && (uint64_t)at <= note->n_lines &&
				    note->lines[at - 1].of_line == of->line->number &&
				    !add_to(out, x->shares[m]))
					return false;
			}
		}
	}
	return true;
}

static bool share_of_line(const struct invoice_reduction *r, int64_t number, int64_t *out)
{
	for (size_t i = 0; i < r->n_lines; i++) {
		if (r->lines[i] != number)
			continue;
		*out = r->shares[i];
		return true;
	}
	return false;
}

static bool share_back(enum rounding mode, const struct carried_line *of, int64_t amount,
		       int64_t share, int64_t given, int64_t *out)
{
	int64_t whole = line_amount(of->invoice, of->line);
	struct fraction exact;
	struct decimal d;

	if (amount == of->left) { /* the last credit takes the remainder to the cent */
		*out = share;
		return take_from(out, given);
	}
	if (whole == 0 ||
	    !fraction_try_mul(fraction_of(amount, 1), fraction_of(share, 1), &exact) ||
	    !fraction_try_div(exact, fraction_of(whole, 1), &exact) ||
	    !fraction_try_round(exact, 0, mode, &d))
		return false;
	*out = d.units;
	return true;
}

enum rc shares_back(struct arena *a, enum rounding mode, const struct issued_document *issued,
		    size_t n, const struct carried_line *of, int64_t amount,
		    const struct credit_share **out, size_t *n_out, struct err *err)
{
	const struct invoice *i = of->invoice;
	struct credit_share *v = arena_array(a, struct credit_share, i->n_reductions);
	size_t found = 0;

	for (size_t k = 0; k < i->n_reductions; k++) {
		const struct invoice_reduction *r = &i->reductions[k];
		int64_t share = 0, given = 0, back = 0;

		if (r->kind == REDUCTION_CREDIT || !share_of_line(r, of->line->number, &share))
			continue;
		if (!share_given(issued, n, of, r, &given) ||
		    !share_back(mode, of, amount, share, given, &back))
			return beyond(err);
		if (back != 0)
			v[found++] = (struct credit_share){r, back};
	}
	*out = v;
	*n_out = found;
	return RC_OK;
}

/* --- one document --- */

static struct invoice *note_head(const struct noting *n)
{
	struct invoice *note = arena_one(n->arena, struct invoice);

	*note = *n->of;
	note->kind = DOCUMENT_CREDIT_NOTE;
	note->number = note->series = (struct text){"", 0};
	note->date = n->date;
	note->due = note->dispute_until = DAY_NONE;
	note->corrected = n->of->number;
	note->corrected_date = n->of->date;
	note->reason = n->reason;
	note->lines = NULL;
	note->reductions = NULL;
	note->deductions = NULL;
	note->balances = NULL;
	note->annexes = NULL;
	note->notes = NULL;
	note->n_lines = note->n_reductions = note->n_deductions = 0;
	note->n_balances = note->n_annexes = note->n_notes = 0;
	note->rounding = note->opening = note->payments = note->credits = 0;
	note->refunds = note->closing = note->commitment = note->commitment_reached = 0;
	note->log_size = 0;
	note->root = note->instructions = note->iban = note->bic = (struct text){"", 0};
	return note;
}

static void note_line(const struct noting *n, struct invoice_line *to, const struct credit_line *c,
		      int64_t number)
{
	const struct invoice_line *l = c->of->line;
	struct step *steps = arena_array(n->arena, struct step, 2);
	int64_t whole = line_amount(n->of, l);

	*to = *l;
	to->number = number;
	to->net = c->amount;
	to->gross = 0;
	to->counts = n->counts;
	to->corrects = n->of->number;
	to->of_line = l->number;
	to->part = c->part.n > 0 ? c->part : l->part;
	if (c->as != NULL) {
		to->item = to->period = c->as->item;
		to->item_part = to->part = c->as->part;
		to->role = LINE_CORRECTION;
	}
	to->rule = text_of("money.md R93");
	/* a part of a line is an amount; all of it keeps quantity and price */
	if (c->amount != whole) {
		to->quantity = fraction_of(1, 1);
		to->unit = (struct text){"", 0};
		to->weight = (struct weight){0, 0};
		to->priced = true;
		to->price = (struct decimal){c->amount, n->of->currency.decimals};
		to->price_base = 1;
	}
	to->exact = (struct fraction){0, 0};
	steps[0] = step_money(STEP_CREDIT, 93, c->amount);
	steps[1] = step_money(STEP_AMOUNT, 94, whole);
	to->steps = steps;
	to->n_steps = 2;
}

/* One reduction of the note for each of the invoice's that gives something back. */
static bool note_reductions(const struct noting *n, struct invoice *note,
			    const struct credit_line *v, size_t n_lines)
{
	struct invoice_reduction *out =
		arena_array(n->arena, struct invoice_reduction, n->of->n_reductions);
	size_t found = 0;

	for (size_t k = 0; k < n->of->n_reductions; k++) {
		const struct invoice_reduction *r = &n->of->reductions[k];
		int64_t *lines = arena_array(n->arena, int64_t, n_lines);
		int64_t *shares = arena_array(n->arena, int64_t, n_lines), sum = 0;
		size_t m = 0;

		for (size_t i = 0; i < n_lines; i++)
			for (size_t s = 0; s < v[i].n_shares; s++) {
				if (v[i].shares[s].of != r)
					continue;
				lines[m] = (int64_t)i + 1;
				shares[m++] = v[i].shares[s].amount;
				if (!add_to(&sum, v[i].shares[s].amount))
					return false;
			}
		if (sum == 0)
			continue;
		out[found] = *r;
		out[found].base = 0;
		out[found].pct = decimal_of(0);
		out[found].amount = sum;
		out[found].gross = 0;
		out[found].rule = text_of("money.md R94");
		out[found].lines = lines;
		out[found].shares = shares;
		out[found++].n_lines = m;
	}
	note->reductions = out;
	note->n_reductions = found;
	return true;
}

/* What earlier credit notes of the invoice took of a tax. */
static bool tax_given(const struct noting *n, const struct invoice_tax *tax, int64_t *base,
		      int64_t *amount)
{
	*base = *amount = 0;
	for (size_t i = 0; i < n->n_issued; i++) {
		const struct invoice *note = n->issued[i].invoice;

		if (!notes_of(&n->issued[i], n->of))
			continue;
		for (size_t k = 0; k < note->n_taxes; k++)
			if (tax_same(&note->taxes[k], tax) && (!add_to(base, note->taxes[k].base) ||
							       !add_to(amount, note->taxes[k].tax)))
				return false;
	}
	return true;
}

static const struct invoice_tax *tax_of(const struct invoice *of, const struct invoice_tax *tax)
{
	for (size_t k = 0; k < of->n_taxes; k++)
		if (tax_same(&of->taxes[k], tax))
			return &of->taxes[k];
	return NULL;
}

/* R94: never more tax than the invoice had of a category, and its rest to the cent with the last of its net. */
static bool bound_taxes(const struct noting *n, struct invoice *note)
{
	struct invoice_tax *taxes = arena_array(n->arena, struct invoice_tax, note->n_taxes);

	for (size_t k = 0; k < note->n_taxes; k++) {
		const struct invoice_tax *had = tax_of(n->of, &note->taxes[k]);
		int64_t base, amount, left_base, left;

		taxes[k] = note->taxes[k];
		assert(had != NULL);
		if (!tax_given(n, had, &base, &amount))
			return false;
		left_base = had->base;
		left = had->tax;
		if (!take_from(&left_base, base) || !take_from(&left, amount))
			return false;
		if (taxes[k].tax > left || taxes[k].base == left_base) {
			note->tax += left - taxes[k].tax;
			note->gross += left - taxes[k].tax;
			note->payable += left - taxes[k].tax;
			taxes[k].tax = left;
		}
	}
	note->taxes = taxes;
	return true;
}

/* Taxes of the invoice that the lines use, in order of first use. */
static void note_taxes(const struct noting *n, struct invoice *note, struct invoice_line *lines)
{
	struct invoice_tax *taxes = arena_array(n->arena, struct invoice_tax, n->of->n_taxes);
	int *place = arena_array(n->arena, int, n->of->n_taxes);
	struct invoice_reduction *r;
	size_t count = 0;

	for (size_t k = 0; k < n->of->n_taxes; k++)
		place[k] = -1;
	for (size_t i = 0; i < note->n_lines; i++) {
		int tax = lines[i].tax;

		if (tax < 0)
			continue;
		if (place[tax] < 0) {
			taxes[count] = n->of->taxes[tax];
			taxes[count].base = taxes[count].tax = 0;
			place[tax] = (int)count++;
		}
		lines[i].tax = place[tax];
	}
	/* a share lowers a line, so its tax is there */
	memcpy(&r, &note->reductions, sizeof(r));
	for (size_t k = 0; k < note->n_reductions; k++)
		r[k].tax = r[k].tax < 0 ? -1 : place[r[k].tax];
	note->taxes = taxes;
	note->n_taxes = count;
}

static enum rc note_make(const struct noting *n, const struct credit_line *v, size_t n_lines,
			 const struct invoice **out)
{
	struct invoice *note = note_head(n);
	struct invoice_line *lines = arena_array(n->arena, struct invoice_line, n_lines);
	enum rc rc;

	for (size_t i = 0; i < n_lines; i++)
		note_line(n, &lines[i], &v[i], (int64_t)i + 1);
	note->lines = lines;
	note->n_lines = n_lines;
	if (!note_reductions(n, note, v, n_lines))
		return beyond(n->err);
	note_taxes(n, note, lines);
	rc = invoice_total(note, NULL, n->arena, n->err);
	if (rc != RC_OK)
		return rc;
	if (!note->tax_included && !bound_taxes(n, note))
		return beyond(n->err);
	*out = note;
	return RC_OK;
}

/* --- what a person asks for --- */

static const struct invoice_line *find_line(const struct invoice *of, int64_t number)
{
	for (size_t i = 0; i < of->n_lines; i++)
		if (of->lines[i].number == number)
			return &of->lines[i];
	return NULL;
}

static void print_amount(const struct invoice *of, int64_t minor, char out[40])
{
	struct buf b;

	buf_init(&b, 39);
	decimal_print_places(&b, (struct decimal){minor, of->currency.decimals},
			     of->currency.decimals);
	memcpy(out, b.p, b.n);
	out[b.n] = '\0';
	buf_free(&b);
}

static enum rc exceeds(const struct invoice *of, int64_t amount, int64_t whole, int64_t left,
		       struct err *err)
{
	char asked[40], line[40], given[40], most[40];

	print_amount(of, amount, asked);
	print_amount(of, whole, line);
	print_amount(of, whole - left, given);
	print_amount(of, left, most);
	err_hint(err, "at most %s", most);
	return err_set(err, RC_INVALID, "credit exceeds the line: '%s' of %s, %s already credited",
		       asked, line, given);
}

enum rc billing_credit(struct arena *a, const struct invoice *of,
		       const struct issued_document *before, size_t n_before, int64_t line,
		       int64_t amount, struct text reason, day date, const struct invoice **out,
		       struct err *err)
{
	const struct invoice_line *l = find_line(of, line);
	struct carried_line carried = {of, l, 0};
	struct credit_line c = {.of = &carried, .amount = amount, .part = {"", 0}};
	struct noting n = {.arena = a,
			   .of = of,
			   .issued = before,
			   .n_issued = n_before,
			   .date = date,
			   .reason = reason,
			   .err = err};
	enum rc rc;

	if (l == NULL || of->kind != DOCUMENT_INVOICE)
		return err_set(err, RC_INVALID, "no line '%lld' on invoice %.*s", (long long)line,
			       TEXT_ARG(of->number));
	carried.left = line_left(before, n_before, of, l);
	if (amount <= 0)
		return err_set(err, RC_INVALID, "a credit is more than nothing: line '%lld'",
			       (long long)line);
	if (amount > carried.left)
		return exceeds(of, amount, line_amount(of, l), carried.left, err);
	rc = shares_back(a, of->mode, before, n_before, &carried, amount, &c.shares, &c.n_shares,
			 err);
	return rc == RC_OK ? note_make(&n, &c, 1, out) : rc;
}

enum rc billing_void(struct arena *a, const struct invoice *of,
		     const struct issued_document *before, size_t n_before, day date,
		     const struct invoice **out, struct err *err)
{
	struct carried_line *carried = arena_array(a, struct carried_line, of->n_lines);
	struct credit_line *v = arena_array(a, struct credit_line, of->n_lines);
	struct noting n = {.arena = a,
			   .of = of,
			   .issued = before,
			   .n_issued = n_before,
			   .date = date,
			   .reason = text_of("cancellation"),
			   .counts = true,
			   .err = err};
	size_t found = 0;

	if (of->kind != DOCUMENT_INVOICE)
		return err_set(err, RC_INVALID, "not an invoice: '%.*s'", TEXT_ARG(of->number));
	for (size_t i = 0; i < of->n_lines; i++) {
		int64_t left = line_left(before, n_before, of, &of->lines[i]);
		enum rc rc;

		/* lines at 0.00 go too: they are billed anew with the rest */
		if (left == 0 && line_amount(of, &of->lines[i]) != 0)
			continue;
		carried[found] = (struct carried_line){of, &of->lines[i], left};
		v[found] = (struct credit_line){
			.of = &carried[found], .amount = left, .part = {"", 0}};
		rc = shares_back(a, of->mode, before, n_before, &carried[found], left,
				 &v[found].shares, &v[found].n_shares, err);
		if (rc != RC_OK)
			return rc;
		found++;
	}
	if (found == 0)
		return err_set(err, RC_INVALID, "nothing is left of invoice '%.*s' to void",
			       TEXT_ARG(of->number));
	return note_make(&n, v, found, out);
}

/* --- what the facts demand --- */

static enum rc add_note(struct biller *b, const struct noting *n, const struct credit_line *v,
			size_t n_lines)
{
	const struct invoice *note = NULL;
	struct invoice *own;
	enum rc rc = note_make(n, v, n_lines, &note);

	if (rc != RC_OK)
		return rc;
	b->credit_notes = arena_grow(b->arena, b->credit_notes, b->n_credit_notes,
				     &b->credit_notes_cap, sizeof(*b->credit_notes));
	own = arena_one(b->arena, struct invoice);
	*own = *note;
	seller_put(b->in->settings->seller, own);
	b->credit_notes[b->n_credit_notes++] = own;
	return RC_OK;
}

/* One note for each invoice whose lines are given back, in order of issue. */
static enum rc notes_over(struct biller *b, const struct credit_line *v, size_t n_v,
			  const char *reason, bool counts)
{
	struct credit_line *lines = arena_array(b->arena, struct credit_line, n_v);

	for (size_t i = 0; i < b->in->n_issued; i++) {
		struct noting n = {.arena = b->arena,
				   .of = b->in->issued[i].invoice,
				   .issued = b->in->issued,
				   .n_issued = b->in->n_issued,
				   .date = b->in->date,
				   .reason = text_of(reason),
				   .counts = counts,
				   .err = b->err};
		size_t found = 0;
		enum rc rc;

		for (size_t l = 0; l < n.of->n_lines; l++)
			for (size_t k = 0; k < n_v; k++)
				if (v[k].of->line == &n.of->lines[l])
					lines[found++] = v[k];
		rc = found > 0 ? add_note(b, &n, lines, found) : RC_OK;
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* Lines of a month's base charges that a service credit lowers, else those of the last invoice. */
static size_t base_lines(struct biller *b, const struct earned_credit *k, struct credit_line *v)
{
	struct days month = {0, 0};
	size_t n = 0;

	if (month_parse(k->month, &month.from))
		month.to = day_add_months(month.from, 1);
	for (size_t i = 0; i < b->n_carried; i++) {
		const struct carried *c = &b->carried[i];
		bool base = k->base_charges == NULL || k->base_charges->n == 0;
		const struct promise *p = b->c->versions[k->version].pricing->promise;

		for (size_t m = 0; !base && m < k->base_charges->n; m++)
			base = text_eq(p->charges[k->base_charges->v[m]].id, c->charge);
		if (!base || days_empty(days_both(c->item, month)))
			continue;
		for (size_t m = 0; m < c->n_lines; m++)
			if (c->lines[m].left > 0)
				v[n++] = (struct credit_line){.of = &c->lines[m], .part = {"", 0}};
	}
	return n;
}

/* FK-17, R62: a service credit on a note of its own; nothing to lower: it goes on waiting. */
static enum rc note_credit(struct biller *b, const struct earned_credit *k)
{
	size_t room = 0, n;
	struct credit_line *v;
	int64_t *weights, *parts, left = k->amount;

	for (size_t i = 0; i < b->n_carried; i++)
		room += b->carried[i].n_lines;
	v = arena_array(b->arena, struct credit_line, room);
	n = base_lines(b, k, v);
	weights = arena_array(b->arena, int64_t, n);
	parts = arena_array(b->arena, int64_t, n);
	for (size_t i = 0; i < n; i++)
		weights[i] = left_now(b, v[i].of);
	if (n > 0)
		billing_proportion(b, left, weights, n, parts);
	room = 0;
	for (size_t i = 0; i < n; i++) {
		struct credit_line c = v[i];

		c.amount = parts[i] < weights[i] ? parts[i] : weights[i];
		c.part = text_format(b->arena, "%.*s %.*s", TEXT_ARG(k->rule), TEXT_ARG(k->month));
		left -= c.amount;
		if (c.amount > 0)
			v[room++] = c;
	}
	if (left > 0) {
		b->waiting = arena_grow(b->arena, b->waiting, b->n_waiting, &b->waiting_cap,
					sizeof(*b->waiting));
		b->waiting[b->n_waiting] = *k;
		b->waiting[b->n_waiting++].amount = left;
	}
	for (size_t i = 0; i < room; i++)
		credit_add(b, v[i]);
	return room > 0 ? notes_over(b, v, room, "service_credit", false) : RC_OK;
}

enum rc notes_make(struct biller *b)
{
	enum rc rc = RC_OK;

	struct credit_line *v = arena_array(b->arena, struct credit_line, b->n_credited);

	for (int refunds = 0; refunds < 2 && rc == RC_OK; refunds++) {
		size_t n = 0;

		for (size_t i = 0; i < b->n_credited; i++)
			if ((b->credited[i].as != NULL) == (refunds == 1))
				v[n++] = b->credited[i];
		if (n > 0)
			rc = notes_over(b, v, n, refunds == 1 ? "refund" : "correction", true);
	}
	for (size_t i = 0; i < b->n_noted && rc == RC_OK; i++)
		rc = note_credit(b, &b->noted[i]);
	return rc;
}
