/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in dispute (sla.md R17, R19), outages of components judged alone (R49), causes of credits, and the way from a window to
 * the time counted (R48) in words: each part named once, and the parts make the sum.
 */
#include "outcome.h"

#include "render/explain.h"

#include <jansson.h>

static const struct statement_options english = {.explain_command = {"tenor explain", 13}};

static struct text as_text(struct arena *a, const struct outcome *o, const char *lang)
{
	struct statement_options options = english;
	struct buf b;

	options.language = language(lang);
	buf_init(&b, 1 << 20);
	doc_text(statement_doc(a, o, &options), &(struct text_style){.width = 400}, &b);

	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static struct text as_page(struct arena *a, const struct outcome *o)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	doc_html(statement_doc(a, o, &english), &b);

	struct text t = text_copy(a, buf_view(&b));

	buf_free(&b);
	return t;
}

static json_t *as_json(struct arena *a, const struct outcome *o)
{
	json_error_t error;
	struct buf b;

	buf_init(&b, 1 << 20);
	statement_json(a, o, &english, false, &b);

	json_t *j = json_loadb(buf_view(&b).p, buf_view(&b).n, 0, &error);

	buf_free(&b);
	if (j == NULL)
		note("%s", error.text);
	return j;
}

/* Where the words stand from `from` on; t.n: nowhere. */
static size_t find(struct text t, const char *words, size_t from)
{
	size_t n = strlen(words);

	for (; from + n <= t.n; from++)
		if (memcmp(t.p + from, words, n) == 0)
			return from;
	return t.n;
}

static bool says(struct text t, const char *words)
{
	return find(t, words, 0) < t.n;
}

static void is_str(const char *got, const char *want, const char *name)
{
	(void)ok(got != NULL && strcmp(got, want) == 0, "%s: '%s', not '%s'", name,
		 got != NULL ? got : "nothing", want);
}

/* A text with all runs of blanks as one, so that the width of a column does not matter. */
static struct text squeezed(struct arena *a, struct text t)
{
	char *out = arena_array(a, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i] == '\n' ? ' ' : t.p[i];

		if (c != ' ' || n == 0 || out[n - 1] != ' ')
			out[n++] = c;
	}
	return (struct text){out, n};
}

static const char *at_path(const json_t *j, const char *list, size_t i, const char *object,
			   const char *key)
{
	const json_t *x = json_array_get(json_object_get(j, list), i);

	if (object[0] != '\0')
		x = json_object_get(x, object);

	const char *s = json_string_value(json_object_get(x, key));

	return s != NULL ? s : "";
}

/* --- contradictions --- */

static struct window_change changes[2];
static struct total_change totals[1];

/* The client's word about T-118 would turn resolution, move uptime and double March's credits. */
static void contradict(const struct outcome *o)
{
	struct currency usd = o->in.versions[0].promise->currency;

	changes[0] = (struct window_change){0, o->windows[0]};
	changes[0].after.verdict = VERDICT_MET;
	changes[0].after.value = fraction_of(1, 1);
	changes[0].after.shown = (struct decimal){1000000, 4};
	changes[1] = (struct window_change){2, o->windows[2]};
	changes[1].after.shown = (struct decimal){990000, 4};
	totals[0] = (struct total_change){o->in.period, {2250, usd}, {4500, usd}};
	fixture_dispute.found[0] = (struct contradiction){.fact = F_RESTORED, .counted = F_ANSWER};
	fixture_dispute.n_found = 1;
	fixture_dispute.windows = changes;
	fixture_dispute.n_windows = 2;
	fixture_dispute.totals = totals;
	fixture_dispute.n_totals = 1;
	fixture_dispute.fails = false;
}

static const struct {
	const char *lang, *line;
	size_t n_windows, n_totals;
	bool fails;
} lines[] = {
	{"en",
	 "T-118 usable again, Wed 11 Mar 10:40 EDT, provider, does not count; if it did: "
	 "Resolution, March 2026 would turn from missed (50.0000 %) to kept (100.0000 %); Uptime, "
	 "March 2026 would be 99.0000 % instead of 99.4385 %; credits of March 2026 would be "
	 "45.00 USD instead of 22.50 USD [6]",
	 2, 1, false},
	{"en", "provider, does not count; if it did, nothing would change [6]", 0, 0, false},
	{"en", "provider, does not count; what it would change is not known [6]", 2, 1, true},
	{"de",
	 "zählt nicht; wenn doch: Lösung, März 2026 würde von verfehlt (50,0000 %) zu gehalten "
	 "(100,0000 %); Verfügbarkeit, März 2026: 99,0000 % statt 99,4385 %; Gutschriften für März "
	 "2026: 45,00 USD statt 22,50 USD [6]",
	 2, 1, false},
	{"de", "zählt nicht; es würde nichts ändern [6]", 0, 0, false},
};

