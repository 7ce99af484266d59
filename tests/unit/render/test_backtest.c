/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Back-test and restatement as they read: facts made here, judged by the engine, compared, and rendered as text, page and JSON. The
 * figures are those that test_compare.c works out by hand.
 */
#include "render/backtest.h"
#include "render/restate.h"

#include "unit/engine/engine_fixture.h"

#include <jansson.h>

#define TERMS(fix, answer)                                                                         \
	"  priorities: [{id: P1, name: high}, {id: P2, name: low}]\n"                              \
	"  metrics:\n"                                                                             \
	"    - {id: fix, kind: elapsed, start: ticket.logged, stop: ticket.restored, targets: "    \
	"[{id: p1, priority: P1, within: " fix                                                     \
	"}, {id: p2, priority: P2, within: 8h}], window: calendar_month}\n"                        \
	"    - {id: answer, kind: elapsed, start: ticket.logged, stop: ticket.answered, comply: "  \
	"{at_least: 90%}, targets: [{id: all, within: " answer "}], window: calendar_month}\n"     \
	"  credits:\n"                                                                             \
	"    base: {charges: [care]}\n"                                                            \
	"    rules: [{id: fix, metric: fix, priority: P1, each_breach: 2%}, {id: answer, metric: " \
	"answer, tiers: [{id: t1, below: 90%, credit: 5%}, {id: t2, below: 50%, credit: "          \
	"10.001%}]}]\n"

#define CREDIT_NOTE "invoicing: {corrections: credit_note}\n"

static const char tickets[] = "2026-01-05 10:00 ticket.logged client ticket=T1 priority=P1\n"
			      "2026-01-05 10:20 ticket.message provider ticket=T1\n"
			      "2026-01-05 13:00 ticket.restored provider ticket=T1\n"
			      "2026-01-06 10:00 ticket.logged client ticket=T2 priority=P1\n"
			      "2026-01-06 10:45 ticket.message provider ticket=T2\n"
			      "2026-01-06 15:00 ticket.restored provider ticket=T2\n"
			      "2026-01-07 10:00 ticket.logged client ticket=T<3> priority=P2\n"
			      "2026-01-07 10:50 ticket.message provider ticket=T<3>\n"
			      "2026-01-07 12:00 ticket.restored provider ticket=T<3>\n"
			      "2026-01-08 10:00 ticket.logged client ticket=T4 priority=P2\n"
			      "2026-01-08 10:05 ticket.message provider ticket=T4\n"
			      "2026-01-08 11:00 ticket.restored provider ticket=T4\n"
			      "2026-01-09 10:00 ticket.logged client ticket=T5 priority=P2\n"
			      "2026-01-09 10:40 ticket.message provider ticket=T5\n"
			      "2026-01-09 11:00 ticket.restored provider ticket=T5\n"
			      "2026-02-03 10:00 ticket.logged client ticket=T6 priority=P1\n"
			      "2026-02-03 10:10 ticket.message provider ticket=T6\n"
			      "2026-02-03 18:00 ticket.restored provider ticket=T6\n";

static struct outcome *outcome_of(struct engine *e, struct evaluation in)
{
	struct outcome *o = NULL;
	struct err err = {.line = 0};

	if (evaluate(e->arena, &in, &o, &err) != RC_OK)
		engine_fail("evaluate", text_of(err.message));
	return o;
}

static struct comparison *backtest(struct engine *e, const char *before, const char *after,
				   size_t items)
{
	struct version *v = arena_array(e->arena, struct version, 2);
	struct compare_options options = {.items = items};
	struct comparison *c = NULL;
	struct err err = {.line = 0};
	struct evaluation x, y;

	v[0] = (struct version){engine_promise(e, "2026-01-01", before, ""), INSTANT_MIN};
	v[1] = (struct version){engine_promise(e, "2026-01-01", after, ""), INSTANT_MIN};
	e->versions[0] = v[0];
	e->n_versions = 1;
	x = engine_input(e, "2026-05-01 00:00", "2026-01-01 00:00", "2026-04-01 00:00");
	x.versions = &v[0];
	y = x;
	y.versions = &v[1];
	if (compare_outcomes(e->arena, outcome_of(e, x), outcome_of(e, y), &options, &c, &err) !=
	    RC_OK)
		engine_fail("compare", text_of(err.message));
	return c;
}

