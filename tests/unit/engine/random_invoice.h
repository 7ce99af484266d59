/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of random content, every member of them used, from a seed. Their numbers mean nothing: they are to be written and read. */
#ifndef TEST_RANDOM_INVOICE_H
#define TEST_RANDOM_INVOICE_H

#include "engine/invoice_json.h"

#include "tap.h"

struct random_source {
	struct arena *arena;
	uint64_t state;
	struct currency currency;
};

/* xorshift64*, in 128 bits so that nothing wraps. */
UNUSED static uint64_t random_next(struct random_source *r)
{
	uint64_t x = r->state;

	x ^= x >> 12;
	x ^= (x & UINT64_C(0x7fffffffff)) << 25;
	x ^= x >> 27;
	r->state = x;
	return (uint64_t)(((u128)x * UINT64_C(2685821657736338717)) & UINT64_MAX);
}

UNUSED static uint64_t random_below(struct random_source *r, uint64_t n)
{
	return random_next(r) % n;
}

static bool random_coin(struct random_source *r)
{
	return random_below(r, 2) == 0;
}

/* Small numbers mostly, sometimes the largest. */
static int64_t random_amount(struct random_source *r)
{
	int64_t v = random_below(r, 9) == 0 ? INT64_MAX - (int64_t)random_below(r, 3)
					    : (int64_t)random_below(r, 1000000);

	return random_coin(r) ? v : -v;
}

static int64_t random_count(struct random_source *r)
{
	return random_below(r, 9) == 0 ? (INT64_C(1) << 53) - 1 : (int64_t)random_below(r, 1000);
}

static struct text random_text(struct random_source *r)
{
	static const char *const words[] = {
		"",
		"care",
		"Managed \"workplace\"",
		"Büro, Straße 1",
		"a\\b/c",
		"2026-03",
		"two\nlines\tand a tab",
		"数量",
		"emoji 😀 ok",
		"0",
		"-",
		"x y z",
	};

	return text_copy(r->arena, text_of(words[random_below(r, ARRAY_SIZE(words))]));
}

static day random_day(struct random_source *r)
{
	return (day)random_below(r, 40000);
}

static struct days random_days(struct random_source *r)
{
	day from = random_day(r);

	return random_below(r, 4) == 0 ? (struct days){0, 0}
				       : (struct days){from, from + (day)random_below(r, 400)};
}

static struct decimal random_decimal(struct random_source *r)
{
	struct decimal d = {random_amount(r), (uint8_t)random_below(r, 10)};

	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

static struct fraction random_fraction(struct random_source *r)
{
	if (random_below(r, 9) == 0)
		return fraction_of((i128)INT64_MAX * INT64_MAX, 7);
	return fraction_of(random_amount(r), 1 + (i128)random_below(r, 400));
}

static struct step random_step(struct random_source *r)
{
	struct step s = {.what = (uint16_t)random_below(r, STEP_COUNT_OF),
			 .rule = (uint16_t)random_below(r, 140),
			 .type = (uint8_t)random_below(r, STEP_IS_PCT + 1),
			 .entry = (int64_t)random_below(r, 500) - 1};

	switch ((enum step_type)s.type) {
	case STEP_IS_COUNT:
		s.value.count = random_count(r);
		break;
	case STEP_IS_MONEY:
		s.value.count = random_amount(r);
		break;
	case STEP_IS_FRACTION:
		s.value.fraction = random_fraction(r);
		break;
	case STEP_IS_DAYS:
		s.value.days = random_days(r);
		break;
	case STEP_IS_WEIGHT:
		s.value.weight = (struct weight){random_count(r), random_count(r)};
		break;
	case STEP_IS_TEXT:
		s.value.text = random_text(r);
		break;
	case STEP_IS_DECIMAL:
	case STEP_IS_PCT:
		s.value.decimal = random_decimal(r);
		break;
	}
	return s;
}

#define RANDOM_LIST(r, type, n, make)                                                              \
	__extension__({                                                                            \
		size_t many = (size_t)random_below((r), 4);                                        \
		type *v = arena_array((r)->arena, type, many);                                     \
		for (size_t at = 0; at < many; at++)                                               \
			v[at] = make(r);                                                           \
		(n) = many;                                                                        \
		v;                                                                                 \
	})

static struct hash random_hash(struct random_source *r)
{
	struct hash h = {{0}};

	if (random_coin(r))
		for (size_t i = 0; i < sizeof(h.b); i++)
			h.b[i] = (unsigned char)random_below(r, 256);
	return h;
}

static struct evidence random_evidence(struct random_source *r)
{
	struct evidence e = {.count = random_count(r)};

