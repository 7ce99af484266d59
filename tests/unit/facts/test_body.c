/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of entries: how each value is written, what is refused and by what name, out and back, who may say what (trust.md J4, J5). */
#include "facts/body.h"
#include "facts/exact.h"
#include "facts/pack.h"

#include "random_facts.h"


static struct arena *arena;

/* Bodies as they must be, to be read by the kind and printed again. recorder: the provider. */
static const struct {
	const char *kind, *body, *subject;
	enum party party;
	unsigned flags;
	size_t n_values;
} good[] = {
	{"ticket.logged", "{\"ticket\":\"T-1\"}", "T-1", PARTY_PROVIDER, 0, 1},
	{"ticket.logged",
	 "{\"by\":\"client\",\"channel\":\"email\",\"live\":true,\"priority\":\"P1\",\"ref\":\"17/"
	 "\\\"a\\\"\",\"seq\":4294967295,\"source\":\"log.csv\",\"stamp\":[\"minute\",\"gap\"],"
	 "\"ticket\":\"T-1\",\"via\":\"person\"}",
	 "T-1", PARTY_CLIENT, FLAG_MINUTE_PRECISION | FLAG_ZONE_GAP, 5},
	{"outage.began", "{\"assets\":[\"fw2\",\"fw1\"],\"outage\":\"O-1\",\"severity\":\"down\"}",
	 "O-1", PARTY_PROVIDER, 0, 4},
	{"maintenance.announced",
	 "{\"from\":\"2026-03-29T01:00:00.000Z\",\"maintenance\":\"M\",\"to\":\"2026-03-29T01:00:"
	 "00."
	 "001Z\",\"work\":\"routine\"}",
	 "M", PARTY_PROVIDER, 0, 4},
	{"report.delivered", "{\"to\":\"it_lead\",\"window\":\"2026-03\"}", "2026-03",
	 PARTY_PROVIDER, 0, 2},
	{"survey.answered", "{\"score\":\"-0.25\",\"subject\":\"S\"}", "S", PARTY_PROVIDER, 0, 2},
	{"requests.counted",
	 "{\"by\":\"monitor\",\"errors\":-3,\"requests\":9007199254740991,\"slot\":\"0001-01-01T00:"
	 "00:00.000Z\",\"stamp\":[\"twice\"]}",
	 "", PARTY_MONITOR, FLAG_ZONE_TWICE, 3},
	{"calendar.exception", "{\"calendar\":\"desk\",\"date\":\"2028-02-29\"}", "desk",
	 PARTY_PROVIDER, 0, 2},
	{"patch.released", "{\"severity\":\"critical\",\"subject\":\"KB1\"}", "KB1", PARTY_PROVIDER,
	 0, 2},
	{"source_read",
	 "{\"format\":\"servicenow\",\"observes_outages\":false,\"recorded_known\":true,\"source\":"
	 "\"log.csv\",\"whole_log\":true}",
	 "log.csv", PARTY_PROVIDER, 0, 5},
	{"input_pinned", "{\"input\":\"zone\",\"name\":\"America/New_York\"}", "America/New_York",
	 PARTY_PROVIDER, 0, 2},
	{"clock_accepted",
	 "{\"from\":\"2026-03-29T01:00:00.000Z\",\"to\":\"2026-03-28T01:00:00.000Z\"}", "",
	 PARTY_PROVIDER, 0, 2},
};

