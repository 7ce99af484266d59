/* SPDX-License-Identifier: Apache-2.0 */
/* Pricing: what a contract says about money with defaults applied, and what no number can be computed from refused. */
#include "terms/pricing.h"

#include "terms_tap.h"

static const struct pricing *priced(struct arena *a, struct text file, enum rc *rc, struct err *err)
{
	struct zone_source zones = {a, tap_zone};
	struct terms_context context = {.zones = &zones, .load = tap_load};
	struct contract *c = tap_read(a, file);
	const struct promise *p = NULL;
	const struct pricing *out = NULL;

	if (!c->valid) {
		printf("Bail out! not valid: %.*s\n", TEXT_ARG(tap_findings(a, c)));
		exit(1);
	}
	*rc = promise_build(a, c, &context, &p, err);
	if (*rc == RC_OK)
		*rc = pricing_build(a, p, &out, err);
	return *rc == RC_OK ? out : NULL;
}

static const struct pricing *must(struct arena *a, struct text file)
{
	struct err err = {.line = 0};
	enum rc rc;
	const struct pricing *p = priced(a, file, &rc, &err);

	if (p == NULL) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
	return p;
}

static bool dec_is(struct decimal d, int64_t units, unsigned scale)
{
	return d.units == units && d.scale == scale;
}

static const char *const care =
	"charges: [{id: care, type: recurring, clause: order.fees, amount: 450 USD, period: 1mo}]";

/* A contract with the charges given instead of its own, and more blocks. */
static struct text with(struct arena *a, const char *charges)
{
	return tap_swap(a, text_of(tap_contract), care, charges);
}

static void default_charges(struct arena *a)
{
	const struct pricing *p = must(
		a,
		with(a,
		     "charges:\n"
		     "  - {id: care, type: recurring, amount: 450 USD, period: 1mo}\n"
		     "  - {id: users, type: per_unit, count: active_users, price: \"0.125 USD\", "
		     "period: 1mo}\n"
		     "  - {id: data, type: usage, meter: m, price: 2 USD, period: 1mo}\n"
		     "  - {id: work, type: time, price: 140 USD}\n"
		     "  - {id: block, type: prepaid, amount: 1200 USD, hours: 10}\n"
		     "  - {id: setup, type: one_time, amount: 10 USD}\n"
		     "  - {id: move, type: milestone, total: 100 USD, milestones: [{id: a, name: "
		     "A, "
		     "pct: 100%}]}\n"
		     "  - {id: pass, type: pass_through}\n"
		     "  - {id: less, type: discount, pct: 2%, applies_to: [care]}"));
	const struct priced_charge *c = p->charges;

	ok(c[0].base == &p->promise->charges[0] && c[0].advance && c[0].service == -1 &&
		   c[0].category == -1 && c[0].day_count == DAY_COUNT_ACTUAL,
	   "a recurring charge: in advance, actual days, no service, no tax");
	ok(!c[0].min_amount.set && !c[0].max_amount.set && c[0].n_prices == 0,
	   "... without bounds");
	ok(!c[1].advance && c[1].price_set && dec_is(c[1].price, 125, 3) &&
		   c[1].price_decimals == 3 && c[1].count == COUNT_ACTIVE_USERS &&
		   c[1].count_at == AT_PERIOD_END,
	   "per_unit: arrears, period_end, the decimals of its price");
	ok(c[1].card.n_tiers == 0 && !c[1].card.volume && !c[1].card.count_all && !c[1].card.pct &&
		   c[1].card.block.units == 0 && c[1].card.included.den == 0 &&
		   dec_is(c[1].card.price, 125, 3),
	   "... its card: one price, no block, nothing included");
	ok(!c[2].advance && c[2].aggregate == AGGREGATE_SUM && text_is(c[2].meter, "m") &&
		   c[2].price_decimals == 2,
	   "usage: arrears, sum, at least the currency's decimals");
	ok(!c[3].advance && c[3].increment_min == 0 && c[3].minimum_min == 0 &&
		   !c[3].increment_nearest && c[3].increment_per == PER_ENTRY &&
		   c[3].n_multipliers == 0,
	   "time: exact minutes, by entry");
	ok(c[4].advance && dec_is(c[4].hours, 10, 0) && c[4].burn == BURN_EARLIEST_EXPIRY &&
		   c[4].at_end == END_UNSAID && !c[4].rollover_set && c[4].draws_for.n == 0,
	   "prepaid: earliest expiry first, its end unsaid");
	ok(c[5].due == DUE_SERVICE_START && !c[5].acceptance.set, "one_time: due at service start");
	ok(c[6].total.minor == 10000 && c[6].n_milestones == 1 &&
		   c[6].milestones[0].due == DAY_NONE && !c[6].acceptance.silence_rejects,
	   "milestone: no planned day, silence accepts");
	ok(!c[7].advance && c[7].markup.units == 0 && !c[7].needs_supplier_invoice &&
		   !c[7].approval_above.set,
	   "pass_through: at cost, no approval");
	ok(c[8].pct_set && dec_is(c[8].pct, 2, 0) && c[8].applies_to.n == 1 &&
		   c[8].applies_to.v[0] == 0 && c[8].when == DISCOUNT_ALWAYS &&
		   c[8].bands_of == BANDS_UNSAID,
	   "discount: always");
	ok(pricing_charge(p, text_of("block")) == 4 && pricing_charge(p, text_of("x")) == -1,
	   "charges by id");
}

