/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of billing: one document, step by step in the order of R60 (money.md), tried again where a correction would take a tax
 * or the total below zero and so belongs on a credit note (R92). The steps are billing_*.c; nothing is decided twice.
 */
#include "engine/billing.h"

#include "engine/billing_parts.h"
#include "engine/invoice_json.h"

#include <assert.h>

const char *parked_word(enum parked_why w)
{
	static const char *const words[] = {
		[PARKED_TOTAL] = "total",       [PARKED_COUNT] = "count",
		[PARKED_PERIODS] = "periods",   [PARKED_LINES] = "lines",
		[PARKED_NEGATIVE] = "negative", [PARKED_OVERFLOW] = "overflow",
		[PARKED_OVERLAP] = "overlap",   [PARKED_REVERSE_CHARGE] = "reverse_charge",
		[PARKED_CHANGED] = "changed"};

	assert((size_t)w < ARRAY_SIZE(words));
	return words[w];
}

static void instead(struct text *of, struct text set)
{
	if (set.n > 0)
		*of = set;
}

void seller_put(const struct seller *s, struct invoice *i)
{
	struct party_details *to = &i->provider;
	const struct party_details *set;

	if (s == NULL)
		return;
	set = &s->details;
	instead(&to->legal_name, set->legal_name);
	instead(&to->registration_no, set->registration_no);
	instead(&to->tax_id, set->tax_id);
	instead(&to->vat_id, set->vat_id);
	instead(&to->e_address, set->e_address);
	instead(&to->city, set->city);
	instead(&to->postcode, set->postcode);
	instead(&to->country, set->country);
	instead(&to->email, set->email);
	if (set->n_lines > 0) {
		to->lines = set->lines;
		to->n_lines = set->n_lines;
	}
	i->iban = i->kind == DOCUMENT_CREDIT_NOTE ? (struct text){"", 0} : s->iban;
	i->bic = i->kind == DOCUMENT_CREDIT_NOTE ? (struct text){"", 0} : s->bic;
}

/* Everything that does not depend on what is billed. */
static struct invoice *head(struct biller *b)
{
	const struct billing_input *in = b->in;
	const struct pricing *p = b->pricing;
	struct invoice *i = arena_one(b->arena, struct invoice);

	i->kind = DOCUMENT_INVOICE;
	i->date = in->date;
	i->due = i->dispute_until = i->corrected_date = DAY_NONE;
	i->run = b->c->on;
	i->currency = b->c->currency;
	i->mode = b->mode;
	i->language = p->promise->language;
	i->contract = p->promise->id;
	i->title = p->promise->title;
	i->order_reference = p->invoicing.order_reference;
	i->payment_reference = in->payment_reference;
	i->provider = p->provider;
	seller_put(in->settings->seller, i);
	i->client = p->client;
	i->version = b->c->versions[b->version].hash;
	i->as_of = in->as_of;
	i->known_as_of = in->known_as_of;
	i->log_size = in->log_size;
	i->root = in->root;
	i->origin = in->origin;
	i->instructions = p->payment.instructions;
	i->tax_included = b->gross;
	return i;
}

static void clear_draft(struct biller *b)
{
	b->n_lines = b->n_reductions = b->n_taxes = b->n_deductions = 0;
	b->n_credited = b->n_waiting = b->n_noted = 0;
	/* arrays that a draft points into are not written again */
	b->lines = NULL;
	b->reductions = NULL;
	b->taxes = NULL;
	b->deductions = NULL;
	b->lines_cap = b->reductions_cap = b->taxes_cap = b->deductions_cap = 0;
}

/* --- R92 --- */

/* Net of the lines with that tax; -1: of those without; -2: of all. */
static int64_t net_of(const struct biller *b, int tax)
{
	int64_t sum = 0;

	for (size_t i = 0; i < b->n_lines; i++)
		if ((tax == -2 || b->lines[i].tax == tax) && !add_to(&sum, b->lines[i].net))
			return 0;
	return sum;
}

