/* SPDX-License-Identifier: Apache-2.0 */
/* Real logs of the shared data: counts that its README states, and what must be equal between two forms of one file. */
#include "files.h"

static struct imported import_shared(const char *file, const char *zone, const char *format)
{
	struct imported im = {.arena = arena_new((size_t)2 << 30)};
	struct import_options o = plain_options(file);
	struct text bytes = shared_file(im.arena, file);

	o.zone = text_of(zone);
	o.format = text_of(format);
	im.facts = facts_new(im.arena);
	import_more(&im, bytes, &o, 65536);
	ok(im.rc == RC_OK, "%s is read", file);
	if (im.rc != RC_OK)
		note("%s", im.err.message);
	return im;
}

static void print_report(const struct imported *im)
{
	struct buf b;
	struct text rest, line;

	buf_init(&b, 1 << 20);
	import_report_print(im->report, &b);
	rest = buf_view(&b);
	while (rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		note("%.*s", TEXT_ARG(line));
	}
	buf_free(&b);
}

static symbol word(const struct imported *im, const char *s)
{
	return symbol_find(im->facts->symbols, text_of(s));
}

static void test_audit_log(void)
{
	struct imported im =
		import_shared("incidents/uci-servicenow-incident-event-log.csv.zst", "UTC", "");
	symbol p4 = word(&im, "P4"), met = word(&im, "met"), missed = word(&im, "missed");
	size_t n_met = 0, n_missed = 0, in_p4 = 0;

	if (im.rc != RC_OK) {
		imported_free(&im);
		return;
	}
	print_report(&im);
	is_text(im.report->format, "servicenow_audit_log", "picked by its header");
	is_i64((int64_t)im.report->rows_read, 59354, "rows");
	is_i64((int64_t)im.report->skipped, 0, "none skipped");
	is_i64((int64_t)count_kind(im.facts, FACT_TICKET_LOGGED), 9202, "incidents");
	is_i64((int64_t)count_kind(im.facts, FACT_TICKET_REOPENED), 161, "reopenings");
	is_i64((int64_t)count_kind(im.facts, FACT_TICKET_PRIORITY_SET), 192, "changes of priority");
	for (size_t i = 0; i < im.facts->n; i++) {
		const struct fact *f = &im.facts->v[i];

		in_p4 += f->kind == FACT_TICKET_LOGGED && fact_word(f, FIELD_PRIORITY) == p4;
		if (f->kind != FACT_TICKET_CLOSED)
			continue;
		n_met += fact_word(f, FIELD_REPORTED_VERDICT) == met;
		n_missed += fact_word(f, FIELD_REPORTED_VERDICT) == missed;
	}
	ok(in_p4 > 0, "priorities are mapped");
	/* 5 incidents were reopened after closing and closed again, with a verdict each time. */
	is_i64((int64_t)(n_met + n_missed), (int64_t)count_kind(im.facts, FACT_TICKET_CLOSED),
	       "each closing has a verdict");
	is_i64((int64_t)im.report->counts[IMPORT_OUT_OF_FILE], 1,
	       "one incident is not in order of time");
	ok(text_has(first_note(im.report, IMPORT_OUT_OF_FILE, NULL), text_of("INC0000137")),
	   "INC0000137");
	is_i64((int64_t)im.report->conflicts, 0, "no conflicts");
	imported_free(&im);
}

/* The rows of INC0000137 must come out in order of time whatever the file says. */
static void test_order(void)
{
	struct imported im =
		import_shared("incidents/uci-servicenow-incident-event-log.csv.zst", "UTC", "");
	symbol ticket = word(&im, "INC0000137");
	const struct fact *before = NULL;
	size_t n = 0, wrong = 0;

	for (size_t i = 0; i < im.facts->n; i++) {
		const struct fact *f = &im.facts->v[i];

		if (f->subject != ticket)
			continue;
		wrong += before != NULL && fact_order(before, f) > 0 && before->seq != f->seq;
		before = f;
		n++;
	}
	ok(n > 2 && wrong == 0, "INC0000137: %zu facts in order", n);
	imported_free(&im);
}

