/* SPDX-License-Identifier: Apache-2.0 */
/* Packs: out and back, what is left out, damage of every kind, ids only where they are needed, and what a fact costs. */
#include "facts/pack.h"

#include "base/sha256.h"
#include "facts/pack_columns.h"

#include "random_facts.h"

#include <time.h>

struct made {
	struct arena *arena;
	struct facts *set;
	struct uuid *ids;
	size_t n;
};

static struct made make(struct dice *d, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct made m = {a, facts_new(a), arena_array(a, struct uuid, n), n};
	static const char *const names[] = {"tickets.csv", "", "upt\xc3\xadme/2026.json"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void)facts_add_source(m.set, (struct fact_source){.name = text_of(names[i])});
	for (size_t i = 0; i < n; i++)
		m.ids[i] = random_id(d);
	for (size_t i = 0; i < n; i++)
		random_fact(m.set, d, &m.ids[i], m.ids, n);
	return m;
}

static struct buf packed(const struct made *m, size_t from, size_t n)
{
	struct buf b;

	buf_init(&b, (size_t)1 << 24);
	facts_pack(m->set, from, n, m->ids + from, &b);
	return b;
}

/* As of a time when there were fewer, nothing of a pack is taken. */
static void few_taken(const struct made *m, const struct buf *pack)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct facts *set = facts_new(a);
	struct err err = {.line = 0};
	size_t n = 99;

	ok(facts_packed(a, buf_view(pack), &n, &err) == RC_OK && n == m->n, "%zu are counted",
	   m->n);
	if (m->n > 0)
		ok(facts_unpack(unpacker_new(a, set, PACK_IDS_ALL), buf_view(pack), m->n - 1,
				&err) == RC_OK &&
			   set->n == 0,
		   "none of %zu where one fewer is asked for", m->n);
	arena_free(a);
}

static void out_and_back(struct dice *d)
{
	static const size_t sizes[] = {0, 1, 2, 17, 1000, PACK_FACTS};

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		struct made m = make(d, sizes[s]);
		struct buf b = packed(&m, 0, m.n);
		struct made again = {arena_new((size_t)1 << 28), NULL, m.ids, m.n};
		struct err err = {.line = 0};
		bool same = true;

		again.set = facts_new(again.arena);
		/* Other symbols than where it was packed. */
		(void)symbol_add(again.set->symbols, text_of("x"));

		struct unpacker *u = unpacker_new(again.arena, again.set, PACK_IDS_ALL);

		if (!ok(facts_unpack(u, buf_view(&b), PACK_FACTS, &err) == RC_OK,
			"%zu facts unpack", m.n))
			note("%s", err.message);
		unpacker_finish(u);
		ok(again.set->n == m.n, "all of them");
		few_taken(&m, &b);
		for (size_t i = 0; i < m.n && i < again.set->n; i++)
			same = same &&
			       says_the_same(m.set, &m.set->v[i], again.set, &again.set->v[i]) &&
			       text_eq(symbol_text(m.set->symbols, m.set->v[i].id),
				       symbol_text(again.set->symbols, again.set->v[i].id)) &&
			       uuid_cmp(unpacker_id(u, (uint32_t)i), &m.ids[i]) == 0;
		ok(same, "they say the same");

		struct buf b2 = packed(&again, 0, again.set->n);

		ok(text_eq(buf_view(&b), buf_view(&b2)), "and pack to the same bytes");
		if (m.n == PACK_FACTS)
			note("%.1f bytes a fact", (double)b.n / (double)m.n);
		buf_free(&b);
		buf_free(&b2);
		arena_free(again.arena);
		arena_free(m.arena);
	}
}

