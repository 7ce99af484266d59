/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of other tools about money, by the ready mappings and by edited ones: every kind of row, what is left out and why; the published
 * index and rates where they are at hand.
 */
#include "files.h"

#include "money/exact.h"

/* A line of the file is a line here. */
/* clang-format off */
static const struct import_case cases[] = {
	{.name = "usage", .format = "usage_csv", .zone = "UTC",
	 .input =
		"id,time,meter,quantity,unit,subject\n"
		"u-1,2026-06-01T08:00:00Z,backup.stored,345.123456789012345,GiB,\n"
		"u-2,2026-06-02T08:00:00Z,backup.stored,5.64902E-05,GiB,srv-1\n"
		"u-3,2026-06-02T09:00:00Z,backup.stored,-3,GiB,srv-1\n"
		"u-1,2026-06-01T08:00:00Z,backup.stored,2345,GiB,\n",
	 .facts =
		"{\"id\":\"u-1\",\"kind\":\"usage.recorded\",\"occurred_at\":\"2026-06-01T08:00:00Z\",\"recorded_at\":\"2026-06-01T08:00:00Z\",\"meter\":\"backup.stored\",\"quantity\":\"345.123456789012345\",\"measure\":\"GiB\"}\n"
		"{\"id\":\"u-2\",\"kind\":\"usage.recorded\",\"occurred_at\":\"2026-06-02T08:00:00Z\",\"recorded_at\":\"2026-06-02T08:00:00Z\",\"meter\":\"backup.stored\",\"quantity\":\"0.0000564902\",\"measure\":\"GiB\",\"subject\":\"srv-1\"}\n",
	 .report =
		"file: read as usage_csv\n"
		"rows: 4 read, 2 taken, 2 skipped\n"
		"facts: 2 new, 0 already there, 1 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: none\n"
		"field.value: a value that cannot be: 1\n"
		"  line 4: negative quantity: '-3' for 'backup.stored': correct the earlier record instead\n"
		"id.conflict: the same id twice with other content: 1\n"
		"  line 5: id 'u-1' was taken with other content on line 2 of file\n"},
	{.name = "units of two days, one of them with a unit twice", .format = "unit_list_csv", .zone = "UTC",
	 .input =
		"date,count,unit\n"
		"2026-06-01,active_users,u-1\n"
		"2026-06-11,active_users,u-1042\n"
		"2026-06-01,active_users,u-2\n"
		"2026-06-11,active_users,u-1042\n"
		"2026-06-01,devices,\n",
	 .facts =
		"{\"id\":\"units.listed:active_users 2026-06-01:2026-06-01:1\",\"kind\":\"units.listed\",\"occurred_at\":\"2026-06-01T00:00:00Z\",\"recorded_at\":\"2026-06-01T00:00:00Z\",\"list\":\"active_users 2026-06-01\",\"count\":\"active_users\",\"units\":[\"u-1\",\"u-2\"]}\n",
	 .report =
		"file: read as unit_list_csv\n"
		"rows: 5 read, 3 taken, 2 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"
		"field.missing: a required field is not there: 1\n"
		"  line 6: units.listed needs 'units'\n"
		"field.value: a value that cannot be: 2\n"
		"  line 5: unit listed twice: 'u-1042' in list of 2026-06-11\n"
		"  line 3: the list of 2026-06-11 is left out: a unit stands in it twice\n"},
	{.name = "units without a column for day and count",
	 .zone = "UTC",
	 .mapping =
		"[mapping]\nrows = facts\n[dates]\nformat = YYYY-MM-DD\n[columns]\nunits = UserPrincipalName\n"
		"[values]\nkind = units.listed\noccurred = 2026-06-11\ncount = mailboxes\nlist = exchange\n",
	 .input = "Name,UserPrincipalName\nAnna,u-1\nBen,u-2\n",
	 .facts =
		"{\"id\":\"units.listed:exchange:2026-06-11:1\",\"kind\":\"units.listed\",\"occurred_at\":\"2026-06-11T00:00:00Z\",\"recorded_at\":\"2026-06-11T00:00:00Z\",\"list\":\"exchange\",\"count\":\"mailboxes\",\"units\":[\"u-1\",\"u-2\"]}\n",
	 .report =
		"file: read as test.map\n"
		"rows: 2 read, 2 taken, 0 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"},
	{.name = "hours: the day is one of the zone told", .format = "time_entries_csv", .zone = "+02:00",
	 .input =
		"entry,date,start,minutes,ticket,charge,technician\n"
		"E-1,2026-06-01,00:30,25,T-1,remote,tech-4\n"
		"E-2,2026-06-01,09:00,-15,T-1,remote,tech-4\n"
		"E-3,2026-06-01,,15,,,\n"
		"E-1,2026-06-01,00:30,30,T-1,remote,tech-4\n",
	 .facts =
		"{\"id\":\"work.recorded:E-1\",\"kind\":\"work.recorded\",\"occurred_at\":\"2026-05-31T22:30:00Z\",\"recorded_at\":\"2026-05-31T22:30:00Z\",\"entry\":\"E-1\",\"minutes\":25,\"ticket\":\"T-1\",\"charge\":\"remote\",\"technician\":\"tech-4\"}\n",
	 .report =
		"file: read as time_entries_csv\n"
		"rows: 4 read, 1 taken, 3 skipped\n"
		"facts: 1 new, 0 already there, 1 in conflict\n"
		"dates without an offset: read as +02:00\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"
		"field.value: a value that cannot be: 1\n"
		"  line 3: negative minutes: '-15' for 'remote': correct the earlier entry instead\n"
		"date.format: a date that is not written as the mapping says: 1\n"
		"  line 4: '2026-06-01' in 'occurred' is not written as 'YYYY-MM-DD HH:mm'\n"
		"id.conflict: the same id twice with other content: 1\n"
		"  line 5: id 'work.recorded:E-1' was taken with other content on line 2 of file\n"},
	{.name = "a bank that writes commas, and money that went out",
	 .zone = "UTC",
	 .mapping =
		"[mapping]\nname = bank\nrows = facts\n[file]\ndelimiter = semicolon\ndecimal = comma\nnegative = ignore\n[dates]\nformat = DD.MM.YYYY\n"
		"[columns]\npayment = Ref\noccurred = Valuta\namount = Betrag\nreference = Zweck\n[values]\nkind = payment.received\ncurrency = EUR\n",
	 .input =
		"Valuta;Ref;Betrag;Zweck\n"
		"02.06.2026;P-1;1.234,56;INV-2026-00001\n"
		"02.06.2026;P-2;-50,00;Miete\n"
		"03.06.2026;P-3;1.234.567;\n"
		"03.06.2026;P-4;12.34,5;\n"
		"03.06.2026;P-5;1,234;\n",
	 .facts =
		"{\"id\":\"payment.received:P-1\",\"kind\":\"payment.received\",\"occurred_at\":\"2026-06-02T00:00:00Z\",\"recorded_at\":\"2026-06-02T00:00:00Z\",\"payment\":\"P-1\",\"amount\":\"1234.56\",\"currency\":\"EUR\",\"reference\":\"INV-2026-00001\"}\n"
		"{\"id\":\"payment.received:P-3\",\"kind\":\"payment.received\",\"occurred_at\":\"2026-06-03T00:00:00Z\",\"recorded_at\":\"2026-06-03T00:00:00Z\",\"payment\":\"P-3\",\"amount\":\"1234567\",\"currency\":\"EUR\"}\n",
	 .report =
		"file: read as bank\n"
		"rows: 5 read, 2 taken, 3 skipped\n"
		"facts: 2 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 2\n"
		"field.type: a value of another type: 1\n"
		"  line 5: '12.34,5' in 'amount' is no decimal number\n"
		"field.value: a value that cannot be: 1\n"
		"  line 6: too many decimals: '1.234': EUR has 2\n"
		"row.ignored: left out because the mapping says so: 1\n"
		"  line 3: '-50.00': below zero\n"},
	{.name = "suppliers", .format = "supplier_invoices_csv", .zone = "UTC",
	 .input =
		"number,date,supplier,charge,net,currency,rate\n"
		"S-1,2026-06-02,Cloudy,licences,1234.56,EUR,1 EUR = 1.0832 USD\n"
		"S-2,2026-06-02,Cloudy,licences,1234.56,EUR,1.0832\n",
	 .facts =
		"{\"id\":\"supplier.invoiced:S-1\",\"kind\":\"supplier.invoiced\",\"occurred_at\":\"2026-06-02T00:00:00Z\",\"recorded_at\":\"2026-06-02T00:00:00Z\",\"supplier_invoice\":\"S-1\",\"charge\":\"licences\",\"amount\":\"1234.56\",\"currency\":\"EUR\",\"supplier\":\"Cloudy\",\"rate\":\"1 EUR = 1.0832 USD\"}\n",
	 .report =
		"file: read as supplier_invoices_csv\n"
		"rows: 2 read, 1 taken, 1 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"
		"field.type: a value of another type: 1\n"
		"  line 3: exchange rate has no direction: '1.0832': write 1 EUR = 1.0832 USD\n"},
	{.name = "an order, known by the header alone", .zone = "UTC",
	 .input = "order,date,charge,quantity,approved_by\nO-1,2026-06-10,firewall,2,client_written\n",
	 .facts =
		"{\"id\":\"order.placed:O-1\",\"kind\":\"order.placed\",\"occurred_at\":\"2026-06-10T00:00:00Z\",\"recorded_at\":\"2026-06-10T00:00:00Z\",\"order\":\"O-1\",\"charge\":\"firewall\",\"quantity\":\"2\",\"approved_by\":\"client_written\"}\n",
	 .report =
		"file: read as orders_csv\n"
		"rows: 1 read, 1 taken, 0 skipped\n"
		"facts: 1 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 1\n"},
	{.name = "an index with a month that was never published", .zone = "UTC",
	 .input = "Date,Index,Inflation\n2025-09-01,324.8,0.3\n2025-11-01,324.122,\n2026-01-01,325,0.1\n",
	 .facts =
		"{\"id\":\"index.published:us_cpi_u:2025-09\",\"kind\":\"index.published\",\"occurred_at\":\"2025-09-01T00:00:00Z\",\"recorded_at\":\"2025-09-01T00:00:00Z\",\"series\":\"us_cpi_u\",\"month\":\"2025-09\",\"value\":\"324.8\"}\n"
		"{\"id\":\"index.published:us_cpi_u:2025-11\",\"kind\":\"index.published\",\"occurred_at\":\"2025-11-01T00:00:00Z\",\"recorded_at\":\"2025-11-01T00:00:00Z\",\"series\":\"us_cpi_u\",\"month\":\"2025-11\",\"value\":\"324.122\"}\n"
		"{\"id\":\"index.published:us_cpi_u:2026-01\",\"kind\":\"index.published\",\"occurred_at\":\"2026-01-01T00:00:00Z\",\"recorded_at\":\"2026-01-01T00:00:00Z\",\"series\":\"us_cpi_u\",\"month\":\"2026-01\",\"value\":\"325\"}\n",
	 .report =
		"file: read as us_cpi_csv\n"
		"rows: 3 read, 3 taken, 0 skipped\n"
		"facts: 3 new, 0 already there, 0 in conflict\n"
		"dates without an offset: read as UTC\n"
		"time of recording: not in the file; taken to be the time of occurrence\n"
		"observes: nothing by itself; outside what facts say, nothing is known\n"
		"flagged: minute_precision 3\n"
		"month.missing: a month that the series does not have: 2\n"
		"  index month missing: us_cpi_u 2025-10\n"
		"  index month missing: us_cpi_u 2025-12\n"},
};
/* clang-format on */

