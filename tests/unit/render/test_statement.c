/* SPDX-License-Identifier: Apache-2.0 */
/* The whole statement as text, page, JSON and CSV, from an outcome filled by hand. */
#include "outcome.h"

#include <jansson.h>

/* clang-format off */
static const char *const statement_lines[] = {
	"Service statement · March 2026                                              HL-1",
	"Quay IT Ltd for Lantern & Co                                      Harbour office",
	"version 356c37b7cac9 · facts known to 2 Apr 2026 09:00 EDT · revision 1",
	"",
	"  WERE THE WORDS KEPT?",
	"  promise         target       measured        result  why",
	"  Resolution  P1  8 h office   0 of 1 in time  1 late  [1]",
	"              P2  24 h office  1 of 1 in time  kept",
	"  Uptime          99.5 %       99.4385 %       missed  [2]",
	"",
	"  WHAT FOLLOWS",
	"  Credit on the next invoice                          22.50 USD  [3]",
	"  Right to end the contract (thrice) is open  until 30 May 2026  [4]",
	"  Nothing else is owed.",
	"",
	"  Next deadlines, both parties",
	"  until        who     what                  clause",
	"  30 May 2026  client  use the right thrice  Service schedule 2, Levels",
	"",
	"  WHY",
	"  [1] T-118, P1, Resolution: late by 33 min           Service schedule 2, Levels",
	"      promise   restored within 8 h office",
	"      logged    Tue 10 Mar 09:12 EDT",
	"      ran       Tue 09:12-13:00, 13:55-17:00 · Wed 09:00-10:40        8 h 33 min",
	"      stood     Tue 13:00-13:55 waiting for the client",
	"                outside the hours of office: Mon-Fri 09:00-17:00",
	"      due       Wed 11 Mar 10:07 EDT                                8 h promised",
	"                without pauses due Wed 11 Mar 09:12 EDT; 55 min not counted",
	"      restored  Wed 11 Mar 10:40 EDT",
	"      facts     events.jsonl, lines 1 and 4",
	"",
	"  [2] Uptime of server: 250 of 44,520 min down = 99.4385 %, promised 99.5 %",
	"      Service schedule 2, Levels",
	"      result        missed",
	"      time counted  March 2026 has 743 h (summer time began on             742 h",
	"                    8 Mar 2026); less 1 h excused",
	"      down          within the time counted, after excuses            4 h 10 min",
	"      excused time  is taken out of downtime and out of the time counted",
	"      error budget  3 h 42 min 36 s allowed, 4 h 10 min spent",
	"      rounding      99.438454… % exactly, rounded once to 99.4385 % (4",
	"                    decimals), then compared",
	"",
	"      Outages and excused time, in order",
	"      when                            length  what      effect",
	"      Sat 7 Mar 22:00-23:00 EST          1 h  M-1       1 h excused: scheduled",
	"                                                        maintenance; announced",
	"                                                        96 h before, 48 h",
	"                                                        needed; 3 h of the",
	"                                                        allowance left",
	"      Tue 24 Mar 14:00-18:10 EDT  4 h 10 min  outage 9  4 h 10 min counted",
	"      Tue 24 Mar 14:00-16:00 EDT         2 h  M-2       scheduled maintenance,",
	"                                                        not excused: announced",
	"                                                        22 h before, 48 h",
	"                                                        needed; granted, it",
	"                                                        would take 2 h off the",
	"                                                        downtime",
	"",
	"  [3] Credit c1: 22.50 USD = 5 % × 450.00             Service schedule 2, Levels",
	"      for   Uptime, March 2026 [2]",
	"      tier  99.4385 % is below 99.5 % and not below 98 %                     5 %",
	"      base  care 450.00, month of failure March 2026                      450.00",
	"      caps  month: 10 % of 450.00 (the month) = 45.00; 0.00 used before, 22.50",
	"            now, not reached",
	"",
	"  [4] Right thrice, arisen 31 Mar 2026                Service schedule 2, Levels",
	"      because  Uptime missed in 2 of 3 windows: March 2026",
	"      until    30 May 2026 24:00 EDT",
	"",
	"  NOT COUNTED, AND WHY",
	"  · 1 ticket withdrawn by the client [5]",
	"  · scheduled maintenance Tue 24 Mar 14:00-16:00 EDT not excused: announced 22 h",
	"    before, 48 h needed; granted, it would take 2 h off the downtime [2]",
	"  · 1 fact recorded late: T-118 usable again, Wed 11 Mar 10:40 EDT, provider [6]",
	"",
	"  THE LAST WINDOWS",
	"  window         Uptime",
	"  March 2026     99.4385 % missed",
	"  February 2026  100.0000 %",
	"",
	"  times shown in America/New_York",
	"",
	"  any figure above, down to its facts:",
	"    tenor explain c.yaml events.jsonl --what 1",
	"  every case of a promise:",
	"    tenor explain c.yaml events.jsonl --what 'metric resolution'",
	"  all that can be explained:",
	"    tenor explain c.yaml events.jsonl --list",
};

