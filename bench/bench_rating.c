/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rating of usage records, and what it is measured against, each in a process of its own:
 *
 *   bench_rating lines [RECORDS]          the records as JSON lines, on standard output
 *   bench_rating memory [RECORDS]         made in memory; view and rating: what 20 meters with graduated tiers come to, with the lines
 *   bench_rating read [RECORDS] FILE      the same from those lines
 *   bench_rating contract                 the contract that rates them, for the program itself over its store
 *   bench_rating sqlite [RECORDS] [FILE]  SELECT meter, count, sum and largest GROUP BY meter over the same rows, in memory or in a file
 *
 * The view puts facts in order, leaves out what was corrected and finds who contests what; rating gathers the records of each charge, sums
 * them exactly, prices the tiers and hashes the ids that the line rests on. SQLite does the sums alone.
 */
#include "engine/billing.h"
#include "entries.h"
#include "facts/import.h"
#include "tickets.h"

#include "app/zones.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

enum { RECORDS = 2000000, METERS = 20, DAYS = 30, CHUNK = 1 << 16 };

struct record {
	size_t meter;
	instant at;
	int64_t hundredths;
};

/* Any record by its number: every mode has the same. */
static struct record record_of(size_t i, size_t n)
{
	uint64_t mixed = ((uint64_t)i + 1) * 48271 % 2147483647;
	instant first = instant_of_day(day_of(2026, 6, 1)) + 5 * HOUR_MS;

	return (struct record){mixed % METERS,
			       first + (int64_t)((double)i / (double)n * DAYS * 86000) * SECOND_MS,
			       (int64_t)(mixed / METERS % 100000)};
}

static struct text contract_text(struct arena *a)
{
	struct buf b;
	struct text out;

	buf_init(&b, 1 << 16);
	buf_str(&b,
		"tenor: \"1\"\n"
		"contract: {id: R-1, title: Metered, currency: USD, timezone: America/New_York, "
		"business_calendar: desk}\n"
		"parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: "
		"{legal_name: "
		"C Inc, jurisdiction: US-NY}}\n"
		"calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: [\"09:00-17:00\"]}], "
		"holidays: [{id: us, set: us_federal}]}]\n"
		"term: {effective_date: \"2026-06-01\", initial: 36mo}\n"
		"services: [{id: help, name: Help, calendar: desk}]\n"
		"payment: {due: 30d}\n"
		"charges:\n");
	for (int m = 0; m < METERS; m++)
		buf_printf(&b,
			   "  - {id: use%d, type: usage, meter: m%d, period: 1mo, tiers: [{id: t1, "
			   "up_to: 1000, price: \"0.0%d USD\"}, {id: t2, up_to: 100000, price: "
			   "\"0.0%d1 USD\"}, {id: t3, price: \"0.0005 USD\"}]}\n",
			   m, m, 1 + m % 9, 1 + m % 7);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

/* --- rating --- */

static void rate(struct facts *facts, struct moment began)
{
	struct arena *a = arena_new((size_t)64 << 30);
	const struct promise *p = tickets_promise(a, contract_text(a));
	struct priced_version version = {.from = INT32_MIN, .to = INT32_MAX, .hash = text_of("")};
	struct charging c = {.arena = a, .versions = &version, .n_versions = 1};
	struct err err = {.line = 0};
	day on = day_of(2026, 7, 1);
	instant known = zone_midnight(p->zone, on + 1) - 1;
	struct moment had, seen, rated;
	int64_t sum = 0;

	if (pricing_build(a, p, &version.pricing, &err) != RC_OK)
		bench_stop("pricing", &err);
	had = moment_now();
	c.view = view_make(a, facts, known, known);
	c.on = on;
	c.stop = INT32_MAX;
	seen = moment_now();
	if (charging_begin(&c, &err) != RC_OK || charging_run(&c, &err) != RC_OK)
		bench_stop("charging", &err);
	rated = moment_now();
	for (size_t i = 0; i < c.n_items; i++)
		sum += c.items[i].total;
	printf("records %zu\nitems %zu\nnet_minor %" PRId64 "\n", facts->n, c.n_items, sum);
	span_print("have", began, had);
	span_print("view", had, seen);
	span_print("rate", seen, rated);
	memory_print();
	arena_free(a);
}

static int in_memory(size_t n)
{
	struct arena *a = arena_new((size_t)64 << 30);
	struct moment began = moment_now();
	struct facts *facts = facts_new(a);
	symbol meters[METERS];
	char word[24];

	(void)facts_add_source(
		facts, (struct fact_source){.name = text_of("bench"), .format = text_of("tenor")});
	facts_reserve(facts, n);
	for (int m = 0; m < METERS; m++) {
		(void)snprintf(word, sizeof(word), "m%d", m);
		meters[m] = symbol_add(facts->symbols, text_of(word));
	}
	for (size_t i = 0; i < n; i++) {
		struct record r = record_of(i, n);
		const struct fact_value values[] = {
			{.field = FIELD_METER, .word = meters[r.meter]},
			{.field = FIELD_QUANTITY, .number = r.hundredths, .scale = 2}};
		struct fact f = {.occurred_at = r.at,
				 .recorded_at = r.at,
				 .subject = meters[r.meter],
				 .kind = FACT_USAGE_RECORDED,
				 .party = PARTY_PROVIDER,
				 .n_values = 2,
				 .values = values};

		(void)snprintf(word, sizeof(word), "r%zu", i);
		f.id = symbol_add(facts->symbols, text_of(word));
		(void)facts_add(facts, &f);
	}
	rate(facts, began);
	arena_free(a);
	return 0;
}

static int lines(size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 12);
	for (size_t i = 0; i < n; i++) {
		struct record r = record_of(i, n);

		buf_clear(&b);
		buf_printf(&b, "{\"id\":\"r%zu\",\"kind\":\"usage.recorded\",\"occurred_at\":\"",
			   i);
		instant_print(&b, r.at);
		buf_printf(&b,
			   "\",\"party\":\"provider\",\"meter\":\"m%zu\",\"quantity\":\"%" PRId64
			   ".%02" PRId64 "\"}\n",
			   r.meter, r.hundredths / 100, r.hundredths % 100);
		(void)fwrite(b.p, 1, b.n, stdout);
	}
	buf_free(&b);
	return fflush(stdout) == 0 ? 0 : 1;
}