/* Corrections that take something away and can go on a note; true: there were some. */
static bool send_to_notes(struct biller *b, int tax)
{
	bool any = false;

	for (size_t i = 0; i < b->n_dues; i++) {
		struct due *d = &b->dues[i];

		if (d->goes != GOES_CORRECTION || d->diff >= 0 || d->carried == NULL ||
		    d->n_on_paper == 0)
			continue;
		if (tax != -2 && b->lines[d->first_line - 1].tax != tax)
			continue;
		d->goes = GOES_NOTE;
		any = true;
	}
	return any;
}

/* true: the lines have to be made again. */
static bool below_zero(struct biller *b)
{
	bool again = net_of(b, -2) < 0 && send_to_notes(b, -2);

	for (int tax = -1; tax < (int)b->n_taxes && !again; tax++)
		again = net_of(b, tax) < 0 && send_to_notes(b, tax);
	return again;
}

/* --- one document --- */

static enum rc compose(struct biller *b)
{
	enum rc rc;

	do {
		clear_draft(b);
		rc = lines_make(b);
		if (rc != RC_OK)
			return rc;
	} while (below_zero(b));
	if (b->n_lines > 0)
		rc = discounts_make(b);
	if (rc == RC_OK)
		rc = credits_apply(b);
	if (rc != RC_OK || b->n_lines == 0)
		return rc;
	b->draft->lines = b->lines;
	b->draft->n_lines = b->n_lines;
	b->draft->reductions = b->reductions;
	b->draft->n_reductions = b->n_reductions;
	b->draft->taxes = b->taxes;
	b->draft->n_taxes = b->n_taxes;
	rc = invoice_total(b->draft, b->pricing, b->arena, b->err);
	return rc == RC_OK ? deductions_make(b) : rc;
}

/* R74: a person let exactly these bytes pass. */
static bool is_released(const struct biller *b)
{
	static const struct hash none = {{0}};
	struct hash h = {{0}};
	struct buf bytes;
	bool same = true, zero = true;
	enum { MOST = 1 << 26 };

	for (size_t i = 0; i < sizeof(none.b); i++)
		zero = zero && b->in->released.b[i] == none.b[i];
	if (zero || b->n_lines == 0)
		return false;
	buf_init(&bytes, MOST);
	invoice_json(b->draft, INVOICE_SUBSTANCE, &bytes);
	sha256(buf_view(&bytes), h.b);
	for (size_t i = 0; i < sizeof(h.b); i++)
		same = same && h.b[i] == b->in->released.b[i];
	same = same && !bytes.full;
	buf_free(&bytes);
	return same;
}

static enum rc make(struct biller *b)
{
	enum rc rc = ledger_make(b);

	if (rc == RC_OK)
		rc = dues_make(b);
	if (rc == RC_OK)
		rc = compose(b);
	if (rc == RC_OK)
		rc = notes_make(b);
	if (rc != RC_OK || b->n_lines == 0)
		return rc;
	rc = rest_make(b);
	if (rc == RC_OK)
		rc = invoice_fits(b->draft, b->err);
	if (rc == RC_OK)
		rc = bounds_check(b);
	if (rc == RC_OK && b->n_parked > 0 && is_released(b))
		b->n_parked = 0;
	return rc;
}

static struct biller biller_of(struct arena *a, const struct billing_input *in, struct err *err)
{
	uint16_t version = version_on(in->charging, in->date);
	const struct pricing *p = in->charging->versions[version].pricing;
	struct biller b = {.arena = a,
			   .in = in,
			   .c = in->charging,
			   .err = err,
			   .version = version,
			   .pricing = p,
			   .mode = p->promise->rounding,
			   .gross = p->prices_include_tax,
			   .exact = p->promise->round_document};

	b.draft = head(&b);
	return b;
}

/* Steps 1 to 4 of R60, without looking at corrections that belong on a note. */
static enum rc make_sums(struct biller *b)
{
	enum rc rc = ledger_make(b);

	if (rc == RC_OK)
		rc = dues_make(b);
	if (rc == RC_OK)
		rc = lines_make(b);
	return rc == RC_OK ? discounts_make(b) : rc;
}

enum rc billing_nets(struct arena *a, const struct billing_input *in, struct month_net **out,
		     size_t *n, struct err *err)
{
	struct biller b = biller_of(a, in, err);
	enum rc rc = make_sums(&b);

	if (rc != RC_OK)
		return rc;
	*out = b.nets;
	*n = b.n_nets;
	return RC_OK;
}

