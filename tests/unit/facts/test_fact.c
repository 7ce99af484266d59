/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/fact.h"

#include "tap.h"

/* Pairs of facts of one ticket; the first must come first whatever the order of arrival (sla.md R15, R16, W19). */
static const struct {
	const char *name;
	struct fact first, then;
} orders[] = {
	{"time decides before all else",
	 {.occurred_at = 1, .kind = FACT_TICKET_REOPENED},
	 {.occurred_at = 2, .kind = FACT_TICKET_LOGGED}},
	{"logged before an answer of the same instant",
	 {.kind = FACT_TICKET_LOGGED, .seq = 9},
	 {.kind = FACT_TICKET_MESSAGE, .party = PARTY_PROVIDER}},
	{"the source's own order before the rank",
	 {.kind = FACT_TICKET_REOPENED, .seq = 1},
	 {.kind = FACT_TICKET_RESTORED, .seq = 2}},
	{"a stop before a reopening",
	 {.kind = FACT_TICKET_RESTORED},
	 {.kind = FACT_TICKET_REOPENED}},
	{"a pause begins before it ends",
	 {.kind = FACT_TICKET_WAITING_CLIENT},
	 {.kind = FACT_TICKET_RESUMED}},
	{"a pause before the client's message",
	 {.kind = FACT_TICKET_WAITING_CLIENT},
	 {.kind = FACT_TICKET_MESSAGE, .party = PARTY_CLIENT}},
	{"a stop before a lowered priority",
	 {.kind = FACT_TICKET_RESTORED},
	 {.kind = FACT_TICKET_PRIORITY_SET}},
	{"the provider's message before the client's",
	 {.kind = FACT_TICKET_MESSAGE, .party = PARTY_PROVIDER},
	 {.kind = FACT_TICKET_MESSAGE, .party = PARTY_CLIENT}},
	{"a version takes effect before a ticket of the same instant",
	 {.kind = FACT_VERSION_AGREED, .order = 2},
	 {.kind = FACT_TICKET_LOGGED, .order = 1}},
	{"the journal decides a full tie",
	 {.kind = FACT_TICKET_CLOSED, .order = 3},
	 {.kind = FACT_TICKET_CLOSED, .order = 4}},
};

static void test_order(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct fact x = orders[i].first, y = orders[i].then;

		ok(fact_order(&x, &y) < 0 && fact_order(&y, &x) > 0, "%s", orders[i].name);
		ok(fact_order(&x, &x) == 0, "%s: equal to itself", orders[i].name);
	}
}

/* Every row of facts.def can be found by its word, and holds its own subject. */
static void test_rows(void)
{
	for (unsigned k = 0; k < FACT_COUNT; k++) {
		const struct fact_row *row = fact_row((enum fact_kind)k);
		enum fact_kind found = FACT_COUNT;
		enum fact_field field = FIELD_COUNT;
		bool subject = false, twice = false;

		ok(fact_kind_find(text_of(row->kind), &found) && found == (enum fact_kind)k,
		   "%s is found", row->kind);
		for (size_t i = 0; i < row->n_fields; i++) {
			const char *key = field_row(row->fields[i].field)->key;

			subject = subject || row->fields[i].field == row->subject;
			twice = twice ||
				!fact_field_find((enum fact_kind)k, text_of(key), &field) ||
				field != row->fields[i].field;
		}
		ok(subject, "%s has its subject among its fields", row->kind);
		ok(!twice, "%s: no two fields share a key", row->kind);
		ok(row->rank >= 1 && row->rank <= 7, "%s: rank of R16", row->kind);
		ok((row->rank == 1) == (k == FACT_VERSION_AGREED),
		   "%s: only a version that takes effect has rank 1", row->kind);
		ok((row->birth == 0) == (row->rank <= 2), "%s: birth 0 for ranks 1 and 2 alone",
		   row->kind);
		ok(row->record == (k >= FACT_VERSION_AGREED), "%s: of the record itself or not",
		   row->kind);
	}
	for (unsigned e = 0; e < EVENT_COUNT; e++) {
		enum fact_event found = EVENT_COUNT;

		ok(event_find(text_of(event_row((enum fact_event)e)->name), &found) &&
			   found == (enum fact_event)e,
		   "event %s is found", event_row((enum fact_event)e)->name);
		ok(event_row((enum fact_event)e)->flags != 0, "it can be named somewhere");
	}
	enum fact_kind kind = FACT_COUNT;
	enum fact_field field = FIELD_COUNT;

	ok(!fact_kind_find(text_of(""), &kind) &&
		   !fact_kind_find(text_of("ticket.closee"), &kind) &&
		   !fact_kind_find(text_of("ticket.close"), &kind),
	   "no other word is a kind");
	ok(field_find(text_of("name"), &field) && field == FIELD_NAME &&
		   !field_find(text_of("vkey"), &field),
	   "files know no field of the record");
	ok(fact_field_find(FACT_INPUT_PINNED, text_of("name"), &field) && field == FIELD_INPUT_NAME,
	   "a pinned input has its own name");
	is_text(fact_kind_nearest(text_of("fact_withdrawm")), "",
		"nobody is led to a kind of the record");
	is_text(fact_kind_nearest(text_of("ticket.resolvd")), "ticket.resolved",
		"the nearest kind");
	is_text(fact_field_nearest(FACT_TICKET_LOGGED, text_of("prority")), "priority",
		"the nearest field");
}