static int from_file(const char *path)
{
	struct arena *a = arena_new((size_t)64 << 30);
	struct moment began = moment_now();
	struct facts *facts = facts_new(a);
	struct zone_source zones = zones_system(a);
	struct import_options options = {
		.name = text_of(path), .format = text_of("tenor_jsonl"), .zones = &zones};
	struct import_report *report;
	struct importer *im;
	struct err err = {.line = 0};
	static char chunk[CHUNK];
	FILE *f = fopen(path, "rb");
	size_t got;
	enum rc rc = importer_open(a, facts, &options, &im, &err);

	if (f == NULL || rc != RC_OK) {
		fprintf(stderr, "bench_rating: %s cannot be read\n", path);
		return 1;
	}
	while (rc == RC_OK && (got = fread(chunk, 1, sizeof(chunk), f)) > 0)
		rc = importer_push(im, chunk, got, &err);
	(void)fclose(f);
	if (importer_close(im, &report, &err) != RC_OK)
		bench_stop(path, &err);
	if (report->skipped > 0) {
		fprintf(stderr, "bench_rating: rows were skipped\n");
		return 1;
	}
	rate(facts, began);
	arena_free(a);
	return 0;
}

/* --- SQLite --- */

static sqlite3 *db;

static void must(int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "bench_rating: sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void fill(size_t n)
{
	sqlite3_stmt *insert;
	char word[24];

	must(sqlite3_exec(
		db,
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
		"CREATE TABLE usage (id TEXT NOT NULL, meter TEXT NOT NULL, at INTEGER NOT "
		"NULL, quantity INTEGER NOT NULL) STRICT; BEGIN",
		NULL, NULL, NULL));
	must(sqlite3_prepare_v2(db, "INSERT INTO usage VALUES (?1, ?2, ?3, ?4)", -1, &insert,
				NULL));
	for (size_t i = 0; i < n; i++) {
		struct record r = record_of(i, n);

		(void)snprintf(word, sizeof(word), "r%zu", i);
		must(sqlite3_bind_text(insert, 1, word, -1, SQLITE_TRANSIENT));
		(void)snprintf(word, sizeof(word), "m%zu", r.meter);
		must(sqlite3_bind_text(insert, 2, word, -1, SQLITE_TRANSIENT));
		must(sqlite3_bind_int64(insert, 3, r.at));
		must(sqlite3_bind_int64(insert, 4, r.hundredths));
		must(sqlite3_step(insert));
		must(sqlite3_reset(insert));
	}
	must(sqlite3_finalize(insert));
	must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
}

static int sums(size_t n, const char *path)
{
	sqlite3_stmt *s;
	struct moment from, to;
	uint64_t rows = 0, sum = 0;

	must(sqlite3_open(path == NULL ? ":memory:" : path, &db));
	fill(n);
	if (path != NULL) { /* again from the start, as a program that reads its file */
		must(sqlite3_close(db));
		must(sqlite3_open(path, &db));
		must(sqlite3_exec(db, "PRAGMA cache_size = -32768", NULL, NULL, NULL));
	}
	from = moment_now();
	must(sqlite3_prepare_v2(
		db,
		"SELECT meter, count(*), sum(quantity), max(at) FROM usage WHERE at "
		">= ?1 AND at < ?2 GROUP BY meter",
		-1, &s, NULL));
	must(sqlite3_bind_int64(s, 1, 0));
	must(sqlite3_bind_int64(s, 2, INT64_MAX));
	for (int code; (code = sqlite3_step(s)) != SQLITE_DONE; must(code)) {
		rows += (uint64_t)sqlite3_column_int64(s, 1);
		sum += (uint64_t)sqlite3_column_int64(s, 2);
	}
	to = moment_now();
	must(sqlite3_finalize(s));
	must(sqlite3_close(db));
	printf("records %" PRIu64 "\nsum_hundredths %" PRIu64 "\n", rows, sum);
	span_print("select", from, to);
	memory_print();
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	size_t n = bench_number(argc, argv, 2, RECORDS);

	if (strcmp(mode, "lines") == 0)
		return lines(n);
	if (strcmp(mode, "memory") == 0)
		return in_memory(n);
	if (strcmp(mode, "read") == 0 && argc == 4)
		return from_file(argv[3]);
	if (strcmp(mode, "sqlite") == 0)
		return sums(n, argc > 3 ? argv[3] : NULL);
	if (strcmp(mode, "contract") == 0) {
		struct arena *a = arena_new(1 << 20);
		struct text t = contract_text(a);

		(void)fwrite(t.p, 1, t.n, stdout);
		arena_free(a);
		return 0;
	}
	fprintf(stderr,
		"usage: bench_rating memory|lines|sqlite|contract [RECORDS] | read RECORDS FILE\n");
	return 64;
}