static const struct {
	const char *kind, *body, *message, *hint;
} bad[] = {
	{"ticket.logged", "[]", "the body of ticket.logged is no object", ""},
	{"ticket.logged", "{}", "ticket.logged needs 'ticket'", ""},
	{"ticket.logged", "{\"tickets\":\"T\"}", "ticket.logged has no field 'tickets'",
	 "did you mean 'ticket'?"},
	{"ticket.logged", "{\"ticket\":\"T\",\"xyz\":1}", "ticket.logged has no field 'xyz'", ""},
	{"ticket.logged", "{\"occurred_at\":1,\"ticket\":\"T\"}",
	 "ticket.logged has no field 'occurred_at'", ""},
	{"ticket.logged", "{\"ticket\":7}", "'ticket' must be a text", ""},
	{"ticket.logged", "{\"ticket\":\"\"}", "'ticket' must be a text that is not empty", ""},
	{"ticket.logged", "{\"live\":1,\"ticket\":\"T\"}", "'live' must be true or false", ""},
	{"ticket.logged", "{\"ticket\":\"T\",\"via\":\"post\"}",
	 "'post' in 'via' is none of person/monitor", ""},
	{"ticket.reopened", "{\"reason\":\"Ana is ill\",\"ticket\":\"T\"}",
	 "'reason' holds free words: they belong in a private slot, not in the body", ""},
	{"outage.began", "{\"assets\":\"fw\",\"outage\":\"O\"}",
	 "'assets' must be a list of texts, one at least", ""},
	{"outage.began", "{\"assets\":[],\"outage\":\"O\"}",
	 "'assets' must be a list of texts, one at least", ""},
	{"outage.began", "{\"assets\":[\"fw\",true],\"outage\":\"O\"}", "'assets' must be a text",
	 ""},
	{"ticket.scheduled", "{\"ticket\":\"T\",\"until\":\"2026-03-29T01:00:00+01:00\"}",
	 "'2026-03-29T01:00:00+01:00' in 'until': instant must be UTC with milliseconds",
	 "write it like 2026-03-29T01:00:00.000Z"},
	{"ticket.scheduled", "{\"ticket\":\"T\",\"until\":5}", "'until' must be an instant as text",
	 ""},
	{"survey.answered", "{\"score\":\"1.50\",\"subject\":\"S\"}",
	 "'1.50' in 'score' is written '1.5'", ""},
	{"survey.answered", "{\"score\":\"-0\",\"subject\":\"S\"}",
	 "'-0' in 'score' is written '0'", ""},
	{"survey.answered", "{\"score\":\"01\",\"subject\":\"S\"}",
	 "\"01\" is not a number: write 1", ""},
	{"survey.answered", "{\"score\":4,\"subject\":\"S\"}",
	 "'score' must be a decimal number as text", ""},
	{"requests.counted",
	 "{\"errors\":\"3\",\"requests\":4,\"slot\":\"2026-03-29T01:00:00.000Z\"}",
	 "'errors' must be a whole number", ""},
	{"maintenance.announced",
	 "{\"from\":\"2026-03-29T01:00:00.000Z\",\"maintenance\":\"M\",\"to\":\"2026-03-29T01:00:"
	 "00."
	 "000Z\"}",
	 "maintenance.announced ends at or before its start", ""},
	{"calendar.exception", "{\"calendar\":\"desk\",\"date\":\"2026-02-29\"}",
	 "'2026-02-29' in 'date' is no date; write YYYY-MM-DD", ""},
	{"input_pinned", "{\"input\":\"moon\",\"name\":\"x\"}",
	 "'moon' in 'input' is none of zone/holidays/library/engine/ics", ""},
	{"ticket.logged", "{\"seq\":0,\"ticket\":\"T\"}",
	 "'seq' must be a whole number from 1 to 4294967295", ""},
	{"ticket.logged", "{\"seq\":4294967296,\"ticket\":\"T\"}",
	 "'seq' must be a whole number from 1 to 4294967295", ""},
	{"ticket.logged", "{\"seq\":\"1\",\"ticket\":\"T\"}",
	 "'seq' must be a whole number from 1 to 4294967295", ""},
	{"ticket.logged", "{\"ref\":\"\",\"ticket\":\"T\"}",
	 "'ref' must be a text that is not empty", ""},
	{"ticket.logged", "{\"source\":1,\"ticket\":\"T\"}",
	 "'source' must be a text that is not empty", ""},
	{"ticket.logged", "{\"by\":\"vendor\",\"ticket\":\"T\"}",
	 "'by' must be provider, client, monitor or supplier", ""},
	{"ticket.logged", "{\"by\":\"\",\"ticket\":\"T\"}",
	 "'by' must be provider, client, monitor or supplier", ""},
	{"ticket.logged", "{\"stamp\":[],\"ticket\":\"T\"}",
	 "'stamp' must be a list of minute, gap, twice, one at least", ""},
	{"ticket.logged", "{\"stamp\":\"gap\",\"ticket\":\"T\"}",
	 "'stamp' must be a list of minute, gap, twice, one at least", ""},
	{"ticket.logged", "{\"stamp\":[\"gap\",\"minute\"],\"ticket\":\"T\"}",
	 "'stamp' must be a list of minute, gap, twice, in that order", ""},
	{"ticket.logged", "{\"stamp\":[\"gap\",\"gap\"],\"ticket\":\"T\"}",
	 "'stamp' must be a list of minute, gap, twice, in that order", ""},
	{"ticket.logged", "{\"stamp\":[1],\"ticket\":\"T\"}",
	 "'stamp' must be a list of minute, gap, twice, in that order", ""},
};

