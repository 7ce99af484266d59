/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts about money as YAML, facts as lines (engine_fixture.h), and what the charges come to, for tests of money.
 *
 *     struct bill *b = bill_new();
 *     bill_version(b, NULL, "charges: [{id: care, type: recurring, amount: \"100.00 USD\", period: 1mo}]\n");
 *     engine_facts(b->e, "2026-06-01 00:00 units.listed provider list=L1 count=active_users units=u1,u2\n");
 *     bill_run(b, "2026-07-01");
 *     is_bill(b, "care", "2026-06-01", "100.00", "a whole month");
 *     bill_free(b);
 *
 * The contract runs from 1 January 2026 in New York, in USD, unless b->term, b->contract or b->parties say otherwise before
 * bill_version. b->stop, b->known (an instant of engine_time) and b->as_of may be set before bill_run.
 */
#ifndef TEST_MONEY_FIXTURE_H
#define TEST_MONEY_FIXTURE_H

#include "engine/charging.h"
#include "engine/index.h"

#include "engine_fixture.h"

enum { BILL_VERSIONS = 6 };

struct bill {
	struct engine *e;
	const char *contract, *term, *parties; /* inside of their maps */
	const char *help;                      /* more keys of the service `help` */
	struct priced_version versions[BILL_VERSIONS];
	size_t n_versions;
	day stop;
	instant as_of, known; /* INSTANT_NONE: the end of the day that is run */
	struct charging *c;
	enum rc rc; /* of bill_try */
	struct err err;
};

UNUSED static struct bill *bill_new(void)
{
	struct engine *e = engine_new();
	struct bill *b = arena_one(e->arena, struct bill);

	b->e = e;
	b->contract = "currency: USD, timezone: America/New_York, business_calendar: business";
	b->term = "effective_date: \"2026-01-01\", initial: 36mo";
	b->parties = "provider: {legal_name: P LLC, jurisdiction: US-DE, tax_id: \"12-345\", "
		     "contacts: [{id: p1, name: Ann, roles: [signatory, billing]}]}, client: "
		     "{legal_name: C Inc, jurisdiction: US-NY, contacts: [{id: c1, name: Bo, "
		     "roles: [billing, executive]}]}";
	b->help = "";
	b->stop = INT32_MAX;
	b->as_of = b->known = INSTANT_NONE;
	return b;
}

UNUSED static void bill_free(struct bill *b)
{
	engine_free(b->e);
}

UNUSED static day bill_day(const char *s)
{
	day d = 0;

	if (!day_parse(text_of(s), &d))
		engine_fail("no date", text_of(s));
	return d;
}

/* The whole file: the fixture's head and the blocks given. */
UNUSED static struct text bill_file(const struct bill *b, const char *blocks)
{
	return text_format(
		b->e->arena,
		"tenor: \"1\"\n"
		"contract: {id: M-1, title: Test, %s}\n"
		"documents: [{id: order, kind: order, title: Order form, clauses: [{id: fees, "
		"heading: Fees, text: Words}]}]\n"
		"parties: {%s}\n"
		"calendars:\n"
		"  - {id: support, hours: [{id: w, days: mon-fri, open: [\"07:30-18:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}\n"
		"  - {id: business, hours: [{id: w, days: mon-fri, open: [\"00:00-24:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}\n"
		"term: {%s}\n"
		"services: [{id: help, name: Help, calendar: support%s}, {id: net, name: Network, "
		"calendar: always}]\n%s",
		b->contract, b->parties, b->term, b->help, blocks);
}

/* Reads, builds and prices a file; NULL with b->err where pricing refuses it. A file that is not valid ends the test. */
UNUSED static const struct pricing *bill_pricing(struct bill *b, struct text yaml)
{
	struct arena *a = b->e->arena;
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context context = {.zones = zones};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	const struct pricing *out = NULL;

	*zones = (struct zone_source){a, engine_zone};
	if (contract_read(a, text_of("test.yaml"), yaml, &context, &c, &b->err) != RC_OK)
		engine_fail("contract", text_of(b->err.message));
	for (size_t i = 0; i < c->findings.n; i++)
		printf("# %u:%u: %s: %.*s: %.*s\n", c->findings.v[i].line, c->findings.v[i].column,
		       c->findings.v[i].code, TEXT_ARG(c->findings.v[i].path),
		       TEXT_ARG(c->findings.v[i].message));
	if (!c->valid)
		engine_fail("the contract is not valid", yaml);
	if (promise_build(a, c, &context, &p, &b->err) != RC_OK)
		engine_fail("promise", text_of(b->err.message));
	b->rc = pricing_build(a, p, &out, &b->err);
	return b->rc == RC_OK ? out : NULL;
}

