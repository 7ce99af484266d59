/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank_match.h"

#include "money/exact.h"

#include <assert.h>
#include <string.h>

struct matching {
	struct arena *arena;
	struct bank_books *books;
	struct err *err;
};

const char *bank_fate_word(enum bank_fate f)
{
	static const char *const words[] = {[BANK_MATCHED] = "matched",
					    [BANK_ACCEPTED] = "accepted",
					    [BANK_AGAIN] = "again",
					    [BANK_PROPOSED] = "proposed",
					    [BANK_LEFT_OUT] = "left_out"};

	assert((unsigned)f < ARRAY_SIZE(words));
	return words[f];
}

static void candidate(struct matching *m, struct bank_result *r, const struct bank_open *o)
{
	r->candidates = arena_grow(m->arena, r->candidates, r->n_candidates, &r->cap,
				   sizeof(const struct bank_open *));
	r->candidates[r->n_candidates++] = o;
}

static void left_out(struct bank_result *r, const char *why)
{
	r->fate = BANK_LEFT_OUT;
	r->why = text_of(why);
}

/* Whole minor units above zero; false: it is no such amount. */
static bool minor_of(struct text amount, struct currency c, int64_t *out)
{
	struct err ignored = {.line = 0};
	struct decimal d;
	struct exact x;

	if (exact_parse_written(amount, &x, &ignored) != RC_OK || !exact_to_decimal(x, &d) ||
	    d.scale > c.decimals)
		return false;
	*out = d.units;
	for (unsigned i = d.scale; i < c.decimals; i++)
		if (__builtin_mul_overflow(*out, 10, out))
			return false;
	return *out > 0;
}

static bool has_currency(const struct bank_books *b, struct text code, struct currency *out)
{
	for (size_t i = 0; i < b->n_open; i++)
		if (text_is(code, b->open[i].currency.code)) {
			*out = b->open[i].currency;
			return true;
		}
	return false;
}

/* Is it a credit that arrived, in a currency that invoices are in? */
static bool is_payment(const struct matching *m, struct bank_result *r)
{
	const struct camt_entry *e = r->entry;
	struct currency currency;

	if (!e->credit)
		left_out(r, "a debit");
	else if (e->reversal)
		left_out(r, "a reversal: \"tenor fact add payment.returned\" says which payment");
	else if (!e->booked)
		left_out(r, "not booked yet");
	else if (e->aside.n > 0) {
		r->fate = BANK_LEFT_OUT;
		r->why = e->aside;
	} else if (e->date == DAY_NONE)
		left_out(r, "no date of value or booking");
	else if (!has_currency(m->books, e->currency, &currency))
		left_out(r, "no invoice is in this currency");
	else if (!minor_of(e->amount, currency, &r->minor))
		left_out(r, "no amount above zero with the decimals of its currency");
	else
		return true;
	return false;
}

static bool says(struct text t, const struct bank_open *o)
{
	return text_eq_nocase(t, o->number);
}

/* Is the number one of its references, alone? */
static bool refers(const struct camt_entry *e, const struct bank_open *o)
{
	return says(e->end_to_end, o) || says(e->structured, o) || says(e->remittance, o);
}

static bool is_part_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-';
}

/* Among other words, not as part of a longer number. */
static bool mentions(struct text t, const struct bank_open *o)
{
	size_t n = o->number.n;

	for (size_t i = 0; i + n <= t.n; i++)
		if (text_eq_nocase(text_sub(t, i, i + n), o->number) &&
		    (i == 0 || !is_part_of_word(t.p[i - 1])) &&
		    (i + n == t.n || !is_part_of_word(t.p[i + n])))
			return true;
	return false;
}

static bool in_currency(const struct bank_result *r, const struct bank_open *o)
{
	return text_is(r->entry->currency, o->currency.code);
}

static void by_amount(struct matching *m, struct bank_result *r)
{
	const struct camt_entry *e = r->entry;
	bool any = e->end_to_end.n + e->structured.n + e->remittance.n > 0;

	for (size_t i = 0; i < m->books->n_open; i++) {
		const struct bank_open *o = &m->books->open[i];

		if (o->open == r->minor && in_currency(r, o))
			candidate(m, r, o);
	}
	if (r->n_candidates > 1)
		r->why = text_of(any ? "unknown reference, and several invoices have this amount"
				     : "no reference, and several invoices have this amount");
	else if (r->n_candidates == 1)
		r->why = text_of(any ? "unknown reference; one invoice has this amount"
				     : "no reference; one invoice has this amount");
	else
		r->why = text_of(any ? "unknown reference, and no invoice has this amount"
				     : "no reference, and no invoice has this amount");
}