static enum fact_kind kind_of(const char *word)
{
	enum fact_kind kind = FACT_COUNT;

	if (!fact_kind_find(text_of(word), &kind)) {
		printf("Bail out! no kind %s\n", word);
		exit(1);
	}
	return kind;
}

static struct canon_doc parsed(struct text body)
{
	struct canon_doc doc;
	struct err err = {.line = 0};

	if (canon_parse(arena, NULL, body, CANON_STRICT, &CANON_ENTRY, &doc, &err) != RC_OK) {
		printf("Bail out! %.*s: %s\n", TEXT_ARG(body), err.message);
		exit(1);
	}
	return doc;
}

static void good_bodies(void)
{
	struct buf out;

	buf_init(&out, 70000);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct facts *set = facts_new(arena);
		struct body_reader *r = body_reader_new(arena, set);
		struct canon_doc doc = parsed(text_of(good[i].body));
		struct body_text texts[BODY_TEXTS_MAX];
		struct err err = {.line = 0};
		struct fact f = {.id = 0};
		struct text ref = {"", 0};
		size_t n = 9;

		if (!ok(body_read(r, &doc, doc.v, kind_of(good[i].kind), PARTY_PROVIDER, NULL, NULL,
				  0, &f, &ref, &err) == RC_OK,
			"%s is read", good[i].body))
			note("%s", err.message);
		ok(body_check(&doc, doc.v, kind_of(good[i].kind), &err) == RC_OK, "and checked");
		is_text(symbol_text(set->symbols, f.subject), good[i].subject, "its subject");
		ok(f.party == good[i].party && f.flags == good[i].flags &&
			   f.n_values == good[i].n_values,
		   "party, stamp and number of values");
		ok(body_fits(set, &f, ref, &err) == RC_OK, "it can be a body");
		buf_clear(&out);
		body_print(set, &f, ref, PARTY_PROVIDER, &out, texts, &n);
		is_text(buf_view(&out), good[i].body, "and is one again");
		ok(n == 0, "without free words");
	}
	buf_free(&out);
}

static void bad_bodies(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct facts *set = facts_new(arena);
		struct body_reader *r = body_reader_new(arena, set);
		struct canon_doc doc = parsed(text_of(bad[i].body));
		struct err read = {.line = 0}, check = {.line = 0};
		struct fact f = {.line = 77};
		struct text ref = {"x", 1};

		ok(body_read(r, &doc, doc.v, kind_of(bad[i].kind), PARTY_PROVIDER, NULL, NULL, 0,
			     &f, &ref, &read) == RC_INVALID &&
			   f.line == 77 && ref.n == 1,
		   "refused: %s", bad[i].body);
		is_text(text_of(read.message), bad[i].message, "by its name");
		is_text(text_of(read.hint), bad[i].hint, "and what would be right");
		ok(body_check(&doc, doc.v, kind_of(bad[i].kind), &check) == RC_INVALID &&
			   strcmp(check.message, read.message) == 0,
		   "the check says the same");
	}

	struct facts *set = facts_new(arena);
	struct canon_doc doc = parsed(text_of("{\"by\":\"client\",\"ticket\":\"T\"}"));
	struct err err = {.line = 0};
	struct fact f;
	struct text ref;

	ok(body_read(body_reader_new(arena, set), &doc, doc.v, FACT_TICKET_LOGGED, PARTY_CLIENT,
		     NULL, NULL, 0, &f, &ref, &err) == RC_INVALID,
	   "who reports himself is not named");
	is_text(text_of(err.message), "'by' must be another than the party that recorded it",
		"told so");
}

