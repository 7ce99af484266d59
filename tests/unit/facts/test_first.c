/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first facts of a set are what reading only those would have given: sources, what waits, flags. From a seed, at every length; and
 * by hand for what must not be lost or known too early.
 */
#include "facts/first.h"

#include "random_facts.h"

#include <assert.h>

static const char *const names[] = {"", "servicenow", "probe"};

static void name_sources(struct facts *set)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		uint16_t place;

		if (!facts_source_named(set, text_of(names[i]), &place) || place != i)
			printf("Bail out! a source of that name\n");
	}
}

/* A source_read of one of the names, or of another that no fact has. */
static void add_read(struct facts *set, struct dice *d, const struct uuid *id)
{
	static const char *const read[] = {"servicenow", "probe", "silent", "probe2"};
	struct fact_value v[] = {
		{.field = FIELD_SOURCE,
		 .word = symbol_add(set->symbols, text_of(read[roll(d, 4)]))},
		{.field = FIELD_FORMAT, .word = symbol_add(set->symbols, text_of("probe"))},
		{.field = FIELD_FROM, .number = INT64_C(1760000000000) + (int64_t)roll(d, 1000)},
		{.field = FIELD_TO, .number = INT64_C(1760000001000) + (int64_t)roll(d, 1000)},
		{.field = FIELD_WHOLE_LOG, .number = (int64_t)roll(d, 2)},
		{.field = FIELD_OBSERVES_OUTAGES, .number = (int64_t)roll(d, 2)},
		{.field = FIELD_RECORDED_KNOWN, .number = 1},
	};
	struct fact f = {.kind = FACT_SOURCE_READ,
			 .id = id_word(set, id),
			 .values = v,
			 .n_values = ARRAY_SIZE(v)};

	f.occurred_at = v[3].number;
	/* As in a record: all of one import have one instant. */
	f.recorded_at = INT64_C(1762000000000) + (int64_t)(set->n / 5);
	f.subject = v[0].word;
	(void)facts_add(set, &f);
}

/* Two files tell of few tickets, so that they contradict each other, repeat an instant and come out of order. */
static void add_ticket_fact(struct facts *set, struct dice *d, const struct uuid *id,
			    const struct uuid *ids, size_t n_ids)
{
	static const enum fact_kind kinds[] = {FACT_TICKET_LOGGED, FACT_TICKET_RESTORED,
					       FACT_TICKET_REOPENED, FACT_TICKET_CLOSED};
	static const char *const tickets[] = {"T1", "T2", "T3"};
	struct fact_value v = {.field = FIELD_TICKET};
	struct fact f = {.values = &v, .n_values = 1};

	v.word = symbol_add(set->symbols, text_of(tickets[roll(d, 3)]));
	f.kind = (uint8_t)kinds[roll(d, ARRAY_SIZE(kinds))];
	f.id = id_word(set, id);
	f.subject = v.word;
	f.corrects = n_ids > 0 && roll(d, 6) == 0 ? id_word(set, &ids[roll(d, n_ids)]) : 0;
	f.occurred_at = INT64_C(1760000000000) + (int64_t)roll(d, 8) * MINUTE_MS;
	f.recorded_at = INT64_C(1762000000000) + (int64_t)(set->n / 5);
	f.source = (uint16_t)roll(d, ARRAY_SIZE(names));
	f.flags = roll(d, 3) == 0 ? FLAG_MINUTE_PRECISION : 0;
	f.party = (uint8_t)(PARTY_PROVIDER + roll(d, 2));
	(void)facts_add(set, &f);
}

/* The first n of the record that the seed makes; the same facts whatever n is. */
static struct facts *record_of(struct arena *a, uint64_t seed, size_t n)
{
	enum { IDS = 256 };
	struct facts *set = facts_new(a);
	struct dice d = {seed};
	struct uuid ids[IDS];

	assert(n <= IDS);
	name_sources(set);
	for (size_t i = 0; i < n; i++) {
		uint64_t which = roll(&d, 10);

		ids[i] = random_id(&d);
		if (which == 0)
			add_read(set, &d, &ids[i]);
		else if (which < 4)
			random_fact(set, &d, &ids[i], ids, i);
		else
			add_ticket_fact(set, &d, &ids[i], ids, i);
	}
	return set;
}

/* Sources that observe nothing and that no fact names may be there or not. */
static bool observes_the_same(const struct facts *x, const struct facts *y)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < x->n_sources && x->sources[i].read_at == 0)
			i++;
		while (k < y->n_sources && y->sources[k].read_at == 0)
			k++;
		if (i == x->n_sources || k == y->n_sources)
			return i == x->n_sources && k == y->n_sources;

		const struct fact_source *s = &x->sources[i++], *t = &y->sources[k++];

		if (!text_eq(s->name, t->name) || !text_eq(s->format, t->format) ||
		    s->whole_log != t->whole_log || s->observes_outages != t->observes_outages ||
		    s->recorded_known != t->recorded_known || s->covers.from != t->covers.from ||
		    s->covers.to != t->covers.to || s->read_at != t->read_at)
			return false;
	}
}

/* says_the_same compares flags, and the names of sources; the format of a fact's source, too. */
static bool same_sets(const struct facts *x, const struct facts *y)
{
	bool same = x->n == y->n && observes_the_same(x, y);

	for (size_t i = 0; same && i < x->n; i++)
		same = says_the_same(x, &x->v[i], y, &y->v[i]) && x->v[i].order == y->v[i].order &&
		       text_eq(x->sources[x->v[i].source].format,
			       y->sources[y->v[i].source].format) &&
		       facts_find(x, x->v[i].id) == &x->v[i];
	return same;
}