static void one_named(struct bank_result *r, struct bank_open *o, bool alone)
{
	if (!in_currency(r, o))
		r->why = text_of("the invoice named is in another currency");
	else if (o->open == 0)
		r->why = text_of("nothing is open of the invoice named");
	else if (o->open != r->minor)
		r->why = text_of("the amount differs from what is open of the invoice named");
	else if (!alone)
		r->why = text_of("the number stands among other words");
	else {
		r->fate = BANK_MATCHED;
		r->contract = o->contract;
		r->invoice = o->number;
		o->open = 0;
	}
}

static void match(struct matching *m, struct bank_result *r)
{
	struct bank_open *named = NULL;
	bool alone = false;

	r->fate = BANK_PROPOSED;
	if (r->entry->lumped) {
		r->why = text_of("several payments in one amount, which the statement does not say "
				 "apart");
		return;
	}
	for (size_t i = 0; i < m->books->n_open; i++) {
		struct bank_open *o = &m->books->open[i];

		if (!refers(r->entry, o) && !mentions(r->entry->remittance, o))
			continue;
		candidate(m, r, o);
		alone = refers(r->entry, o);
		named = o;
	}
	if (named == NULL)
		by_amount(m, r);
	else if (r->n_candidates > 1)
		r->why = text_of("several invoices are named");
	else
		one_named(r, named, alone);
}

/* Also under the id that the bank gave, if a person or another file recorded it. */
static const struct bank_known *known(const struct matching *m, const struct camt_entry *e)
{
	for (size_t i = 0; i < m->books->n_known; i++)
		if (text_eq(m->books->known[i].payment, e->id) ||
		    (e->as_given.n > 0 && text_eq(m->books->known[i].payment, e->as_given)))
			return &m->books->known[i];
	return NULL;
}

static struct bank_open *numbered(struct matching *m, struct text number)
{
	for (size_t i = 0; i < m->books->n_open; i++)
		if (text_eq(m->books->open[i].number, number))
			return &m->books->open[i];
	return NULL;
}

static enum rc accept(struct matching *m, struct bank_result *r, struct bank_accept *accepts,
		      size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct bank_open *o;

		if (!text_eq(accepts[i].entry, r->entry->id))
			continue;
		accepts[i].used = true;
		o = numbered(m, accepts[i].number);
		if (o == NULL) {
			err_hint(err, "\"tenor receivables\" and \"tenor invoice list\" name those "
				      "there are");
			return err_set(err, RC_MISSING, "there is no invoice '%.*s'",
				       TEXT_ARG(accepts[i].number));
		}
		if (!in_currency(r, o)) {
			err_hint(err, "record what the bank credited");
			return err_set(err, RC_INVALID,
				       "payment currency is '%.*s', the contract's is %s",
				       TEXT_ARG(r->entry->currency), o->currency.code);
		}
		r->fate = BANK_ACCEPTED;
		r->contract = o->contract;
		r->invoice = o->number;
		o->open = o->open > r->minor ? o->open - r->minor : 0;
		return RC_OK;
	}
	return RC_OK;
}

static enum rc all_used(const struct bank_accept *accepts, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!accepts[i].used) {
			err_hint(err, "tenor bank import FILE --dry-run shows the entries");
			return err_set(err, RC_MISSING,
				       "the statement has no payment '%.*s' to be recorded",
				       TEXT_ARG(accepts[i].entry));
		}
	return RC_OK;
}

enum rc bank_match(struct arena *a, const struct camt *statement, struct bank_books *books,
		   struct bank_accept *accepts, size_t n_accepts, struct bank_result **out,
		   struct err *err)
{
	struct bank_result *v = arena_array(a, struct bank_result, statement->n + 1);
	struct matching m = {a, books, err};
	enum rc rc = RC_OK;

	/* What a person decided comes before what is worked out: it leaves less open. */
	for (size_t i = 0; i < statement->n && rc == RC_OK; i++) {
		const struct bank_known *k = known(&m, &statement->entries[i]);

		v[i].entry = &statement->entries[i];
		v[i].fate = BANK_PROPOSED;
		if (!is_payment(&m, &v[i]))
			continue;
		if (k != NULL) {
			v[i].fate = BANK_AGAIN;
			v[i].contract = k->contract;
			for (size_t n = 0; n < n_accepts; n++)
				accepts[n].used = accepts[n].used ||
						  text_eq(accepts[n].entry, v[i].entry->id);
			continue;
		}
		rc = accept(&m, &v[i], accepts, n_accepts, err);
	}
	if (rc == RC_OK)
		rc = all_used(accepts, n_accepts, err);
	for (size_t i = 0; i < statement->n && rc == RC_OK; i++)
		if (v[i].fate == BANK_PROPOSED)
			match(&m, &v[i]);
	if (rc == RC_OK)
		*out = v;
	return rc;
}