static const char statement_rows[] =
	"kind,metric,window,about,priority,from,to,due,result,value,target,samples,in_time,used_ms,goal_ms,amount,clause,source\n"
	"window,resolution,2026-03,,,2026-03-01T05:00:00Z,2026-04-01T04:00:00Z,,missed,50.0000,,2,1,,,,\"Service schedule 2, Levels\",\n"
	"sample,resolution,2026-03,T-118,P1,2026-03-10T13:12:00Z,2026-03-11T14:40:00Z,2026-03-11T14:07:00Z,missed,,,,,30780000,28800000,,\"Service schedule 2, Levels\",events.jsonl:4\n"
	"sample,resolution,2026-03,T-<9>,P2,2026-03-12T14:00:00Z,2026-03-12T15:00:00Z,2026-03-17T14:00:00Z,met,,,,,3600000,86400000,,\"Service schedule 2, Levels\",events.jsonl:6\n"
	"window,uptime,2026-03,,,2026-03-01T05:00:00Z,2026-04-01T04:00:00Z,,missed,99.4385,99.5,0,0,,,,\"Service schedule 2, Levels\",\n"
	"outage,uptime,2026-03,9,,2026-03-24T18:00:00Z,2026-03-24T22:10:00Z,,ended,,,,,15000000,0,,\"Service schedule 2, Levels\",events.jsonl:10\n"
	"excuse,uptime,2026-03,M-1,,2026-03-08T03:00:00Z,2026-03-08T04:00:00Z,,valid,,,,,3600000,0,,\"Service schedule 2, Levels\",events.jsonl:8\n"
	"excuse,uptime,2026-03,M-2,,2026-03-24T18:00:00Z,2026-03-24T20:00:00Z,,notice_short,,,,,0,7200000,,\"Service schedule 2, Levels\",events.jsonl:9\n"
	"void,resolution,,'=T-7,P2,2026-03-13T14:00:00Z,,,cancelled,,,,,0,0,,\"Service schedule 2, Levels\",events.jsonl:7\n"
	"credit,uptime,2026-03,c1,,2026-03-01T05:00:00Z,2026-04-01T04:00:00Z,,due,5,,,,,,22.50 USD,\"Service schedule 2, Levels\",\n";
/* clang-format on */

static const struct statement_options options = {
	.explain_command = {"tenor explain c.yaml events.jsonl", 33}};

/* A statement without facts is no statement of 100 %. */
static const struct {
	const char *lang, *says;
} no_facts[] = {
	{"en", "There are no facts in this period"},
	{"de", "Zu diesem Zeitraum gibt es keine Fakten"},
};

