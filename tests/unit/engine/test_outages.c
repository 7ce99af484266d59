/* SPDX-License-Identifier: Apache-2.0 */
/* What is seen of a component: outages by id, samples, coverage, whose word counts (sla.md R17, R44, R47); shared vectors. */
#include "unit/engine/availability_fixture.h"

#include "engine/outage.h"

#include <jansson.h>

#define T(x) "2026-04-10T" x ":00Z"

static const char *const seen_words[] = {"unknown", "up", "degraded", "down"};

/* "up" of each component between two changes as text: "unknown 09:00 up 10:00 down 11:00 up". */
static struct text story(struct fixture *x, size_t component)
{
	struct view *v = fixture_view(x);
	struct outages o = outages_make(x->arena, v);
	struct components c = components_make(x->arena, v, &x->p, &x->metric, &o);
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < c.v[component].n; i++) {
		const struct change *k = &c.v[component].v[i];
		int64_t minute = (k->at - at("2026-04-10T00:00:00Z")) / MINUTE_MS;

		if (i > 0)
			buf_printf(&b, " %02" PRId64 ":%02" PRId64 " ", minute / 60, minute % 60);
		buf_str(&b, seen_words[k->seen]);
	}

	struct text t = text_copy(x->arena, buf_view(&b));

	buf_free(&b);
	return t;
}