static void long_lists(void)
{
	struct buf b;

	/* one value is the outage itself */
	enum { MOST = FACT_VALUES_MAX - BODY_TEXTS_MAX - 1 };

	buf_init(&b, 10000);
	for (int n = MOST; n <= MOST + 1; n++) {
		struct facts *set = facts_new(arena);
		struct err err = {.line = 0}, check = {.line = 0};
		struct fact f;
		struct text ref;

		buf_clear(&b);
		buf_str(&b, "{\"assets\":[");
		for (int i = 0; i < n; i++)
			buf_printf(&b, "%s\"a%d\"", i > 0 ? "," : "", i);
		buf_str(&b, "],\"outage\":\"O\"}");

		struct canon_doc doc = parsed(buf_view(&b));
		enum rc want = n == MOST ? RC_OK : RC_INVALID;

		ok(body_read(body_reader_new(arena, set), &doc, doc.v, FACT_OUTAGE_BEGAN,
			     PARTY_PROVIDER, NULL, NULL, 0, &f, &ref, &err) == want &&
			   body_check(&doc, doc.v, FACT_OUTAGE_BEGAN, &check) == want,
		   "a list of %d: %s", n, err.message);
	}
	buf_free(&b);
}

static void free_words(void)
{
	struct facts *set = facts_new(arena);
	struct fact_value values[] = {
		{.field = FIELD_TICKET, .word = symbol_add(set->symbols, text_of("T"))},
		{.field = FIELD_REASON, .word = symbol_add(set->symbols, text_of("Ana is ill"))}};
	struct fact f = {.kind = FACT_TICKET_REOPENED, .values = values, .n_values = 2}, again;
	struct body_text texts[BODY_TEXTS_MAX];
	const struct text names[] = {text_of("attachment"), text_of("reason")};
	const struct text words[] = {text_of("?"), text_of("(erased)")};
	struct body_reader *r = body_reader_new(arena, set);
	struct err err = {.line = 0};
	struct text ref;
	struct buf out;
	size_t n = 0;

	buf_init(&out, 1000);
	body_print(set, &f, text_of(""), PARTY_CLIENT, &out, texts, &n);
	is_text(buf_view(&out), "{\"ticket\":\"T\"}", "no free words in the body");
	ok(n == 1 && texts[0].field == FIELD_REASON && text_is(texts[0].words, "Ana is ill"),
	   "they go to a slot");

	struct canon_doc doc = parsed(buf_view(&out));

	ok(body_read(r, &doc, doc.v, FACT_TICKET_REOPENED, PARTY_CLIENT, names, NULL, 2, &again,
		     &ref, &err) == RC_OK &&
		   again.n_values == 2,
	   "a slot of that name is a value");
	is_text(symbol_text(set->symbols, fact_word(&again, FIELD_REASON)), "-", "that is there");
	ok(body_read(r, &doc, doc.v, FACT_TICKET_REOPENED, PARTY_CLIENT, names, words, 2, &again,
		     &ref, &err) == RC_OK,
	   "with what the caller read");
	is_text(symbol_text(set->symbols, fact_word(&again, FIELD_REASON)), "(erased)",
		"it says that");
	buf_free(&out);
}