/* What a reading from the entry would not give makes no other pack. */
static void what_is_left_out(struct dice *d)
{
	struct made m = make(d, 64);
	struct buf before = packed(&m, 0, m.n), after;

	for (size_t i = 0; i < m.n; i++) {
		struct fact *f = &m.set->v[i];

		f->line = (uint32_t)i + 2;
		f->flags |= FLAG_LATE | FLAG_CONTRADICTING | FLAG_OUT_OF_ORDER | FLAG_SAME_TIME;
	}
	after = packed(&m, 0, m.n);
	ok(text_eq(buf_view(&before), buf_view(&after)), "neither lines nor flags of a check");
	buf_free(&after);
	m.set->v[3].flags |= FLAG_PENDING;
	after = packed(&m, 0, m.n);
	ok(!text_eq(buf_view(&before), buf_view(&after)), "but that it waits");
	buf_free(&after);

	struct fact_value secret[] = {
		{.field = FIELD_TICKET, .word = symbol_add(m.set->symbols, text_of("T-1"))},
		{.field = FIELD_REASON, .word = symbol_add(m.set->symbols, text_of("Ana is ill"))}};
	struct made one = {m.arena, m.set, m.ids, 1};

	(void)facts_add(m.set, &(struct fact){.kind = FACT_TICKET_REOPENED,
					      .subject = secret[0].word,
					      .values = secret,
					      .n_values = 2});
	buf_init(&after, 10000);
	facts_pack(one.set, m.n, 1, m.ids, &after);
	ok(!text_has(buf_view(&after), text_of("Ana")) &&
		   text_has(buf_view(&after), text_of("T-1")),
	   "free words are not packed");

	struct facts *set = facts_new(m.arena);
	struct err err = {.line = 0};

	ok(facts_unpack(unpacker_new(m.arena, set, PACK_IDS_FEW), buf_view(&after), PACK_FACTS,
			&err) == RC_OK,
	   "it unpacks");
	is_text(symbol_text(set->symbols, fact_word(&set->v[0], FIELD_REASON)), "-",
		"only that they are there");
	buf_free(&after);
	buf_free(&before);
	arena_free(m.arena);
}

/* Of a pack only some kinds, and what corrects others: each as it was. */
static void some_kinds(struct dice *d)
{
	struct made m = make(d, PACK_FACTS);
	struct buf pack = packed(&m, 0, PACK_FACTS);
	bool good = true, none[FACT_COUNT] = {false};

	for (size_t k = 0; k < FACT_COUNT && good; k++) {
		struct arena *a = arena_new((size_t)1 << 28);
		struct facts *set = facts_new(a);
		struct unpacker *u = unpacker_new(a, set, PACK_IDS_ALL);
		bool kinds[FACT_COUNT] = {false};
		struct err err = {.line = 0};
		size_t at = 0;

		kinds[k] = true;
		good = facts_unpack_kinds(u, buf_view(&pack), kinds, &err) == RC_OK;
		unpacker_finish(u);
		for (size_t i = 0; i < m.set->n && good; i++) {
			const struct fact *f = &m.set->v[i], *got = &set->v[at];

			if (f->kind != k && f->corrects == 0)
				continue;
			good = at < set->n && got->kind == f->kind &&
			       got->occurred_at == f->occurred_at && got->n_values == f->n_values &&
			       memcmp(unpacker_id(u, (uint32_t)at), &m.ids[i], sizeof(m.ids[i])) ==
				       0;
			at++;
		}
		good = good && at == set->n;
		arena_free(a);
	}
	ok(good, "a pack gives the facts of one kind, and those that correct");

	struct facts *set = facts_new(m.arena);
	struct err err = {.line = 0};

	ok(facts_unpack_kinds(unpacker_new(m.arena, set, PACK_IDS_ALL),
			      text_sub(buf_view(&pack), 0, pack.n - 1), none, &err) == RC_INVALID &&
		   set->n == 0,
	   "a damaged one is refused, whatever is wanted of it");
	buf_free(&pack);
	arena_free(m.arena);
}

static bool refused(struct text bytes)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct facts *set = facts_new(a);
	struct err err = {.line = 0};
	enum rc rc = facts_unpack(unpacker_new(a, set, PACK_IDS_ALL), bytes, PACK_FACTS, &err);
	bool good = rc == RC_INVALID && err.message[0] != '\0' && set->n == 0;

	arena_free(a);
	return good;
}

static void damage(struct dice *d)
{
	struct made m = make(d, 5);
	struct buf b = packed(&m, 0, m.n);
	size_t flips = 0, cuts = 0;

	for (size_t i = 0; i < b.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			b.p[i] = (char)(b.p[i] ^ (1 << bit));
			flips += refused(buf_view(&b));
			b.p[i] = (char)(b.p[i] ^ (1 << bit));
		}
	is_i64((int64_t)flips, (int64_t)b.n * 8, "every flip of a bit is found");
	for (size_t n = 0; n < b.n; n++)
		cuts += refused((struct text){b.p, n});
	is_i64((int64_t)cuts, (int64_t)b.n, "every cut is found");
	buf_char(&b, 0);
	ok(refused(buf_view(&b)), "a byte too many is found");
	buf_free(&b);
	arena_free(m.arena);
}