static void default_rest(struct arena *a)
{
	const struct pricing *p = must(a, text_of(tap_contract));

	ok(p->n_categories == 0 && !p->prices_include_tax, "no taxes");
	ok(!p->commitment.set && !p->indexation.set && !p->budget.set && !p->exit.set,
	   "no commitment, index, budget or exit fee");
	ok(p->invoicing.issue_within.set && p->invoicing.issue_within.duration.n == 5 &&
		   p->invoicing.issue_within.calendar != NULL && !p->invoicing.late_items.set &&
		   !p->invoicing.credit_note && p->invoicing.to.n == 0,
	   "invoicing: within 5bd, corrections on the next invoice");
	ok(p->payment.set && p->payment.due.duration.n == 30 && !p->payment.from_receipt &&
		   !p->payment.as_stated && p->payment.set_off == SET_OFF_CREDITS &&
		   p->payment.late_kind == LATE_FEE_NONE && p->payment.scheme == SCHEME_NONE,
	   "payment: 30d from the invoice's date, oldest first, credits only, no late fee");
	ok(!p->payment.dispute_set && p->payment.dispute_from_receipt &&
		   p->payment.pay_undisputed && !p->payment.suspension_set &&
		   p->payment.n_dunning == 0 && !p->payment.deposit.set,
	   "... no dispute, dunning, suspension, deposit");
	ok(p->initial_term.n == 12 && !p->counts_from_service_start, "term");
	is_text(p->provider.legal_name, "P LLC", "provider");
	ok(p->provider.n_lines == 0 && p->client.vat_id.n == 0, "no address, no VAT id");
}