/* One more version, in force from that day; NULL: the first. */
UNUSED static const struct pricing *bill_version(struct bill *b, const char *from,
						 const char *blocks)
{
	const struct pricing *p = bill_pricing(b, bill_file(b, blocks));
	struct priced_version *v = &b->versions[b->n_versions];

	if (p == NULL)
		engine_fail("pricing", text_of(b->err.message));
	if (b->n_versions == BILL_VERSIONS)
		engine_fail("too many versions", text_of(from));
	*v = (struct priced_version){.pricing = p, .from = INT32_MIN, .to = INT32_MAX};
	v->hash = text_of(p->promise->contract->hash);
	if (from != NULL && b->n_versions > 0) {
		v->from = bill_day(from);
		v[-1].to = v->from;
	}
	b->n_versions++;
	return p;
}

/* What is due up to and with that day; the result is in b->c. May be called again after more facts. */
UNUSED static enum rc bill_try(struct bill *b, const char *on)
{
	day d = bill_day(on);
	instant end = zone_midnight(b->e->zone, d + 1) - 1;
	instant as_of = b->as_of == INSTANT_NONE ? end : b->as_of;
	instant known = b->known == INSTANT_NONE ? end : b->known;
	struct charging *c = arena_one(b->e->arena, struct charging);

	*c = (struct charging){.arena = b->e->arena,
			       .versions = b->versions,
			       .n_versions = b->n_versions,
			       .view = view_make(b->e->arena, b->e->facts, as_of, known),
			       .on = d,
			       .stop = b->stop};
	b->c = c;
	err_clear(&b->err);
	b->rc = charging_begin(c, &b->err);
	if (b->rc == RC_OK)
		b->rc = charging_run(c, &b->err);
	return b->rc;
}

UNUSED static void bill_run(struct bill *b, const char *on)
{
	if (bill_try(b, on) != RC_OK)
		engine_fail("charging", text_of(b->err.message));
}

/* The nth item (from 0) of that charge whose service period begins on the day; from NULL: of all. NULL: there is none. */
UNUSED static const struct item *bill_item(const struct bill *b, const char *charge,
					   const char *from, size_t nth)
{
	for (size_t i = 0; i < b->c->n_items; i++) {
		const struct item *it = &b->c->items[i];

		if (!text_is(b->c->slots[it->slot].id, charge) ||
		    (from != NULL && it->service.from != bill_day(from)))
			continue;
		if (nth == 0)
			return it;
		nth--;
	}
	return NULL;
}

UNUSED static size_t bill_count(const struct bill *b, const char *charge)
{
	size_t n = 0;

	for (size_t i = 0; i < b->c->n_items; i++)
		n += text_is(b->c->slots[b->c->items[i].slot].id, charge) ? 1u : 0u;
	return n;
}

/* Minor units with the currency's decimals. */
UNUSED static struct text bill_amount(const struct bill *b, int64_t minor)
{
	struct buf out;

	buf_init(&out, 64);
	decimal_print_places(&out, (struct decimal){minor, b->c->currency.decimals},
			     b->c->currency.decimals);

	struct text t = text_copy(b->e->arena, buf_view(&out));

	buf_free(&out);
	return t;
}

/* "2400.00 5000.00": the nets of an item's lines. */
UNUSED static struct text bill_nets(const struct bill *b, const struct item *it)
{
	struct text t = {"", 0};

	for (size_t i = 0; it != NULL && i < it->n_lines; i++)
		t = text_format(b->e->arena, "%.*s%s%.*s", TEXT_ARG(t), i > 0 ? " " : "",
				TEXT_ARG(bill_amount(b, it->lines[i].net)));
	return t;
}

/* T of the item of that charge and first day; "-": there is none. Lines must sum to it and know how they came about. */
UNUSED static bool is_bill(const struct bill *b, const char *charge, const char *from,
			   const char *want, const char *name)
{
	const struct item *it = bill_item(b, charge, from, 0);
	int64_t sum = 0;

	if (it == NULL)
		return is_text(text_of("-"), want, "%s", name);
	for (size_t i = 0; i < it->n_lines; i++) {
		sum += it->lines[i].net;
		if (it->lines[i].n_steps == 0)
			return ok(false, "%s: a line without steps", name);
	}
	if (sum != it->total)
		return is_i64(sum, it->total, "%s: the lines sum to the total", name);
	return is_text(bill_amount(b, it->total), want, "%s", name);
}

#endif
