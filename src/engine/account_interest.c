/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interest and fees of late payment as they have accrued (money.md R106 to R111): what of an invoice was owed since when, at which rate,
 * rounded once an invoice. A debt that a correction took away was never owed (R98); a payment that came back never paid (R102); a disputed
 * part bears nothing while disputed and has its own due date after (R108). The document of it is account_note.c.
 */
#include "engine/account_parts.h"

#include "money/interest.h"

#include <assert.h>

struct debt {
	int64_t amount;
	day due;
	struct paid *paid;
	size_t n_paid;
};

struct accrual {
	struct accounts *a;
	const struct account_document *document;
	size_t at;
	const struct pricing *pricing;
	struct debt *debts;
	size_t n_debts;
	struct yearly_rate *rates;
	int64_t *rate_entries; /* facts they come from; -1 */
	size_t n_rates;
	day until; /* the last day whose rate is known */
	struct accrued out;
	struct step *steps;
	size_t steps_cap;
};

static void step_add(struct accrual *x, struct step s)
{
	x->steps =
		arena_grow(x->a->arena, x->steps, x->out.n_steps, &x->steps_cap, sizeof(*x->steps));
	x->steps[x->out.n_steps++] = s;
}

static void money_step(struct accrual *x, enum step_what what, unsigned rule, int64_t minor)
{
	step_add(x, (struct step){.what = (uint16_t)what,
				  .rule = (uint16_t)rule,
				  .type = STEP_IS_MONEY,
				  .entry = -1,
				  .value.count = minor});
}

/* --- what was owed --- */

static int64_t taken(const struct accounts *a, size_t piece, bool corrects, bool credits)
{
	int64_t sum = 0;

	for (size_t i = 0; i < a->n_takes; i++) {
		const struct take *t = &a->takes[i];

		if (t->piece == piece && !t->undone &&
		    (corrects  ? t->corrects
		     : credits ? t->by == BY_CREDIT_NOTE
			       : true))
			sum += t->amount; /* within the piece, which fits */
	}
	return sum;
}

/* R98, R112: what of a part that was split off was never owed. */
static int64_t never_owed(const struct accounts *a, size_t family)
{
	const struct owed_piece *p = &a->pieces[family];
	int64_t never = 0, rest = 0;

	for (size_t i = 0; i < a->n_pieces; i++)
		if (a->pieces[i].family == family && i != family) {
			never += taken(a, i, true, false);
			rest += a->pieces[i].amount;
		}
	if (p->state == PIECE_HELD)
		return never + taken(a, family, true, false);
	/* upheld: all but what is due after all and what was paid of it */
	return never + p->amount - rest -
	       (taken(a, family, false, false) - taken(a, family, false, true));
}

static void add_paid(struct debt *d, day on, int64_t amount, struct currency c)
{
	size_t k = d->n_paid;

	if (amount <= 0)
		return;
	for (; k > 0 && d->paid[k - 1].on > on; k--)
		d->paid[k] = d->paid[k - 1];
	d->paid[k] = (struct paid){on, {amount, c}};
	d->n_paid++;
}

/* What was paid of a piece on its days, without what was never owed. */
static void add_takes(struct accrual *x, struct debt *d, size_t piece)
{
	const struct accounts *a = x->a;
	bool upheld = a->pieces[piece].state == PIECE_UPHELD;

	for (size_t i = 0; i < a->n_takes; i++) {
		const struct take *t = &a->takes[i];

		if (t->piece == piece && !t->undone && !t->corrects &&
		    !(upheld && t->by == BY_CREDIT_NOTE))
			add_paid(d, t->date, t->amount, a->c->currency);
	}
}

/* A disputed part leaves the debt on the day it is disputed, but for what was never in it. */
static void add_splits(struct accrual *x, struct debt *d, size_t family, int64_t never)
{
	const struct accounts *a = x->a;

	for (size_t i = 0; i < a->n_splits; i++) {
		const struct split *s = &a->splits[i];
		int64_t cut = s->amount < never ? s->amount : never;

		if (s->piece != family)
			continue;
		never -= cut;
		add_paid(d, s->date, s->amount - cut, a->c->currency);
	}
}

static struct debt *add_debt(struct accrual *x, int64_t amount, day due)
{
	struct debt *d = &x->debts[x->n_debts++];

	*d = (struct debt){amount, due, NULL, 0};
	d->paid = arena_array(x->a->arena, struct paid, x->a->n_takes + x->a->n_splits);
	return d;
}