static const struct {
	const char *name;
	const char *covers[4]; /* from, to, from, to */
	struct {
		enum party party;
		const char *when, *words;
	} facts[8];
	const char *a, *b;
} stories[] = {
	{"nobody looks", {NULL}, {{0}}, "unknown", "unknown"},
	{"somebody looks",
	 {T("09:00"), T("18:00")},
	 {{0}},
	 "unknown 09:00 up 18:00 unknown",
	 "unknown 09:00 up 18:00 unknown"},
	{"two look one after the other",
	 {T("09:00"), T("12:00"), T("12:00"), T("18:00")},
	 {{0}},
	 "unknown 09:00 up 18:00 unknown",
	 "unknown 09:00 up 18:00 unknown"},
	{"an outage of both, one of them longer",
	 {T("09:00"), T("18:00")},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a assets=b"},
	  {PARTY_PROVIDER, T("10:30"), "outage.began outage=o2 assets=b"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o1"},
	  {PARTY_PROVIDER, T("11:30"), "outage.ended outage=o2"}},
	 "unknown 09:00 up 10:00 down 11:00 up 18:00 unknown",
	 "unknown 09:00 up 10:00 down 11:30 up 18:00 unknown"},
	{"pairs by id, not by position",
	 {T("09:00"), T("18:00")},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a"},
	  {PARTY_PROVIDER, T("10:30"), "outage.began outage=o2 assets=b"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o2"},
	  {PARTY_PROVIDER, T("12:00"), "outage.ended outage=o1"}},
	 "unknown 09:00 up 10:00 down 12:00 up 18:00 unknown",
	 "unknown 09:00 up 10:30 down 11:00 up 18:00 unknown"},
	{"an outage spreads, and ends at once",
	 {T("09:00"), T("18:00")},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a"},
	  {PARTY_PROVIDER, T("10:30"), "outage.began outage=o1 assets=b"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o1"}},
	 "unknown 09:00 up 10:00 down 11:00 up 18:00 unknown",
	 "unknown 09:00 up 10:30 down 11:00 up 18:00 unknown"},
	{"an id used again",
	 {T("09:00"), T("18:00")},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a"},
	  {PARTY_PROVIDER, T("10:30"), "outage.ended outage=o1"},
	  {PARTY_PROVIDER, T("11:00"), "outage.began outage=o1 assets=a"},
	  {PARTY_PROVIDER, T("11:30"), "outage.ended outage=o1"}},
	 "unknown 09:00 up 10:00 down 10:30 up 11:00 down 11:30 up 18:00 unknown",
	 "unknown 09:00 up 18:00 unknown"},
	{"down within degraded",
	 {T("09:00"), T("18:00")},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a severity=degraded"},
	  {PARTY_PROVIDER, T("10:30"), "outage.began outage=o2 assets=a severity=down"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o2"},
	  {PARTY_PROVIDER, T("11:30"), "outage.ended outage=o1"}},
	 "unknown 09:00 up 10:00 degraded 10:30 down 11:00 degraded 11:30 up 18:00 unknown",
	 "unknown 09:00 up 18:00 unknown"},
	{"an outage where nobody looks",
	 {NULL},
	 {{PARTY_PROVIDER, T("10:00"), "outage.began outage=o1 assets=a"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o1"}},
	 "unknown 10:00 down 11:00 unknown",
	 "unknown"},
	{"samples decide where there are any, others are looked at",
	 {T("09:00"), T("18:00")},
	 {{PARTY_MONITOR, T("10:00"), "probe.sample asset=a state=up"},
	  {PARTY_MONITOR, T("11:00"), "probe.sample asset=a state=unknown"},
	  {PARTY_MONITOR, T("12:00"), "probe.sample asset=a state=down"}},
	 "unknown 10:00 up 11:00 unknown 12:00 down",
	 "unknown 09:00 up 18:00 unknown"},
	{"degraded by a sample, then by an outage",
	 {NULL},
	 {{PARTY_MONITOR, T("10:00"), "probe.sample asset=a state=degraded"},
	  {PARTY_MONITOR, T("10:30"), "probe.sample asset=a state=up"},
	  {PARTY_PROVIDER, T("10:15"), "outage.began outage=o1 assets=a severity=degraded"},
	  {PARTY_PROVIDER, T("11:00"), "outage.ended outage=o1"}},
	 "unknown 10:00 degraded 11:00 up",
	 "unknown"},
	{"one voice changes its mind within an instant",
	 {NULL},
	 {{PARTY_MONITOR, T("10:00"), "probe.sample asset=a state=down"},
	  {PARTY_MONITOR, T("10:00"), "probe.sample asset=a state=up"}},
	 "unknown 10:00 up",
	 "unknown"},
	{"two voices within an instant: the first recorded",
	 {NULL},
	 {{PARTY_MONITOR, T("10:00"), "probe.sample asset=a state=down"},
	  {PARTY_CLIENT, T("10:00"), "probe.sample asset=a state=up"}},
	 "unknown 10:00 down",
	 "unknown"},
};

static void test_stories(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(stories); i++) {
		struct fixture x;

		fixture_init(&x);
		x.metric.n_scope = 2;
		x.as_of = at("2026-04-10T20:00:00Z");
		for (size_t k = 0; k < 4 && stories[i].covers[k] != NULL; k += 2)
			watched(&x, stories[i].covers[k], stories[i].covers[k + 1]);
		for (size_t k = 0; k < 8 && stories[i].facts[k].words != NULL; k++)
			(void)fact_by(&x, stories[i].facts[k].party, stories[i].facts[k].when, NULL,
				      stories[i].facts[k].words);
		is_text(story(&x, 0), stories[i].a, "%s: a", stories[i].name);
		is_text(story(&x, 1), stories[i].b, "%s: b", stories[i].name);
		fixture_free(&x);
	}
}

/* R17: where the measuring system has samples, another probe's are not mixed in. */
static void test_system(void)
{
	static const char *const systems[] = {"", "probe", "nagios"};
	static const char *const told[] = {
		"unknown 10:00 up 10:01 down 10:02 up 10:03 down",
		"unknown 10:00 up",
		"unknown 10:01 down",
	};

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++) {
		struct fixture x;

		fixture_init(&x);
		x.as_of = at("2026-04-10T20:00:00Z");
		x.metric.measured_by.system = text_of(systems[i]);
		(void)facts_add_source(x.facts, (struct fact_source){.name = text_of("probe")});
		(void)facts_add_source(x.facts, (struct fact_source){.name = text_of("x.csv"),
								     .format = text_of("nagios")});
		(void)fact_by(&x, PARTY_MONITOR, T("10:00"), NULL, "probe.sample asset=a state=up");
		(void)fact_by(&x, PARTY_MONITOR, T("10:01"), NULL,
			      "probe.sample asset=a state=down");
		(void)fact_by(&x, PARTY_MONITOR, T("10:02"), NULL, "probe.sample asset=a state=up");
		(void)fact_by(&x, PARTY_MONITOR, T("10:03"), NULL,
			      "probe.sample asset=a state=down");
		x.facts->v[1].source = 1;
		x.facts->v[3].source = 1;
		is_text(story(&x, 0), told[i], "system '%s'", systems[i]);
		fixture_free(&x);
	}
}

