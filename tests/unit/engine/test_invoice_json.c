/* SPDX-License-Identifier: Apache-2.0 */
/* Documents to canonical JSON and back: the same bytes, every member, and every refusal names its key. */
#include "random_invoice.h"

#include <string.h>
#include <time.h>

enum { JSON_MAX = 1 << 24 };

static struct text json_of(struct arena *a, const struct invoice *i, enum invoice_scope scope)
{
	struct buf b;
	struct text t;

	buf_init(&b, JSON_MAX);
	invoice_json(i, scope, &b);
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

/* Writing what was read gives the bytes that were read, and those are canonical. */
static bool goes_round(struct random_source *r, const struct invoice *i)
{
	struct text bytes = json_of(r->arena, i, INVOICE_WHOLE);
	struct invoice *back = NULL;
	struct err err = {.line = 0};

	if (invoice_fits(i, &err) != RC_OK || invoice_read(r->arena, bytes, &back, &err) != RC_OK) {
		note("%s (%s): %.*s", err.message, err.key, TEXT_ARG(bytes));
		return false;
	}
	return text_eq(bytes, json_of(r->arena, back, INVOICE_WHOLE)) &&
	       back->n_lines == i->n_lines && back->payable == i->payable &&
	       back->n_notes == i->n_notes && text_eq(back->contract, i->contract);
}

/* Printed before it has a number, it is the same once it has one, a longer one, too. */
static bool gets_its_number(struct random_source *r, const struct invoice *of)
{
	static const char *const numbers[] = {"INV-2026-00042", "INV-2026-1234567", "1"};
	struct invoice i = *of;
	struct text none = text_of("INV-2026-00000"), printed;
	struct buf b;
	size_t at;
	bool same = true;

	i.number = none;
	buf_init(&b, JSON_MAX);
	at = invoice_json_unnumbered(&i, &b);
	printed = text_copy(r->arena, buf_view(&b));
	buf_free(&b);
	for (size_t k = 0; k < ARRAY_SIZE(numbers); k++) {
		i.number = text_of(numbers[k]);
		same = same && text_eq(invoice_json_number(r->arena, printed, at, none, i.number),
				       json_of(r->arena, &i, INVOICE_WHOLE));
	}
	return same;
}

static void random_documents(void)
{
	enum { ROUNDS = 400 };
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	int good = 0, numbered = 0;

	note("seed %llu", (unsigned long long)seed);
	for (uint64_t k = 0; k < ROUNDS; k++) {
		struct random_source r = {
			arena_new((size_t)1 << 26), (seed ^ (k << 32)) | 1, {{0}, 0}};

		for (int warm = 0; warm < 8; warm++)
			(void)random_next(&r);
		const struct invoice *i = random_invoice(&r);

		good += goes_round(&r, i);
		numbered += gets_its_number(&r, i);
		arena_free(r.arena);
	}
	is_i64(good, ROUNDS, "random documents go round");
	is_i64(numbered, ROUNDS, "and are the same where they got their number last");
}

static struct invoice small(void)
{
	struct invoice i = {
		.date = 20000, .due = 20030, .run = DAY_NONE, .dispute_until = DAY_NONE, .corrected_date = DAY_NONE};