static void contradiction_lines(struct arena *a, struct outcome *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		contradict(o);
		fixture_dispute.n_windows = lines[i].n_windows;
		fixture_dispute.n_totals = lines[i].n_totals;
		fixture_dispute.fails = lines[i].fails;

		struct text t = squeezed(a, as_text(a, o, lines[i].lang));

		if (!ok(says(t, lines[i].line), "%s: %s", lines[i].lang, lines[i].line))
			note("%.*s", TEXT_ARG(t));
	}
	fixture_dispute.fails = false;
}

static void contradiction_elsewhere(struct arena *a, struct outcome *o)
{
	struct doc *d = NULL;
	struct err err = {.line = 0};
	struct buf b;

	contradict(o);

	struct text page = as_page(a, o);

	ok(says(page, "<article id=\"why-6\""), "the page has the whole reason");
	ok(says(page, "<dt>does not count</dt>"), "with both records");

	buf_init(&b, 1 << 20);
	if (ok(explain_doc(a, o, &english, text_of("6"), &d, &err) == RC_OK, "explain 6")) {
		doc_text(d, &(struct text_style){.width = 400}, &b);
		struct text t = squeezed(a, buf_view(&b));

		ok(says(t, "counts T-118 message, Tue 10 Mar 13:55 EDT, client; recorded"),
		   "explain: the one that counts");
		ok(says(t, "if it counted Resolution, March 2026 would turn from"),
		   "explain: what it would change");
		ok(says(t, "sla.md R14, R17"), "explain: the rule");
		ok(says(t, "f-3") && says(t, "f-2"), "explain: both facts by id");
	}
	buf_free(&b);

	json_t *j = as_json(a, o);

	is_str(at_path(j, "contradictions", 0, "fact", "id"), "f-3", "JSON: does not count");
	is_str(at_path(j, "contradictions", 0, "counted_fact", "id"), "f-2", "JSON: counts");

	const json_t *x = json_array_get(json_object_get(j, "contradictions"), 0);
	const json_t *w = json_array_get(json_object_get(x, "windows"), 0);

	ok(json_is_true(json_object_get(x, "tried")), "JSON: tried");
	is_str(json_string_value(json_object_get(json_object_get(w, "before"), "verdict")),
	       "missed", "JSON: before");
	is_str(json_string_value(json_object_get(json_object_get(w, "after"), "verdict")), "met",
	       "JSON: after");
	is_i64(json_integer_value(
		       json_object_get(json_array_get(json_object_get(x, "windows"), 1), "index")),
	       1, "JSON: the place of the window in the statement");
	is_str(at_path(x, "totals", 0, "", "after"), "45.00 USD", "JSON: money");
	json_decref(j);
}

/* Each is an evaluation of everything: twenty at most, each once, and only when somebody reads them. */
static void many_contradictions(struct arena *a, struct outcome *o)
{
	contradict(o);
	for (size_t i = 0; i < ARRAY_SIZE(fixture_dispute.found); i++)
		fixture_dispute.found[i] =
			(struct contradiction){.fact = F_RESTORED, .counted = F_ANSWER};
	fixture_dispute.n_found = ARRAY_SIZE(fixture_dispute.found);
	fixture_dispute.tries = 0;

	struct report *r = report_new(a, o, &english);

	is_i64((int64_t)fixture_dispute.tries, 0, "numbering tries none");
	for (uint32_t i = 0; i < r->n_contradictions; i++) {
		(void)contradiction_at(r, i);
		(void)contradiction_at(r, i);
	}
	is_i64((int64_t)fixture_dispute.tries, CONTRADICTIONS_TRIED_MAX, "twenty, once each");

	json_t *j = as_json(a, o);

	is_i64((int64_t)json_array_size(json_object_get(j, "contradictions")), 25, "all in JSON");
	ok(json_is_false(json_object_get(json_array_get(json_object_get(j, "contradictions"), 20),
					 "tried")),
	   "those beyond are not tried");
	json_decref(j);
	ok(says(as_page(a, o), "5 more records that others outweigh"), "the rest is counted");
	fixture_dispute.n_found = 0;
}

