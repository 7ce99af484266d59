/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts as YAML, facts as lines, and the outcome of both, for tests of the engine. Zone America/New_York; calendars of sla.md
 * section 11: desk, split, business (also the business calendar). A line of a fact:
 *
 *     2026-01-23 15:00 ticket.logged client ticket=T1 priority=P1 [recorded=2026-01-23T21:00:00Z] [id=f1] [corrects=f0] [seq=2]
 *
 * Times without Z are New York's wall clock, with seconds and milliseconds if given.
 */
#ifndef TEST_ENGINE_FIXTURE_H
#define TEST_ENGINE_FIXTURE_H

#include "engine/outcome.h"

#include "tap.h"

#include <string.h>

struct engine {
	struct arena *arena;
	const struct zone *zone;
	struct facts *facts;
	struct version versions[4];
	size_t n_versions;
};

_Noreturn UNUSED static void engine_fail(const char *what, struct text which)
{
	printf("Bail out! %s: '%.*s'\n", what, TEXT_ARG(which));
	exit(1);
}

UNUSED static struct text engine_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char part[4096];
	size_t n;

	if (f == NULL)
		return (struct text){NULL, 0};
	buf_init(&b, (size_t)1 << 22);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	(void)fclose(f);

	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

/* The system's zones; New York's rule is built in, so the tests run without a tzdata package. */
UNUSED static enum rc engine_zone(void *context, struct text name, const struct zone **out,
				  struct err *err)
{
	static const char eastern[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				      "\xff\xff\xb9\xb0\0\0EST\0"
				      "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				      "\xff\xff\xb9\xb0\0\0EST\0"
				      "\nEST5EDT,M3.2.0,M11.1.0\n";
	struct text bytes = {eastern, sizeof(eastern) - 1};

	if (!text_is(name, "America/New_York")) {
		char path[256];

		(void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", TEXT_ARG(name));
		bytes = engine_file(context, path);
		if (bytes.p == NULL)
			return err_set(err, RC_MISSING, "no zone");
	}
	return zone_parse(context, name, bytes, out, err);
}

UNUSED static struct engine *engine_new(void)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct engine *e = arena_one(a, struct engine);
	struct err err = {.line = 0};

	e->arena = a;
	e->facts = facts_new(a);
	(void)facts_add_source(e->facts, (struct fact_source){.name = text_of("facts"),
							      .format = text_of("tenor")});
	if (engine_zone(a, text_of("America/New_York"), &e->zone, &err) != RC_OK)
		engine_fail("zone", text_of(err.message));
	return e;
}

UNUSED static void engine_free(struct engine *e)
{
	arena_free(e->arena);
}

/* The contract whose `sla` block is given, in force from that date; term: 36mo from effective_date. More blocks may follow. */
UNUSED static const struct promise *engine_promise(struct engine *e, const char *effective,
						   const char *sla, const char *more)
{
	struct text yaml = text_format(
		e->arena,
		"tenor: \"1\"\n"
		"contract: {id: T-1, title: Test, currency: USD, timezone: America/New_York, "
		"business_calendar: business}\n"
		"documents: [{id: order, kind: order, title: Order form, clauses: [{id: levels, "
		"heading: Levels, text: Words}]}]\n"
		"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE, contacts: [{id: p1, "
		"name: Ann, roles: [signatory]}]}, client: {legal_name: C Inc, jurisdiction: "
		"US-NY, contacts: [{id: c1, name: Bo, roles: [it_lead, executive]}]}}\n"
		"calendars:\n"
		"  - {id: desk, hours: [{id: w, days: mon-fri, open: [\"09:00-17:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}\n"
		"  - {id: split, hours: [{id: w, days: mon-fri, open: [\"09:00-12:00\", "
		"\"13:00-18:00\"]}], holidays: [{id: us, set: us_federal}]}\n"
		"  - {id: business, hours: [{id: w, days: mon-fri, open: [\"00:00-24:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}\n"
		"assets: [{id: server, name: Server}, {id: router, name: Router}]\n"
		"term: {effective_date: \"%s\", initial: 36mo}\n"
		"services: [{id: help, name: Help, calendar: desk}, {id: net, name: Network, "
		"calendar: always}]\n"
		"charges: [{id: care, type: recurring, amount: \"7200.00 USD\", period: 1mo}]\n"
		"payment: {due: 30d}\n"
		"sla:\n%s%s",
		effective, sla, more);
	struct zone_source zones = {e->arena, engine_zone};
	struct terms_context context = {.zones = &zones};
	struct contract *c = NULL;
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (contract_read(e->arena, text_of("test.yaml"), yaml, &context, &c, &err) != RC_OK)
		engine_fail("contract", text_of(err.message));
	for (size_t i = 0; i < c->findings.n; i++)
		printf("# %u:%u: %s: %.*s: %.*s\n", c->findings.v[i].line, c->findings.v[i].column,
		       c->findings.v[i].code, TEXT_ARG(c->findings.v[i].path),
		       TEXT_ARG(c->findings.v[i].message));
	if (!c->valid)
		engine_fail("the contract is not valid", text_of(sla));
	if (promise_build(e->arena, c, &context, &p, &err) != RC_OK)
		engine_fail("promise", text_of(err.message));
	return p;
}

/* The first version of the contract. */
UNUSED static const struct promise *engine_terms(struct engine *e, const char *effective,
						 const char *sla)
{
	const struct promise *p = engine_promise(e, effective, sla, "");

	e->versions[0] = (struct version){p, INSTANT_MIN};
	e->n_versions = 1;
	return p;
}

/* "2026-01-23 15:00[:ss[.mmm]]" of New York, or an instant with Z. */
UNUSED static instant engine_at(const struct engine *e, struct text t)
{
	struct err err = {.line = 0};
	day date;
	instant out;
	int32_t minutes;
	int64_t s = 0, ms = 0;

	if (text_ends(t, "Z")) {
		if (instant_parse(t, &out, NULL, &err) != RC_OK)
			engine_fail("no instant", t);
		return out;
	}
	if (t.n < 16 || !day_parse(text_sub(t, 0, 10), &date) ||
	    !minutes_parse(text_sub(t, 11, 16), &minutes))
		engine_fail("no local time", t);
	if ((t.n >= 19 && !text_digits(text_sub(t, 17, 19), &s)) ||
	    (t.n >= 23 && !text_digits(text_sub(t, 20, 23), &ms)))
		engine_fail("no local time", t);
	return zone_instant(e->zone, date, minutes * MINUTE_MS + s * SECOND_MS + ms, NULL);
}

UNUSED static instant engine_time(const struct engine *e, const char *t)
{
	return engine_at(e, text_of(t));
}

static void engine_value(struct engine *e, enum fact_kind kind, struct text key, struct text word,
			 struct fact *f, struct fact_value *values)
{
	enum fact_field field = FIELD_COUNT;
	struct fact_value *v = &values[f->n_values];
	struct decimal d;
	struct err err = {.line = 0};