static const char blocks[] =
	"charges:\n"
	"  - {id: managed, type: recurring, amount: 7200 USD, period: 1mo, bill: arrears, prorate: "
	"days_30, anchor: anniversary, last_day: billed, tax: std, service: help, min_amount: 5 "
	"USD, "
	"max_amount: 9 USD, schedule: [{id: a, from: \"2026-06-11\", amount: 7500 USD}]}\n"
	"  - {id: users, type: per_unit, count: licences, count_at: peak, period: 1mo, included: "
	"{qty: 48, per: 1mo}, tier_mode: volume, tiers_count: all, tiers: [{id: "
	"t1, "
	"up_to: 12, price: \"85 USD\", flat: \"2.50 USD\"}, {id: t2, price: \"79.0625 USD\"}]}\n"
	"  - {id: storage, type: usage, meter: backup.stored, aggregate: time_weighted, period: "
	"1mo, "
	"price: \"0.12 USD\", block: 1, block_rounding: up, schedule: [{id: l, from: "
	"\"2027-06-01\", "
	"price: \"0.135 USD\"}, {id: e, from: \"2026-06-01\", price: \"0.13 USD\"}]}\n"
	"  - {id: share, type: usage, meter: spend, pct: 2.5%, period: 1mo, block: 10, "
	"block_rounding: exact}\n"
	"  - {id: work, type: time, price: 165 USD, increment: 30min, minimum: 1h, "
	"increment_rounding: nearest, increment_per: day, multipliers: [{id: late, outside: desk, "
	"factor: \"1.5\"}, {id: holiday, holiday_of: desk, factor: 2}]}\n"
	"  - {id: block, type: prepaid, amount: 1200 USD, period: 1mo, hours: 10, draws_for: "
	"[work], "
	"burn: oldest, rollover: {max: 20, expires: 3mo}, at_end: refund}\n"
	"  - {id: kept, type: prepaid, amount: 1 USD, hours: 1, at_end: forfeit}\n"
	"  - {id: setup, type: one_time, amount: 4500 USD, due: acceptance, acceptance: "
	"{reject_within: 10bd, resubmit_within: 5bd, silence: rejected}}\n"
	"  - {id: move, type: milestone, total: 18000 USD, milestones: [{id: d, name: D, pct: 30%, "
	"due: \"2026-04-01\"}, {id: c, name: C, pct: 50%}, {id: e, name: E, pct: 20%}]}\n"
	"  - {id: lic, type: pass_through, markup: 8%, evidence: supplier_invoice, approval_above: "
	"500 "
	"USD}\n"
	"  - {id: ahead, type: discount, pct: 3%, applies_to: [managed, users], when: "
	"paid_year_ahead}\n"
	"  - {id: volume, type: discount, applies_to: [users], bands_of: net_charges_12mo, bands: "
	"[{id: b1, from: 150000 USD, pct: 2.5%}, {id: b0, from: 0 USD, pct: 0%}]}\n"
	"commitment: {amount: 4000 USD, per: 1mo, counts: [managed, users], shortfall: none}\n"
	"taxes: {prices_include_tax: true, categories: [{id: std, code: S, rate: 8%, name: Tax}, "
	"{id: "
	"ex, code: E, exemption: training}]}\n"
	"indexation: {formula: index, first: \"2027-02-01\", every: 12mo, index: {series: "
	"us_cpi_u, "
	"lag: 5mo, ratio_decimals: 3, if_missing: wait}, index_from: signing, multiplicand: "
	"original_price, cap: 5%, floor: -1%, notice: 90d, applies_to: [managed, users], mode: "
	"provider_choice}\n"
	"invoicing: {order_reference: PO-7, issue_within: 3d, late_items: 180d, corrections: "
	"credit_note}\n"
	"budget: {fiscal_year_start: \"04-01\", amount: 118000 USD, alert_at: [100%, 80%], "
	"forecast: "
	"contract_plus_trend, horizon: 24mo}\n"
	"early_termination_fee: {triggers: [client_convenience, client_default], formula: "
	"pct_of_remaining, average_over: 6mo, of: [managed], steps: [{id: y2, from_month: 13, pct: "
	"35%}, {id: y1, from_month: 1, pct: 50%}], plus: [third_party_commitments, "
	"unamortised_setup], "
	"rebate: {within: 6mo, mode: full}, mitigation: true, nature: liquidated_damages}";

static const char payment[] =
	"payment: {instructions: pay, due: 45d, from: invoice_received, method: ach, allocation: "
	"as_stated, late_fee: {kind: interest, rate: 1%, per: month, compound: true, day_count: "
	"actual_360, grace: 5d, max_per_year: 16%, of: all}, dispute: {within: 20d, from: "
	"invoice_date, pay_undisputed: false, resolve_within: 15d, pay_after: 5d}, dunning: [{id: "
	"first, after: 5d, to: client.billing, fee: 4 USD}], suspension: {after_overdue: 30d, "
	"notice: "
	"10d, services: [help], counts_disputed: true}, set_off: any, deposit: 90 USD}";

static struct text full(struct arena *a)
{
	struct text t = with(a, blocks);

	t = tap_swap(a, t, "payment: {due: 30d}", payment);
	t = tap_swap(a, t, "initial: 12mo", "initial: 3y, counts_from: service_start");
	t = tap_swap(a, t, "jurisdiction: US-NY}",
		     "jurisdiction: US-NY, registration_no: R1, tax_id: T1, vat_id: V1, e_address: "
		     "\"0088:1\", address: {lines: 1 Main St, city: Albany, postcode: \"12207\", "
		     "country: US}, notice: {email: a@b.example}, contacts: [{id: c1, name: Bo, "
		     "roles: [billing]}]}");
	return t;
}

