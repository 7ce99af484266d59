/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pass-through (money.md R47, R43): what suppliers charged, from their invoices or, where the contract asks for no invoice, from the
 * records of a cost export. A supplier's invoice is one item of its day; records are one item of their month, summed with all their
 * decimals and rounded once. The tax is the provider's own: it comes with the line's category.
 */
#include "engine/charging.h"
#include "money/exact.h"
#include "money/exchange.h"

#include <string.h>

struct passing {
	struct charging *c;
	size_t slot;
	symbol charge;
};

static bool approved(const struct passing *p, symbol number)
{
	const struct view *v = p->c->view;
	const struct fact_run *run = &v->kinds[FACT_PURCHASE_APPROVED];

	for (size_t i = 0; i < run->n; i++) {
		const struct fact *f = view_fact(v, run->v[i]);

		if (f->subject == number &&
		    (f->party == PARTY_CLIENT || v->accepted[run->v[i]] != 0))
			return true;
	}
	return false;
}

/* The fact's amount in the contract's currency. false: its currency is another and no rate of the fact tells what it is worth. */
static bool in_own_currency(const struct passing *p, const struct fact *f, struct fraction amount,
			    struct fraction *out)
{
	const struct symbols *symbols = p->c->view->facts->symbols;
	struct currency from;
	struct exchange rate;
	struct err why;

	err_clear(&why);
	if (!currency_find(symbol_text(symbols, fact_word(f, FIELD_CURRENCY)), &from))
		return false;
	*out = amount;
	if (strcmp(from.code, p->c->currency.code) == 0)
		return true;
	return fact_word(f, FIELD_RATE) != 0 &&
	       exchange_parse(symbol_text(symbols, fact_word(f, FIELD_RATE)), &rate, &why) ==
		       RC_OK &&
	       exchange_apply(&rate, amount, from, p->c->currency, out);
}

static bool with_markup(struct fraction net, struct decimal markup, struct fraction *out)
{
	struct fraction share, more;

	return fraction_try_div(fraction_of_decimal(markup), fraction_of(100, 1), &share) &&
	       fraction_try_add(share, fraction_of(1, 1), &more) &&
	       fraction_try_mul(net, more, out);
}

static void waits(const struct passing *p, uint32_t fact, enum step_what what, struct text subject,
		  int64_t amount)
{
	wait_add(p->c, (struct waiting){.kind = NOTE_WAITS,
					.what = (uint16_t)what,
					.subject = subject,
					.date = zone_day(p->c->zone,
							 view_fact(p->c->view, fact)->occurred_at),
					.amount = amount,
					.entry = entry_of(p->c, fact),
					.asks = what == STEP_NOT_APPROVED,
					.fact = fact,
					.charge = p->c->slots[p->slot].id});
}

static enum rc too_large(const struct passing *p, struct err *err)
{
	return err_set(err, RC_LIMIT, "amount too large: '%.*s'",
		       TEXT_ARG(p->c->slots[p->slot].id));
}

struct passed {
	struct days service;
	day due;
	struct text part;
	struct fraction supplier_net; /* in the contract's currency */
	int64_t net;
	const uint32_t *facts;
	size_t n_facts;
	const char *evidence;
	struct text rate; /* as the fact writes it, or empty */
};

static void add_item(const struct passing *p, const struct priced_charge *ch,
		     const struct passed *x)
{
	struct charging *c = p->c;
	struct item *it = item_add(c, p->slot, x->service, x->service);
	struct invoice_line line;
	int64_t first = entry_of(c, x->facts[0]);

	it->part = x->part;
	it->due = x->due;
	it->total = x->net;
	line = line_of(c, it, 47);
	line.part = x->part;
	line.quantity = fraction_of(1, 1);
	line.priced = true;
	line.price = (struct decimal){x->net, c->currency.decimals};
	line.price_base = 1;
	line.net = x->net;
	line.evidence = evidence_of(c, x->evidence, x->facts, x->n_facts);
	line_step(c, &line,
		  (struct step){.what = STEP_SUPPLIER_NET,
				.rule = 47,
				.type = STEP_IS_FRACTION,
				.entry = first,
				.value.fraction = x->supplier_net});
	if (x->rate.n > 0)
		line_step(c, &line,
			  (struct step){.what = STEP_RATE,
					.rule = 47,
					.type = STEP_IS_TEXT,
					.entry = first,
					.value.text = x->rate});
	line_step(c, &line,
		  (struct step){.what = STEP_MARKUP,
				.rule = 47,
				.type = STEP_IS_PCT,
				.entry = -1,
				.value.decimal = ch->markup});
	line_step(c, &line,
		  (struct step){.what = STEP_ROUNDED,
				.rule = 83,
				.type = STEP_IS_MONEY,
				.entry = -1,
				.value.count = x->net});
	line_add(c, it, &line);
}

/* --- suppliers' invoices --- */

/* A number that an earlier fact of the charge has is the same invoice a second time. */
static bool seen(const struct passing *p, const struct fact_run *run, size_t i)
{
	const struct fact *f = view_fact(p->c->view, run->v[i]);

	for (size_t k = 0; k < i; k++) {
		const struct fact *before = view_fact(p->c->view, run->v[k]);

		if (before->subject == f->subject && fact_word(before, FIELD_CHARGE) == p->charge &&
		    fact_word(before, FIELD_SUPPLIER) == fact_word(f, FIELD_SUPPLIER))
			return true;
	}
	return false;
}