	if (!fact_field_find(kind, key, &field))
		engine_fail("no such field", key);
	*v = (struct fact_value){.field = field};
	switch (field_row(field)->type) {
	case FIELD_INSTANT:
		v->number = engine_at(e, word);
		break;
	case FIELD_BOOL:
		v->number = text_is(word, "true");
		break;
	case FIELD_INT:
		if (!text_int(word, &v->number))
			engine_fail("no whole number", word);
		break;
	case FIELD_DECIMAL:
		if (decimal_parse(word, &d, &err) != RC_OK)
			engine_fail("no number", word);
		v->number = d.units;
		v->scale = d.scale;
		break;
	case FIELD_SYMBOLS: {
		struct text head, rest = text_cut(word, ',', &head);

		v->word = symbol_add(e->facts->symbols, head);
		f->n_values++;
		if (rest.n > 0)
			engine_value(e, kind, key, rest, f, values);
		return;
	}
	case FIELD_SYMBOL:
	case FIELD_TEXT:
		v->word = symbol_add(e->facts->symbols, word);
		break;
	}
	f->n_values++;
}

/* Adds a fact of a source; returns its index. */
UNUSED static uint32_t engine_fact_from(struct engine *e, uint16_t source, const char *line)
{
	struct fact_value values[32];
	struct fact f = {.source = source, .values = values};
	struct text rest = text_trim(text_of(line)), word, kind_word, clock, party;
	enum fact_kind kind = FACT_COUNT;
	enum party who = PARTY_UNKNOWN;
	char id[32];

	rest = text_cut(rest, ' ', &word);
	if (text_ends(word, "Z")) {
		f.occurred_at = engine_at(e, word);
	} else {
		rest = text_cut(rest, ' ', &clock);
		f.occurred_at = engine_at(e, (struct text){word.p, word.n + 1 + clock.n});
	}
	rest = text_cut(rest, ' ', &kind_word);
	rest = text_cut(rest, ' ', &party);
	if (!fact_kind_find(kind_word, &kind))
		engine_fail("no kind of fact", kind_word);
	if (!party_find(party, &who))
		engine_fail("no party", party);
	(void)snprintf(id, sizeof(id), "fact-%zu", e->facts->n);
	f.id = symbol_add(e->facts->symbols, text_of(id));
	f.recorded_at = f.occurred_at;
	f.party = (uint8_t)who;
	f.kind = (uint8_t)kind;
	while (rest.n > 0) {
		struct text pair, key, value;
		int64_t seq;

		rest = text_trim(text_cut(rest, ' ', &pair));
		value = text_cut(pair, '=', &key);
		if (text_is(key, "recorded"))
			f.recorded_at = engine_at(e, value);
		else if (text_is(key, "id"))
			f.id = symbol_add(e->facts->symbols, value);
		else if (text_is(key, "corrects"))
			f.corrects = symbol_add(e->facts->symbols, value);
		else if (text_is(key, "seq") && text_int(value, &seq))
			f.seq = (uint32_t)seq;
		else
			engine_value(e, kind, key, value, &f, values);
	}
	f.subject = fact_word(&f, fact_row(kind)->subject);
	return facts_add(e->facts, &f)->order;
}

UNUSED static uint32_t engine_fact(struct engine *e, const char *line)
{
	return engine_fact_from(e, 0, line);
}

/* Facts one a line; empty lines are skipped. */
UNUSED static void engine_facts(struct engine *e, const char *lines)
{
	struct text rest = text_of(lines);

	while (rest.n > 0) {
		struct text line;

		rest = text_cut(rest, '\n', &line);
		line = text_trim(line);
		if (line.n > 0)
			(void)engine_fact(e, text_copy(e->arena, line).p);
	}
}

UNUSED static struct evaluation engine_input(const struct engine *e, const char *as_of,
					     const char *from, const char *to)
{
	struct evaluation in = {
		.versions = e->versions,
		.n_versions = e->n_versions,
		.facts = e->facts,
		.as_of = engine_time(e, as_of),
		.period = {engine_time(e, from), engine_time(e, to)},
	};

	in.known_as_of = in.as_of;
	return in;
}

UNUSED static struct outcome *engine_outcome(struct engine *e, const char *as_of, const char *from,
					     const char *to)
{
	struct evaluation in = engine_input(e, as_of, from, to);
	struct outcome *o = NULL;
	struct err err = {.line = 0};

	if (evaluate(e->arena, &in, &o, &err) != RC_OK)
		engine_fail("evaluate", text_of(err.message));
	return o;
}

/* The window of a metric with that label, or NULL. */
UNUSED static const struct window_result *engine_window(const struct outcome *o, const char *metric,
							const char *label)
{
	for (size_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];
		struct text id = outcome_promise(o, w->version)->metrics[w->metric].id;

		if (text_is(id, metric) && strcmp(w->label, label) == 0)
			return w;
	}
	return NULL;
}

UNUSED static bool is_instant(instant got, instant want, const char *name)
{
	struct buf b;
	bool same = got == want;

	(void)ok(same, "%s", name);
	if (same)
		return true;
	buf_init(&b, 200);
	buf_str(&b, "got ");
	if (got == INSTANT_NONE)
		buf_str(&b, "none");
	else
		instant_print(&b, got);
	buf_str(&b, ", want ");
	if (want == INSTANT_NONE)
		buf_str(&b, "none");
	else
		instant_print(&b, want);
	note("%.*s", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	return false;
}

UNUSED static bool is_decimal(struct decimal got, unsigned places, const char *want,
			      const char *name)
{
	struct buf b;

	buf_init(&b, 64);
	decimal_print_places(&b, got, places);
	bool same = is_text(buf_view(&b), want, "%s", name);

	buf_free(&b);
	return same;
}

#endif