static const struct {
	const char *lang, *says;
} languages[] = {
	{"de", "  WURDE WORT GEHALTEN?\n"},
	{"de", "Gutschrift c1: 22,50 USD = 5 % × 450,00"},
	{"de", "Di 09:12-13:00, 13:55-17:00"},
	{"de", "nicht entschuldigt: 22 h vorher"},
	{"fr", "Avoir c1 : 22,50"},
	{"nl", "Words exist in English, German"},
	{"fr", "99,4385 %"},
	{"nl", "99,4385%"},
	{"en-GB", "99.4385%"},
};

static const char *const fragments[] = {
	"</time></h1><span class=\"state missed\">2 promises missed</span>",
	"Quay IT Ltd for Lantern &amp; Co",
	"<div class=\"tile\"><h3>Uptime</h3><p class=\"figure\"><a "
	"href=\"#why-2\">99.4385\xc2\xa0%</a><small> of 99.5\xc2\xa0%</small></p>",
	"<a href=\"#cases-resolution-2026-03\">0 of 1 in time</a>",
	"<article id=\"cases-resolution-2026-03\">",
	"T-&lt;9&gt;",
	"role=\"img\" aria-label=\"clock of T-118: ran Tue\xc2\xa0"
	"09:12-13:00, 13:55-17:00 \xc2\xb7 Wed\xc2\xa0",
	"13:00-13:55 waiting for the client; restored Wed\xc2\xa0",
	"<code>f-3</code>",
};

static struct text as_text(struct arena *a, const struct outcome *o, const char *lang,
			   struct buf *b)
{
	struct statement_options x = options;

	x.language = language(lang);
	buf_clear(b);
	doc_text(statement_doc(a, o, &x), &(struct text_style){.width = 80}, b);
	return buf_view(b);
}

static void lines(struct text t)
{
	struct text line;
	size_t n = 0;

	for (; t.n > 0; n++) {
		t = text_cut(t, '\n', &line);
		if (n < ARRAY_SIZE(statement_lines))
			is_text(line, statement_lines[n], "line %zu of the statement", n + 1);
	}
	is_i64((int64_t)n, (int64_t)ARRAY_SIZE(statement_lines), "lines of the statement");
}

/* --- every link on the page leads somewhere on the page --- */

static bool has_id(struct text page, struct text id)
{
	char wanted[128];

	(void)snprintf(wanted, sizeof(wanted), " id=\"%.*s\"", TEXT_ARG(id));
	return text_has(page, text_of(wanted));
}

static void links(struct text page)
{
	const char start[] = "href=\"#";
	size_t n = 0, broken = 0;

	for (size_t i = 0; i + sizeof(start) < page.n; i++) {
		if (memcmp(page.p + i, start, sizeof(start) - 1) != 0)
			continue;
		struct text id = text_sub(page, i + sizeof(start) - 1,
					  text_find(page, '"', i + sizeof(start) - 1));

		n++;
		if (!has_id(page, id)) {
			broken++;
			note("no id \"%.*s\"", TEXT_ARG(id));
		}
	}
	ok(n > 10 && broken == 0, "all %zu links of the page lead to an id", n);
}

static void ids(struct text page)
{
	size_t from[9] = {0};
	bool once = true;

	for (size_t i = 1; i <= 6; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), " id=\"why-%zu\"", i);
		for (size_t k = 0; k + strlen(id) <= page.n; k++)
			from[i] += memcmp(page.p + k, id, strlen(id)) == 0;
		once = once && from[i] == 1;
	}
	ok(once, "every reason stands on the page once");
}

static void page(struct arena *a, const struct outcome *o, struct buf *b)
{
	buf_clear(b);
	doc_html(statement_doc(a, o, &options), b);
	for (size_t i = 0; i < ARRAY_SIZE(fragments); i++)
		ok(text_has(buf_view(b), text_of(fragments[i])), "page: %.50s", fragments[i]);
	links(buf_view(b));
	ids(buf_view(b));
	ok(!text_has(buf_view(b), text_of("T-<9>")), "a ticket's id is escaped");
}

/* --- JSON --- */