/* --- contested facts --- */

static struct window_result alternative;
static struct credit credits[2];
static const uint32_t both[] = {0, 1};

/* What is contested decides uptime: without it no more than the first tier would be reached. */
static void contest(struct outcome *o, struct settlement *s)
{
	alternative = o->windows[2];
	alternative.verdict = VERDICT_MET;
	alternative.shown = (struct decimal){998000, 4};
	alternative.value = fraction_of(998, 1000);
	o->windows[2].held = true;
	o->windows[2].alternative = &alternative;
	credits[0] = o->credits[0];
	credits[1] = o->credits[0];
	memcpy(credits[1].id, "c2", 3);
	credits[1].fate = CREDIT_HELD;
	credits[1].amount.minor = 1250;
	credits[1].other = 0;
	*s = o->settlements[0];
	s->credits = both;
	s->n_credits = 2;
	o->credits = credits;
	o->n_credits = 2;
	o->settlements = s;
	fixture_dispute.contested = F_BEGAN;
	fixture_dispute.by = F_SHORT;
}

static const struct {
	const char *lang, *words;
} held_words[] = {
	{"en", "Uptime 99.5 % 99.4385 % missed, held until the dispute is settled [2]"},
	{"en", "contested 9 outage began, Tue 24 Mar 14:00 EDT, monitor; contested by provider, "
	       "23 Mar 2026 16:00 EDT"},
	{"en", "without what is contested: 99.8000 %, kept"},
	{"en", "what depends on it is held; without what is contested: 99.8000 %, kept [2]"},
	{"en", "Credit c2, held until the dispute is settled 12.50 USD [4]"},
	{"en", "[4] Credit c2: 12.50 USD, held"},
	{"en", "contested applied: c1 22.50 USD; waits for the dispute to be settled: c2 12.50 "
	       "USD"},
	{"de", "ohne das Bestrittene: 99,8000 %, gehalten"},
	{"de", "bestritten durch Anbieter"},
	{"de", "angewandt: c1 22,50 USD; wartet auf die Klärung des Streits: c2 12,50 USD"},
};

static void contested(struct arena *a)
{
	struct outcome *o = fixture_outcome(a);
	struct settlement s;

	contest(o, &s);
	for (size_t i = 0; i < ARRAY_SIZE(held_words); i++) {
		struct text t = squeezed(a, as_text(a, o, held_words[i].lang));

		if (!ok(says(t, held_words[i].words), "%s: %s", held_words[i].lang,
			held_words[i].words))
			note("%.*s", TEXT_ARG(t));
	}
	ok(says(as_page(a, o), "<dt>contested</dt>"), "on the page");

	json_t *j = as_json(a, o);
	const json_t *w = json_array_get(json_object_get(j, "windows"), 1);

	ok(json_is_true(json_object_get(w, "held")), "JSON: held");
	is_str(json_string_value(json_object_get(json_object_get(w, "alternative"), "verdict")),
	       "met", "JSON: the other result");
	is_str(at_path(w, "contested", 0, "fact", "id"), "f-9", "JSON: what is contested");
	is_str(at_path(w, "contested", 0, "by", "id"), "f-8", "JSON: by what");

	const json_t *c = json_array_get(json_object_get(j, "credits"), 0);
	const json_t *dispute = json_object_get(c, "dispute");

	is_str(json_string_value(json_array_get(json_object_get(dispute, "applied"), 0)), "c1",
	       "JSON: applied");
	is_str(json_string_value(json_array_get(json_object_get(dispute, "waits"), 0)), "c2",
	       "JSON: waits");
	json_decref(j);
}

/* A credit that waits because the other result is worse: its tier is the other's, and so is the value compared with it. */
static void tier_of_the_other(struct arena *a)
{
	struct outcome *o = fixture_outcome(a);
	struct settlement s;

	contest(o, &s);
	alternative.verdict = VERDICT_MISSED;
	alternative.shown = (struct decimal){975000, 4};
	credits[1].tier = 1;
	credits[1].pct = (struct decimal){10, 0};
	credits[1].other = UINT32_MAX;

	struct text t = squeezed(a, as_text(a, o, "en"));

	ok(says(t, "tier 97.5000 % is below 98 % 10 %"), "the other's value at the other's tier");
	ok(says(t, "tier 99.4385 % is below 99.5 % and not below 98 % 5 %"), "ours at ours");
	fixture_dispute.contested = NO_FACT;
}