	(void)currency_find(text_of("EUR"), &i.currency);
	i.as_of = i.known_as_of = INSTANT_NONE;
	i.number = text_of("INV-1");
	return i;
}

static void exact_bytes(struct arena *a)
{
	static const struct step steps[] = {
		{STEP_WEIGHT, 14, STEP_IS_WEIGHT, 7, {.weight = {14, 28}}},
		{STEP_RECORDS, 0, STEP_IS_COUNT, -1, {.count = 3}},
		{STEP_EXACT, 14, STEP_IS_FRACTION, -1, {.fraction = {7200, 14}}},
	};
	struct invoice_line line = {.number = 1,
				    .charge = text_of("managed"),
				    .item = {20000, 20028},
				    .priced = true,
				    .price = {72000, 1},
				    .price_base = 28,
				    .quantity = {14, 1},
				    .net = 360000,
				    .tax = -1,
				    .steps = steps,
				    .n_steps = 3};
	struct invoice i = small();

	i.lines = &line;
	i.n_lines = 1;
	i.sum_lines = i.net = i.gross = i.payable = 360000;
	is_text(json_of(a, &i, INVOICE_WHOLE),
		"{\"currency\":\"EUR\",\"date\":\"2024-10-04\",\"due\":\"2024-11-03\","
		"\"gross\":\"3600.00\",\"kind\":\"invoice\",\"lines\":[{\"charge\":\"managed\","
		"\"item\":\"2024-10-04/2024-11-01\",\"net\":\"3600.00\",\"number\":1,"
		"\"price\":\"7200\",\"price_base\":28,\"quantity\":\"14\",\"role\":\"charge\","
		"\"steps\":[{\"entry\":7,\"rule\":14,\"weight\":\"14/28\",\"what\":\"weight\"},"
		"{\"count\":3,\"what\":\"records\"},"
		"{\"fraction\":\"3600/7\",\"rule\":14,\"what\":\"exact\"}]}],"
		"\"net\":\"3600.00\",\"number\":\"INV-1\",\"payable\":\"3600.00\","
		"\"sum_lines\":\"3600.00\",\"tax\":\"0.00\"}",
		"exact bytes");
	is_text(json_of(a, &i, INVOICE_SUBSTANCE),
		"{\"currency\":\"EUR\",\"gross\":\"3600.00\",\"kind\":\"invoice\",\"lines\":"
		"[{\"charge\":\"managed\",\"item\":\"2024-10-04/2024-11-01\",\"net\":\"3600.00\","
		"\"number\":1,\"price\":\"7200\",\"price_base\":28,\"quantity\":\"14\","
		"\"role\":\"charge\","
		"\"steps\":[{\"entry\":7,\"rule\":14,\"weight\":\"14/28\",\"what\":\"weight\"},"
		"{\"count\":3,\"what\":\"records\"},"
		"{\"fraction\":\"3600/7\",\"rule\":14,\"what\":\"exact\"}]}],"
		"\"net\":\"3600.00\",\"payable\":\"3600.00\",\"sum_lines\":\"3600.00\","
		"\"tax\":\"0.00\"}",
		"R74: without what the day and the record give");
}

/* What is ahead depends on the day, what waits does not. */
static void notes_of_substance(struct arena *a)
{
	struct invoice_note notes[] = {
		{NOTE_AHEAD, STEP_EXPIRING, text_of("block"), 20010, 0, -1},
		{NOTE_WAITS, STEP_NOT_APPROVED, text_of("O-1"), DAY_NONE, 500, 3}};
	struct invoice i = small(), same = i;

	i.notes = notes;
	i.n_notes = 1;
	ok(text_eq(json_of(a, &i, INVOICE_SUBSTANCE), json_of(a, &same, INVOICE_SUBSTANCE)),
	   "a note of what is ahead is no substance");
	i.n_notes = 2;
	ok(!text_eq(json_of(a, &i, INVOICE_SUBSTANCE), json_of(a, &same, INVOICE_SUBSTANCE)),
	   "a note of what waits is");
}

#define HEAD "{\"currency\":\"EUR\",\"gross\":\"1.00\",\"kind\":\"invoice\","
#define TAIL "\"net\":\"1.00\",\"payable\":\"1.00\",\"sum_lines\":\"1.00\",\"tax\":\"0.00\"}"
#define LINE(more) "\"lines\":[{" more "\"net\":\"1.00\",\"role\":\"charge\"}],"

static void refusals(struct arena *a)
{
	static const struct {
		const char *bytes, *key;
	} cases[] = {
		{HEAD TAIL, NULL},
		{HEAD LINE("") TAIL, NULL},
		{"{\"gross\":\"1.00\"}", "currency"},
		{"{\"currency\":\"ZZZ\"}", "currency"},
		{"{\"currency\":\"EUR\",\"gross\":\"1.0\",\"kind\":\"invoice\"," TAIL, "gross"},
		{"{\"currency\":\"EUR\",\"gross\":\"01.00\",\"kind\":\"invoice\"," TAIL, "gross"},
		{"{\"currency\":\"EUR\",\"gross\":\"-0.00\",\"kind\":\"invoice\"," TAIL, "gross"},
		{"{\"currency\":\"EUR\",\"gross\":1,\"kind\":\"invoice\"," TAIL, "gross"},
		{"{\"currency\":\"EUR\",\"gross\":\"1.00\",\"kind\":\"bill\"," TAIL, "kind"},
		{"{\"currency\":\"EUR\",\"gross\":\"1.00\"," TAIL, "kind"},
		{HEAD "\"log_size\":0," TAIL, "log_size"},
		{HEAD "\"lines\":[]," TAIL, "lines"},
		{HEAD "\"net\":\"1.00\",\"number\":\"\",\"payable\":\"1.00\",\"sum_lines\":\"1."
		      "00\",\"tax\":\"0.00\"}",
		 "number"},
		{"{\"client\":{},\"currency\":\"EUR\",\"gross\":\"1.00\",\"kind\":"
		 "\"invoice\"," TAIL,
		 "client"},
		{HEAD "\"lines\":{}," TAIL, "lines"},
		{HEAD "\"lines\":[1]," TAIL, ""},
		{HEAD "\"lines\":[{\"amount\":\"1.00\"}]," TAIL, "net"},
		{HEAD LINE("\"exact\":\"2/4\",") TAIL, "exact"},
		{HEAD LINE("\"exact\":\"2/1\",") TAIL, "exact"},
		{HEAD LINE("\"exact\":\"1/0\",") TAIL, "exact"},
		{HEAD LINE("\"exact\":\"170141183460469231731687303715884105728\",") TAIL, "exact"},
		{HEAD LINE("\"exact\":\"170141183460469231731687303715884105727\",") TAIL, NULL},
		{HEAD LINE("\"item\":\"2026-01-01/2026-02-30\",") TAIL, "item"},
		{HEAD "\"lines\":[{\"net\":\"1.00\",\"price\":\"1.50\",\"role\":\"charge\"}]," TAIL,
		 "price"},
		{HEAD "\"lines\":[{\"net\":\"1.00\",\"role\":\"charge\",\"tax\":0}]," TAIL, "tax"},
		{HEAD "\"lines\":[{\"net\":\"1.00\",\"role\":\"charge\",\"steps\":[{\"what\":"
		      "\"price\"}]}]," TAIL,
		 "steps"},
		{HEAD "\"lines\":[{\"net\":\"1.00\",\"role\":\"charge\",\"steps\":[{\"count\":1,"
		      "\"rule\":70000,\"what\":\"price\"}]}]," TAIL,
		 "rule"},
		{HEAD "\"zeta\":1," TAIL, NULL /* not canonical */},
	};

	for (size_t k = 0; k < ARRAY_SIZE(cases); k++) {
		struct invoice *i = NULL;
		struct err err = {.line = 0};
		enum rc rc = invoice_read(a, text_of(cases[k].bytes), &i, &err);
		bool last = k + 1 == ARRAY_SIZE(cases);

		if (cases[k].key == NULL && !last) {
			is_i64(rc, RC_OK, "taken: %s", cases[k].bytes);
			continue;
		}
		ok(rc == RC_INVALID && err.message[0] != '\0', "refused: %s", cases[k].bytes);
		if (!last)
			is_text(text_of(err.key), cases[k].key, "key of %s", err.message);
	}
}

static void what_does_not_fit(void)
{
	struct invoice i = small();
	struct err err = {.line = 0};

	i.title = (struct text){"a\x01"
				"b",
				3};
	is_i64(invoice_fits(&i, &err), RC_INVALID, "a control character does not fit");
	is_text(text_of(err.key), "title", "and its key is told");
	i = small();
	i.log_size = (INT64_C(1) << 53);
	err_clear(&err);
	is_i64(invoice_fits(&i, &err), RC_LIMIT, "an integer beyond 2^53 - 1 does not fit");
	i = small();
	i.net = INT64_MIN;
	err_clear(&err);
	is_i64(invoice_fits(&i, &err), RC_LIMIT, "the smallest amount does not fit");
	i = small();
	is_i64(invoice_fits(&i, &err), RC_OK, "a small one fits");
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 28);

	exact_bytes(a);
	notes_of_substance(a);
	refusals(a);
	what_does_not_fit();
	random_documents();
	arena_free(a);
	return tap_done();
}
