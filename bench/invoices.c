/* SPDX-License-Identifier: Apache-2.0 */
#include "invoices.h"

#include "app/zones.h"
#include "tickets.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USERS = 12, WORKS = 5, READINGS = 6, CALLS = 12 };

struct text invoices_contract(struct arena *a, size_t number)
{
	size_t p = number % 1000;

	return text_format(
		a,
		"tenor: \"1\"\n"
		"contract: {id: B-%zu, title: Managed workplace, currency: USD, timezone: "
		"America/New_York, business_calendar: desk}\n"
		"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE, tax_id: \"12-345\", "
		"contacts: [{id: p1, name: Ann, roles: [signatory, billing]}]}, client: "
		"{legal_name: C%zu Inc, jurisdiction: US-NY, contacts: [{id: c1, name: Bo, roles: "
		"[billing, executive]}]}}\n"
		"calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: [\"09:00-17:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}]\n"
		"term: {effective_date: \"2026-06-01\", initial: 36mo}\n"
		"services: [{id: help, name: Help, calendar: desk}]\n"
		"charges:\n"
		"  - {id: care, type: recurring, amount: \"%zu.00 USD\", period: 1mo, bill: "
		"arrears, tax: s}\n"
		"  - {id: users, type: per_unit, count: active_users, price: \"%zu.50 USD\", "
		"period: 1mo, bill: arrears, tax: s}\n"
		"  - {id: licences, type: per_unit, count: orders, price: \"8.25 USD\", period: "
		"1mo, bill: arrears, tax: z}\n"
		"  - {id: hours, type: time, unit: hour, price: \"%zu.00 USD\", included: {qty: 2, "
		"per: 1mo}, increment: 15min, period: 1mo, tax: s}\n"
		"  - {id: storage, type: usage, meter: gb, period: 1mo, tax: s, tiers: [{id: t1, "
		"up_to: 100, price: \"0.20 USD\"}, {id: t2, up_to: 1000, price: \"0.1%02zu USD\"}, "
		"{id: t3, price: \"0.05 USD\"}]}\n"
		"  - {id: calls, type: usage, meter: calls, price: \"0.02 USD\", min_amount: "
		"\"5.00 USD\", period: 1mo, tax: z}\n"
		"  - {id: loyalty, type: discount, pct: 5%%, applies_to: [care, users]}\n"
		"taxes: {categories: [{id: s, code: S, rate: 8.875%%}, {id: z, code: Z}]}\n"
		"payment: {due: 30d}\n",
		number, number, 900 + p, 40 + p % 30, 120 + p % 60, p % 100);
}

const struct pricing *invoices_pricing(struct arena *a, const struct zone_source *zones,
				       size_t number)
{
	const struct promise *p = tickets_promise_in(a, zones, invoices_contract(a, number));
	const struct pricing *out = NULL;
	struct err err = {.line = 0};

	if (pricing_build(a, p, &out, &err) != RC_OK)
		bench_stop("pricing", &err);
	return out;
}

/* --- a month of facts, for memory or as lines --- */

struct month {
	struct facts *facts; /* NULL: as lines */
	const struct zone *zone;
	struct buf *lines;
	size_t number, n;
	uint64_t state;
};

static size_t below(struct month *m, size_t n)
{
	m->state = m->state * 48271 % 2147483647;
	return (size_t)(m->state % n);
}

/* One value: a word, a whole number, or hundredths. */
struct given {
	enum fact_field field;
	const char *key, *word;
	int64_t number;
	bool hundredths;
};

struct row {
	enum fact_kind kind;
	const char *name;
	enum party party;
	int mday, minute;
	const struct given *values;
	size_t n;
	size_t units_from, units; /* a list's units */
};

static void row_line(struct month *m, const struct row *r)
{
	struct buf *b = m->lines;
	bool listed = false;

	buf_printf(b,
		   "{\"id\":\"f%zu-%zu\",\"kind\":\"%s\",\"occurred_at\":\"2026-06-%02dT%02d:%02d:"
		   "00Z\",\"party\":\"%s\"",
		   m->number, m->n, r->name, r->mday, 4 + r->minute / 60, r->minute % 60,
		   party_word(r->party));
	for (size_t i = 0; i < r->n; i++) {
		const struct given *g = &r->values[i];

		if (g->word != NULL)
			buf_printf(b, ",\"%s\":\"%s\"", g->key, g->word);
		else if (g->hundredths)
			buf_printf(b, ",\"%s\":\"%" PRId64 ".%02" PRId64 "\"", g->key,
				   g->number / 100, g->number % 100);
		else
			buf_printf(b, ",\"%s\":%" PRId64, g->key, g->number);
	}
	for (size_t i = 0; i < r->units; i++) {
		buf_printf(b, "%s\"u%zu\"", listed ? "," : ",\"units\":[", r->units_from + i);
		listed = true;
	}
	buf_str(b, listed ? "]}\n" : "}\n");
}