/* --- components alone, causes --- */

static void components_alone(struct arena *a)
{
	struct outcome *o = fixture_outcome(a);
	struct availability *av = arena_one(a, struct availability);
	struct availability *members = arena_array(a, struct availability, 2);

	*av = *o->windows[2].availability;
	members[0] = *av;
	members[0].excuses = NULL;
	members[0].n_excuses = 0;
	members[1] = members[0];
	members[1].n_outages = 0;
	av->agreed_ms *= 2;
	av->base_ms *= 2;
	av->removed_ms *= 2;
	av->excused_ms *= 2;
	av->outages = NULL;
	av->n_outages = 0;
	av->members = members;
	av->n_members = 2;
	o->windows[2].availability = av;

	struct text t = squeezed(a, as_text(a, o, "en"));

	ok(!says(t, "No outage and no excused time."), "not said where a component was down");
	ok(says(t, "4 h 10 min server: outage 9 4 h 10 min counted"), "its outage, by component");
	ok(says(t, "2 components, each alone, together 1,486 h; less 2 h excused"),
	   "the sum of both");

	json_t *j = as_json(a, o);
	const json_t *w = json_array_get(json_object_get(j, "windows"), 1);
	const json_t *first = json_array_get(
		json_object_get(json_object_get(w, "availability"), "components"), 0);

	is_str(at_path(first, "outages", 0, "", "id"), "9", "JSON: the outage of the component");
	json_decref(j);

	struct buf b;

	buf_init(&b, 1 << 16);
	statement_csv(a, o, &b);
	ok(says(buf_view(&b), "outage,uptime,2026-03,9,"), "CSV: too");
	buf_free(&b);

	struct doc *d = NULL;
	struct err err = {.line = 0};

	ok(explain_doc(a, o, &english, text_of("outage 9"), &d, &err) == RC_OK,
	   "it can be explained");
}

/* An id of a sample is for machines; who reads a credit wants to know what failed and when. */
static void causes(struct arena *a)
{
	struct outcome *o = fixture_outcome(a);
	struct facts *facts = arena_one(a, struct facts);
	struct credit *c = arena_one(a, struct credit);
	symbol *names = arena_array(a, symbol, 3);
	struct fact sample = *view_fact(o->view, F_BEGAN);

	*facts = *o->in.facts;
	sample.kind = FACT_PROBE_SAMPLE;
	sample.id = symbol_add(facts->symbols, text_of("kx91@2026-03-24T18:20:00Z"));
	sample.subject = symbol_add(facts->symbols, text_of("server"));
	sample.occurred_at = at("2026-03-24T18:20:00Z");
	(void)facts_add(facts, &sample);
	o->in.facts = facts;
	o->view = view_make(a, facts, o->in.as_of, o->in.known_as_of);
	names[0] = sample.id;
	names[1] = symbol_add(facts->symbols, text_of("RC-7"));
	names[2] = symbol_find(facts->symbols, text_of("T-118"));
	*c = o->credits[0];
	c->causes = names;
	c->n_causes = 3;
	o->credits = c;

	struct text t = squeezed(a, as_text(a, o, "en"));

	ok(says(t, "cause outage of server (Tue 24 Mar 14:20 EDT), RC-7, T-118"),
	   "a sample by what failed and when, others by their names");
	ok(!says(t, "kx91@"), "no raw id");
	ok(says(as_page(a, o), "<dt>cause</dt><dd>outage of server (<time"), "on the page too");

	json_t *j = as_json(a, o);

	is_str(json_string_value(json_array_get(
		       json_object_get(json_array_get(json_object_get(j, "credits"), 0), "causes"),
		       0)),
	       "kx91@2026-03-24T18:20:00Z", "JSON keeps the id");
	json_decref(j);
}

/* --- from the window to the time counted --- */