#define FX                                                                                         \
	"[mapping]\nrows = facts\n[dates]\nformat = YYYY-MM-DD\n[columns]\noccurred = Date\n"      \
	"value = Exchange rate\nseries = Country\n[values]\nkind = index.published\n"

static const struct {
	const char *name, *mapping, *message;
} refused[] = {
	{"a kind that is none", "[mapping]\nrows = facts\n[values]\nkind = usage.record\n",
	 "unknown kind 'usage.record'"},
	{"a field of another kind",
	 "[mapping]\nrows = facts\n[dates]\nformat = iso\n[columns]\noccurred = t\nmeter = m\n"
	 "amount = a\n[values]\nkind = usage.recorded\n",
	 "usage.recorded has no field 'amount'"},
	{"no day",
	 "[mapping]\nrows = facts\n[dates]\nformat = iso\n[columns]\nmeter = m\n[values]\n"
	 "kind = usage.recorded\n",
	 "column 'occurred' is missing in [columns]"},
	{"values of rows that are no facts",
	 "[mapping]\nrows = tickets\n[dates]\nformat = iso\n[columns]\nticket = a\nlogged = b\n"
	 "[values]\nservice = x\n",
	 "[values] is for rows = facts of one kind"},
	{"a word that is no decimal mark", "[mapping]\nrows = facts\n[file]\ndecimal = dot\n",
	 "unknown word 'dot'"},
};