/* Bytes that only look right: the sum fits, the rest is anything. Nothing may break, and what is taken packs again. */
static void forged(struct dice *d)
{
	enum { TRIES = 20000 };
	struct made m = make(d, 40);
	struct buf b = packed(&m, 0, m.n);
	size_t taken = 0;
	bool stable = true;

	for (size_t i = 0; i < TRIES; i++) {
		struct arena *a = arena_new((size_t)1 << 27);
		char *copy = arena_copy(a, b.p, b.n);
		size_t n = roll(d, 20) == 0 ? 12 + roll(d, b.n - 12) : b.n;
		uint64_t sum;
		struct made again = {a, facts_new(a), m.ids, 0};
		struct unpacker *u = unpacker_new(a, again.set, PACK_IDS_FEW);
		struct err err = {.line = 0};

		for (uint64_t k = 1 + roll(d, 3); k > 0; k--)
			copy[12 + roll(d, b.n - 12)] = (char)(unsigned char)roll(d, 256);
		sum = pack_sum((struct text){copy + 12, n - 12});
		for (unsigned k = 0; k < 8; k++)
			copy[4 + k] = (char)(unsigned char)((sum >> (8 * k)) & 0xff);
		if (facts_unpack(u, (struct text){copy, n}, PACK_FACTS, &err) == RC_OK) {
			struct buf x = packed(&again, 0, again.set->n);

			taken++;
			unpacker_finish(u);
			stable = stable && !x.full && again.set->n <= PACK_FACTS;
			buf_free(&x);
		}
		arena_free(a);
	}
	note("%zu of %d forged packs were taken", taken, TRIES);
	ok(taken > 0 && taken < TRIES && stable, "forged packs break nothing");
	buf_free(&b);
	arena_free(m.arena);
}

/* Where column i of a pack begins; its count, width and least number follow (pack_columns.h). */
static size_t column_at(struct text pack, size_t i)
{
	size_t at = PACK_MAGIC + PACK_SUM;

	for (size_t k = 0; k < 2 + i; k++) {
		const unsigned char *p = (const unsigned char *)pack.p + at;
		size_t n = p[0] | (size_t)p[1] << 8, width = p[4];

		at += 13 + n * width;
		/* Two lists of texts come first: lengths, then the bytes. */
		for (size_t t = 0; k < 2 && t < n; t++)
			at += (size_t)p[5] + (width == 0 ? 0u : p[13 + t]);
	}
	return at;
}

static void seal(struct text pack)
{
	char *bytes = (char *)(uintptr_t)pack.p;
	uint64_t sum = pack_sum((struct text){pack.p + 12, pack.n - 12});

	for (unsigned k = 0; k < PACK_SUM; k++)
		bytes[PACK_MAGIC + k] = (char)(unsigned char)((sum >> (8 * k)) & 0xff);
}

enum {
	SHAPE_KINDS,
	SHAPE_COUNTS,
	SHAPE_FIELDS,
	SOURCE_NAMES,
	SHAPE,
	SOURCE,
	PARTY,
	FLAGS,
	SEQ,
	OCCURRED,
	RECORDED,
	CORRECTS,
	WORDS,
	INSTANTS,
	BOOLS,
	INTS,
	DECIMALS,
	SCALES
};

/* A pack of one fact whose numbers are all at their bounds, and one step beyond. */
static const struct {
	unsigned column;
	int64_t good, bad;
} bounds[] = {
	{SHAPE_KINDS, 0, -1},
	{SHAPE_KINDS, 0, 100},
	{SHAPE_KINDS, 0, 1 /* a key is no kind */},
	{SHAPE_COUNTS, 1, 0},
	{SHAPE_COUNTS, 1, 2},
	{SHAPE_FIELDS, 1, 0 /* a kind is no key */},
	{SHAPE_FIELDS, 1, -1},
	{SHAPE_FIELDS, 1, 100},
	{SOURCE_NAMES, -1, -2},
	{SOURCE_NAMES, 1, 2},
	{SHAPE, 0, 1},
	{SHAPE, 0, -1},
	{SOURCE, 0, 1},
	{SOURCE, 0, -1},
	{PARTY, PARTY_SUPPLIER, PARTY_SUPPLIER + 1},
	{PARTY, 0, -1},
	{FLAGS, FLAG_PENDING, FLAG_PENDING | FLAG_LATE},
	{FLAGS, 0, 1 << 13},
	{FLAGS, 0, -1},
	{SEQ, 0, -1},
	{SEQ, UINT32_MAX, (int64_t)UINT32_MAX + 1},
	{OCCURRED, INSTANT_MIN, INSTANT_MIN - 1},
	{OCCURRED, INSTANT_MAX - 1, INSTANT_MAX},
	{RECORDED, INSTANT_MIN, INSTANT_MIN - 1},
	{RECORDED, INSTANT_MAX - 1, INSTANT_MAX},
	{CORRECTS, 0, 1},
	{CORRECTS, 0, -1},
	{WORDS, 0, 1},
	{WORDS, 0, -1},
	{INSTANTS, INSTANT_MIN, INSTANT_MIN - 1},
	{INSTANTS, INSTANT_MAX - 1, INSTANT_MAX},
	{BOOLS, 1, 2},
	{BOOLS, 0, -1},
	{INTS, 9007199254740991, 9007199254740992},
	{INTS, -9007199254740991, -9007199254740992},
	{DECIMALS, 999999999999999999, 1000000000000000000},
	{DECIMALS, -999999999999999999, -1000000000000000000},
	{SCALES, 15, 16},
	{SCALES, 0, -1},
};