static void counted_charges(const struct priced_charge *c)
{
	ok(!c[0].advance && c[0].day_count == DAY_COUNT_30 && c[0].category == 0 &&
		   c[0].service == 0 && c[0].min_amount.set && c[0].min_amount.minor == 500 &&
		   c[0].max_amount.set && c[0].max_amount.minor == 900,
	   "recurring: all its choices");
	ok(c[1].count == COUNT_LICENCES && c[1].count_at == AT_PEAK && c[1].card.volume &&
		   c[1].card.count_all && c[1].card.n_tiers == 2 && !c[1].price_set,
	   "per_unit: tiers in volume mode, counting all");
	ok(!c[1].card.tiers[0].open && dec_is(c[1].card.tiers[0].up_to, 12, 0) &&
		   dec_is(c[1].card.tiers[0].flat, 25, 1) && c[1].card.tiers[1].open &&
		   dec_is(c[1].card.tiers[1].price, 790625, 4),
	   "... both tiers");
	ok(c[1].card.included.num == 48 && c[1].card.included.den == 1 && c[1].included_per_set &&
		   c[1].included_per.n == 1 && dec_is(c[1].included_rollover_max, 0, 0),
	   "... included");
	ok(c[2].aggregate == AGGREGATE_TIME_WEIGHTED && dec_is(c[2].card.block, 1, 0) &&
		   !c[2].card.block_exact,
	   "usage: whole units");
	ok(c[2].n_prices == 2 && c[2].prices[0].from < c[2].prices[1].from &&
		   dec_is(c[2].prices[1].price, 135, 3) && c[2].prices[1].decimals == 3 &&
		   c[2].prices[0].decimals == 2,
	   "... later prices in order of date");
	ok(c[3].card.pct && dec_is(c[3].card.price, 25, 1) && dec_is(c[3].card.block, 10, 0) &&
		   c[3].card.block_exact && !c[3].pct_set,
	   "usage by percentage, exact blocks");
}

static void other_charges(const struct priced_charge *c)
{
	ok(c[4].increment_min == 30 && c[4].minimum_min == 60 && c[4].increment_nearest &&
		   c[4].increment_per == PER_DAY && c[4].n_multipliers == 2,
	   "time: increments");
	ok(c[4].multipliers[0].outside != NULL && c[4].multipliers[0].holiday_of == NULL &&
		   dec_is(c[4].multipliers[0].factor, 15, 1) &&
		   c[4].multipliers[1].holiday_of != NULL,
	   "... multipliers");
	ok(c[5].draws_for.n == 1 && c[5].draws_for.v[0] == 4 && c[5].burn == BURN_OLDEST &&
		   c[5].rollover_set && c[5].rollover_max_set && dec_is(c[5].rollover_max, 20, 0) &&
		   c[5].rollover_expires_set && c[5].rollover_expires.n == 3 &&
		   c[5].at_end == END_REFUND && c[6].at_end == END_FORFEIT,
	   "prepaid: all its choices");
	ok(c[7].due == DUE_ACCEPTANCE && c[7].acceptance.set && c[7].acceptance.silence_rejects &&
		   c[7].acceptance.reject_within.duration.n == 10 &&
		   c[7].acceptance.resubmit_within.duration.n == 5,
	   "one_time: on acceptance");
	ok(c[8].n_milestones == 3 && dec_is(c[8].milestones[1].pct, 50, 0) &&
		   c[8].milestones[0].due != DAY_NONE && text_is(c[8].milestones[2].name, "E"),
	   "milestones");
	ok(dec_is(c[9].markup, 8, 0) && c[9].needs_supplier_invoice && c[9].approval_above.set &&
		   c[9].approval_above.minor == 50000,
	   "pass_through");
	ok(c[10].when == DISCOUNT_PAID_YEAR_AHEAD && c[10].applies_to.n == 2, "discount ahead");
	ok(!c[11].pct_set && c[11].n_bands == 2 && c[11].bands[0].from.minor == 0 &&
		   c[11].bands[1].from.minor == 15000000 && c[11].bands_of == BANDS_NET_12MO,
	   "bands by rising sums");
}