/* The document's own debt first, then parts that a dispute left due at a later day. */
static void find_debts(struct accrual *x)
{
	const struct accounts *a = x->a;
	size_t own = a->own_piece[x->at];
	bool all = x->pricing->payment.late_of_all;
	struct debt *d;

	x->debts = arena_array(a->arena, struct debt, a->n_pieces);
	d = add_debt(x, a->pieces[own].amount - taken(a, own, true, false), a->pieces[own].due);
	add_takes(x, d, own);
	for (size_t i = 0; i < a->n_pieces; i++) {
		const struct owed_piece *p = &a->pieces[i];

		if (p->document != x->at || i == own)
			continue;
		if (p->family == i) {
			int64_t never = never_owed(a, i);

			d->amount -= never;
			if (!all)
				add_splits(x, d, i, never);
		}
		if (all) {
			add_takes(x, d, i);
		} else if (p->family != i) {
			struct debt *rest =
				add_debt(x, p->amount - taken(a, i, true, false), p->due);

			add_takes(x, rest, i);
		}
	}
}

/* What was open of a debt at the end of a day. */
static int64_t open_on(const struct debt *d, day on)
{
	int64_t open = d->amount;

	for (size_t i = 0; i < d->n_paid && d->paid[i].on <= on; i++)
		open -= d->paid[i].amount.minor;
	return open > 0 ? open : 0;
}

/* --- rates --- */

static day half_year_of(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month < 7 ? 1 : 7, 1);
}

static const char BOE_BASE[] = "boe_base", ECB_REFINANCING[] = "ecb_refinancing";

const char *account_rate_series(const struct payment_terms *p)
{
	if (p->late_kind != LATE_FEE_STATUTORY)
		return NULL;
	return p->scheme == SCHEME_UK_1998 ? BOE_BASE : ECB_REFINANCING;
}

/* R57, R110: the value published first for a month. */
static bool published(struct accounts *a, const char *series, day month, struct decimal *out,
		      int64_t *entry)
{
	struct fact_run run = charging_facts(a->c, FACT_INDEX_PUBLISHED, text_of(series));

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(a->c->view, run.v[i]);
		const struct fact_value *v = fact_value(f, FIELD_VALUE);
		day found = 0;

		if (v == NULL ||
		    !month_parse(symbol_text(a->c->view->facts->symbols,
					     fact_word(f, FIELD_INDEX_MONTH)),
				 &found) ||
		    found != month)
			continue;
		*out = (struct decimal){v->number, (uint8_t)v->scale};
		*entry = entry_of(a->c, run.v[i]);
		return true;
	}
	return false;
}

static bool add_rate(struct accrual *x, day from, struct decimal pct, bool per_month, int64_t entry)
{
	const struct payment_terms *p = &x->pricing->payment;
	struct decimal yearly = pct;

	if (!interest_yearly(pct, per_month, p->max_per_year_set, p->max_per_year, &yearly))
		return false;
	x->rates[x->n_rates] = (struct yearly_rate){from, yearly};
	x->rate_entries[x->n_rates++] = entry;
	return true;
}

static bool add_statutory(struct accrual *x, day from, struct decimal base, enum statutory s,
			  int64_t entry)
{
	struct decimal points = statutory_points(s), sum = base;

	assert(points.scale == 0);
	for (unsigned i = 0; i < base.scale; i++)
		points.units *= 10;
	return !__builtin_add_overflow(base.units, points.units, &sum.units) &&
	       add_rate(x, from, sum, false, entry);
}

/* uk_1998: the base rate at the end of the half-year before the debt was late, frozen. The month of that day names the fact. */
static bool rates_uk(struct accrual *x, day late)
{
	struct decimal base = {0, 0};
	int64_t entry = -1;
	day month = day_add_months(half_year_of(late), -1);

	if (!published(x->a, BOE_BASE, month, &base, &entry)) {
		x->out.held = true;
		return true;
	}
	return add_statutory(x, late, base, STATUTORY_UK_1998, entry);
}

/* eu_2011_7: the rate of 1 January or 1 July for each half-year; its month names the fact. */
static bool rates_eu(struct accrual *x, day late)
{
	for (day half = half_year_of(late); half <= x->a->in->on; half = day_add_months(half, 6)) {
		struct decimal base = {0, 0};
		int64_t entry = -1;

		if (!published(x->a, ECB_REFINANCING, half, &base, &entry)) {
			x->out.held = true;
			x->until = half - 1;
			return true;
		}
		if (!add_statutory(x, half, base, STATUTORY_EU_2011_7, entry))
			return false;
	}
	return true;
}

/* false: a rate does not fit 64 bits. */
static bool find_rates(struct accrual *x, day due)
{
	const struct payment_terms *p = &x->pricing->payment;
	int64_t years = ((int64_t)x->a->in->on - due) / 365 + 2;
	size_t room = (size_t)(2 * (years > 0 ? years : 1) + 2);

	x->rates = arena_array(x->a->arena, struct yearly_rate, room);
	x->rate_entries = arena_array(x->a->arena, int64_t, room);
	x->n_rates = 0;
	x->until = x->a->in->on;
	if (p->late_kind == LATE_FEE_INTEREST)
		return add_rate(x, due, p->late_rate, p->late_per_month, -1);
	return p->scheme == SCHEME_UK_1998 ? rates_uk(x, due + 1) : rates_eu(x, due + 1);
}

