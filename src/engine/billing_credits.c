/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps 5 and 7 of R60: service credits (money.md R61, R62, R98), then what is deducted after tax. A credit's rule and month have one
 * total (R17): this document gives what no document gave yet, or takes back what was too much.
 */
#include "engine/billing_parts.h"

#include "base/sort.h"

#include <assert.h>
#include <string.h>

/* "uptime_tiers 2026-03": how documents name a credit where there is no place for both. */
static struct text credit_name(struct biller *b, const struct earned_credit *k)
{
	size_t n = k->rule.n + 1 + k->month.n;
	char *p = arena_alloc(b->arena, n);

	if (k->rule.n > 0)
		memcpy(p, k->rule.p, k->rule.n);
	p[k->rule.n] = ' ';
	if (k->month.n > 0)
		memcpy(p + k->rule.n + 1, k->month.p, k->month.n);
	return (struct text){p, n};
}

bool credit_given(struct biller *b, const struct earned_credit *k, int64_t *out,
		  struct text *number)
{
	struct text name = credit_name(b, k);

	*out = 0;
	*number = (struct text){"", 0};
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;
		int64_t before = *out;

		for (size_t r = 0; r < doc->n_reductions && doc->kind == DOCUMENT_INVOICE; r++)
			if (doc->reductions[r].kind == REDUCTION_CREDIT &&
			    text_eq(doc->reductions[r].charge, k->rule) &&
			    text_eq(doc->reductions[r].month, k->month) &&
			    !add_to(out, reduction_amount(doc, &doc->reductions[r])))
				return false;
		for (size_t d = 0; d < doc->n_deductions; d++)
			if (doc->deductions[d].kind == DEDUCTION_DAMAGES &&
			    text_eq(doc->deductions[d].reference, name) &&
			    !add_to(out, doc->deductions[d].amount))
				return false;
		for (size_t l = 0; l < doc->n_lines && text_is(doc->reason, "service_credit"); l++)
			if (text_eq(doc->lines[l].part, name) &&
			    !add_to(out, line_amount(doc, &doc->lines[l])))
				return false;
		if (*out != before)
			*number = doc->number;
	}
	return true;
}

static void wait(struct biller *b, const struct earned_credit *k, int64_t amount)
{
	b->waiting = arena_grow(b->arena, b->waiting, b->n_waiting, &b->waiting_cap,
				sizeof(*b->waiting));
	b->waiting[b->n_waiting] = *k;
	b->waiting[b->n_waiting++].amount = amount;
}

static void to_note(struct biller *b, const struct earned_credit *k, int64_t amount)
{
	b->noted = arena_grow(b->arena, b->noted, b->n_noted, &b->noted_cap, sizeof(*b->noted));
	b->noted[b->n_noted] = *k;
	b->noted[b->n_noted++].amount = amount;
}

static void lapsed(struct biller *b, const struct earned_credit *k, int64_t amount)
{
	note_add(b, (struct invoice_note){.kind = NOTE_LATE_CREDIT,
					  .what = STEP_LAPSED,
					  .subject = credit_name(b, k),
					  .date = k->expires,
					  .amount = amount,
					  .entry = -1});
}

/* R62: what is left of a credit when there is nothing to lower, or not enough of it. */
static void keep(struct biller *b, const struct earned_credit *k, int64_t amount)
{
	if (amount <= 0)
		return;
	if (!b->in->final)
		wait(b, k, amount);
	else if (k->lapses_at_end)
		lapsed(b, k, amount);
	else
		to_note(b, k, amount);
}

/* --- R61: over the tax categories of its base charges --- */

struct bucket {
	struct text category; /* empty: without tax */
	int64_t net;
	int tax; /* on the draft: an index, -1 without a category; -2: the draft has no such category */
};

struct buckets {
	struct biller *b;
	struct bucket *v;
	size_t n, cap;
};

static struct bucket *bucket_of(struct buckets *s, struct text category)
{
	struct biller *b = s->b;
	int tax = category.n == 0 ? -1 : -2;

	for (size_t i = 0; i < s->n; i++)
		if (text_eq(s->v[i].category, category))
			return &s->v[i];
	for (size_t i = b->n_taxes; i > 0 && category.n > 0; i--)
		if (text_eq(b->taxes[i - 1].category, category))
			tax = (int)i - 1;
	s->v = arena_grow(b->arena, s->v, s->n, &s->cap, sizeof(*s->v));
	s->v[s->n] = (struct bucket){category, 0, tax};
	return &s->v[s->n++];
}

static bool is_base(const struct biller *b, const struct earned_credit *k, struct text charge)
{
	const struct promise *p = b->c->versions[k->version].pricing->promise;

	if (k->base_charges == NULL || k->base_charges->n == 0)
		return true;
	for (size_t i = 0; i < k->base_charges->n; i++)
		if (text_eq(p->charges[k->base_charges->v[i]].id, charge))
			return true;
	return false;
}

/* No fee of a month: what a commitment or leaving costs. */
static bool is_apart(enum due_class class)
{
	return class == DUE_TRUE_UP || class == DUE_EXIT;
}