static void test_set(struct arena *a)
{
	struct facts *f = facts_new(a);
	symbol ticket = symbol_add(f->symbols, text_of("T-1"));
	symbol id = symbol_add(f->symbols, text_of("0197-a")),
	       other = symbol_add(f->symbols, text_of("0197-b"));
	symbol a1 = symbol_add(f->symbols, text_of("fw1")),
	       a2 = symbol_add(f->symbols, text_of("fw2"));
	struct fact_value logged[] = {{.field = FIELD_TICKET, .word = ticket},
				      {.field = FIELD_LIVE, .number = 1}};
	struct fact_value began[] = {{.field = FIELD_ASSETS, .word = a1},
				     {.field = FIELD_ASSETS, .word = a2},
				     {.field = FIELD_UNTIL, .number = 77}};

	facts_add(f,
		  &(struct fact){
			  .id = id, .kind = FACT_TICKET_LOGGED, .values = logged, .n_values = 2});
	facts_add(f,
		  &(struct fact){
			  .id = other, .kind = FACT_OUTAGE_BEGAN, .values = began, .n_values = 3});
	logged[0].word = a1;
	ok(fact_word(&f->v[0], FIELD_TICKET) == ticket, "values are copied");
	ok(fact_truth(&f->v[0], FIELD_LIVE, false) && fact_truth(&f->v[1], FIELD_LIVE, true),
	   "truth and its default");
	ok(fact_has_word(&f->v[1], FIELD_ASSETS, a2) &&
		   !fact_has_word(&f->v[1], FIELD_ASSETS, ticket),
	   "a list of words");
	is_i64(fact_number(&f->v[1], FIELD_UNTIL, 0), 77, "a number");
	is_i64(fact_number(&f->v[0], FIELD_UNTIL, -1), -1, "an absent number");
	is_i64(f->v[1].order, 1, "order of arrival");
	ok(facts_find(f, other) == &f->v[1] && facts_find(f, a1) == NULL &&
		   facts_find(f, 0) == NULL,
	   "found by id");
	facts_reserve(f, 1000);
	struct fact *before = f->v;

	for (unsigned i = 0; i < 1000; i++)
		facts_add(f, &(struct fact){.kind = FACT_TICKET_CLOSED});
	ok(f->v == before && facts_find(f, id) == &f->v[0], "reserved room does not move");
}

int main(void)
{
	struct arena *a = arena_new(64u << 20);
	enum party party = PARTY_UNKNOWN;

	test_order();
	test_rows();
	test_set(a);
	ok(party_find(text_of("client"), &party) && party == PARTY_CLIENT, "a party by its word");
	ok(!party_find(text_of(""), &party), "no word is no party");
	is_text(text_of(flag_word(FLAG_ZONE_TWICE)), "zone_twice", "a flag's word");
	arena_free(a);
	return tap_done();
}