static void as_if_no_other_had_come(uint64_t seed)
{
	enum { ALL = 200 };
	struct arena *a = arena_new((size_t)1 << 28);
	struct facts *unfinished = record_of(a, seed, ALL), *whole = record_of(a, seed, ALL),
		     *untouched = record_of(a, seed, ALL);
	bool good = true;

	facts_finish(whole);
	facts_finish(untouched);
	for (size_t n = 0; good && n <= ALL; n += n < 20 ? 1 : 7) {
		struct facts *read = record_of(a, seed, n);

		facts_finish(read);
		good = same_sets(facts_first(a, whole, n), read) &&
		       same_sets(facts_first(a, unfinished, n), read);
		if (!good)
			printf("# seed %" PRIu64 ": the first %zu\n", seed, n);
	}
	ok(good, "seed %" PRIu64 ": as if no other had come", seed);
	ok(same_sets(whole, untouched), "and the whole set stays as it was");
	arena_free(a);
}

/* --- what must be known, and from when --- */

static struct fact_value word_value(struct facts *set, enum fact_field field, const char *word)
{
	return (struct fact_value){.field = (uint32_t)field,
				   .word = symbol_add(set->symbols, text_of(word))};
}

static void add_silent(struct facts *set, instant at)
{
	struct fact_value v[] = {word_value(set, FIELD_SOURCE, "probe"),
				 word_value(set, FIELD_FORMAT, "statuspage"),
				 {.field = FIELD_FROM, .number = 1000},
				 {.field = FIELD_TO, .number = 2000},
				 {.field = FIELD_WHOLE_LOG, .number = 0},
				 {.field = FIELD_OBSERVES_OUTAGES, .number = 1},
				 {.field = FIELD_RECORDED_KNOWN, .number = 1}};
	struct fact f = {.kind = FACT_SOURCE_READ,
			 .occurred_at = 2000,
			 .recorded_at = at,
			 .values = v,
			 .n_values = ARRAY_SIZE(v)};

	(void)facts_add(set, &f);
}

static void add_message(struct facts *set, const char *id, const char *corrects, instant at)
{
	struct fact_value v = word_value(set, FIELD_TICKET, "T1");
	struct fact f = {.kind = FACT_TICKET_LOGGED,
			 .occurred_at = at,
			 .recorded_at = at,
			 .values = &v,
			 .n_values = 1,
			 .subject = v.word,
			 .id = symbol_add(set->symbols, text_of(id))};

	if (corrects != NULL)
		f.corrects = symbol_add(set->symbols, text_of(corrects));
	(void)facts_add(set, &f);
}

static void silence_is_known(void)
{
	struct arena *a = arena_new((size_t)1 << 24);
	struct facts *set = facts_new(a);
	const struct facts *before, *after;

	(void)facts_add_source(set, (struct fact_source){.name = text_of("")});
	add_message(set, "A", NULL, 3000);
	add_silent(set, 3000);
	add_message(set, "B", NULL, 3000);
	facts_finish(set);
	before = facts_first(a, set, 1);
	after = facts_first(a, set, 2);
	for (size_t i = 0; i < before->n_sources; i++)
		ok(before->sources[i].covers.to == 0 && before->sources[i].format.n == 0,
		   "not read yet, though in the same millisecond");
	is_i64((int64_t)after->n_sources, 2, "what was given by hand, and the monitor");
	ok(after->n_sources == 2 && after->sources[1].covers.from == 1000 &&
		   after->sources[1].covers.to == 2000 && after->sources[1].observes_outages,
	   "a monitor that no fact names covers what it covers");
	is_i64((int64_t)facts_first(a, set, 0)->n, 0, "nothing of nothing");
	arena_free(a);
}

/* A file at hand has no source_read: it is known whatever it tells of. */
static void files_at_hand(void)
{
	struct arena *a = arena_new((size_t)1 << 24);
	struct facts *set = facts_new(a);

	(void)facts_add_source(set, (struct fact_source){.name = text_of("tickets")});
	(void)facts_add_source(set, (struct fact_source){.name = text_of("outages"),
							 .observes_outages = true,
							 .covers = {1000, 2000}});
	add_message(set, "A", NULL, 1500);
	ok(facts_first(a, set, 1)->sources[1].covers.to == 2000, "a file at hand stays");
	arena_free(a);
}

static void flags_are_of_their_time(void)
{
	struct arena *a = arena_new((size_t)1 << 24);
	struct facts *set = facts_new(a);
	const struct facts *first;

	(void)facts_add_source(set, (struct fact_source){.name = text_of("")});
	add_message(set, "A", NULL, 3000);
	add_message(set, "B", NULL, 3000);
	add_message(set, "C", "B", 4000);
	facts_finish(set);
	first = facts_first(a, set, 1);
	is_i64(set->v[0].flags, 0, "B is corrected, so nothing shares the instant of A");
	is_i64(first->v[0].flags, 0, "A was alone");
	first = facts_first(a, set, 2);
	is_i64(first->v[0].flags & FLAG_SAME_TIME, FLAG_SAME_TIME, "A with B, before C came");
	ok((set->v[2].flags & FLAG_PENDING) != 0, "another time waits for a second person");
	ok(facts_find(first, set->v[2].id) == NULL, "and is not found before it came");
	arena_free(a);
}

int main(void)
{
	struct dice d = dice_new(20260511);

	silence_is_known();
	files_at_hand();
	flags_are_of_their_time();
	for (int i = 0; i < 12; i++)
		as_if_no_other_had_come(1 + roll(&d, 2147483646));
	return tap_done();
}