static struct days month_days(const struct earned_credit *k)
{
	struct days d = {0, 0};

	if (month_parse(k->month, &d.from))
		d.to = day_add_months(d.from, 1);
	return d;
}

/* The share of an item's net that lies in the month. */
static bool in_month(const struct biller *b, struct days item, struct days month, int64_t net,
		     int64_t *out)
{
	struct days both = days_both(item, month);

	*out = 0;
	if (days_empty(both) || net <= 0)
		return true;
	return billing_share(b, net, fraction_of(both.to - both.from, item.to - item.from), out);
}

static bool fill(struct buckets *s, const struct earned_credit *k)
{
	struct biller *b = s->b;
	struct days month = month_days(k);
	int64_t net, part;
	size_t known;

	for (size_t i = 0; i < b->n_dues; i++) {
		const struct due *d = &b->dues[i];

		net = d->carried != NULL ? d->carried->billed : 0;
		if (!is_base(b, k, d->charge) || is_apart(d->class))
			continue;
		if (!add_to(&net, d->diff) || !in_month(b, d->item, month, net, &part))
			return false;
		if (part > 0 &&
		    !add_to(&bucket_of(s, d->untaxed ? (struct text){"", 0} : d->tax.category)->net,
			    part))
			return false;
	}
	for (size_t i = 0; i < b->n_carried; i++) {
		const struct carried *c = &b->carried[i];
		struct text category = {"", 0};

		if (c->matched || is_apart(c->class) || !is_base(b, k, c->charge))
			continue;
		if (!in_month(b, c->item, month, c->billed, &part))
			return false;
		if (c->last_line != NULL && c->last_line->tax >= 0)
			category = c->last_line->category;
		if (part > 0 && !add_to(&bucket_of(s, category)->net, part))
			return false;
	}
	known = s->n;
	/* nothing known of that month: what stands on this document */
	for (size_t i = 0; i < b->n_lines && known == 0; i++)
		if (is_base(b, k, b->lines[i].charge) && b->lines[i].net > 0 &&
		    !add_to(&bucket_of(s, b->lines[i].category)->net, b->lines[i].net))
			return false;
	if (s->n == 0 && b->n_lines > 0)
		(void)bucket_of(s, b->lines[0].category);
	return true;
}

int64_t billing_room(const struct biller *b, int tax)
{
	int64_t sum = 0;

	for (size_t i = 0; i < b->n_lines; i++)
		if (b->lines[i].tax == tax && !add_to(&sum, b->lines[i].net))
			return 0;
	for (size_t i = 0; i < b->n_reductions; i++)
		if (b->reductions[i].tax == tax && !take_from(&sum, b->reductions[i].amount))
			return 0;
	return sum > 0 ? sum : 0;
}

static void put_credit(struct biller *b, const struct earned_credit *k, const struct bucket *to,
		       int64_t amount, int64_t before)
{
	struct step more[3];
	size_t n = 0;
	struct invoice_reduction r = {.kind = REDUCTION_CREDIT,
				      .charge = k->rule,
				      .name = k->name,
				      .clause = k->clause,
				      .rule = billing_rule(b, 61),
				      .metric = k->metric,
				      .month = k->month,
				      .amount = amount,
				      .tax = to->tax,
				      .category = to->category};
	struct fraction part;
	int64_t whole;

	more[n++] = step_money(STEP_CREDIT, 61, k->amount);
	if (before != 0)
		more[n++] = step_money(STEP_ALREADY_BILLED, 98, before);
	if (amount != k->amount)
		more[n++] = step_money(STEP_SHARE, 61, amount);
	/* a percentage is printed only where it gives the amount to the cent (R154 A2) */
	if (k->pct.units > 0 &&
	    fraction_try_div(fraction_of_decimal(k->pct), fraction_of(100, 1), &part) &&
	    billing_share(b, k->base, part, &whole) && whole == amount) {
		r.base = k->base;
		r.pct = k->pct;
	}
	r.steps = steps_copy(b, more, n, k->steps, k->n_steps, &r.n_steps);
	b->reductions = arena_grow(b->arena, b->reductions, b->n_reductions, &b->reductions_cap,
				   sizeof(*b->reductions));
	b->reductions[b->n_reductions++] = r;
}

static enum rc give(struct biller *b, const struct earned_credit *k, int64_t rest, int64_t before)
{
	struct buckets s = {.b = b};
	int64_t *weights, *parts, left = 0;

	if (b->n_lines == 0) {
		keep(b, k, rest);
		return RC_OK;
	}
	if (!fill(&s, k))
		return billing_too_large(b, k->rule);
	weights = arena_array(b->arena, int64_t, s.n);
	parts = arena_array(b->arena, int64_t, s.n);
	for (size_t i = 0; i < s.n; i++)
		weights[i] = s.v[i].net;
	billing_proportion(b, rest, weights, s.n, parts);
	for (size_t i = 0; i < s.n; i++) {
		int64_t space = s.v[i].tax == -2 ? 0 : billing_room(b, s.v[i].tax);
		int64_t amount = parts[i] > space ? space : parts[i];

		if (s.v[i].tax == -2)
			amount = 0;
		left += parts[i] - amount;
		if (amount != 0)
			put_credit(b, k, &s.v[i], amount, before);
	}
	keep(b, k, left);
	return RC_OK;
}