static void other_blocks(const struct pricing *p)
{
	const struct indexation *x = &p->indexation;

	ok(p->commitment.set && p->commitment.amount.minor == 400000 && !p->commitment.bill &&
		   p->commitment.counts.n == 2 && p->commitment.per.n == 1,
	   "commitment");
	ok(p->prices_include_tax && p->n_categories == 2 && p->categories[0].code == TAX_S &&
		   dec_is(p->categories[0].rate, 8, 0) && p->categories[1].code == TAX_E &&
		   text_is(p->categories[1].exemption, "training"),
	   "taxes");
	ok(x->set && !x->fixed && text_is(x->series, "us_cpi_u") && x->lag_months == 5 &&
		   x->ratio_decimals == 3 && x->if_missing == MISSING_WAIT && x->from_signing &&
		   x->original_price,
	   "indexation: its index");
	ok(x->cap_set && dec_is(x->cap, 5, 0) && dec_is(x->floor, -1, 0) &&
		   x->notice.duration.n == 90 && x->applies_to.n == 2 && x->provider_choice &&
		   x->every.n == 12,
	   "... its bounds");
	ok(text_is(p->invoicing.order_reference, "PO-7") && p->invoicing.late_items.set &&
		   p->invoicing.credit_note && p->invoicing.issue_within.duration.unit == UNIT_D,
	   "invoicing");
	ok(p->budget.set && p->budget.fiscal_year_start == 401 && p->budget.n_alert_at == 2 &&
		   dec_is(p->budget.alert_at[0], 80, 0) && p->budget.trend &&
		   p->budget.horizon.n == 24,
	   "budget, alerts from the lowest");
	ok(p->exit.set &&
		   p->exit.triggers ==
			   (1u << EXIT_CLIENT_CONVENIENCE | 1u << EXIT_CLIENT_DEFAULT) &&
		   p->exit.formula == EXIT_PCT_OF_REMAINING && p->exit.average_over.n == 6,
	   "exit: triggers, formula");
	ok(p->exit.n_steps == 2 && p->exit.steps[0].from_month == 1 &&
		   dec_is(p->exit.steps[1].pct, 35, 0) && p->exit.of.n == 1,
	   "... steps by rising month");
	ok(!p->exit.plus_notice_shortfall && p->exit.plus_third_party && p->exit.plus_setup &&
		   p->exit.rebate_set && p->exit.rebate_full && p->exit.mitigation &&
		   p->exit.liquidated_damages,
	   "... plus, rebate, nature");
	ok(p->counts_from_service_start && p->initial_term.unit == UNIT_Y, "term");
	ok(text_is(p->client.registration_no, "R1") && text_is(p->client.tax_id, "T1") &&
		   text_is(p->client.vat_id, "V1") && text_is(p->client.e_address, "0088:1") &&
		   p->client.n_lines == 1 && text_is(p->client.lines[0], "1 Main St") &&
		   text_is(p->client.city, "Albany") && text_is(p->client.postcode, "12207") &&
		   text_is(p->client.country, "US") && text_is(p->client.email, "a@b.example"),
	   "client");
}

static void payment_block(const struct payment_terms *t)
{
	ok(text_is(t->instructions, "pay") && text_is(t->method, "ach") && t->from_receipt &&
		   t->as_stated && t->set_off == SET_OFF_ANY && t->deposit.minor == 9000,
	   "payment");
	ok(t->late_kind == LATE_FEE_INTEREST && dec_is(t->late_rate, 1, 0) && t->late_per_month &&
		   t->compound && t->day_count == 1 && t->grace.duration.n == 5 &&
		   t->max_per_year_set && dec_is(t->max_per_year, 16, 0) && t->late_of_all,
	   "late fee");
	ok(t->dispute_set && !t->dispute_from_receipt && !t->pay_undisputed &&
		   t->dispute_within.duration.n == 20 && t->resolve_within.duration.n == 15 &&
		   t->pay_after.duration.n == 5,
	   "dispute");
	ok(t->n_dunning == 1 && text_is(t->dunning[0].to, "client.billing") &&
		   t->dunning[0].fee.minor == 400 && t->dunning[0].after.duration.n == 5,
	   "dunning");
	ok(t->suspension_set && t->suspension_counts_disputed && t->suspension_services.n == 1 &&
		   t->after_overdue.duration.n == 30 && t->suspension_notice.duration.n == 10,
	   "suspension");
}