static void test_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct arena *a = arena_new(TEST_ARENA);
		struct mapping *m = NULL;
		struct err err;

		err_clear(&err);
		ok(mapping_parse(a, text_of("t.map"), text_of(refused[i].mapping), &m, &err) ==
			   RC_INVALID,
		   "refused: %s", refused[i].name);
		is_text(text_of(err.message), refused[i].message, "in these words");
		arena_free(a);
	}
}

static struct imported by(const char *mapping, struct text bytes)
{
	struct import_options o = plain_options("file");
	struct arena *a = arena_new(TEST_ARENA);
	struct imported im = {.arena = NULL};
	struct mapping *m = NULL;
	struct err err;

	err_clear(&err);
	o.zone = text_of("UTC");
	if (ok(mapping_parse(a, text_of("fx.map"), text_of(mapping), &m, &err) == RC_OK,
	       "a mapping: %s", err.message))
		o.mapping = m;
	im = import_text(bytes, &o, 0);
	arena_free(a);
	return im;
}

static const char rates[] = "Date,Country,Exchange rate\n2026-06-01,Euro,0.8684\n"
			    "2026-06-01,Japan,150.1\n";

static void test_direction(void)
{
	struct imported im = by(FX, text_of(rates));

	ok(im.rc == RC_INVALID, "a rate whose direction nobody told is not read");
	is_text(text_of(im.err.message), "the mapping tells no series for the words of 'Country'",
		"in these words");
	ok(text_has(text_of(im.err.hint), text_of("Euro = 1_usd_in_eur")), "with the way out");
	imported_free(&im);
	im = by(FX "[series]\nEuro = 1_usd_in_eur\n", text_of(rates));
	ok(im.rc == RC_OK && im.facts->n == 1 &&
		   text_is(symbol_text(im.facts->symbols, fact_word(&im.facts->v[0], FIELD_SERIES)),
			   "1_usd_in_eur") &&
		   fact_number(&im.facts->v[0], FIELD_VALUE, 0) == 8684 &&
		   im.report->counts[IMPORT_IGNORED] == 1,
	   "it is read the way round that was told; who is not named is left out");
	imported_free(&im);
}