/* One field of the type that the column holds. */
static struct made one_fact(unsigned column, struct uuid *id)
{
	static const struct {
		unsigned column;
		enum fact_kind kind;
		enum fact_field field;
	} kinds[] = {
		{INSTANTS, FACT_REQUESTS_COUNTED, FIELD_SLOT},
		{INTS, FACT_REQUESTS_COUNTED, FIELD_REQUESTS},
		{BOOLS, FACT_TICKET_LOGGED, FIELD_LIVE},
		{DECIMALS, FACT_SURVEY_ANSWERED, FIELD_SCORE},
		{SCALES, FACT_SURVEY_ANSWERED, FIELD_SCORE},
	};
	struct arena *a = arena_new((size_t)1 << 26);
	struct made m = {a, facts_new(a), id, 1};
	struct fact_value v = {.field = FIELD_TICKET,
			       .word = symbol_add(m.set->symbols, text_of("T"))};
	struct fact f = {.kind = FACT_TICKET_LOGGED, .values = &v, .n_values = 1};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].column == column) {
			f.kind = (uint8_t)kinds[i].kind;
			v = (struct fact_value){.field = kinds[i].field};
		}
	(void)facts_add_source(m.set, (struct fact_source){.name = text_of("")});
	f.corrects = id_word(m.set, id);
	(void)facts_add(m.set, &f);
	return m;
}

static void put_least(struct text pack, size_t at, int64_t x)
{
	char *bytes = (char *)(uintptr_t)pack.p;

	for (unsigned k = 0; k < 8; k++)
		bytes[at + 5 + k] =
			(char)(unsigned char)((x < 0 ? ~(~x >> (8 * k)) : x >> (8 * k)) & 0xff);
	seal(pack);
}

static void the_bounds(void)
{
	struct uuid id = {{1}};

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct made m = one_fact(bounds[i].column, &id);
		struct buf b = packed(&m, 0, 1);
		size_t at = column_at(buf_view(&b), bounds[i].column);
		struct facts *set = facts_new(m.arena);
		struct err err = {.line = 0};
		bool taken;

		put_least(buf_view(&b), at, bounds[i].good);
		taken = facts_unpack(unpacker_new(m.arena, set, PACK_IDS_FEW), buf_view(&b),
				     PACK_FACTS, &err) == RC_OK;
		put_least(buf_view(&b), at, bounds[i].bad);
		ok(taken && refused(buf_view(&b)), "column %u: %" PRId64 " but not %" PRId64,
		   bounds[i].column, bounds[i].good, bounds[i].bad);
		put_least(buf_view(&b), at, bounds[i].good);
		b.p[at] = 2;
		seal(buf_view(&b));
		/* A source that no fact comes from does no harm. */
		ok(refused(buf_view(&b)) == (bounds[i].column != SOURCE_NAMES),
		   "column %u: one more than there are", bounds[i].column);
		buf_free(&b);
		arena_free(m.arena);
	}
}

static bool is_many(const struct fact *f)
{
	return fact_row((enum fact_kind)f->kind)->subject == FIELD_TICKET ||
	       f->kind == FACT_USAGE_RECORDED;
}