/* R13: what was recorded after known_as_of proves no watching up to it. */
static void test_known(void)
{
	static const struct {
		const char *known, *told;
	} rows[] = {{T("08:00"), "unknown"},
		    {T("09:00"), "unknown"},
		    {T("14:00"), "unknown 09:00 up 10:00 down 11:00 up 14:00 unknown"},
		    {T("18:00"), "unknown 09:00 up 10:00 down 11:00 up 18:00 unknown"},
		    {T("22:00"), "unknown 09:00 up 10:00 down 11:00 up 18:00 unknown"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fixture x;

		fixture_init(&x);
		x.as_of = at("2026-04-10T20:00:00Z");
		x.known_as_of = at(rows[i].known);
		watched(&x, T("09:00"), T("18:00"));
		outage_add(&x, "o1", "assets=a", T("10:00"), T("11:00"));
		is_text(story(&x, 0), rows[i].told, "known as of %s", rows[i].known);
		fixture_free(&x);
	}
}

/* Without a scope the metric's service is the one component, and facts name it as an asset. */
static void test_service(void)
{
	struct fixture x;

	fixture_init(&x);
	x.metric.n_scope = 0;
	x.metric.service = 0;
	x.as_of = at("2026-04-10T20:00:00Z");
	watched(&x, T("09:00"), T("18:00"));
	outage_add(&x, "o1", "assets=hosting", T("10:00"), T("11:00"));
	outage_add(&x, "o2", "assets=a", T("12:00"), T("13:00"));
	is_text(story(&x, 0), "unknown 09:00 up 10:00 down 11:00 up 18:00 unknown",
		"the service is down, an asset of it is not the service");

	struct window_result w = judged(&x, T("09:00"), T("18:00"));

	is_i64(w.availability->down_ms, HOUR_MS, "and so it counts");
	is_i64(w.availability->outages[0].assets[0], -1, "no asset is named");
	x.metric.service = -1;
	is_text(story(&x, 0), "unknown 09:00 up 18:00 unknown", "no service: nothing names it");
	fixture_free(&x);
}

/* --- vectors: Icinga's availability, where planned time counts as up and unknown time is removed --- */

static instant second(int64_t s)
{
	return at("2026-04-10T00:00:00Z") + s * SECOND_MS;
}

static void vector_fact(struct fixture *x, enum fact_kind kind, instant t,
			struct fact_value *values, size_t n, symbol subject)
{
	(void)facts_add(x->facts, &(struct fact){.occurred_at = t,
						 .recorded_at = t,
						 .kind = (uint8_t)kind,
						 .party = PARTY_MONITOR,
						 .subject = subject,
						 .values = values,
						 .n_values = (uint8_t)n});
}

static void vector_state(struct fixture *x, int64_t when_s, int64_t state)
{
	const char *word = state == 0 ? "up" : state == 99 ? "unknown" : "down";
	symbol a = symbol_add(x->facts->symbols, text_of("a"));
	struct fact_value values[] = {
		{.field = FIELD_ASSET, .word = a},
		{.field = FIELD_STATE, .word = symbol_add(x->facts->symbols, text_of(word))}};

	vector_fact(x, FACT_PROBE_SAMPLE, second(when_s), values, 2, a);
}

static int64_t number_at(const json_t *array, size_t i)
{
	return (int64_t)json_integer_value(json_array_get(array, i));
}

/* The state before the window: of the last change not after it, else `prev` of the first change, else as given, else up. */
static void vector_states(struct fixture *x, const json_t *v)
{
	const json_t *states = json_object_get(v, "states"),
		     *now = json_object_get(v, "current_state");
	int64_t first = json_is_integer(now) ? json_integer_value(now) : 0;

	if (json_array_size(states) > 0)
		first = json_integer_value(json_object_get(json_array_get(states, 0), "prev"));
	vector_state(x, 0, first);
	for (size_t i = 0; i < json_array_size(states); i++) {
		const json_t *s = json_array_get(states, i);

		vector_state(x, json_integer_value(json_object_get(s, "t")),
			     json_integer_value(json_object_get(s, "state")));
	}
}

static void vector_downtimes(struct fixture *x, const json_t *downtimes)
{
	for (size_t i = 0; i < json_array_size(downtimes); i++) {
		const json_t *d = json_array_get(downtimes, i);
		struct text id = text_format(x->arena, "m%zu", i);
		symbol m = symbol_add(x->facts->symbols, id);
		struct fact_value values[] = {
			{.field = FIELD_MAINTENANCE, .word = m},
			{.field = FIELD_FROM, .number = second(number_at(d, 0))},
			{.field = FIELD_TO, .number = second(number_at(d, 1))}};

		vector_fact(x, FACT_MAINTENANCE_ANNOUNCED, second(-DAY_MS / SECOND_MS), values, 3,
			    m);
	}
}

static void test_vector(const json_t *v)
{
	const json_t *window = json_object_get(v, "window");
	const json_t *expect = json_object_get(json_object_get(v, "expect"), "ok_percent");
	struct fixture x;
	char want[32], from[40], to[40];
	struct buf b;

	fixture_init(&x);
	(void)rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);
	x.metric.excluded_time = EXCLUDED_COUNT_AS_UP;
	vector_states(&x, v);
	vector_downtimes(&x, json_object_get(v, "downtimes"));

	buf_init(&b, 64);
	instant_print(&b, second(number_at(window, 0)));
	(void)snprintf(from, sizeof(from), "%.*s", TEXT_ARG(buf_view(&b)));
	buf_clear(&b);
	instant_print(&b, second(number_at(window, 1)));
	(void)snprintf(to, sizeof(to), "%.*s", TEXT_ARG(buf_view(&b)));
	buf_free(&b);

	struct window_result w = judged(&x, from, to);
	/* the only number of the vectors with decimals, at most four of them */
	char *number = json_dumps(expect, JSON_ENCODE_ANY | JSON_REAL_PRECISION(8));
	struct decimal d;
	struct err err = {.line = 0};

	if (decimal_parse(text_of(number), &d, &err) != RC_OK &&
	    !(text_ends(text_of(number), ".0") &&
	      decimal_parse(text_sub(text_of(number), 0, strlen(number) - 2), &d, &err) == RC_OK))
		printf("Bail out! '%s' is no number\n", number);
	buf_init(&b, 64);
	decimal_print_places(&b, d, 4);
	(void)snprintf(want, sizeof(want), "%.*s", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
	is_text(shown(&x, &w), want, "vector %s", json_string_value(json_object_get(v, "id")));
	free(number);
	fixture_free(&x);
}

static void test_vectors(void)
{
	const char *shared = tap_shared();
	json_error_t error;
	char path[600];
	int n = 0;

	if (shared == NULL) {
		ok(true, "vectors # SKIP no shared references");
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/vectors/sla.json", shared);

	json_t *all = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *v = json_array_get(all, i);
		const char *kind = json_string_value(json_object_get(v, "kind"));

		if (kind != NULL && strcmp(kind, "availability_states") == 0) {
			test_vector(v);
			n++;
		}
	}
	is_i64(n, 7, "all vectors of availability");
	json_decref(all);
}

int main(void)
{
	test_stories();
	test_system();
	test_known();
	test_service();
	test_vectors();
	return tap_done();
}