/* Hours. What is printed at the right edge is `counted`; each part is named once, and they lead there exactly. */
static const struct {
	const char *name;
	int64_t agreed, unknown, excused, as_up, counted;
	bool exclude_unknown, count_as_up, running;
	const char *words;
} ways[] = {
	{"all of it", 743, 0, 0, 0, 743, true, false, false,
	 "March 2026 has 743 h (summer time began on 8 Mar 2026) 743 h"},
	{"unseen, left out", 743, 88, 0, 0, 655, true, false, false,
	 "8 Mar 2026); less 88 h without observation 655 h"},
	{"unseen and excused are two things", 743, 80, 8, 0, 655, true, false, false,
	 "8 Mar 2026); less 80 h without observation; less 8 h excused 655 h"},
	{"unseen, counted as up", 743, 88, 3, 0, 740, false, false, false,
	 "8 Mar 2026); less 3 h excused; 88 h without observation, counted as up 740 h"},
	{"excused, counted as up", 743, 5, 10, 2, 738, true, true, false,
	 "8 Mar 2026); less 5 h without observation; 2 h excused, counted as up 738 h"},
	{"not over yet", 400, 0, 1, 0, 399, true, false, true,
	 "8 Mar 2026); seen until 17 Mar 2026 21:00 EDT; agreed are 400 h; less 1 h excused 399 h"},
	{"half of a degraded component out", 743, 0, 4, 0, 737, true, false, false,
	 "8 Mar 2026); less 4 h excused; less 2 h, the half of time in which only a degraded "
	 "component was seen 737 h"},
	{"half of a degraded component in", 743, 0, 4, 0, 741, true, false, false,
	 "8 Mar 2026); less 4 h excused; 2 h of it kept, the half of time in which only a "
	 "degraded component was seen 741 h"},
};

static size_t times_said(struct text t, const char *words)
{
	size_t n = 0;

	for (size_t i = find(t, words, 0); i < t.n; i = find(t, words, i + 1))
		n++;
	return n;
}

static struct text of_time_counted(struct arena *a, struct text t)
{
	size_t from = find(t, "time counted", 0);
	size_t to = find(t, "  down ", from);

	return from < t.n ? squeezed(a, text_sub(t, from, to)) : (struct text){NULL, 0};
}

static void one_way(struct arena *a, size_t i)
{
	struct outcome *o = fixture_outcome(a);
	struct version *v = arena_one(a, struct version);
	struct promise *p = arena_one(a, struct promise);
	struct metric *metrics;
	struct availability *av = arena_one(a, struct availability);

	*v = o->in.versions[0];
	*p = *v->promise;
	metrics = arena_array(a, struct metric, p->n_metrics);
	for (size_t k = 0; k < p->n_metrics; k++)
		metrics[k] = p->metrics[k];
	metrics[1].unknown = ways[i].exclude_unknown ? UNKNOWN_EXCLUDE : UNKNOWN_UP;
	metrics[1].excluded_time =
		ways[i].count_as_up ? EXCLUDED_COUNT_AS_UP : EXCLUDED_REMOVE_BOTH;
	p->metrics = metrics;
	v->promise = p;
	o->in.versions = v;
	*av = *o->windows[2].availability;
	av->agreed_ms = ways[i].agreed * HOUR_MS;
	av->unknown_ms = ways[i].unknown * HOUR_MS;
	av->excused_ms = ways[i].excused * HOUR_MS;
	av->as_up_ms = ways[i].as_up * HOUR_MS;
	av->base_ms = ways[i].counted * HOUR_MS;
	av->removed_ms = av->agreed_ms - av->base_ms;
	o->windows[2].availability = av;
	if (ways[i].running) {
		o->windows[2].running = true;
		o->in.as_of = at("2026-03-18T01:00:00Z");
	}

	struct text t = of_time_counted(a, as_text(a, o, "en"));

	if (!ok(says(t, ways[i].words), "%s", ways[i].name))
		note("%.*s", TEXT_ARG(t));
	ok(times_said(t, "without observation") == (ways[i].unknown > 0),
	   "%s: what was not seen is named once", ways[i].name);
}

int main(void)
{
	struct arena *a = arena_new((size_t)256 << 20);
	struct outcome *o = fixture_outcome(a);

	if (!ok(o != NULL, "the contract is valid"))
		return tap_done();
	contradiction_lines(a, o);
	contradiction_elsewhere(a, o);
	many_contradictions(a, o);
	contested(a);
	tier_of_the_other(a);
	components_alone(a);
	causes(a);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		one_way(a, i);
	arena_free(a);
	return tap_done();
}