static void late_fees(struct arena *a)
{
	static const struct {
		const char *fee;
		enum late_kind kind;
		enum late_scheme scheme;
	} rows[] = {
		{"{kind: none}", LATE_FEE_NONE, SCHEME_NONE},
		{"{kind: fixed, amount: 9 USD}", LATE_FEE_FIXED, SCHEME_NONE},
		{"{kind: statutory, scheme: uk_1998}", LATE_FEE_STATUTORY, SCHEME_UK_1998},
		{"{kind: statutory, scheme: eu_2011_7}", LATE_FEE_STATUTORY, SCHEME_EU_2011_7},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text t = tap_swap(
			a, text_of(tap_contract), "payment: {due: 30d}",
			text_format(a, "payment: {due: 30d, late_fee: %s}", rows[i].fee).p);
		const struct payment_terms *got = &must(a, t)->payment;

		ok(got->late_kind == rows[i].kind && got->scheme == rows[i].scheme, "late fee %s",
		   rows[i].fee);
	}
}

static void words(void)
{
	is_text(text_of(count_word(COUNT_NONE)), "", "nothing is counted");
	is_text(text_of(count_word(COUNT_ACTIVE_USERS)), "active_users", "active_users");
	is_text(text_of(count_word(COUNT_ORDERS)), "orders", "orders");
	is_text(text_of(tax_word(TAX_S)), "S", "S");
	is_text(text_of(tax_word(TAX_AE)), "AE", "AE");
	is_text(text_of(tax_word(TAX_O)), "O", "O");
}