static void row_fact(struct month *m, const struct row *r)
{
	struct fact_value values[32];
	struct symbols *s = m->facts->symbols;
	struct fact f = {.values = values};
	char word[32];

	for (size_t i = 0; i < r->n; i++) {
		const struct given *g = &r->values[i];
		struct fact_value *v = &values[f.n_values++];

		*v = (struct fact_value){.field = g->field};
		if (g->word != NULL)
			v->word = symbol_add(s, text_of(g->word));
		else
			v->number = g->number;
		v->scale = g->hundredths ? 2 : 0;
	}
	for (size_t i = 0; i < r->units; i++) {
		(void)snprintf(word, sizeof(word), "u%zu", r->units_from + i);
		values[f.n_values++] = (struct fact_value){.field = FIELD_UNITS,
							   .word = symbol_add(s, text_of(word))};
	}
	(void)snprintf(word, sizeof(word), "f%zu-%zu", m->number, m->n);
	f.id = symbol_add(s, text_of(word));
	f.kind = (uint8_t)r->kind;
	f.party = (uint8_t)r->party;
	f.occurred_at = instant_of_day(day_of(2026, 6, 1)) + (r->mday - 1) * DAY_MS +
			(4 * 60 + r->minute) * MINUTE_MS;
	f.recorded_at = f.occurred_at;
	f.subject = fact_word(&f, fact_row(r->kind)->subject);
	(void)facts_add(m->facts, &f);
}

static void row_add(struct month *m, const struct row *r)
{
	if (m->facts != NULL)
		row_fact(m, r);
	else
		row_line(m, r);
	m->n++;
}

#define ROW(m, kind, name, party, mday, minute, ...)                                               \
	row_add((m), &(struct row){FACT_##kind, name, party, mday, minute,                         \
				   (const struct given[]){__VA_ARGS__},                            \
				   ARRAY_SIZE(((const struct given[]){__VA_ARGS__})), 0, 0})
#define WORD(field, key, word)                                                                     \
	{                                                                                          \
		FIELD_##field, key, word, 0, false                                                 \
	}

static void list_units(struct month *m, const char *list, const char *what, size_t from, size_t n)
{
	const struct given v[] = {WORD(LIST, "list", list), WORD(COUNT_OF, "count", what)};

	row_add(m, &(struct row){FACT_UNITS_LISTED, "units.listed", PARTY_PROVIDER, 1, 0, v,
				 ARRAY_SIZE(v), from, n});
}

static void add_units(struct month *m)
{
	size_t users = USERS + below(m, 8);

	list_units(m, "L1", "active_users", 0, users);
	ROW(m, UNIT_ADDED, "unit.added", PARTY_PROVIDER, 5 + (int)below(m, 9), 0,
	    WORD(UNIT, "unit", "n1"), WORD(COUNT_OF, "count", "active_users"));
	ROW(m, UNIT_REMOVED, "unit.removed", PARTY_PROVIDER, 16 + (int)below(m, 9), 0,
	    WORD(UNIT, "unit", "u3"), WORD(COUNT_OF, "count", "active_users"));
	ROW(m, ORDER_PLACED, "order.placed", PARTY_CLIENT, 1, 0, WORD(ORDER, "order", "o1"),
	    WORD(CHARGE, "charge", "licences"),
	    {FIELD_QUANTITY, "quantity", NULL, (int64_t)(5 + below(m, 20)) * 100, true});
}

static void add_work(struct month *m)
{
	static const char *const ids[] = {"w1", "w2", "w3", "w4", "w5"};
	static const char *const tickets[] = {"T1", "T2", "T1", "T3", "T2"};

	for (size_t i = 0; i < WORKS; i++)
		ROW(m, WORK_RECORDED, "work.recorded", PARTY_PROVIDER, 2 + (int)i * 6,
		    (int)(9 * 60 + below(m, 9 * 60)), WORD(ENTRY, "entry", ids[i]),
		    {FIELD_MINUTES, "minutes", NULL, (int64_t)(20 + below(m, 150)), false},
		    WORD(TICKET, "ticket", tickets[i]));
}

static void add_usage(struct month *m)
{
	for (size_t i = 0; i < READINGS; i++)
		ROW(m, USAGE_RECORDED, "usage.recorded", PARTY_PROVIDER, 3 + (int)i * 4, 300,
		    WORD(METER, "meter", "gb"),
		    {FIELD_QUANTITY, "quantity", NULL, (int64_t)(2000 + below(m, 20000)), true});
	for (size_t i = 0; i < CALLS; i++)
		ROW(m, USAGE_RECORDED, "usage.recorded", PARTY_PROVIDER, 1 + (int)i * 2, 600,
		    WORD(METER, "meter", "calls"),
		    {FIELD_QUANTITY, "quantity", NULL, (int64_t)(1000 + below(m, 9000)), true});
}

static void add_month(struct month *m)
{
	m->state = 20260701 + m->number;
	add_units(m);
	add_work(m);
	add_usage(m);
}

struct invoices_month invoices_facts(struct arena *a, size_t number, const struct zone *zone)
{
	struct month m = {.facts = facts_new(a), .zone = zone, .number = number};
	day on = day_of(2026, 7, 1);

	(void)facts_add_source(m.facts, (struct fact_source){.name = text_of("bench"),
							     .format = text_of("tenor")});
	add_month(&m);
	return (struct invoices_month){m.facts, on, zone_midnight(zone, on + 1) - 1};
}

void invoices_lines(size_t number, struct buf *out)
{
	struct month m = {.lines = out, .number = number};

	add_month(&m);
}