static enum billed_kind kind_of_due(const struct due *d)
{
	switch (d->class) {
	case DUE_MINIMUM:
		return BILLED_MINIMUM;
	case DUE_TRUE_UP:
		return BILLED_TRUE_UP;
	case DUE_ITEM:
	case DUE_EXIT:
		break;
	}
	return BILLED_CHARGE;
}

static struct billed_sum sum_of_reduction(const struct biller *b, const struct invoice_reduction *r)
{
	struct billed_sum s = {.kind = r->kind == REDUCTION_MAXIMUM ? BILLED_MAXIMUM
								    : BILLED_DISCOUNT,
			       .charge = r->charge,
			       .item = r->item,
			       .slot = -1,
			       .amount = -r->amount,
			       .taxed = r->tax >= 0};

	for (size_t i = 0; i < b->c->n_slots; i++)
		if (text_eq(b->c->slots[i].id, r->charge)) {
			s.slot = (int)i;
			s.version = slot_version_on(b->c, i, r->item.from);
		}
	if (r->tax >= 0)
		s.tax = b->taxes[r->tax];
	return s;
}

enum rc billing_sums(struct arena *a, const struct billing_input *in, struct billed_sum **out,
		     size_t *n, struct err *err)
{
	struct biller b = biller_of(a, in, err);
	enum rc rc;

	assert(in->n_issued == 0);
	rc = make_sums(&b);
	if (rc != RC_OK)
		return rc;
	*n = 0;
	*out = arena_array(a, struct billed_sum, b.n_dues + b.n_reductions);
	for (size_t i = 0; i < b.n_dues; i++) {
		const struct due *d = &b.dues[i];
		struct billed_sum *s = &(*out)[*n];

		*s = (struct billed_sum){.kind = kind_of_due(d),
					 .charge = d->charge,
					 .part = d->part,
					 .item = d->item,
					 .version = d->version,
					 .slot = d->slot,
					 .taxed = !d->untaxed,
					 .tax = d->tax,
					 .lines = d->class == DUE_ITEM ? d->lines : NULL,
					 .n_lines = d->class == DUE_ITEM ? d->n_lines : 0};
		if (!due_printed(&b, d, &s->amount))
			return billing_too_large(&b, d->charge);
		(*n)++;
	}
	for (size_t i = 0; i < b.n_reductions; i++)
		(*out)[(*n)++] = sum_of_reduction(&b, &b.reductions[i]);
	return RC_OK;
}

/* rows NULL: nobody asks what became of earlier documents. */
static enum rc bill(struct arena *a, const struct billing_input *in, struct billing *out,
		    struct restated **rows, size_t *n, struct err *err)
{
	struct biller b = biller_of(a, in, err);
	enum rc rc = make(&b);

	if (rc == RC_OK && rows != NULL)
		rc = restated_make(&b, rows, n);
	if (rc == RC_LIMIT && rows == NULL) {
		/* R82: what does not fit parks the account, the run goes on with the others */
		b.n_parked = b.n_lines = b.n_credit_notes = b.n_waiting = 0;
		park(&b, (struct parked){.why = PARKED_OVERFLOW,
					 .what = text_copy(a, text_of(err->key))});
		rc = RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	*out = (struct billing){.invoice = b.n_lines > 0 ? b.draft : NULL,
				.credit_notes = b.credit_notes,
				.n_credit_notes = b.n_credit_notes,
				.parked = b.parked,
				.n_parked = b.n_parked,
				.waiting = b.waiting,
				.n_waiting = b.n_waiting};
	return RC_OK;
}

enum rc billing_make(struct arena *a, const struct billing_input *in, struct billing *out,
		     struct err *err)
{
	size_t none = 0;

	return bill(a, in, out, NULL, &none, err);
}

enum rc billing_restate(struct arena *a, const struct billing_input *in, struct billing *out,
			struct restated **rows, size_t *n, struct err *err)
{
	*rows = NULL;
	*n = 0;
	return bill(a, in, out, rows, n, err);
}