static void refused(struct arena *a)
{
	static const struct {
		const char *charges, *code, *message;
	} rows[] = {
		{"charges: [{id: m, type: milestone, total: 9 USD, milestones: [{id: a, name: A, "
		 "pct: 50%}, {id: b, name: B, pct: 49%}]}]",
		 "rule.milestones", "milestones sum to '99%': they must sum to 100%"},
		{"charges: [{id: m, type: milestone, total: 9 USD, milestones: [{id: a, name: A, "
		 "pct: 99.5%}]}]",
		 "rule.milestones", "milestones sum to '99.5%': they must sum to 100%"},
		{"charges: [{id: m, type: milestone, milestones: [{id: a, name: A, pct: 100%}]}]",
		 "rule.price", "charge has no total: 'm': write total"},
		{"charges: [{id: c, type: one_time}]", "rule.price",
		 "charge has no amount: 'c': write amount"},
		{"charges: [{id: c, type: recurring, period: 1mo}]", "rule.price",
		 "charge has no amount: 'c': write amount"},
		{"charges: [{id: c, type: recurring, amount: 1 USD}]", "rule.price",
		 "charge has no period: 'c': write period"},
		{"charges: [{id: c, type: per_unit, price: 1 USD, period: 1mo}]", "rule.price",
		 "charge has no count: 'c': write count"},
		{"charges: [{id: c, type: per_unit, price: 1 USD, count: sites}]", "rule.price",
		 "charge has no period: 'c': write period"},
		{"charges: [{id: c, type: per_unit, count: sites, period: 1mo}]", "rule.price",
		 "charge has no price: 'c': write price or tiers"},
		{"charges: [{id: c, type: usage, price: 1 USD, period: 1mo}]", "rule.price",
		 "charge has no meter: 'c': write meter"},
		{"charges: [{id: c, type: usage, price: 1 USD, meter: m}]", "rule.price",
		 "charge has no period: 'c': write period"},
		{"charges: [{id: c, type: time}]", "rule.price",
		 "charge has no price: 'c': write price"},
		{"charges: [{id: c, type: prepaid, hours: 1}]", "rule.price",
		 "charge has no amount: 'c': write amount"},
		{"charges: [{id: c, type: prepaid, amount: 1 USD}]", "rule.price",
		 "charge has no hours: 'c': write hours"},
		{"charges: [{id: c, type: usage, meter: m, period: 1mo, tiers: [{id: t1, up_to: 5, "
		 "price: 1 USD}]}]",
		 "rule.tiers",
		 "tiers of 'c' leave a gap at 't1': up_to must rise, and only the last tier has "
		 "none"},
		{"charges: [{id: c, type: usage, meter: m, period: 1mo, tiers: [{id: t1, price: 1 "
		 "USD}, {id: t2, price: 1 USD}]}]",
		 "rule.tiers",
		 "tiers of 'c' leave a gap at 't1': up_to must rise, and only the last tier has "
		 "none"},
		{"charges: [{id: c, type: usage, meter: m, period: 1mo, tiers: [{id: t1, up_to: 5, "
		 "price: 1 USD}, {id: t2, up_to: 5, price: 1 USD}, {id: t3, price: 1 USD}]}]",
		 "rule.tiers",
		 "tiers of 'c' leave a gap at 't2': up_to must rise, and only the last tier has "
		 "none"},
		{"charges: [{id: c, type: usage, meter: m, period: 1mo, tiers: [{id: t1, price: 1 "
		 "USD}], schedule: [{id: s, from: \"2026-06-01\", price: 2 USD}]}]",
		 "rule.schedule",
		 "schedule of 'c' replaces a price it does not have: give the charge one, or amend "
		 "its tiers"},
		{"charges: [{id: c, type: time, price: 1 USD, schedule: [{id: s, from: "
		 "\"2026-06-01\", amount: 2 USD}]}]",
		 "rule.schedule",
		 "schedule of 'c' replaces an amount it does not have: give the charge one, or "
		 "amend "
		 "its tiers"},
		{"charges: [{id: c, type: per_unit, count: sites, price: 1 USD, period: 1mo, "
		 "included: {qty: 1, per: 1y}}]",
		 "rule.included",
		 "included quantity of 'c' cannot be kept: only hours and sums are used up"},
		{"charges: [{id: c, type: usage, meter: m, aggregate: max, price: 1 USD, period: "
		 "1mo, included: {qty: 1, rollover_max: 1}}]",
		 "rule.included",
		 "included quantity of 'c' cannot be kept: only hours and sums are used up"},
		{"charges: [{id: c, type: time, price: 1 USD, increment: 1d}]", "rule.increment",
		 "work is not counted in '1d': write minutes or hours, without a calendar"},
		{"charges: [{id: c, type: time, price: 1 USD, minimum: 1h@desk}]", "rule.increment",
		 "work is not counted in '1h@desk': write minutes or hours, without a calendar"},
		{"charges: [{id: c, type: recurring, amount: 1 USD, period: 1mo}]\n"
		 "indexation: {formula: index, first: \"2027-01-01\", every: 1y, index: {series: "
		 "uk_cpi, lag: 30d}, applies_to: [c]}",
		 "rule.lag", "index lag is not in months: '30d': indexes are published by month"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = {.line = 0};
		enum rc rc;
		const struct pricing *p = priced(a, with(a, rows[i].charges), &rc, &err);

		ok(p == NULL && rc == RC_INVALID, "refused: %s", rows[i].message);
		is_text(text_of(err.message), rows[i].message, "... with its text");
		is_text(text_of(err.code), rows[i].code, "... and its code");
		ok(err.line > 0 && err.key[0] != '\0', "... at its place");
	}
}

/* A lag in years, and the defaults of an index. */
static void lag_in_years(struct arena *a)
{
	const struct pricing *p = must(
		a,
		with(a, "charges: [{id: c, type: recurring, amount: 1 USD, period: 1mo}]\n"
			"indexation: {formula: fixed, pct: 3%, first: \"2027-01-01\", every: 1y, "
			"index: {series: uk_cpi, lag: 1y}, applies_to: [c]}"));

	ok(p->indexation.lag_months == 12 && p->indexation.fixed &&
		   dec_is(p->indexation.pct, 3, 0) && p->indexation.ratio_decimals == 6 &&
		   p->indexation.if_missing == MISSING_PREVIOUS && !p->indexation.cap_set &&
		   !p->indexation.notice.set && !p->indexation.provider_choice,
	   "a fixed index and its defaults");
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 27);
	const struct pricing *p;

	default_charges(a);
	default_rest(a);
	p = must(a, full(a));
	counted_charges(p->charges);
	other_charges(p->charges);
	other_blocks(p);
	payment_block(&p->payment);
	late_fees(a);
	lag_in_years(a);
	words();
	refused(a);
	arena_free(a);
	return tap_done();
}