static bool has_real(const json_t *v, int depth)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_real(v) || json_is_null(v) || depth > 40)
		return true;
	json_object_foreach((json_t *)(uintptr_t)v, key,
			    member) if (has_real(member, depth + 1)) return true;
	json_array_foreach((json_t *)(uintptr_t)v, i,
			   member) if (has_real(member, depth + 1)) return true;
	return false;
}

/* Steps apart by a blank: a key, or the place in a list. */
static const json_t *at_path(const json_t *v, const char *path)
{
	struct text rest = text_of(path), step;

	while (rest.n > 0 && v != NULL) {
		int64_t i = 0;
		char key[64];

		rest = text_cut(rest, ' ', &step);
		(void)snprintf(key, sizeof(key), "%.*s", TEXT_ARG(step));
		v = text_digits(step, &i) ? json_array_get(v, (size_t)i) : json_object_get(v, key);
	}
	return v;
}

static const struct {
	const char *path, *text;
} strings[] = {
	{"contract id", "HL-1"},
	{"windows 1 value exact", "4427/4452"},
	{"windows 1 value shown", "99.4385"},
	{"windows 1 target", "99.5"},
	{"windows 1 availability excuses 1 refused", "notice_short"},
	{"windows 1 availability outages 0 began_fact file", "events.jsonl"},
	{"windows 0 cases 0 pieces 1 waited_for", "ticket.waiting_client"},
	{"windows 0 cases 0 due", "2026-03-11T14:07:00Z"},
	{"windows 0 cases 0 clause", "Service schedule 2, Levels"},
	{"windows 0 cases 0 term", "sla.metrics.resolution.targets.p1"},
	{"credits 0 amount", "22.50 USD"},
	{"credits 0 exact", "22.5"},
	{"credits 0 base lines 0 charge", "care"},
	{"settlements 0 caps 0 limit", "45"},
	{"rights 0 until", "2026-05-31T04:00:00Z"},
	{"deadlines 0 who", "client"},
	{"not_counted clocks 0 not_counted", "cancelled"},
	{"flagged 0 flag", "late"},
	{"flagged 0 facts 0 id", "f-3"},
	{"trend 1 windows 0 label", "2026-02"},
};

static const struct {
	const char *path;
	int64_t number;
} numbers[] = {
	{"tenor_statement", 1},
	{"revision", 1},
	{"windows 1 availability counted_ms", 2671200000},
	{"windows 1 availability down_ms", 15000000},
	{"windows 0 cases 0 used_ms", 30780000},
	{"windows 0 cases 0 start_fact line", 1},
	{"credits 0 base lines 0 days", 31},
};

static void machine(struct arena *a, const struct outcome *o, struct buf *b)
{
	json_error_t error;

	for (int pretty = 0; pretty < 2; pretty++) {
		buf_clear(b);
		statement_json(a, o, &options, pretty != 0, b);
		json_t *root = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error);

		if (!ok(root != NULL, "JSON can be read, %s", pretty != 0 ? "pretty" : "tight")) {
			note("line %d: %s", error.line, error.text);
			continue;
		}
		ok(!has_real(root, 0), "and has neither a float nor a null");
		for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
			is_text(text_of(json_string_value(at_path(root, strings[i].path))),
				strings[i].text, "JSON: %s", strings[i].path);
		for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
			is_i64(json_integer_value(at_path(root, numbers[i].path)),
			       numbers[i].number, "JSON: %s", numbers[i].path);
		json_decref(root);
	}
	buf_clear(b);
	statement_csv(a, o, b);
	is_text(buf_view(b), statement_rows, "CSV: a row for each thing, a formula kept a text");
}

/* --- long lists --- */