	if (random_coin(r))
		return (struct evidence){.count = 0};
	e.kind = random_text(r);
	e.hash = random_hash(r);
	e.entries = RANDOM_LIST(r, int64_t, e.n_entries, random_count);
	return e;
}

static struct invoice_line random_line(struct random_source *r)
{
	struct invoice_line l = {
		.number = random_count(r),
		.of_line = random_count(r),
		.role = (enum line_role)random_below(r, LINE_DUNNING_FEE + 1),
		.charge = random_text(r),
		.part = random_text(r),
		.item_part = random_text(r),
		.item = random_days(r),
		.period = random_days(r),
		.name = random_text(r),
		.clause = random_text(r),
		.type = random_text(r),
		.rule = random_text(r),
		.weight = {random_count(r), random_count(r)},
		.unit = random_text(r),
		.priced = random_coin(r),
		.net = random_amount(r),
		.gross = random_amount(r),
		.counts = random_coin(r),
		.tax = -1,
		.category = random_text(r),
		.corrects = random_text(r),
		.evidence = random_evidence(r),
	};

	if (random_coin(r))
		l.quantity = random_fraction(r);
	if (random_coin(r))
		l.exact = random_fraction(r);
	if (l.priced) {
		l.price = random_decimal(r);
		l.price_base = random_count(r);
	}
	l.steps = RANDOM_LIST(r, struct step, l.n_steps, random_step);
	return l;
}

static struct invoice_reduction random_reduction(struct random_source *r)
{
	struct invoice_reduction d = {
		.kind = (enum reduction_kind)random_below(r, REDUCTION_CREDIT + 1),
		.charge = random_text(r),
		.name = random_text(r),
		.clause = random_text(r),
		.rule = random_text(r),
		.metric = random_text(r),
		.month = random_text(r),
		.base = random_amount(r),
		.pct = random_decimal(r),
		.item = random_days(r),
		.amount = random_amount(r),
		.gross = random_amount(r),
		.tax = -1,
		.category = random_text(r),
	};

	d.lines = RANDOM_LIST(r, int64_t, d.n_lines, random_count);

	int64_t *shares = arena_array(r->arena, int64_t, d.n_lines);

	for (size_t i = 0; i < d.n_lines; i++)
		shares[i] = random_amount(r);
	d.shares = shares;
	d.steps = RANDOM_LIST(r, struct step, d.n_steps, random_step);
	return d;
}

static struct invoice_tax random_tax(struct random_source *r)
{
	return (struct invoice_tax){.category = random_text(r),
				    .name = random_text(r),
				    .reason = random_text(r),
				    .code = (enum tax_code)random_below(r, TAX_O + 1),
				    .rate = random_decimal(r),
				    .base = random_amount(r),
				    .tax = random_amount(r)};
}

static struct invoice_deduction random_deduction(struct random_source *r)
{
	struct invoice_deduction d = {
		.kind = (enum deduction_kind)random_below(r, DEDUCTION_GRANT + 1),
		.reference = random_text(r),
		.amount = random_amount(r)};

	d.steps = RANDOM_LIST(r, struct step, d.n_steps, random_step);
	return d;
}

static struct invoice_balance random_balance(struct random_source *r)
{
	return (struct invoice_balance){.charge = random_text(r),
					.name = random_text(r),
					.opening = random_decimal(r),
					.bought = random_decimal(r),
					.drawn = random_decimal(r),
					.lapsed = random_decimal(r),
					.closing = random_decimal(r),
					.next_expiry = random_coin(r) ? random_day(r) : DAY_NONE,
					.expiring = random_decimal(r)};
}

static struct invoice_unit_change random_unit_change(struct random_source *r)
{
	struct invoice_unit_change x = {.on = random_coin(r) ? random_day(r) : DAY_NONE};

	x.added = RANDOM_LIST(r, struct text, x.n_added, random_text);
	x.removed = RANDOM_LIST(r, struct text, x.n_removed, random_text);
	return x;
}

static struct invoice_annex random_annex(struct random_source *r)
{
	struct invoice_annex x = {.charge = random_text(r),
				  .on = random_coin(r) ? random_day(r) : DAY_NONE,
				  .other_count = (int64_t)random_below(r, 50) - 1};