static void list_of(int n_units, size_t n_parts)
{
	struct import_options o = plain_options("file");
	struct imported im;
	struct buf b;
	size_t units = 0, numbered = 0;

	buf_init(&b, 1 << 20);
	buf_str(&b, "date,count,unit\n");
	for (int i = 0; i < n_units; i++)
		buf_printf(&b, "2026-06-01,devices,device-%d\n", i);
	o.zone = text_of("UTC");
	im = import_text(buf_view(&b), &o, 0);
	ok(im.rc == RC_OK && im.facts->n == n_parts, "a list of %d units is %zu facts", n_units,
	   n_parts);
	for (size_t i = 0; im.rc == RC_OK && i < im.facts->n; i++) {
		const struct fact *f = &im.facts->v[i];

		numbered += fact_number(f, FIELD_PART_NUMBER, 1) == (int64_t)i + 1 &&
			    fact_number(f, FIELD_PART_COUNT, 1) == (int64_t)n_parts;
		for (size_t k = 0; k < f->n_values; k++)
			units += f->values[k].field == FIELD_UNITS;
	}
	ok(numbered == n_parts && units == (size_t)n_units, "numbered, and none is lost");
	imported_free(&im);
	buf_free(&b);
}

/* 500 units are one fact, one more are two. */
static void test_parts(void)
{
	list_of(500, 1);
	list_of(501, 2);
	list_of(1000, 2);
	list_of(1001, 3);
}