static void fits(void)
{
	static const struct {
		const char *word;
		int64_t number;
		const char *ref, *message;
	} cases[] = {
		{"T", 1, "", ""},
		{"T\x01", 1, "", "control character U+0001 in 'asset'"},
		{"T\xe2\x80\xae", 1, "", "direction mark U+202E in 'asset'"},
		{"T\xff", 1, "", "byte 0xff is not UTF-8 in 'asset'"},
		{"", 1, "", "'asset' is empty"},
		{"T", 9007199254740991, "", ""},
		{"T", 9007199254740992, "", "number '9007199254740992' in 'requests' is too large"},
		{"T", -9007199254740992, "",
		 "number '-9007199254740992' in 'requests' is too large"},
		{"T", 1, "a\x7f", "control character U+007F in 'ref'"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct facts *set = facts_new(arena);
		struct fact_value values[] = {
			{.field = FIELD_ASSET,
			 .word = symbol_add(set->symbols, text_of(cases[i].word))},
			{.field = FIELD_REQUESTS, .number = cases[i].number}};
		struct fact f = {.kind = FACT_REQUESTS_COUNTED, .values = values, .n_values = 2};
		struct err err = {.line = 0};
		enum rc rc = body_fits(set, &f, text_of(cases[i].ref), &err);

		is_text(text_of(err.message), cases[i].message, "can it be a body: case %zu", i);
		ok((rc == RC_OK) == (cases[i].message[0] == '\0'), "and so it is told");
	}
}

/* Facts of every kind to bodies and back are the same, print the same, and pack as what was unpacked does. */
static void out_and_back(void)
{
	enum { N = 4000 };
	struct dice d = dice_new(20260303);
	struct arena *a = arena_new((size_t)1 << 30);
	struct facts *set = facts_new(a), *again = facts_new(a), *third = facts_new(a);
	struct body_reader *r = body_reader_new(a, again);
	struct canon_scratch *scratch = canon_scratch_new(a);
	struct uuid *ids = arena_array(a, struct uuid, N);
	static const char *const names[] = {"log.csv", "", "monitor"};
	size_t wrong = 0;
	struct buf x, y;

	buf_init(&x, 70000);
	buf_init(&y, (size_t)1 << 24);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void)facts_add_source(set, (struct fact_source){.name = text_of(names[i])});
	for (size_t i = 0; i < N; i++)
		ids[i] = random_id(&d);
	for (size_t i = 0; i < N; i++) {
		struct body_text texts[BODY_TEXTS_MAX];
		struct text slots[BODY_TEXTS_MAX], ref;
		struct canon_doc doc;
		struct err err = {.line = 0};
		struct fact back;
		size_t n = 0;
		enum fact_field own;

		random_fact(set, &d, &ids[i], ids, i);

		struct fact *f = &set->v[set->n - 1];
		enum party recorder = f->party == PARTY_CLIENT ? PARTY_CLIENT : PARTY_PROVIDER;

		buf_clear(&x);
		body_print(set, f, text_of(i % 3 == 0 ? "ref" : ""), recorder, &x, texts, &n);
		for (size_t k = 0; k < n; k++)
			slots[k] = text_of(field_row(texts[k].field)->key);
		if (canon_parse(a, scratch, buf_view(&x), CANON_STRICT, &CANON_ENTRY, &doc, &err) !=
			    RC_OK ||
		    body_read(r, &doc, doc.v, (enum fact_kind)f->kind, recorder, slots, NULL, n,
			      &back, &ref, &err) != RC_OK) {
			/* Words at random are not those that a closed list knows, nor spans always right. */
			set->n--;
			if (strstr(err.message, "is none of") == NULL &&
			    strstr(err.message, "is no date") == NULL &&
			    strstr(err.message, "at or before its start") == NULL) {
				note("%s: %.*s", err.message, TEXT_ARG(buf_view(&x)));
				wrong++;
			}
			continue;
		}
		back.occurred_at = f->occurred_at;
		back.recorded_at = f->recorded_at;
		back.id = symbol_add(again->symbols, symbol_text(set->symbols, f->id));
		back.corrects = symbol_add(again->symbols, symbol_text(set->symbols, f->corrects));
		if (fact_field_find((enum fact_kind)f->kind, text_of("source"), &own))
			f->source = 1; /* it speaks of a source and has none */
		/* The place in the list of ids follows the facts that were taken. */
		ids[again->n] = ids[i];
		(void)facts_add(again, &back);
		if (!says_the_same(set, f, again, &again->v[again->n - 1]) ||
		    !text_is(ref, i % 3 == 0 ? "ref" : ""))
			wrong++;
		buf_clear(&y);
		body_print(again, &again->v[again->n - 1], ref, recorder, &y, texts, &n);
		wrong += !text_eq(buf_view(&x), buf_view(&y));
	}
	is_i64((int64_t)wrong, 0, "%zu facts out and back", again->n);

	struct unpacker *u = unpacker_new(a, third, PACK_IDS_ALL);
	struct err err = {.line = 0};
	bool same = true;

	for (size_t from = 0; from < again->n; from += PACK_FACTS) {
		size_t n = again->n - from < PACK_FACTS ? again->n - from : PACK_FACTS;

		buf_clear(&y);
		facts_pack(again, from, n, ids + from, &y);
		same = facts_unpack(u, buf_view(&y), PACK_FACTS, &err) == RC_OK && same;

		struct buf z;

		buf_init(&z, (size_t)1 << 24);
		facts_pack(third, from, n, ids + from, &z);
		same = same && text_eq(buf_view(&y), buf_view(&z));
		buf_clear(&z);
		facts_pack(set, from, n, ids + from, &z);
		same = same && text_eq(buf_view(&y), buf_view(&z));
		buf_free(&z);
	}
	ok(again->n > N / 2 && same, "read from entries or unpacked, or never written: one pack");
	buf_free(&x);
	buf_free(&y);
	arena_free(a);
}