/* --- interest --- */

static enum rc grace_of(struct accrual *x, day due, int32_t *days)
{
	const struct payment_terms *p = &x->pricing->payment;
	day end = due;
	enum rc rc = RC_OK;

	if (p->grace.set)
		rc = account_day_after(x->pricing, &p->grace, due, &end, x->a->err);
	*days = end - due;
	return rc;
}

static void span_steps(struct accrual *x, const struct interest_spans *spans)
{
	for (size_t i = 0; i < spans->n; i++) {
		const struct interest_span *s = &spans->v[i];
		size_t r = 0;

		money_step(x, STEP_OPEN_AMOUNT, 106, s->open.minor);
		step_add(x, (struct step){.what = STEP_DAYS_LATE,
					  .rule = 106,
					  .type = STEP_IS_DAYS,
					  .entry = -1,
					  .value.days = {s->from + 1, s->to + 1}});
		while (r + 1 < x->n_rates && x->rates[r + 1].from <= s->from + 1)
			r++;
		step_add(x, (struct step){.what = STEP_RATE,
					  .rule = x->rate_entries[r] < 0 ? 107 : 110,
					  .type = STEP_IS_PCT,
					  .entry = x->rate_entries[r],
					  .value.decimal = s->pct});
	}
}

/* The exact interest of one debt is added to *exact, or compounded to *compound. */
static enum rc debt_interest(struct accrual *x, const struct debt *d, struct fraction *exact,
			     int64_t *compound)
{
	static const enum year_basis bases[] = {YEAR_365, YEAR_360, YEAR_ACTUAL};
	const struct payment_terms *p = &x->pricing->payment;
	enum year_basis basis = bases[p->day_count];
	struct money amount = {d->amount, x->a->c->currency}, more = amount;
	struct owed owed = {.amount = amount, .due = d->due, .paid = d->paid, .n_paid = d->n_paid};
	struct interest_spans spans = {NULL, 0};
	struct fraction sum = {0, 1};
	enum rc rc = grace_of(x, d->due, &owed.grace_days);

	if (rc != RC_OK || d->amount <= 0 || x->a->in->on <= d->due)
		return rc;
	x->out.too_large |= !find_rates(x, d->due);
	if (x->n_rates == 0 || x->out.too_large)
		return RC_OK;
	owed.until = x->until;
	owed.rates = x->rates;
	owed.n_rates = x->n_rates;
	if (!interest_spans(x->a->arena, &owed, &spans))
		assert(false && "payments are above zero and in order");
	if (spans.n == 0)
		return RC_OK;
	for (size_t i = 0; i < spans.n; i++)
		spans.v[i].leap_days =
			days_in_leap_years((struct days){spans.v[i].from + 1, spans.v[i].to + 1});
	span_steps(x, &spans);
	if (p->compound && p->late_kind == LATE_FEE_INTEREST) {
		if (!interest_compound(&spans, basis, x->pricing->promise->rounding, &more))
			x->out.too_large = true;
		else
			accounts_add(x->a, compound, more.minor);
	} else if (!interest_simple(&spans, basis, &sum) || !fraction_try_add(*exact, sum, exact)) {
		x->out.too_large = true;
	}
	return RC_OK;
}

static enum rc interest_of(struct accrual *x)
{
	struct fraction exact = {0, 1};
	struct money m = {0, x->a->c->currency};
	int64_t compound = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < x->n_debts && rc == RC_OK; i++)
		if (x->debts[i].due != DAY_NONE)
			rc = debt_interest(x, &x->debts[i], &exact, &compound);
	if (rc != RC_OK)
		return rc;
	if (!money_try_round(exact, m.currency, x->pricing->promise->rounding, &m))
		x->out.too_large = true;
	accounts_add(x->a, &m.minor, compound);
	x->out.interest = x->out.too_large ? 0 : m.minor;
	if (x->out.interest != 0)
		money_step(x, STEP_INTEREST, 106, x->out.interest);
	return RC_OK;
}

/* --- fixed sums --- */

/* R108, R110: once an invoice, as soon as a part of it is late: what was open of it then. 0: not late. */
static enum rc late_part(struct accrual *x, int64_t *open)
{
	*open = 0;
	for (size_t i = 0; i < x->n_debts; i++) {
		const struct debt *d = &x->debts[i];
		int32_t grace = 0;
		enum rc rc = d->due == DAY_NONE ? RC_OK : grace_of(x, d->due, &grace);

		if (rc != RC_OK)
			return rc;
		if (d->due == DAY_NONE || x->a->in->on <= d->due + grace)
			continue;
		*open = open_on(d, d->due + grace);
		if (*open > 0)
			return RC_OK;
	}
	return RC_OK;
}