/* The first 5,998 rows saved again by a spreadsheet give the same facts. */
static void test_reexport(void)
{
	struct imported re =
		import_shared("incidents/uci-servicenow-reexport-5998rows.csv.zst", "UTC", "");
	struct imported whole = {.arena = arena_new((size_t)1 << 30)};
	struct text bytes =
		shared_file(whole.arena, "incidents/uci-servicenow-incident-event-log.csv.zst");
	struct import_options o = plain_options("first rows");
	size_t end = 0;

	for (size_t line = 0; line < 5999 && end < bytes.n; line++)
		end = text_find(bytes, '\n', end) + 1;
	o.zone = text_of("UTC");
	whole.facts = facts_new(whole.arena);
	import_more(&whole, text_sub(bytes, 0, end), &o, 0);
	is_i64((int64_t)re.report->rows_read, 5998, "rows of the re-export");
	is_i64((int64_t)count_kind(re.facts, FACT_TICKET_LOGGED), 890,
	       "incidents of the re-export");
	is_i64((int64_t)re.facts->n, (int64_t)whole.facts->n, "as many facts");
	ok(text_eq(facts_text(&re), facts_text(&whole)), "the same facts, byte by byte");

	/* Read on top of the other, every fact is there already. */
	import_more(&re, text_sub(bytes, 0, end), &o, 0);
	is_i64((int64_t)re.report->facts, 0, "nothing new from the other form");
	is_i64((int64_t)re.report->duplicates, (int64_t)whole.facts->n, "all are there already");
	imported_free(&re);
	imported_free(&whole);
}

static void test_zone_must_be_told(void)
{
	struct imported im = {.arena = arena_new((size_t)1 << 30)};
	struct import_options o = plain_options("log.csv");

	im.facts = facts_new(im.arena);
	import_more(&im,
		    shared_file(im.arena, "incidents/uci-servicenow-reexport-5998rows.csv.zst"), &o,
		    0);
	ok(im.rc == RC_INVALID && text_has(text_of(im.err.message), text_of("time zone")),
	   "the zone must be told: %s", im.err.message);
	imported_free(&im);
}

static const struct {
	const char *site;
	int64_t rows, monitors, down;
} checks[] = {{"dhbern", 10535, 54, 793}, {"honch", 493, 11, 3}, {"manticore", 336, 22, 47}};

/* Minutes down of one monitor by replaying its samples, in tenths. */
static int64_t tenths_down(const struct imported *im, symbol asset, symbol down)
{
	const struct fact *before = NULL;
	int64_t ms = 0;

	for (size_t i = 0; i < im->facts->n; i++) {
		const struct fact *f = &im->facts->v[i];

		if (f->subject != asset)
			continue;
		if (before != NULL && fact_word(before, FIELD_STATE) == down)
			ms += f->occurred_at - before->occurred_at;
		before = f;
	}
	return (ms + 3000) / 6000;
}

static void test_agreement(const struct imported *im, const char *site, struct arena *a)
{
	struct text rest = shared_file(a, "outages/upptime-agreement.tsv"), line, cells[4];
	symbol down = word(im, "down");
	size_t compared = 0, off = 0;

	while (rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
			line = text_cut(line, '\t', &cells[i]);
		if (!text_is(cells[0], site))
			continue;

		struct text whole, tenth = text_cut(cells[3], '.', &whole);
		int64_t want = 0, fraction = 0, got = 0;

		if (!text_digits(whole, &want) || !text_digits(tenth, &fraction))
			continue;
		want = want * 10 + fraction;
		got = tenths_down(im, symbol_find(im->facts->symbols, cells[1]), down);
		compared++;
		/* Their figure goes by the time of the commit, ours by the time of the check: seconds apart. */
		if (got - want > 2 || want - got > 2) {
			off++;
			note("%.*s: got %lld, want %lld tenths of a minute", TEXT_ARG(cells[1]),
			     (long long)got, (long long)want);
		}
	}
	ok(compared > 0 && off == 0, "%s: minutes down of %zu monitors agree", site, compared);
}