	x.units = RANDOM_LIST(r, struct text, x.n_units, random_text);
	x.added = RANDOM_LIST(r, struct text, x.n_added, random_text);
	x.removed = RANDOM_LIST(r, struct text, x.n_removed, random_text);
	x.changes = RANDOM_LIST(r, struct invoice_unit_change, x.n_changes, random_unit_change);
	return x;
}

static struct invoice_note random_note(struct random_source *r)
{
	return (struct invoice_note){
		.kind = (enum invoice_note_kind)random_below(r, NOTE_NO_DATA + 1),
		.what = (uint16_t)random_below(r, STEP_COUNT_OF),
		.subject = random_text(r),
		.date = random_coin(r) ? random_day(r) : DAY_NONE,
		.amount = random_amount(r),
		.entry = (int64_t)random_below(r, 50) - 1};
}

static struct party_details random_party(struct random_source *r)
{
	struct party_details p = {.legal_name = random_text(r),
				  .registration_no = random_text(r),
				  .tax_id = random_text(r),
				  .vat_id = random_text(r),
				  .e_address = random_text(r),
				  .city = random_text(r),
				  .postcode = random_text(r),
				  .country = random_text(r),
				  .email = random_text(r)};

	p.lines = RANDOM_LIST(r, struct text, p.n_lines, random_text);
	return p;
}

static void random_head(struct random_source *r, struct invoice *i)
{
	static const char *const codes[] = {"EUR", "USD", "JPY", "BHD"};

	(void)currency_find(text_of(codes[random_below(r, ARRAY_SIZE(codes))]), &r->currency);
	i->currency = r->currency;
	i->kind = (enum document_kind)random_below(r, DOCUMENT_INTEREST + 1);
	i->date = random_coin(r) ? random_day(r) : DAY_NONE;
	i->due = random_coin(r) ? random_day(r) : DAY_NONE;
	i->run = random_coin(r) ? random_day(r) : DAY_NONE;
	i->corrected_date = random_coin(r) ? random_day(r) : DAY_NONE;
	i->dispute_until = random_coin(r) ? random_day(r) : DAY_NONE;
	i->as_of = random_coin(r) ? (instant)random_below(r, INSTANT_MAX) : INSTANT_NONE;
	i->known_as_of = random_coin(r) ? (instant)random_below(r, INSTANT_MAX) : INSTANT_NONE;
	i->log_size = random_count(r);
	i->tax_included = random_coin(r);
	i->mode = (enum rounding)random_below(r, ROUND_DOWN + 1);
	i->provider = random_party(r);
	i->client = random_party(r);
	i->number = random_text(r);
	i->series = random_text(r);
	i->language = random_text(r);
	i->contract = random_text(r);
	i->title = random_text(r);
	i->order_reference = random_text(r);
	i->payment_reference = random_text(r);
	i->version = random_text(r);
	i->root = random_text(r);
	i->origin = random_text(r);
	i->corrected = random_text(r);
	i->reason = random_text(r);
	i->instructions = random_text(r);
}

UNUSED static struct invoice *random_invoice(struct random_source *r)
{
	struct invoice *i = arena_one(r->arena, struct invoice);

	random_head(r, i);
	i->taxes = RANDOM_LIST(r, struct invoice_tax, i->n_taxes, random_tax);

	struct invoice_line *lines = RANDOM_LIST(r, struct invoice_line, i->n_lines, random_line);

	for (size_t k = 0; k < i->n_lines && i->n_taxes > 0; k++)
		lines[k].tax = (int)random_below(r, i->n_taxes);
	i->lines = lines;
	i->reductions = RANDOM_LIST(r, struct invoice_reduction, i->n_reductions, random_reduction);
	i->deductions = RANDOM_LIST(r, struct invoice_deduction, i->n_deductions, random_deduction);
	i->balances = RANDOM_LIST(r, struct invoice_balance, i->n_balances, random_balance);
	i->annexes = RANDOM_LIST(r, struct invoice_annex, i->n_annexes, random_annex);
	i->notes = RANDOM_LIST(r, struct invoice_note, i->n_notes, random_note);
	i->sum_lines = random_amount(r);
	i->sum_reductions = random_amount(r);
	i->net = random_amount(r);
	i->tax = random_amount(r);
	i->gross = random_amount(r);
	i->sum_deductions = random_amount(r);
	i->rounding = random_amount(r);
	i->payable = random_amount(r);
	i->opening = random_amount(r);
	i->payments = random_amount(r);
	i->credits = random_amount(r);
	i->refunds = random_amount(r);
	i->closing = random_amount(r);
	i->commitment = random_amount(r);
	i->commitment_reached = random_amount(r);
	return i;
}

#endif