static const struct fact *of_month(const struct facts *f, const char *month)
{
	for (size_t i = 0; i < f->n; i++)
		if (text_is(symbol_text(f->symbols, fact_word(&f->v[i], FIELD_INDEX_MONTH)), month))
			return &f->v[i];
	return NULL;
}

static void test_shared(void)
{
	struct arena *a = arena_new(TEST_ARENA);
	struct text cpi = shared_file(a, "billing/us-cpi-cpiai-monthly.csv"),
		    fx = shared_file(a, "billing/fx-usd-monthly.csv");
	struct import_options o = plain_options("file");
	struct imported im;
	struct text note_of_gap = {"", 0};

	o.zone = text_of("UTC");
	if (cpi.n == 0 || fx.n == 0) {
		ok(true, "the published tables # SKIP no shared data");
		arena_free(a);
		return;
	}
	im = import_text(cpi, &o, 0);
	for (size_t i = 0; im.rc == RC_OK && i < im.report->n_notes; i++)
		if (im.report->notes[i].code == IMPORT_MONTH)
			note_of_gap = im.report->notes[i].text;
	ok(im.rc == RC_OK && im.facts->n == 1360 && im.report->counts[IMPORT_MONTH] == 1 &&
		   text_is(note_of_gap, "index month missing: us_cpi_u 2025-10"),
	   "1,360 months of the CPI, and the one that is missing is named");
	ok(im.rc == RC_OK && of_month(im.facts, "2024-09") != NULL &&
		   fact_number(of_month(im.facts, "2024-09"), FIELD_VALUE, 0) == 315301,
	   "money.md X44's September 2024");
	imported_free(&im);
	im = by(FX "[series]\nEuro = 1_usd_in_eur\nUnited Kingdom = 1_usd_in_gbp\n", fx);
	ok(im.rc == RC_OK && im.report->rows_read == 17237 &&
		   of_month(im.facts, "1971-01") != NULL &&
		   fact_number(of_month(im.facts, "1971-01"), FIELD_VALUE, 0) == 4157 &&
		   im.report->counts[IMPORT_IGNORED] + im.facts->n == 17237,
	   "17,237 rates; of the two series told a known value is as told: 1 USD = 0.4157 GBP");
	imported_free(&im);
	arena_free(a);
}

int main(void)
{
	run_cases(cases, ARRAY_SIZE(cases));
	test_refused();
	test_direction();
	test_parts();
	test_shared();
	return tap_done();
}