static int by_month_then_order(const void *p, const void *q)
{
	const struct earned_credit *const *x = p, *const *y = q;
	int order = text_cmp((*x)->month, (*y)->month);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

static const struct earned_credit **in_order(struct biller *b)
{
	const struct earned_credit **v =
		arena_array(b->arena, const struct earned_credit *, b->in->n_credits);

	/* all of one array, so their places are an order that does not depend on memory */
	for (size_t i = 0; i < b->in->n_credits; i++)
		v[i] = &b->in->credits[i];
	sort(v, b->in->n_credits, sizeof(const struct earned_credit *), by_month_then_order);
	return v;
}

/* What is left to give of a credit now; 0: nothing. */
static enum rc rest_of(struct biller *b, const struct earned_credit *k, int64_t *rest,
		       int64_t *before)
{
	struct text number;

	*rest = 0;
	if (!credit_given(b, k, before, &number))
		return billing_too_large(b, k->rule);
	if (!k->due && *before == 0)
		return RC_OK;
	*rest = k->due ? k->amount : 0;
	if (!take_from(rest, *before))
		return billing_too_large(b, k->rule);
	if (*rest > 0 && k->expires != DAY_NONE && b->in->date > k->expires) {
		lapsed(b, k, *rest);
		*rest = 0;
	}
	return RC_OK;
}

enum rc credits_apply(struct biller *b)
{
	const struct earned_credit **v = in_order(b);

	for (size_t i = 0; i < b->in->n_credits; i++) {
		int64_t rest = 0, before = 0;
		enum rc rc;

		if (v[i]->damages)
			continue;
		rc = rest_of(b, v[i], &rest, &before);
		if (rc != RC_OK)
			return rc;
		if (rest > 0 && v[i]->apply_to != CREDIT_ON_INVOICE)
			to_note(b, v[i], rest);
		else if (rest != 0)
			rc = give(b, v[i], rest, before);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- after tax --- */

static void deduct(struct biller *b, struct invoice_deduction d, int64_t *left)
{
	if (d.amount > *left)
		d.amount = *left;
	if (d.amount == 0)
		return;
	b->deductions = arena_grow(b->arena, b->deductions, b->n_deductions, &b->deductions_cap,
				   sizeof(*b->deductions));
	b->deductions[b->n_deductions++] = d;
	*left -= d.amount;
}

static enum rc deduct_damages(struct biller *b, int64_t *left)
{
	const struct earned_credit **v = in_order(b);

	for (size_t i = 0; i < b->in->n_credits; i++) {
		int64_t rest = 0, before = 0;
		struct step *steps = arena_array(b->arena, struct step, 1);
		enum rc rc;

		if (!v[i]->damages)
			continue;
		rc = rest_of(b, v[i], &rest, &before);
		if (rc != RC_OK)
			return rc;
		steps[0] = step_money(STEP_CREDIT, 61, v[i]->amount);
		if (rest > *left) {
			keep(b, v[i], rest - *left);
			rest = *left;
		}
		deduct(b,
		       (struct invoice_deduction){.kind = DEDUCTION_DAMAGES,
						  .reference = credit_name(b, v[i]),
						  .amount = rest,
						  .steps = steps,
						  .n_steps = 1},
		       left);
	}
	return RC_OK;
}

/* R60 steps 7 to 9; the sums before them are known. */
enum rc deductions_make(struct biller *b)
{
	struct invoice *i = b->draft;
	int64_t left = i->gross > 0 ? i->gross : 0, cash = b->in->settings->cash_rounding;
	enum rc rc = deduct_damages(b, &left);

	if (rc != RC_OK)
		return rc;
	for (size_t k = 0; k < b->in->n_open && left > 0; k++)
		if (b->in->open[k].amount > 0)
			deduct(b, b->in->open[k], &left);
	i->deductions = b->deductions;
	i->n_deductions = b->n_deductions;
	i->sum_deductions = i->rounding = 0;
	for (size_t k = 0; k < b->n_deductions; k++)
		i->sum_deductions += b->deductions[k].amount;
	i->payable = i->gross - i->sum_deductions;
	if (cash > 1) {
		int64_t times = 0;

		/* R84: only what is due is rounded */
		if (!billing_share(b, i->payable, fraction_of(1, cash), &times) ||
		    __builtin_mul_overflow(times, cash, &i->rounding) ||
		    !take_from(&i->rounding, i->payable) || !add_to(&i->payable, i->rounding))
			return billing_too_large(b, text_of("document"));
	}
	assert(i->gross - i->sum_deductions + i->rounding == i->payable && "R76");
	return RC_OK;
}

enum rc billing_credit_open(struct arena *a, const struct billing_input *in,
			    const struct earned_credit *k, int64_t *open, struct err *err)
{
	struct biller b = {.arena = a, .in = in, .err = err};
	int64_t before = 0;

	return rest_of(&b, k, open, &before);
}