static enum rc fixed_of(struct accrual *x)
{
	const struct payment_terms *p = &x->pricing->payment;
	struct money sum = {0, x->a->c->currency}, late = sum;
	enum rc rc = late_part(x, &late.minor);

	if (rc != RC_OK || late.minor == 0)
		return rc;
	if (p->late_kind == LATE_FEE_FIXED)
		sum.minor = p->late_amount.set ? p->late_amount.minor : 0;
	else if (!statutory_sum(p->scheme == SCHEME_UK_1998 ? STATUTORY_UK_1998
							    : STATUTORY_EU_2011_7,
				late, &sum))
		return RC_OK; /* the law names no sum in this currency */
	x->out.fixed = sum.minor;
	if (sum.minor != 0)
		money_step(x, STEP_FLAT, p->late_kind == LATE_FEE_FIXED ? 108 : 110, sum.minor);
	return RC_OK;
}

static void dunning_fees(struct accrual *x, const struct dunning_due *v, size_t n)
{
	const struct payment_terms *p = &x->pricing->payment;

	for (size_t i = 0; i < n; i++) {
		if (v[i].document != x->at || !v[i].sent)
			continue;
		for (size_t k = 0; k < p->n_dunning; k++) {
			if (!text_eq(p->dunning[k].id, v[i].step) || !p->dunning[k].fee.set)
				continue;
			accounts_add(x->a, &x->out.dunning, p->dunning[k].fee.minor);
			money_step(x, STEP_FLAT, 111, p->dunning[k].fee.minor);
		}
	}
}

/* --- what was charged --- */

static void charge(struct accrual *x, const struct invoice_line *l, int64_t amount)
{
	switch (l->role) {
	case LINE_INTEREST:
		accounts_add(x->a, &x->out.charged_interest, amount);
		break;
	case LINE_FIXED_FEE:
		accounts_add(x->a, &x->out.charged_fixed, amount);
		break;
	case LINE_DUNNING_FEE:
		accounts_add(x->a, &x->out.charged_dunning, amount);
		break;
	case LINE_CHARGE:
	case LINE_CORRECTION:
	case LINE_MINIMUM:
	case LINE_TRUE_UP:
	case LINE_COVERED:
	case LINE_EXIT:
		return;
	}
	accounts_add(x->a, &x->out.charged, amount);
}

/* Lines of interest notes about the invoice, and of credit notes that take such lines back. */
static void find_charged(struct accrual *x)
{
	const struct account_input *in = x->a->in;
	struct text number = x->document->invoice->number;

	for (size_t i = 0; i < in->n_issued; i++) {
		const struct invoice *doc = in->issued[i].invoice;
		bool credit = doc->kind == DOCUMENT_CREDIT_NOTE;

		if (doc->kind == DOCUMENT_INVOICE || doc->date > in->on)
			continue;
		for (size_t k = 0; k < doc->n_lines; k++) {
			const struct invoice_line *l = &doc->lines[k];

			if (!text_eq(l->corrects, number) || (credit && !l->counts))
				continue;
			charge(x, l, credit ? -l->net : l->net);
		}
	}
	if (x->out.charged != 0)
		money_step(x, STEP_ALREADY_BILLED, 103, x->out.charged);
}

enum rc accrue(struct accounts *a, const struct dunning_due *dunning, size_t n_dunning,
	       const struct accrued **out, size_t *n_out)
{
	struct accrued *v = arena_array(a->arena, struct accrued, a->n_documents);
	size_t n = 0;

	for (size_t i = 0; i < a->n_documents; i++) {
		struct accrual x = {.a = a, .document = &a->documents[i], .at = i};
		enum late_kind kind;
		enum rc rc = RC_OK;

		if (x.document->invoice->kind != DOCUMENT_INVOICE)
			continue;
		x.pricing = account_terms(a, x.document->invoice->date);
		x.out.document = i;
		kind = x.pricing->payment.set ? x.pricing->payment.late_kind : LATE_FEE_NONE;
		if (kind != LATE_FEE_NONE)
			find_debts(&x);
		if (kind == LATE_FEE_INTEREST || kind == LATE_FEE_STATUTORY)
			rc = interest_of(&x);
		if (rc == RC_OK && (kind == LATE_FEE_FIXED || kind == LATE_FEE_STATUTORY))
			rc = fixed_of(&x);
		if (rc != RC_OK)
			return rc;
		dunning_fees(&x, dunning, n_dunning);
		find_charged(&x);
		x.out.steps = x.steps;
		if (x.out.n_steps > 0 || x.out.held || x.out.too_large)
			v[n++] = x.out;
	}
	*out = v;
	*n_out = n;
	return RC_OK;
}