static struct text as_text(struct engine *e, const struct doc *d)
{
	struct text_style style = {.width = 80};
	struct buf b;
	struct text t;

	buf_init(&b, (size_t)1 << 22);
	doc_text(d, &style, &b);
	t = text_copy(e->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

static struct text as_page(struct engine *e, const struct doc *d)
{
	struct buf b;
	struct text t;

	buf_init(&b, (size_t)1 << 22);
	doc_html(d, &b);
	t = text_copy(e->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

/* Both with blanks and line breaks run together, so that the width does not matter. */
static struct text flowing(struct engine *e, struct text t)
{
	char *p = arena_copy(e->arena, t.p, t.n);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		bool blank = t.p[i] == ' ' || t.p[i] == '\n';

		if (blank && n > 0 && p[n - 1] == ' ')
			continue;
		p[n++] = blank ? ' ' : t.p[i];
	}
	return (struct text){p, n};
}

static bool holds(struct text t, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= t.n; i++)
		if (memcmp(t.p + i, part, n) == 0)
			return true;
	return false;
}

static void has(struct engine *e, struct text t, const char *part)
{
	if (!ok(holds(flowing(e, t), part), "says \"%.50s\"", part))
		note("in: %.*s", TEXT_ARG(t));
}

static void is_narrow(struct text t, const char *name)
{
	size_t widest = 0;

	for (struct text rest = t, line; rest.n > 0;) {
		rest = text_cut(rest, '\n', &line);
		widest = text_columns(line) > widest ? text_columns(line) : widest;
	}
	ok(widest <= 80, "%s: no line is wider than 80 columns", name);
}

static struct doc *doc_of(struct engine *e, const struct backtest_contract *v, size_t n,
			  const char *tag)
{
	struct backtest_options options = {.language = NULL};
	struct err err = {.line = 0};

	if (language_find(text_of(tag), &options.language, &err) != RC_OK)
		engine_fail("language", text_of(tag));
	return backtest_doc(e->arena, v, n, &options);
}

static void test_text(void)
{
	struct engine *e = engine_new();

	engine_facts(e, tickets);

	struct backtest_contract v = {backtest(e, TERMS("4h", "1h"), TERMS("2h", "30min"), 10),
				      NULL, NULL};
	const struct evaluation *x = &v.comparison->of[BEFORE]->in,
				*y = &v.comparison->of[AFTER]->in;
	struct changes changes = contract_diff(e->arena, x->versions[0].promise->contract,
					       y->versions[0].promise->contract);
	struct text t;

	v.changes = &changes;
	t = as_text(e, doc_of(e, &v, 1, "en"));
	is_narrow(t, "English");
	has(e, t, "Back-test \xc2\xb7 January 2026 to March 2026");
	has(e, t,
	    "The new version would have cost 720.07 USD more credit from January 2026 to "
	    "March 2026: 1,008.07 instead of 288.00.");
	has(e, t, "Neither version has charges, so only credits are compared.");
	has(e, t, "January 2026 144.00 864.07 +720.07 1 5");
	has(e, t, "February 2026 144.00 144.00 0.00 1 1");
	has(e, t, "total 288.00 1,008.07 +720.07 2 6");
	has(e, t, "THE 4 TICKETS THAT MAKE MOST OF THE DIFFERENCE");
	has(e, t, "+240.02");
	has(e, t, "+144.00");
	has(e, t, "sla.metrics.fix.targets.p1.within 4h 2h");
	if (getenv("TENOR_SHOW") != NULL)
		printf("%.*s\n", TEXT_ARG(t));

	struct text page = as_page(e, doc_of(e, &v, 1, "en"));

	ok(holds(page, "T&lt;3&gt;") && !holds(page, "T<3>"), "a page escapes what facts say");
	ok(holds(page, "720.072"), "a page has the exact amount");
	t = as_text(e, doc_of(e, &v, 1, "de"));
	is_narrow(t, "German");
	has(e, t,
	    "Die neue Fassung h\xc3\xa4tte von Januar 2026 bis M\xc3\xa4rz 2026 "
	    "720,07 USD mehr an Gutschriften gekostet: 1.008,07 statt 288,00.");
	engine_free(e);
}

static void test_less_and_same(void)
{
	static const struct {
		const char *before, *after, *says;
	} cases[] = {
		{TERMS("2h", "30min"), TERMS("4h", "1h"),
		 "would have cost 720.07 USD less credit from January 2026 to March 2026: 288.00 "
		 "instead of 1,008.07."},
		{TERMS("4h", "1h"), TERMS("4h", "1h"),
		 "would have cost the same credit from January 2026 to March 2026: 288.00 USD."},
		{TERMS("20h", "1h"), TERMS("21h", "1h"),
		 "Neither version gives any credit from January 2026 to March 2026."},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();

		engine_facts(e, tickets);

		struct backtest_contract v = {backtest(e, cases[i].before, cases[i].after, 10),
					      NULL, NULL};

		has(e, as_text(e, doc_of(e, &v, 1, "en")), cases[i].says);
		engine_free(e);
	}
}

/* What is not listed is one row, so that the column sums to the difference. */
static void test_rest(void)
{
	struct engine *e = engine_new();

	engine_facts(e, tickets);

	struct backtest_contract v = {backtest(e, TERMS("4h", "1h"), TERMS("2h", "30min"), 2),
				      NULL, NULL};
	struct text t = as_text(e, doc_of(e, &v, 1, "en"));

	has(e, t, "THE 2 TICKETS THAT MAKE MOST OF THE DIFFERENCE");
	has(e, t, "2 others +240.03");
	engine_free(e);
}

static void test_portfolio(void)
{
	struct engine *e = engine_new(), *f = engine_new();

	engine_facts(e, tickets);
	engine_facts(f, "2026-02-03 10:00 ticket.logged client ticket=T6 priority=P1\n"
			"2026-02-03 10:10 ticket.message provider ticket=T6\n"
			"2026-02-03 13:00 ticket.restored provider ticket=T6\n");

	struct backtest_contract v[2] = {
		{backtest(e, TERMS("4h", "1h"), TERMS("2h", "30min"), 10), NULL, NULL},
		{backtest(f, TERMS("4h", "1h"), TERMS("2h", "30min"), 10), NULL, NULL}};
	struct text t = as_text(e, doc_of(e, v, 2, "en"));

	is_narrow(t, "portfolio");
	has(e, t, "2 contracts");
	has(e, t,
	    "would have cost 864.07 USD more credit from January 2026 to March 2026: "
	    "1,152.07 instead of 288.00.");
	has(e, t, "BY CONTRACT");
	has(e, t, "total 288.00 1,152.07 +864.07");
	has(e, t, "would have cost 144.00 USD more credit");
	engine_free(f);
	engine_free(e);
}

static const char *string_at(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static void test_json(void)
{
	struct engine *e = engine_new();
	struct backtest_options options = {.language = NULL};
	struct buf b;
	json_error_t error;

	engine_facts(e, tickets);

	struct backtest_contract v = {backtest(e, TERMS("4h", "1h"), TERMS("2h", "30min"), 3),
				      NULL, NULL};

	buf_init(&b, (size_t)1 << 22);
	backtest_json(e->arena, &v, 1, &options, false, &b);

	json_t *root = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &error);
	const json_t *c = json_array_get(json_object_get(root, "contracts"), 0),
		     *items = json_object_get(c, "items"), *first = json_array_get(items, 0),
		     *part = json_array_get(json_object_get(first, "parts"), 0);

	if (!ok(root != NULL, "it is JSON"))
		note("%s", error.text);
	is_i64(json_integer_value(json_object_get(root, "tenor_backtest")), 1, "its form");
	is_text(text_of(string_at(c, "difference")), "720.07 USD", "the difference");
	is_text(text_of(string_at(json_object_get(c, "after"), "credit")), "1008.07 USD",
		"credit after");
	is_text(text_of(string_at(json_object_get(c, "after"), "exact")), "1008.072",
		"exact credit after");
	is_i64((int64_t)json_array_size(items), 3, "three items");
	is_i64(json_integer_value(json_object_get(c, "n_items")), 4, "of four");
	is_text(text_of(string_at(first, "about")), "T<3>", "the first");
	is_text(text_of(string_at(first, "share")), "240.02 USD", "its share");
	is_text(text_of(string_at(json_object_get(part, "before"), "counts")), "in_time",
		"before in time");
	is_text(text_of(string_at(json_object_get(part, "after"), "counts")), "late", "after late");
	is_text(text_of(string_at(c, "rest")), "96.03 USD", "the rest");
	is_i64((int64_t)json_array_size(json_object_get(c, "months")), 3, "three months");
	json_decref(root);
	buf_free(&b);
	engine_free(e);
}

/* --- restatement --- */

static struct restatement *restated(struct engine *e, const char *more)
{
	struct compare_options options = {.items = 10};
	struct restatement *out = NULL;
	struct err err = {.line = 0};
	struct evaluation x, y;

	e->versions[0] = (struct version){engine_promise(e, "2026-01-01", TERMS("4h", "1h"), more),
					  INSTANT_MIN};
	e->n_versions = 1;
	x = engine_input(e, "2026-05-01 00:00", "2026-01-01 00:00", "2026-02-01 00:00");
	y = x;
	x.known_as_of = engine_time(e, "2026-02-05 12:00");
	if (restate(e->arena, outcome_of(e, x), outcome_of(e, y), &options, &out, &err) != RC_OK)
		engine_fail("restate", text_of(err.message));
	return out;
}

static struct text restated_text(struct engine *e, const struct restatement *r)
{
	const struct restate_options options = {.language = NULL};

	return as_text(e, restate_doc(e->arena, &r, 1, &options));
}

static void test_restatement(void)
{
	struct engine *e = engine_new();

	engine_facts(e, tickets);
	(void)engine_fact(e, "2026-01-07 12:50 ticket.message provider ticket=T<3> "
			     "recorded=2026-02-10T15:00:00Z id=better corrects=fact-7");
	(void)engine_fact(e, "2026-01-12 10:00 ticket.logged client ticket=T9 priority=P2 "
			     "recorded=2026-02-11T15:00:00Z");

	const struct restatement *r = restated(e, "");
	struct text t = restated_text(e, r);

	is_narrow(t, "restatement");
	has(e, t,
	    "What is known now gives 360.00 USD more credit than the statement of January "
	    "2026 says: 504.00 instead of 144.00.");
	has(e, t, "The statement stays as it was issued; this is a revision beside it.");
	has(e, t, "WHAT CHANGED, JANUARY 2026");
	has(e, t, "still open");
	has(e, t, "missed");
	has(e, t, "corrects fact-7");
	has(e, t, "told late");
	has(e, t,
	    "360.00 USD more is a line of the next invoice, with reference to January 2026. "
	    "The contract does not say otherwise.");
	if (getenv("TENOR_SHOW") != NULL)
		printf("%.*s\n", TEXT_ARG(t));
	has(e, restated_text(e, restated(e, CREDIT_NOTE)),
	    "360.00 USD more becomes a credit note at once, with reference to January 2026. "
	    "(invoicing.corrections)");

	const struct restate_options options = {.language = NULL};
	struct buf b;
	json_error_t error;

	buf_init(&b, (size_t)1 << 22);
	restate_json(e->arena, &r, 1, &options, true, &b);

	json_t *root = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &error);
	const json_t *one = json_array_get(json_object_get(root, "restatements"), 0);
	const json_t *facts = json_object_get(one, "facts");

	ok(root != NULL, "it is JSON");
	is_text(text_of(string_at(one, "difference")), "360.00 USD", "the difference");
	is_text(text_of(string_at(one, "corrections")), "next_invoice", "the way");
	is_i64((int64_t)json_array_size(facts), 2, "two facts");
	is_text(text_of(string_at(json_array_get(facts, 0), "way")), "corrected", "a correction");
	json_decref(root);
	buf_free(&b);
	engine_free(e);
}

static void test_restatement_waits(void)
{
	struct engine *e = engine_new();

	engine_facts(e, tickets);
	(void)engine_fact(e, "2026-02-03 12:00 report.delivered provider window=2026-01");
	(void)engine_fact(e, "2026-01-06 11:00 ticket.waiting_client provider ticket=T2 "
			     "recorded=2026-02-20T15:00:00Z");

	struct text t = restated_text(e, restated(e, ""));

	has(e, t, "The statement of January 2026 stands");
	has(e, t, "no effect until");
	has(e, t, "No money moves.");
	engine_free(e);
}

int main(void)
{
	test_text();
	test_less_and_same();
	test_rest();
	test_portfolio();
	test_json();
	test_restatement();
	test_restatement_waits();
	return tap_done();
}
