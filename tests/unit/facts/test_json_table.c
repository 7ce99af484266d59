/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines of other tools by member path: every digit kept, each line that cannot be read named with its member. */
#include "files.h"

#define COSTS                                                                                      \
	"[mapping]\nname = meterly\nrows = costs\n[file]\nlines = json\n[dates]\nformat = "        \
	"iso\nzone = UTC\n"                                                                        \
	"[columns]\noccurred = period.start\namount = cost.amount\ncurrency = cost.currency\n"     \
	"supplier = vendor.name\n"
#define LINE(amount)                                                                               \
	"{\"period\":{\"start\":\"2026-03-10T00:00:00Z\"},\"cost\":{\"amount\":" amount            \
	",\"currency\":\"USD\"},\"vendor\":{\"name\":\"M\"}}\n"

static const struct {
	const char *line, *note; /* note NULL: taken */
} lines[] = {
	{LINE("0.12345678901234567891"), NULL},
	{LINE("\"1.5\""), NULL},
	{LINE("-3"), NULL},
	{"{\"period.start\":\"2026-03-10T00:00:00Z\",\"cost.amount\":\"2\",\"cost\":{\"currency\":"
	 "\"USD\"},\"vendor\":null}\n",
	 NULL},
	{"{\"period\":{\"start\":\"2026-03-10T00:00:00Z\"},\"cost\":{\"amount\":1,\"currency\":"
	 "\"USD\"},\"vendor\":{\"name\":\"a \\\"12\\\" \\\\\"}}\n",
	 NULL},
	{LINE("[1]"), "the member 'cost.amount' is a list"},
	{LINE("{\"v\":1}"), "the member 'cost.amount' is an object"},
	{LINE("\"1\\u0000\""), "the member 'cost.amount' is a text with a NUL"},
	{LINE("1.2.3"), ""},
	{LINE("-"), ""},
	{LINE("null"), ""},
	{LINE("true"), ""},
	{"{\n", ""},
	{"{\"cost\":{\"amount\":1,}}\n", ""},
	{"7\n", ""},
	{"\"open\n", ""},
};

static struct mapping *mapping(struct arena *a, const char *words)
{
	struct mapping *m = NULL;
	struct err err = {.line = 0};

	if (mapping_parse(a, text_of("m"), text_of(words), &m, &err) != RC_OK)
		ok(false, "a mapping: %s", err.message);
	return m;
}

static struct imported costs(struct arena *a, const char *words, const char *bytes, size_t chunk)
{
	struct import_options o = plain_options("f");

	o.mapping = mapping(a, words);
	o.charge = text_of("cloud");
	return import_text(text_of(bytes), &o, chunk);
}

static void test_lines(struct arena *a)
{
	static const char first[] = LINE("9");

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		bool taken = lines[i].note == NULL;
		struct buf b;
		struct imported im;

		buf_init(&b, 4096);
		buf_printf(&b, "%s%s", first, lines[i].line);
		im = costs(a, COSTS, text_copy(a, buf_view(&b)).p, i % 3);
		buf_free(&b);
		if (!ok(im.rc == RC_OK && im.facts->n == (taken ? 2 : 1), "line %zu: %s", i,
			taken ? "taken" : "left out"))
			note("%d, %zu: %s", (int)im.rc, im.facts->n, im.err.message);
		if (!taken && im.rc == RC_OK)
			ok(im.report->n_notes > 0 && im.report->notes[0].line == 2 &&
				   text_has(im.report->notes[0].text, text_of(lines[i].note)),
			   "with its line, in words: %s", lines[i].note);
		arena_free(im.arena);
	}
}

/* Without an id one is made of the whole line: a difference in any member makes another cost, the same line again is the same. */
static void test_ids(struct arena *a)
{
	struct imported im = costs(a, COSTS, LINE("1") LINE("2"), 0);

	ok(im.rc == RC_OK && im.facts->n == 2 && im.facts->v[0].id != im.facts->v[1].id,
	   "two lines, two ids");
	if (im.rc == RC_OK && im.facts->n == 2) {
		struct imported again = costs(a, COSTS, LINE("1") LINE("2"), 1);

		ok(text_eq(symbol_text(im.facts->symbols, im.facts->v[1].id),
			   symbol_text(again.facts->symbols, again.facts->v[1].id)),
		   "the same again");
		arena_free(again.arena);
	}
	arena_free(im.arena);
}

static void test_facts(struct arena *a)
{
	static const char words[] = "[mapping]\nname = readings\nrows = facts\n[file]\nlines = "
				    "json\n[dates]\nformat = iso\n"
				    "[columns]\nid = uid\noccurred = at\nquantity = reading.value\n"
				    "[values]\nkind = usage.recorded\nmeter = backup.stored\n";
	struct imported im = costs(a, words,
				   "{\"uid\":\"r-1\",\"at\":\"2026-03-10T10:00:00Z\",\"reading\":{"
				   "\"value\":120.25}}\n",
				   0);
	const struct fact_value *v;

	if (!ok(im.rc == RC_OK && im.facts->n == 1 && im.facts->v[0].kind == FACT_USAGE_RECORDED,
		"a reading of a meter"))
		note("%s", im.err.message);
	else if ((v = fact_value(&im.facts->v[0], FIELD_QUANTITY)) != NULL)
		ok(v->number == 12025 && v->scale == 2, "with its digits");
	arena_free(im.arena);
}

static void test_refused(struct arena *a)
{
	static const struct {
		const char *words, *bytes, *message;
	} cases[] = {
		{COSTS "subject = service.nam\n", LINE("1"),
		 "no line has the member 'service.nam' of mapping 'meterly'"},
		{COSTS, "a,b\n1,2\n", "mapping 'meterly' is for JSON lines, the file is none"},
		{COSTS, "[]\n", "mapping 'meterly' is for JSON lines, the file is none"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct imported im = costs(a, cases[i].words, cases[i].bytes, 0);

		ok(im.rc == RC_INVALID, "refused");
		is_text(text_of(im.err.message), cases[i].message, "in these words");
		arena_free(im.arena);
	}
}

int main(void)
{
	struct arena *a = arena_new(64u << 20);

	test_lines(a);
	test_ids(a);
	test_facts(a);
	test_refused(a);
	arena_free(a);
	return tap_done();
}
