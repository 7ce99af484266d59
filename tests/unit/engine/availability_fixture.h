/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small contract and facts written as text, for the tests of availability: zone America/New_York, assets a to e, one metric
 * that each test changes as it likes.
 */
#ifndef TEST_AVAILABILITY_FIXTURE_H
#define TEST_AVAILABILITY_FIXTURE_H

#include "engine/availability.h"

#include "tap.h"

#include <string.h>

enum { FIXTURE_ASSETS = 5, FIXTURE_RULES = 8 };

struct fixture {
	struct arena *arena;
	struct facts *facts;
	struct promise p;
	struct metric metric;
	struct asset assets[FIXTURE_ASSETS];
	int scope[FIXTURE_ASSETS];
	struct fraction weights[FIXTURE_ASSETS];
	struct exclude_rule rules[FIXTURE_RULES];
	struct service service;
	instant as_of, known_as_of;
};

/* Eastern time as a TZif file without a single transition: its footer says it all. */
UNUSED static const struct zone *fixture_zone(struct arena *a)
{
	static const char data[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				   "\xff\xff\xb9\xb0\0\0EST\0"
				   "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				   "\xff\xff\xb9\xb0\0\0EST\0"
				   "\nEST5EDT,M3.2.0,M11.1.0\n";
	const struct zone *z = NULL;
	struct err err = {0};

	if (zone_parse(a, text_of("America/New_York"), (struct text){data, sizeof(data) - 1}, &z,
		       &err) != RC_OK) {
		printf("Bail out! zone: %s\n", err.message);
		exit(1);
	}
	return z;
}

UNUSED static instant at(const char *t)
{
	struct err err = {0};
	instant out = 0;

	if (instant_parse(text_of(t), &out, NULL, &err) != RC_OK) {
		printf("Bail out! '%s' is no instant: %s\n", t, err.message);
		exit(1);
	}
	return out;
}

UNUSED static void fixture_init(struct fixture *x)
{
	static const char *const ids[FIXTURE_ASSETS] = {"a", "b", "c", "d", "e"};

	memset(x, 0, sizeof(*x));
	x->arena = arena_new((size_t)1 << 30);
	x->facts = facts_new(x->arena);
	for (int i = 0; i < FIXTURE_ASSETS; i++) {
		x->assets[i].id = text_of(ids[i]);
		x->scope[i] = i;
		x->weights[i] = fraction_of(1, 1);
	}
	x->service = (struct service){.id = text_of("hosting")};
	x->p = (struct promise){.zone = fixture_zone(x->arena),
				.service_start = at("2024-01-01T05:00:00Z"),
				.effective = at("2024-01-01T05:00:00Z"),
				.end = at("2030-01-01T05:00:00Z"),
				.assets = x->assets,
				.n_assets = FIXTURE_ASSETS,
				.services = &x->service,
				.n_services = 1,
				.metrics = &x->metric,
				.n_metrics = 1};
	x->metric = (struct metric){.id = text_of("uptime"),
				    .kind = METRIC_AVAILABILITY,
				    .service = -1,
				    .window = WINDOW_CALENDAR_MONTH,
				    .decimals = 4,
				    .scope = x->scope,
				    .n_scope = 1,
				    .weights = x->weights,
				    .target_set = true,
				    .target = {999, 1},
				    .excludes = x->rules,
				    .measured_by = {.down_after = 1}};
	x->as_of = at("2026-12-01T00:00:00Z");
	x->known_as_of = INSTANT_MAX;
}

UNUSED static void fixture_free(struct fixture *x)
{
	arena_free(x->arena);
}

/* A source that watches for outages from `from` to `to`. */
UNUSED static void watched(struct fixture *x, const char *from, const char *to)
{
	(void)facts_add_source(x->facts, (struct fact_source){.name = text_of("outages"),
							      .format = text_of("tenor"),
							      .observes_outages = true,
							      .covers = {at(from), at(to)}});
}

UNUSED static struct exclude_rule *rule_add(struct fixture *x, enum excuse_cause cause)
{
	struct exclude_rule *r = &x->rules[x->metric.n_excludes++];

	*r = (struct exclude_rule){.cause = cause, .per = -1, .proof = PROOF_UNSAID};
	return r;
}

UNUSED static struct timing hours(int64_t n)
{
	return (struct timing){.set = true, .duration = {.n = n, .unit = UNIT_H}};
}

static void fixture_value(struct fixture *x, enum fact_kind kind, struct text key, struct text word,
			  struct fact_value *out)
{
	enum fact_field field = FIELD_COUNT;

	if (!fact_field_find(kind, key, &field)) {
		printf("Bail out! %s has no field '%.*s'\n", fact_row(kind)->kind, TEXT_ARG(key));
		exit(1);
	}
	out->field = field;
	if (field_row(field)->type == FIELD_INSTANT)
		out->number = at(text_copy(x->arena, word).p);
	else
		out->word = symbol_add(x->facts->symbols, word);
}

/*
 * A fact: "kind key=value key=value ..."; a list is its key several times. `recorded` NULL: when it occurred. Returns its
 * index.
 */
UNUSED static uint32_t fact_by(struct fixture *x, enum party party, const char *occurred,
			       const char *recorded, const char *words)
{
	struct text head, rest = text_cut(text_of(words), ' ', &head);
	struct fact_value values[12];
	struct fact f = {.occurred_at = at(occurred),
			 .recorded_at = at(recorded != NULL ? recorded : occurred),
			 .party = (uint8_t)party,
			 .values = values};
	enum fact_kind kind = FACT_COUNT;
	char id[32];

	if (!fact_kind_find(head, &kind)) {
		printf("Bail out! no kind '%.*s'\n", TEXT_ARG(head));
		exit(1);
	}
	while (rest.n > 0) {
		struct text pair, key, word;

		rest = text_cut(rest, ' ', &pair);
		word = text_cut(pair, '=', &key);
		memset(&values[f.n_values], 0, sizeof(values[0]));
		fixture_value(x, kind, key, word, &values[f.n_values++]);
	}
	(void)snprintf(id, sizeof(id), "fact-%zu", x->facts->n);
	f.kind = (uint8_t)kind;
	f.id = symbol_add(x->facts->symbols, text_of(id));
	f.subject = fact_word(&f, fact_row(kind)->subject);
	return facts_add(x->facts, &f)->order;
}

UNUSED static uint32_t fact_add(struct fixture *x, const char *occurred, const char *words)
{
	return fact_by(x, PARTY_PROVIDER, occurred, NULL, words);
}

/* An outage of some assets, written "assets=a assets=b"; to NULL: without an end. */
UNUSED static void outage_add(struct fixture *x, const char *id, const char *assets,
			      const char *from, const char *to)
{
	char words[256];

	(void)snprintf(words, sizeof(words), "outage.began outage=%s %s", id, assets);
	(void)fact_add(x, from, words);
	if (to == NULL)
		return;
	(void)snprintf(words, sizeof(words), "outage.ended outage=%s", id);
	(void)fact_add(x, to, words);
}

UNUSED static struct view *fixture_view(struct fixture *x)
{
	return view_make(x->arena, x->facts, x->as_of, x->known_as_of);
}

/* The metric over [from, to), judged as a whole. */
UNUSED static struct window_result judged_in(struct fixture *x, const struct view *v,
					     const char *from, const char *to)
{
	const struct availability_history *h =
		availability_history_make(x->arena, v, &x->p, &x->metric);
	struct span s = {at(from), at(to)};
	struct window_result w = {.kind = x->metric.window, .window = s, .judged = s};

	availability_window(x->arena, h, &w);
	return w;
}

UNUSED static struct window_result judged(struct fixture *x, const char *from, const char *to)
{
	return judged_in(x, fixture_view(x), from, to);
}

/* "99.8592" */
UNUSED static struct text shown(struct fixture *x, const struct window_result *w)
{
	struct buf b;

	if (!w->value_set)
		return text_of("n/a");
	buf_init(&b, 64);
	decimal_print_places(&b, w->shown, x->metric.decimals);

	struct text t = text_copy(x->arena, buf_view(&b));

	buf_free(&b);
	return t;
}

#endif
