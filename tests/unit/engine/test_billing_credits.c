/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an outage to the invoice (sla.md R58, R62; money.md R61, R98): charges give nets, nets the base, the outcome of service levels
 * the credits, and billing puts them on the document. Late facts change all of it.
 */
#include "billing_fixture.h"

static const char blocks[] =
	"assets: [{id: server, name: Server}]\n"
	"charges: [{id: care, type: recurring, amount: \"1000.00 USD\", period: 1mo, tax: s}, "
	"{id: data, type: usage, meter: m, price: \"1.00 USD\", period: 1mo, tax: s}, "
	"{id: d, type: discount, pct: 10%, applies_to: [care]}]\n"
	"taxes: {categories: [{id: s, code: S, rate: 10%}]}\n"
	"sla: {metrics: [{id: uptime, kind: availability, service: net, window: calendar_month, "
	"partial_window: prorate, scope: [server], target: 99.9%, unknown: up, measured_by: "
	"{system: probe, evidence: outage_events}}], credits: {base: {charges: [care, data]}, "
	"rules: "
	"[{id: tiers, metric: uptime, tiers: [{id: t1, below: 99.9%, credit: 5%}, {id: t2, below: "
	"99%, credit: 10%}]}]}}\n";

/* The credits of what is known, with bases from what was charged (or from the contract's words alone). */
static void look(struct books *k, const char *on, bool nets)
{
	struct bill *b = k->b;
	struct version version = {b->versions[0].pricing->promise, INSTANT_MIN};
	day d = bill_day(on);
	instant at = zone_midnight(b->e->zone, d + 1) - 1;
	struct evaluation in = {
		.versions = &version,
		.n_versions = 1,
		.facts = b->e->facts,
		.as_of = at,
		.known_as_of = at,
		.period = {zone_midnight(b->e->zone, bill_day("2026-01-01")),
			   zone_midnight(b->e->zone, bill_day("2026-02-01"))},
	};
	struct billing_input input = {
		.issued = k->issued, .n_issued = k->n_issued, .settings = &k->settings, .date = d};
	struct month_net *v = NULL;
	struct earned_credit *credits = NULL;
	struct outcome *o = NULL;
	struct err err = {.line = 0};

	bill_run(b, on);
	input.charging = b->c;
	if (nets && billing_nets(b->e->arena, &input, &v, &in.n_nets, &err) != RC_OK)
		engine_fail("nets", text_of(err.message));
	in.nets = v;
	in.nets_to = d;
	if (evaluate(b->e->arena, &in, &o, &err) != RC_OK ||
	    credits_earned(b->e->arena, o, 0, &credits, &k->n_credits, &err) != RC_OK)
		engine_fail("credits", text_of(err.message));
	k->credits = credits;
}

/* R58: of a longer period the days of the month count. */
static void quarter(void)
{
	struct books *k = books_new();
	char terms[sizeof(blocks)];
	char *at;

	memcpy(terms, blocks, sizeof(terms));
	at = strstr(terms, "1mo");
	at[0] = '3';
	bill_version(k->b, NULL, terms);
	engine_facts(
		k->b->e,
		"2026-01-10 10:00 outage.began provider outage=O1 assets=server severity=down\n"
		"2026-01-10 20:00 outage.ended provider outage=O1\n");
	books_month(k, "2026-01-01");
	look(k, "2026-02-01", true);
	is_minor(k, k->credits[0].amount, "31.00", "R58: 10 % of 31 of 90 days of 900.00");
	books_free(k);
}

int main(void)
{
	quarter();

	struct books *k = books_new();
	struct engine *e = k->b->e;

	bill_version(k->b, NULL, blocks);
	engine_facts(e, "2026-01-10 10:00 outage.began provider outage=O1 assets=server "
			"severity=down id=o1\n"
			"2026-01-10 20:00 outage.ended provider outage=O1\n"
			"2026-01-15 12:00 usage.recorded provider meter=m quantity=300\n");
	books_month(k, "2026-01-01");
	look(k, "2026-02-01", false);
	is_i64((int64_t)k->n_credits, 1, "one credit");
	is_minor(k, k->credits[0].amount, "90.00",
		 "by the contract's words: 10 % of 900.00; what is counted adds nothing");
	look(k, "2026-02-01", true);
	is_minor(k, k->credits[0].amount, "120.00",
		 "R58: 10 % of what was charged, 900.00 + 300.00");
	is_text(k->credits[0].month, "2026-01", "of January");
	books_run(k, "2026-02-01");
	is_reductions(k, "100.00 120.00", "R61: the discount of February, the credit of January");
	is_minor(k, k->out.invoice->tax, "108.00", "R61: tax on what is left of 1,300.00");
	books_issue(k);

	/* the outage turns out shorter, and more was used */
	engine_facts(e, "2026-01-10 12:00 outage.ended provider outage=O1 corrects=fact-1 id=o2 "
			"recorded=2026-02-10T00:00:00Z\n"
			"2026-01-20 12:00 usage.recorded provider meter=m quantity=200 "
			"recorded=2026-02-11T00:00:00Z\n");
	look(k, "2026-03-01", true);
	is_minor(k, k->credits[0].amount, "70.00", "R98: 5 % of 900.00 + 500.00");
	books_run(k, "2026-03-01");
	is_reductions(k, "100.00 -50.00", "R98: 50.00 of the credit is taken back");
	is_lines(k, "1000.00 0.00 200.00", "R17: late use as a correction");
	books_issue(k);

	/* a minute, which misses nothing */
	engine_facts(e, "2026-01-10 10:01 outage.ended provider outage=O1 corrects=o2 "
			"recorded=2026-03-05T00:00:00Z\n");
	look(k, "2026-04-01", true);
	is_minor(k, k->credits[0].amount, "0.00", "R98: January owes nothing");
	books_run(k, "2026-04-01");
	is_reductions(k, "100.00 -70.00", "R98: all of it is taken back");
	books_issue(k);
	look(k, "2026-04-01", true);
	books_run(k, "2026-04-01");
	is_lines(k, "-", "R17: and nothing is left");
	books_free(k);
	return tap_done();
}