static void ids_where_needed(struct dice *d)
{
	struct made m = make(d, 600);
	struct buf b = packed(&m, 0, 500);
	struct arena *a = arena_new((size_t)1 << 27);
	struct facts *set = facts_new(a);
	struct err err = {.line = 0};
	struct unpacker *u = unpacker_new(a, set, PACK_IDS_FEW);
	size_t wrong = 0, with = 0, many = 0;
	char room[UUID_TEXT + 1];

	ok(facts_unpack(u, buf_view(&b), PACK_FACTS, &err) == RC_OK, "500 unpack with few ids");
	for (size_t i = 0; i < set->n; i++) {
		many += is_many(&set->v[i]);
		with += (set->v[i].id != 0) == is_many(&set->v[i]);
	}
	ok(many > 0 && many < set->n, "%zu of %zu are of tickets or usage", many, set->n);
	is_i64((int64_t)with, 0, "those have no id yet, all others have theirs");
	/* The rest comes as facts of the open end of the log do. */
	for (size_t i = 500; i < 600; i++) {
		const struct fact *f = &m.set->v[i];
		struct fact_value values[64];
		struct fact copy = *f;

		copy.values = values;
		for (size_t k = 0; k < f->n_values; k++) {
			values[k] = f->values[k];
			values[k].word = symbol_add(set->symbols,
						    symbol_text(m.set->symbols, f->values[k].word));
		}
		copy.id = 0;
		copy.source = 0;
		copy.corrects = symbol_add(set->symbols, symbol_text(m.set->symbols, f->corrects));
		(void)facts_add(set, &copy);
		unpacker_told(u, &m.ids[i]);
	}
	unpacker_finish(u);
	with = 0;
	for (size_t i = 0; i < m.n; i++) {
		bool named = false;

		for (size_t k = 0; k < m.n; k++) {
			const struct fact *f = &m.set->v[k];

			named = named || f->corrects == m.set->v[i].id ||
				fact_has_word(f, FIELD_FACT_ID, m.set->v[i].id) ||
				fact_has_word(f, FIELD_EVENTS, m.set->v[i].id);
		}
		if (named || (i < 500 && !is_many(&set->v[i])))
			wrong += facts_find(set, id_word(set, &m.ids[i])) != &set->v[i];
		else
			wrong += set->v[i].id != 0;
		with += named;
		wrong += uuid_cmp(unpacker_id(u, (uint32_t)i), &m.ids[i]) != 0;
		wrong += !text_eq(facts_id(set, &set->v[i], room),
				  symbol_text(m.set->symbols, m.set->v[i].id));
	}
	ok(with > 0 && with < m.n, "%zu of %zu are named by others", with, m.n);
	is_i64((int64_t)wrong, 0,
	       "those have their id, the others none; all UUIDs are known, as text, too");
	buf_free(&b);
	arena_free(a);
	arena_free(m.arena);
}

static void sources_by_name(struct dice *d)
{
	struct made m = make(d, 50);
	struct buf b = packed(&m, 0, m.n);
	struct facts *set = facts_new(m.arena);
	struct err err = {.line = 0};
	uint16_t place = 0;

	(void)facts_add_source(set, (struct fact_source){.name = text_of("other.csv")});
	(void)facts_add_source(set, (struct fact_source){.name = text_of("tickets.csv"),
							 .format = text_of("servicenow")});

	struct unpacker *u = unpacker_new(m.arena, set, PACK_IDS_FEW);

	ok(facts_unpack(u, buf_view(&b), PACK_FACTS, &err) == RC_OK &&
		   facts_unpack(u, buf_view(&b), PACK_FACTS, &err) == RC_OK,
	   "twice into one set");
	is_i64((int64_t)set->n_sources, 4,
	       "a source is added once, and one that was there is kept");
	ok(facts_source_named(set, text_of("tickets.csv"), &place) && place == 1 &&
		   text_is(set->sources[1].format, "servicenow"),
	   "with what is known of it");
	ok(set->sources[2].recorded_known && set->sources[3].recorded_known,
	   "of a new one nothing bad is taken for granted");
	buf_free(&b);
	arena_free(m.arena);
}