static void test_upptime(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		char name[100];

		(void)snprintf(name, sizeof(name), "outages/upptime-%s-checks.csv.zst",
			       checks[i].site);

		struct imported im = import_shared(name, "", "");
		symbol down = word(&im, "down");
		size_t n_down = 0, monitors = 0;
		bool *seen = arena_array(im.arena, bool, symbols_count(im.facts->symbols));

		is_text(im.report->format, "upptime_checks", "%s: picked by its header",
			checks[i].site);
		is_i64((int64_t)im.report->rows_read, checks[i].rows, "%s: rows", checks[i].site);
		is_i64((int64_t)count_kind(im.facts, FACT_PROBE_SAMPLE), checks[i].rows,
		       "%s: samples", checks[i].site);
		for (size_t f = 0; f < im.facts->n; f++) {
			n_down += fact_word(&im.facts->v[f], FIELD_STATE) == down;
			monitors += !seen[im.facts->v[f].subject];
			seen[im.facts->v[f].subject] = true;
		}
		is_i64((int64_t)n_down, checks[i].down, "%s: down", checks[i].site);
		is_i64((int64_t)monitors, checks[i].monitors, "%s: monitors", checks[i].site);
		ok(im.report->covers.from < im.report->covers.to, "%s: it observes a span",
		   checks[i].site);
		test_agreement(&im, checks[i].site, im.arena);
		imported_free(&im);
	}
}

static void test_upptime_summaries(void)
{
	static const struct {
		const char *file;
		int64_t monitors;
	} files[] = {{"outages/upptime-dhbern-summary.json", 51},
		     {"outages/upptime-honch-summary.json", 7},
		     {"outages/upptime-manticore-summary.json", 18}};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct imported im = import_shared(files[i].file, "", "");

		is_text(im.report->format, "upptime_summary", "%s", files[i].file);
		is_i64((int64_t)im.report->rows_read, files[i].monitors, "monitors");
		is_i64((int64_t)im.facts->n, 0, "figures are no facts");
		ok(im.report->n_reported >= 5 * (size_t)files[i].monitors,
		   "figures as reported: %zu", im.report->n_reported);
		imported_free(&im);
	}
}

static void test_status_pages(void)
{
	static const struct {
		const char *file, *format;
		int64_t rows;
		enum fact_kind kind;
		int64_t facts;
	} files[] = {
		{"outages/github-statuspage-component-transitions.jsonl.zst",
		 "statuspage_transitions", 2134, FACT_PROBE_SAMPLE, 2134},
		/* 33 have impact none, which makes no outage; components of the others are counted below. */
		{"outages/github-incidents-2010-2023.jsonl.zst", "statuspage_incidents", 1282,
		 FACT_OUTAGE_BEGAN, -1},
		{"outages/github-statuspage-incidents.jsonl.zst", "statuspage_incidents", 760,
		 FACT_OUTAGE_BEGAN, -1},
		{"outages/github-statuspage-scheduled-maintenance.jsonl.zst",
		 "statuspage_maintenance", 30, FACT_MAINTENANCE_ANNOUNCED, -1},
		{"outages/github-statuspage-snapshot.json", "statuspage_summary", 12,
		 FACT_PROBE_SAMPLE, 12},
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct imported im = import_shared(files[i].file, "", "");

		is_text(im.report->format, files[i].format, "%s", files[i].file);
		is_i64((int64_t)im.report->rows_read, files[i].rows, "rows");
		is_i64((int64_t)(im.report->taken + im.report->skipped), files[i].rows,
		       "each is taken or skipped");
		if (files[i].facts >= 0)
			is_i64((int64_t)count_kind(im.facts, files[i].kind), files[i].facts,
			       "facts");
		print_report(&im);
		imported_free(&im);
	}
}

int main(void)
{
	if (tap_shared() == NULL)
		return tap_skip_all("no shared data");
	test_audit_log();
	test_order();
	test_reexport();
	test_zone_must_be_told();
	test_upptime();
	test_upptime_summaries();
	test_status_pages();
	return tap_done();
}