static void who_may(void)
{
	static const struct {
		enum fact_kind kind;
		enum party by, recorder;
		bool ok;
	} cases[] = {
		{FACT_TICKET_LOGGED, PARTY_CLIENT, PARTY_PROVIDER, true},
		{FACT_TICKET_MESSAGE, PARTY_CLIENT, PARTY_PROVIDER, true},
		{FACT_TICKET_RESTORED, PARTY_PROVIDER, PARTY_CLIENT, true},
		{FACT_OUTAGE_BEGAN, PARTY_MONITOR, PARTY_CLIENT, true},
		{FACT_FACT_ACCEPTED, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_FACT_ACCEPTED, PARTY_CLIENT, PARTY_CLIENT, true},
		{FACT_FACT_ACCEPTED, PARTY_UNKNOWN, PARTY_PROVIDER, true},
		{FACT_FACT_CONTESTED, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_DISPUTE_SETTLED, PARTY_MONITOR, PARTY_PROVIDER, false},
		{FACT_CREDIT_CLAIMED, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_RIGHT_EXERCISED, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_NOTICE_GIVEN, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_REPORT_DELIVERED, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_DOWNTIME_ASKED, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_OBLIGATION_REQUESTED, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_MAINTENANCE_ANNOUNCED, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_TICKET_PRIORITY_AGREED, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_TICKET_SCOPE_SET, PARTY_CLIENT, PARTY_PROVIDER, false},
		{FACT_CALENDAR_EXCEPTION, PARTY_PROVIDER, PARTY_CLIENT, false},
		{FACT_CORRECTION_APPROVED, PARTY_MONITOR, PARTY_PROVIDER, false},
		{FACT_FACT_WITHDRAWN, PARTY_MONITOR, PARTY_PROVIDER, true},
		{FACT_FACT_WITHDRAWN, PARTY_CLIENT, PARTY_PROVIDER, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = {.line = 0};
		enum rc rc = body_by_ok(cases[i].kind, cases[i].by, cases[i].recorder, &err);

		ok((rc == RC_OK) == cases[i].ok, "%s by %s recorded by %s %s",
		   fact_row(cases[i].kind)->kind, party_word(cases[i].by),
		   party_word(cases[i].recorder), err.message);
	}

	struct err err = {.line = 0};

	ok(body_by_ok(FACT_CREDIT_CLAIMED, PARTY_CLIENT, PARTY_PROVIDER, &err) == RC_INVALID,
	   "refused");
	is_text(text_of(err.message), "the provider cannot record 'credit.claimed' for the client",
		"in words");
}

static void second_persons(void)
{
	struct fact_value p1 = {.field = FIELD_PRIORITY, .word = 5}, p2 = p1;
	struct fact_value why = {.field = FIELD_REASON, .word = 6}, other = why;
	struct fact_value until = {.field = FIELD_UNTIL, .number = 9};
	struct fact_value asset = {.field = FIELD_CHANNEL, .word = 7};

	p2.word = 8;
	other.word = 9;
	const struct {
		const char *name;
		struct fact before, after;
		bool needs;
	} cases[] = {
		{"the same", {.kind = FACT_TICKET_LOGGED}, {.kind = FACT_TICKET_LOGGED}, false},
		{"its time", {.occurred_at = 1}, {.occurred_at = 2}, true},
		{"another kind",
		 {.kind = FACT_TICKET_CLOSED},
		 {.kind = FACT_TICKET_RESTORED},
		 true},
		{"another ticket", {.subject = 1}, {.subject = 2}, true},
		{"the priority",
		 {.values = &p1, .n_values = 1},
		 {.values = &p2, .n_values = 1},
		 true},
		{"the priority, added", {.n_values = 0}, {.values = &p1, .n_values = 1}, true},
		{"the priority, dropped", {.values = &p1, .n_values = 1}, {.n_values = 0}, true},
		{"the channel", {.n_values = 0}, {.values = &asset, .n_values = 1}, false},
		{"free words",
		 {.kind = FACT_TICKET_WAITING_CLIENT, .values = &why, .n_values = 1},
		 {.kind = FACT_TICKET_WAITING_CLIENT, .values = &other, .n_values = 1},
		 false},
		{"until when",
		 {.kind = FACT_TICKET_SCHEDULED},
		 {.kind = FACT_TICKET_SCHEDULED, .values = &until, .n_values = 1},
		 true},
		{"a word of a pause",
		 {.kind = FACT_TICKET_WAITING_VENDOR},
		 {.kind = FACT_TICKET_WAITING_VENDOR, .values = &asset, .n_values = 1},
		 true},
		{"who says it", {.party = PARTY_PROVIDER}, {.party = PARTY_MONITOR}, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(correction_needs_approval(&cases[i].before, &cases[i].after) == cases[i].needs,
		   "a correction of %s", cases[i].name);
	ok(correction_needs_approval(&cases[0].before, NULL), "a withdrawal");
}

static void exact(void)
{
	static const char *const wrong[] = {
		"2026-03-29T01:00:00Z",      "2026-03-29t01:00:00.000Z", "2026-02-30T01:00:00.000Z",
		"2026-13-01T01:00:00.000Z",  "2026-00-01T01:00:00.000Z", "2026-01-00T01:00:00.000Z",
		"0000-01-01T01:00:00.000Z",  "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z",
		"2026-12-31T23:59:60.000Z",  "2026-01-01T00:00:00.00aZ", "2026-01-01T00:00:00.000z",
		"2026-01-01T00:00:00.0000Z", "+026-01-01T00:00:00.000Z",
	};
	static const instant right[] = {INSTANT_MIN,   INSTANT_MAX - 1, 0, -1,
					1772442000412, 1709164800000 /* 29 February */};
	struct buf b;
	instant t = 5;

	buf_init(&b, 100);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		ok(!exact_instant(text_of(wrong[i]), &t) && t == 5, "no instant: %s", wrong[i]);
	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		buf_clear(&b);
		exact_instant_print(&b, right[i]);
		ok(b.n == EXACT_INSTANT && exact_instant(buf_view(&b), &t) && t == right[i], "%.*s",
		   TEXT_ARG(buf_view(&b)));
	}
	buf_free(&b);
}

int main(void)
{
	arena = arena_new((size_t)1 << 28);
	good_bodies();
	bad_bodies();
	long_lists();
	free_words();
	fits();
	out_and_back();
	who_may();
	second_persons();
	exact();
	arena_free(arena);
	return tap_done();
}