/* The same facts, the same bytes: here and on every machine. */
static void known_bytes(void)
{
	struct dice d = {20260302};
	struct made m = make(&d, 0);
	char hex[SHA256_HEX + 1];
	struct buf b;
	struct uuid ids[2] = {{{1, 2, 3}}, {{4, 5, 6}}};
	struct fact_value values[] = {
		{.field = FIELD_SUBJECT, .word = symbol_add(m.set->symbols, text_of("survey"))},
		{.field = FIELD_SCORE, .number = -45, .scale = 1}};

	(void)facts_add(m.set, &(struct fact){.kind = FACT_SURVEY_ANSWERED,
					      .occurred_at = -1,
					      .recorded_at = INSTANT_MAX - 1,
					      .party = PARTY_CLIENT,
					      .seq = UINT32_MAX,
					      .values = values,
					      .n_values = 2});
	(void)facts_add(m.set, &(struct fact){.kind = FACT_SURVEY_ANSWERED,
					      .occurred_at = INSTANT_MIN,
					      .party = PARTY_CLIENT,
					      .values = values,
					      .n_values = 2});
	buf_init(&b, 10000);
	facts_pack(m.set, 0, 2, ids, &b);
	is_i64((int64_t)b.n, 394, "two facts at the bounds");
	sha256_hex(buf_view(&b), hex);
	is_text(text_of(hex), "c14123d916500c5c12da927591d8c36242bb97a96c17b92cee4fb389cf1dee56",
		"to the byte");
	buf_free(&b);
	arena_free(m.arena);
}

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Tickets of six facts each, as a log has them: what unpacking one fact takes. Told, not judged: machines differ. */
static void speed(enum pack_ids ids, const char *name)
{
	enum { PACKS = 200 };
	static const enum fact_kind life[] = {FACT_TICKET_LOGGED,   FACT_TICKET_MESSAGE,
					      FACT_TICKET_ASSIGNED, FACT_TICKET_WORK_STARTED,
					      FACT_TICKET_RESTORED, FACT_TICKET_CLOSED};
	struct dice d = {7};
	struct arena *a = arena_new((size_t)1 << 31), *b = arena_new((size_t)1 << 31);
	struct facts *set = facts_new(a), *again = facts_new(b);
	struct uuid *all = arena_array(a, struct uuid, PACK_FACTS);
	struct buf *packs = arena_array(a, struct buf, PACKS);
	struct err err = {.line = 0};
	size_t bytes = 0;

	(void)facts_add_source(set, (struct fact_source){.name = text_of("log.csv")});
	for (size_t i = 0; i < PACKS; i++) {
		for (size_t k = 0; k < PACK_FACTS; k++) {
			size_t n = i * PACK_FACTS + k;
			symbol ticket =
				symbol_add(set->symbols, text_format(a, "INC%07zu", n / 6 + 10000));
			struct fact_value v[] = {
				{.field = FIELD_TICKET, .word = ticket},
				{.field = FIELD_PRIORITY,
				 .word = symbol_add(set->symbols,
						    text_of(n % 4 == 0 ? "P1" : "P2"))}};

			all[k] = random_id(&d);
			(void)facts_add(set, &(struct fact){.kind = (uint8_t)life[n % 6],
							    .occurred_at = (int64_t)n * 60000,
							    .recorded_at = (int64_t)n * 60000 + 500,
							    .party = PARTY_PROVIDER,
							    .values = v,
							    .n_values = n % 6 == 0 ? 2 : 1});
		}
		buf_init(&packs[i], 1 << 22);
		facts_pack(set, i * PACK_FACTS, PACK_FACTS, all, &packs[i]);
		bytes += packs[i].n;
	}

	struct unpacker *u = unpacker_new(b, again, ids);
	int64_t start = now_ns();
	bool good = true;

	facts_reserve(again, (size_t)PACKS * PACK_FACTS);
	for (size_t i = 0; i < PACKS; i++)
		good = facts_unpack(u, buf_view(&packs[i]), PACK_FACTS, &err) == RC_OK && good;
	unpacker_finish(u);

	int64_t took = now_ns() - start;

	ok(good && again->n == (size_t)PACKS * PACK_FACTS, "%s: %d packs", name, PACKS);
	note("%s: %.1f ns and %.1f bytes a fact", name, (double)took / (double)PACKS / PACK_FACTS,
	     (double)bytes / (double)PACKS / PACK_FACTS);
	for (size_t i = 0; i < PACKS; i++)
		buf_free(&packs[i]);
	arena_free(b);
	arena_free(a);
}

int main(void)
{
	struct dice d = dice_new(20260302);

	out_and_back(&d);
	what_is_left_out(&d);
	some_kinds(&d);
	damage(&d);
	forged(&d);
	the_bounds();
	ids_where_needed(&d);
	sources_by_name(&d);
	known_bytes();
	speed(PACK_IDS_ALL, "with ids");
	speed(PACK_IDS_FEW, "without ids");
	return tap_done();
}