static enum rc pass_invoice(const struct passing *p, uint32_t fact, struct err *err)
{
	struct charging *c = p->c;
	const struct fact *f = view_fact(c->view, fact);
	const struct symbols *symbols = c->view->facts->symbols;
	const struct fact_value *amount = fact_value(f, FIELD_AMOUNT);
	day d = zone_day(c->zone, f->occurred_at);
	const struct priced_charge *ch = slot_charge(c, p->slot, slot_version_on(c, p->slot, d));
	struct passed x = {.service = {d, d + 1},
			   .due = d + 1,
			   .part = symbol_text(symbols, f->subject),
			   .n_facts = 1,
			   .evidence = "supplier_invoice"};
	struct fraction gross;
	uint32_t *own;

	if (amount == NULL || !in_own_currency(p, f,
					       fraction_of_decimal((struct decimal){
						       amount->number, (uint8_t)amount->scale}),
					       &x.supplier_net)) {
		waits(p, fact, STEP_RATE, x.part, 0);
		return RC_OK;
	}
	if (!with_markup(x.supplier_net, ch->markup, &gross) || !charge_round(c, gross, &x.net))
		return too_large(p, err);
	if (ch->approval_above.set && x.net > ch->approval_above.minor &&
	    !approved(p, f->subject)) {
		waits(p, fact, STEP_NOT_APPROVED, x.part, x.net);
		return RC_OK;
	}
	if (fact_word(f, FIELD_RATE) != 0)
		x.rate = symbol_text(symbols, fact_word(f, FIELD_RATE));
	own = arena_one(c->arena, uint32_t);
	*own = fact;
	x.facts = own;
	if (x.due <= c->on)
		add_item(p, ch, &x);
	return RC_OK;
}

/* --- records of cost exports, by month --- */

static day month_start(day d)
{
	struct civil at = civil_of(d);

	return day_of(at.year, at.month, 1);
}

/* Sums what is in the contract's currency or has a rate, exactly. */
static enum rc sum_month(const struct passing *p, const uint32_t *facts, size_t n,
			 struct fraction *out, struct err *err)
{
	struct exact sum = {0, 0};
	struct fraction foreign = fraction_of(0, 1);

	for (size_t i = 0; i < n; i++) {
		const struct fact *f = view_fact(p->c->view, facts[i]);
		const struct symbols *symbols = p->c->view->facts->symbols;
		struct exact x;
		struct fraction own;
		enum rc rc = exact_parse(symbol_text(symbols, fact_word(f, FIELD_EXACT_AMOUNT)), &x,
					 err);

		if (rc != RC_OK)
			return rc;
		if (fact_word(f, FIELD_RATE) == 0) {
			if (!exact_add(&sum, x))
				return too_large(p, err);
			continue;
		}
		if (!in_own_currency(p, f, exact_fraction(x), &own) ||
		    !fraction_try_add(foreign, own, &foreign))
			return too_large(p, err);
	}
	return fraction_try_add(exact_fraction(sum), foreign, out) ? RC_OK : too_large(p, err);
}

static enum rc pass_month(const struct passing *p, const uint32_t *facts, size_t n, day month,
			  struct err *err)
{
	struct charging *c = p->c;
	const struct priced_charge *ch =
		slot_charge(c, p->slot, slot_version_on(c, p->slot, month));
	struct passed x = {.service = {month, day_add_months(month, 1)},
			   .due = day_add_months(month, 1),
			   .facts = facts,
			   .n_facts = n,
			   .evidence = "cost_records"};
	struct fraction gross;
	enum rc rc = sum_month(p, facts, n, &x.supplier_net, err);

	if (rc != RC_OK)
		return rc;
	if (!with_markup(x.supplier_net, ch->markup, &gross) || !charge_round(c, gross, &x.net))
		return too_large(p, err);
	if (ch->needs_supplier_invoice)
		waits(p, facts[0], STEP_SUPPLIER_NET, c->slots[p->slot].id, x.net);
	else if (x.due <= c->on)
		add_item(p, ch, &x);
	return RC_OK;
}

static enum rc pass_records(const struct passing *p, struct err *err)
{
	const struct view *v = p->c->view;
	const struct fact_run *run = &v->kinds[FACT_COST_RECORDED];
	uint32_t *facts = arena_array(p->c->arena, uint32_t, run->n);
	size_t n = 0;
	day month = DAY_NONE;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < run->n && rc == RC_OK; i++) {
		const struct fact *f = view_fact(v, run->v[i]);
		struct fraction any;
		day m = month_start(zone_day(p->c->zone, f->occurred_at));

		if (f->subject != p->charge)
			continue;
		if (!in_own_currency(p, f, fraction_of(1, 1), &any)) {
			waits(p, run->v[i], STEP_RATE, p->c->slots[p->slot].id, 0);
			continue;
		}
		if (n > 0 && m != month) {
			rc = pass_month(p, facts, n, month, err);
			facts += n;
			n = 0;
		}
		month = m;
		facts[n++] = run->v[i];
	}
	return rc == RC_OK && n > 0 ? pass_month(p, facts, n, month, err) : rc;
}

enum rc charge_pass_through(struct charging *c, size_t slot, struct err *err)
{
	const struct fact_run *run = &c->view->kinds[FACT_SUPPLIER_INVOICED];
	struct passing p = {c, slot, symbol_find(c->view->facts->symbols, c->slots[slot].id)};
	enum rc rc = RC_OK;

	if (p.charge == 0)
		return RC_OK;
	for (size_t i = 0; i < run->n && rc == RC_OK; i++) {
		const struct fact *f = view_fact(c->view, run->v[i]);

		if (fact_word(f, FIELD_CHARGE) != p.charge)
			continue;
		if (seen(&p, run, i))
			waits(&p, run->v[i], STEP_ALREADY_BILLED,
			      symbol_text(c->view->facts->symbols, f->subject), 0);
		else
			rc = pass_invoice(&p, run->v[i], err);
	}
	return rc == RC_OK ? pass_records(&p, err) : rc;
}
