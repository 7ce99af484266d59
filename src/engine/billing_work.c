/* SPDX-License-Identifier: Apache-2.0 */
/* Small things that the files of billing share. Nothing is decided here. */
#include "engine/billing_parts.h"

#include <assert.h>
#include <string.h>

bool add_to(int64_t *sum, int64_t more)
{
	return !__builtin_add_overflow(*sum, more, sum);
}

bool take_from(int64_t *sum, int64_t less)
{
	return !__builtin_sub_overflow(*sum, less, sum);
}

enum rc billing_too_large(struct biller *b, struct text what)
{
	err_key(b->err, what);
	return err_set(b->err, RC_LIMIT,
		       "amount too large: '%.*s': more than 64 bits of minor units",
		       TEXT_ARG(what));
}

int64_t line_amount(const struct invoice *i, const struct invoice_line *l)
{
	return i->tax_included ? l->gross : l->net;
}

int64_t reduction_amount(const struct invoice *i, const struct invoice_reduction *r)
{
	return i->tax_included ? r->gross : r->amount;
}

bool billing_share(const struct biller *b, int64_t amount, struct fraction share, int64_t *out)
{
	struct fraction exact;
	struct decimal d;

	if (!fraction_try_mul(fraction_of(amount, 1), share, &exact) ||
	    !fraction_try_round(exact, 0, b->mode, &d))
		return false;
	*out = d.units;
	return true;
}

bool carried_printed(const struct biller *b, const struct carried *k, int64_t *out)
{
	if (b->exact)
		return charge_round(b->c, k->exact, out);
	*out = k->billed;
	return true;
}

bool due_printed(const struct biller *b, const struct due *d, int64_t *out)
{
	struct fraction exact = d->exact_diff;

	if (b->exact)
		return (d->carried == NULL || fraction_try_add(exact, d->carried->exact, &exact)) &&
		       charge_round(b->c, exact, out);
	*out = d->carried != NULL ? d->carried->billed : 0;
	return add_to(out, d->diff);
}

bool billing_split(struct biller *b, int64_t total, const struct fraction *exact, size_t n,
		   int64_t *parts)
{
	struct fraction *units = arena_array(b->arena, struct fraction, n);
	struct money *split = arena_array(b->arena, struct money, n);
	struct fraction one = money_exact((struct money){1, b->c->currency});

	for (size_t i = 0; i < n; i++)
		if (!fraction_try_mul(exact[i], one, &units[i]))
			return false;
	if (!money_round_to(b->arena, (struct money){total, b->c->currency}, units, n, split))
		return false;
	for (size_t i = 0; i < n; i++)
		parts[i] = split[i].minor;
	return true;
}

void billing_proportion(struct biller *b, int64_t total, const int64_t *weights, size_t n,
			int64_t *parts)
{
	struct fraction *w = arena_array(b->arena, struct fraction, n);
	struct money *split = arena_array(b->arena, struct money, n);
	int64_t whole = total < 0 ? -total : total;

	for (size_t i = 0; i < n; i++)
		w[i] = fraction_of(weights[i] > 0 ? weights[i] : 0, 1);
	if (money_try_allocate((struct money){whole, b->c->currency}, w, n, split)) {
		for (size_t i = 0; i < n; i++)
			parts[i] = total < 0 ? -split[i].minor : split[i].minor;
		return;
	}
	for (size_t i = 0; i < n; i++)
		parts[i] = i == 0 ? total : 0;
}

void park(struct biller *b, struct parked p)
{
	b->parked =
		arena_grow(b->arena, b->parked, b->n_parked, &b->parked_cap, sizeof(*b->parked));
	b->parked[b->n_parked++] = p;
}

void note_add(struct biller *b, struct invoice_note n)
{
	b->notes = arena_grow(b->arena, b->notes, b->n_notes, &b->notes_cap, sizeof(*b->notes));
	b->notes[b->n_notes++] = n;
}

uint16_t version_on(const struct charging *c, day d)
{
	size_t v = c->n_versions - 1;

	while (v > 0 && c->versions[v].from > d)
		v--;
	return (uint16_t)v;
}

enum rc day_after(struct biller *b, const struct pricing *p, const struct timing *t, day from,
		  day *out)
{
	const struct promise *promise = p->promise;
	struct duration_context context = {.zone = promise->zone,
					   .calendar = t->calendar,
					   .business = promise->business,
					   .roll = promise->roll};
	instant at = INSTANT_NONE;
	enum rc rc = duration_add(t->duration, 1, ANCHOR_DATE, zone_midnight(promise->zone, from),
				  &context, &at, b->err);

	/* 24:00 of a day is that day */
	if (rc == RC_OK)
		*out = zone_day(promise->zone, at - 1);
	return rc;
}

bool tax_same(const struct invoice_tax *x, const struct invoice_tax *y)
{
	return text_eq(x->category, y->category) && x->code == y->code &&
	       decimal_cmp(x->rate, y->rate) == 0;
}

int tax_on_draft(struct biller *b, const struct invoice_tax *tax)
{
	for (size_t i = 0; i < b->n_taxes; i++)
		if (tax_same(&b->taxes[i], tax))
			return (int)i;
	b->taxes = arena_grow(b->arena, b->taxes, b->n_taxes, &b->taxes_cap, sizeof(*b->taxes));
	b->taxes[b->n_taxes] = *tax;
	b->taxes[b->n_taxes].base = b->taxes[b->n_taxes].tax = 0;
	return (int)b->n_taxes++;
}

struct text billing_rule(struct biller *b, unsigned rule)
{
	return rule_text(b->arena, rule);
}

struct step *steps_copy(struct biller *b, const struct step *more, size_t n_more,
			const struct step *steps, size_t n, size_t *out)
{
	struct step *v = arena_array(b->arena, struct step, n_more + n);

	if (n_more > 0)
		memcpy(v, more, n_more * sizeof(*v));
	if (n > 0)
		memcpy(v + n_more, steps, n * sizeof(*v));
	*out = n_more + n;
	return v;
}