/* Forty copies of the late clock: text shows the first ten and says how many are left, the page has all. */
static void many(struct arena *a, struct buf *b)
{
	struct outcome *o = fixture_outcome(a);
	struct clock *clocks = arena_array(a, struct clock, 40);
	uint32_t *samples = arena_array(a, uint32_t, 40);

	for (uint32_t i = 0; i < 40; i++) {
		clocks[i] = o->clocks[0];
		samples[i] = i;
	}
	o->clocks = clocks;
	o->n_clocks = 40;
	o->windows[0].clocks = samples;
	o->windows[0].n_clocks = 40;
	struct text t = as_text(a, o, "en", b);

	ok(text_has(t, text_of("30 more late: [11] to [40]")),
	   "text says how many late ones it left out");
	ok(text_has(t, text_of("  [10] T-118")) && !text_has(t, text_of("  [11] T-118")),
	   "after the first ten");
	ok(text_has(t, text_of("[1]\xe2\x80\xa6[40]")), "and refers to the first and the last");
	buf_clear(b);
	doc_html(statement_doc(a, o, &options), b);
	ok(text_has(buf_view(b), text_of("id=\"why-40\"")), "the page has them all");
	links(buf_view(b));
}

static void empty(struct arena *a, struct buf *b)
{
	struct outcome *o = fixture_outcome(a);

	o->no_facts = true;
	o->n_windows = o->n_clocks = o->n_credits = o->n_settlements = o->n_rights =
		o->n_deadlines = 0;
	o->view->all.n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(no_facts); i++) {
		struct text t = as_text(a, o, no_facts[i].lang, b);

		ok(text_has(t, text_of(no_facts[i].says)), "%s: without facts it says so",
		   no_facts[i].lang);
		ok(!text_has(t, text_of("100")), "%s: and never 100 %%", no_facts[i].lang);
	}
}

static void imports(struct arena *a, const struct outcome *o, struct buf *b)
{
	struct import_note first = {IMPORT_DATE_MISSING, 88, text_of("no date in 'opened_at'")};
	struct import_report report = {.name = text_of("tickets.csv"),
				       .format = text_of("csv"),
				       .rows_read = 100,
				       .taken = 99,
				       .skipped = 1,
				       .facts = 99,
				       .notes = &first,
				       .n_notes = 1};
	const struct import_report *const reports[] = {&report};
	struct statement_options x = {.imports = reports, .n_imports = 1};

	report.counts[IMPORT_DATE_MISSING] = 1;
	buf_clear(b);
	doc_text(statement_doc(a, o, &x), &(struct text_style){.width = 100}, b);
	ok(text_has(buf_view(b),
		    text_of("1 row of tickets.csv skipped: line 88, no date in 'opened_at'")),
	   "a skipped row is told");
	ok(text_has(buf_view(b),
		    text_of("tickets.csv  csv           100     99        1     99  as written")),
	   "and the file with its rows");
	ok(!text_has(buf_view(b), text_of("--what")), "without a command no hint is printed");
	struct report *r =
		report_new(a, o, &(struct statement_options){.language = language("de")});

	for (int code = 0; code < IMPORT_CODE_COUNT; code++) {
		struct text says = doc_words(r->d, import_words(r, (enum import_code)code));

		ok(!text_is(says, import_code_help((enum import_code)code)), "German words for %s",
		   import_code_word((enum import_code)code));
	}
}

int main(void)
{
	struct arena *a = arena_new((size_t)512 << 20);
	struct outcome *o = fixture_outcome(a);
	struct buf b;

	buf_init(&b, (size_t)16 << 20);
	if (!ok(o != NULL, "the contract of the test is valid"))
		return tap_done();
	lines(as_text(a, o, "en", &b));
	for (size_t i = 0; i < ARRAY_SIZE(languages); i++)
		ok(text_has(as_text(a, o, languages[i].lang, &b), text_of(languages[i].says)),
		   "%s: %s", languages[i].lang, languages[i].says);
	page(a, o, &b);
	machine(a, o, &b);
	many(a, &b);
	empty(a, &b);
	imports(a, o, &b);
	buf_free(&b);
	arena_free(a);
	return tap_done();
}
