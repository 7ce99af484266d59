/* SPDX-License-Identifier: Apache-2.0 */
/* Entries (trust.md J5, J6, J22, J28): the worked example's structure and sizes, every mistake by its name, out and back. */
#include "journal/entry.h"

#include "tap.h"

#include <string.h>
#include <time.h>

#define VERSION "73fa1ee242af065471a628ac4ccda8842d338d888a3d276a5500777ed3526e4c"
#define LOG "019ca6b1-dc00-7000-8000-000000000001"

/* The entries of trust.md 2.4 with kinds that facts.def has. */
static const struct {
	const char *bytes;
	size_t n;
} example[] = {
	{"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":{\"number\":1,\"version\":\"" VERSION
	 "\"},\"id\":\"019cad8f-ac00-7001-8000-000000000001\",\"kind\":\"version_agreed\","
	 "\"log\":\"" LOG
	 "\",\"occurred_at\":\"2026-03-02T08:00:00.000Z\",\"party\":\"provider\",\"recorded_at\":"
	 "\"2026-03-02T08:00:00.412Z\",\"v\":1}",
	 336 + 11},
	{"{\"actor\":\"u_8c1v5z2k9p7d3h0w\",\"body\":{\"priority\":\"p2\",\"service\":\"printing\","
	 "\"ticket\":\"T-1\"},\"contract\":\"" VERSION
	 "\",\"id\":\"019cadab-2340-7002-8000-000000000002\",\"kind\":\"ticket.logged\",\"log\":"
	 "\"" LOG
	 "\",\"occurred_at\":\"2026-03-02T08:30:00.000Z\",\"party\":\"client\",\"priv\":{\"text\":{"
	 "\"commit\":\"31030ff95459174927323a886e872c853ef51237005e3f3e238a4abd4f645062\","
	 "\"subject\":\"s_7h3d0w5n2b9j4f1y\"}},\"recorded_at\":\"2026-03-02T08:30:02.007Z\",\"v\":"
	 "1}",
	 511},
	{"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":{\"ticket\":\"T-1\"},\"contract\":\"" VERSION
	 "\",\"id\":\"019cadb5-aa90-7003-8000-000000000003\",\"kind\":\"ticket.assigned\",\"log\":"
	 "\"" LOG
	 "\",\"occurred_at\":\"2026-03-02T08:41:30.000Z\",\"party\":\"provider\",\"recorded_at\":"
	 "\"2026-03-02T08:41:30.950Z\",\"v\":1}",
	 354 - 1},
};

static struct arena *arena;

static enum rc parse(struct text bytes, struct entry *e, struct err *err)
{
	struct canon_doc doc;

	return entry_parse(arena, NULL, bytes, e, &doc, err);
}

static void the_example(void)
{
	struct buf b;

	buf_init(&b, 70000);
	for (size_t i = 0; i < ARRAY_SIZE(example); i++) {
		struct text bytes = text_of(example[i].bytes);
		struct entry e;
		struct err err = {.line = 0};

		is_i64((int64_t)bytes.n, (int64_t)example[i].n, "entry %zu has its size", i);
		if (!ok(parse(bytes, &e, &err) == RC_OK, "it is read"))
			note("%s", err.message);
		buf_clear(&b);
		ok(entry_print(&e, &b, &err) == RC_OK && text_eq(buf_view(&b), bytes),
		   "and printed to the byte");
	}

	struct entry e;
	struct err err = {.line = 0};

	ok(parse(text_of(example[1].bytes), &e, &err) == RC_OK, "the second in parts");
	is_text(e.actor, "u_8c1v5z2k9p7d3h0w", "actor");
	is_text(e.body, "{\"priority\":\"p2\",\"service\":\"printing\",\"ticket\":\"T-1\"}",
		"body");
	is_text(e.contract, VERSION, "contract");
	ok(e.client && e.kind == FACT_TICKET_LOGGED && !e.corrected, "party, kind, corrects");
	is_i64(e.occurred_at, 1772440200000, "occurred at");
	is_i64(e.recorded_at, 1772440202007, "recorded at");
	ok(e.n_slots == 1 && text_is(e.slots[0].name, "text") &&
		   text_is(e.slots[0].subject, "s_7h3d0w5n2b9j4f1y"),
	   "slot");

	unsigned char salt[16];

	for (unsigned char i = 0; i < 16; i++)
		salt[i] = i;

	struct hash h = slot_commit(
		salt, text_of("{\"from\":\"Ana Ruiz\",\"text\":\"Printer on floor 2 is dead\"}"));

	ok(hash_eq(&h, &e.slots[0].commit), "its commitment is that of the example");
	buf_free(&b);
}

#define FULL                                                                                       \
	"{\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\":{\"by\":\"monitor\",\"ticket\":\"T-1\"},"      \
	"\"contract\":\"" VERSION                                                                  \
	"\",\"corrects\":\"019cadb5-aa90-7003-8000-000000000002\",\"id\":\"019cadb5-aa90-7003-"    \
	"8000-000000000003\",\"kind\":\"ticket.reopened\",\"log\":\"" LOG                          \
	"\",\"occurred_at\":\"2026-03-02T08:41:30.000Z\",\"party\":\"provider\",\"priv\":{"        \
	"\"reason\":{\"commit\":\"" VERSION                                                        \
	"\",\"subject\":\"s_7h3d0w5n2b9j4f1y\"}},\"recorded_at\":\"2026-03-02T08:41:30.950Z\","    \
	"\"v\":1}"

/* In FULL the first `old` becomes `new`. */
static const struct {
	const char *old, *new, *message;
} mistakes[] = {
	{"", "", ""},
	{"\"actor\":\"u_4m2q9r7x1c8v3k6t\",", "", "'actor' is missing"},
	{"\"body\":{\"by\":\"monitor\",\"ticket\":\"T-1\"},", "", "'body' is missing"},
	{"\"id\":\"019cadb5-aa90-7003-8000-000000000003\",", "", "'id' is missing"},
	{"\"kind\":\"ticket.reopened\",", "", "'kind' is missing"},
	{"\"log\":\"" LOG "\",", "", "'log' is missing"},
	{"\"occurred_at\":\"2026-03-02T08:41:30.000Z\",", "", "'occurred_at' is missing"},
	{"\"party\":\"provider\",", "", "'party' is missing"},
	{"\"recorded_at\":\"2026-03-02T08:41:30.950Z\",", "", "'recorded_at' is missing"},
	{",\"v\":1", "", "'v' is missing"},
	{"\"contract\":\"" VERSION "\",", "", ""},
	{"\"corrects\":\"019cadb5-aa90-7003-8000-000000000002\",", "", ""},
	{"{\"actor\"", "{\"about\":1,\"actor\"", "an entry has no member 'about'"},
	{"\"kind\"", "\"it\":1,\"kind\"", "an entry has no member 'it'"},
	{"\"v\":1", "\"v\":1,\"w\":1", "an entry has no member 'w'"},
	{"\"v\":1", "\"v\":2", "'v' is 2; this program knows 1"},
	{"\"v\":1", "\"v\":\"1\"", "'v' must be a number"},
	{"\"v\":1", "\"v\": 1", "not canonical: white space"},
	{"\"actor\":\"u_4m2q9r7x1c8v3k6t\"", "\"actor\":1", "'actor' must be a text"},
	{"\"actor\":\"u_", "\"actor\":\"s_", "'s_4m2q9r7x1c8v3k6t' in 'actor'"},
	{"u_4m2q9r7x1c8v3k6t", "u_4m2q9r7x1c8v3k6l", "'u_4m2q9r7x1c8v3k6l' in 'actor'"},
	{"u_4m2q9r7x1c8v3k6t", "u_4m2q9r7x1c8v3k6", "'u_4m2q9r7x1c8v3k6' in 'actor'"},
	{"u_4m2q9r7x1c8v3k6t", "t_4m2q9r7x1c8v3k6t", ""},
	{"u_4m2q9r7x1c8v3k6t", "x_4m2q9r7x1c8v3k6t", ""},
	{"{\"by\":\"monitor\",\"ticket\":\"T-1\"}", "[]", "'body' must be an object"},
	{"{\"by\":\"monitor\",\"ticket\":\"T-1\"}", "{}", "ticket.reopened needs 'ticket'"},
	{"\"ticket\":\"T-1\"", "\"reason\":\"x\",\"ticket\":\"T-1\"",
	 "'reason' holds free words: they belong in a private slot, not in the body"},
	{"\"by\":\"monitor\"", "\"by\":\"provider\"", "'by' names the party that recorded it"},
	{"\"by\":\"monitor\"", "\"by\":\"client\"", ""},
	{"\"contract\":\"73", "\"contract\":\"7G",
	 "'7Gfa1ee242af065471a628ac4ccda8842d338d888a3d276a5500777ed352' in 'contract'"},
	{"\"contract\":\"73", "\"contract\":\"3",
	 "'3fa1ee242af065471a628ac4ccda8842d338d888a3d276a5500777ed3526' in 'contract'"},
	{"000000000002", "00000000000A", "'019cadb5-aa90-7003-8000-00000000000A' in 'corrects'"},
	{"000000000002", "000000000003", "'019cadb5-aa90-7003-8000-000000000003' in 'corrects'"},
	{"\"id\":\"019cadb5-aa90-7", "\"id\":\"019cadb5-aa90-4",
	 "'019cadb5-aa90-4003-8000-000000000003' in 'id'"},
	{"\"id\":\"019", "\"id\":\"1", "'1cadb5-aa90-7003-8000-000000000003' in 'id'"},
	{"ticket.reopened", "ticket.reopend", "unknown kind 'ticket.reopend'"},
	{"\"log\":\"0", "\"log\":\"X", "'X19ca6b1-dc00-7000-8000-000000000001' in 'log'"},
	{"08:41:30.000Z", "08:41:30Z", "'2026-03-02T08:41:30Z' in 'occurred_at'"},
	{"08:41:30.950Z", "08:41:60.950Z", "'2026-03-02T08:41:60.950Z' in 'recorded_at'"},
	{"\"party\":\"provider\"", "\"party\":\"monitor\"", "'monitor' in 'party'"},
	{"\"priv\":{\"reason\":{\"commit\":\"" VERSION "\",\"subject\":\"s_7h3d0w5n2b9j4f1y\"}}",
	 "\"priv\":{}", "'priv' is empty"},
	{"\"priv\":{\"reason\":{\"commit\":\"" VERSION "\",\"subject\":\"s_7h3d0w5n2b9j4f1y\"}},",
	 "", ""},
	{"\"reason\":{\"commit\"", "\"reason\":{\"a\":1,\"commit\"",
	 "slot 'reason' has other members than commit and subject"},
	{"{\"commit\":\"" VERSION "\",\"subject\":\"s_7h3d0w5n2b9j4f1y\"}", "1",
	 "slot 'reason' has other members than commit and subject"},
	{"\"commit\":\"73", "\"commit\":\"7G", "slot 'reason' has a commitment that is no SHA-256"},
	{"\"s_7", "\"u_7", "slot 'reason' has a subject that is no opaque id"},
	{"\"actor\":\"u_4m2q9r7x1c8v3k6t\",\"body\"", "\"body\":1,\"actor\"",
	 "not canonical: key 'actor' after 'body'"},
};

/* text with its first `old` replaced. */
static struct text replaced(struct text t, const char *old, const char *new)
{
	size_t n = strlen(old);

	for (size_t i = 0; i + n <= t.n; i++)
		if (memcmp(t.p + i, old, n) == 0)
			return text_format(arena, "%.*s%s%.*s", (int)i, t.p, new,
					   (int)(t.n - i - n), t.p + i + n);
	printf("Bail out! '%s' is not in it\n", old);
	exit(1);
}

static void the_mistakes(void)
{
	struct buf b;

	buf_init(&b, 70000);
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		struct text bytes = replaced(text_of(FULL), mistakes[i].old, mistakes[i].new);
		struct entry e;
		struct err err = {.line = 0};
		enum rc rc = parse(bytes, &e, &err);

		is_text(text_of(err.message), mistakes[i].message, "'%s' for '%s'", mistakes[i].new,
			mistakes[i].old);
		if (mistakes[i].message[0] != '\0') {
			ok(rc == RC_INVALID, "is refused");
			continue;
		}
		buf_clear(&b);
		ok(rc == RC_OK && entry_print(&e, &b, &err) == RC_OK &&
			   text_eq(buf_view(&b), bytes),
		   "is taken, and printed to the byte");
	}
	buf_free(&b);

	struct entry e;
	struct err err = {.line = 0};

	ok(parse(text_of("[]"), &e, &err) == RC_INVALID, "a list is no entry");
	is_text(text_of(err.message), "an entry is an object", "told so");
}

/* J6: 65,535 bytes are taken, one more is not; and no more slots than there may be. */
static void the_limits(void)
{
	struct text first = text_of(example[2].bytes);
	size_t more = 65535 - first.n;
	char *word = arena_alloc(arena, more + 3);
	struct entry e;
	struct err err = {.line = 0};
	struct buf b;

	buf_init(&b, 200000);
	memset(word, 'x', more + 2);
	ok(parse(first, &e, &err) == RC_OK, "an entry");
	for (size_t over = 0; over < 2; over++) {
		e.body = text_format(arena, "{\"ticket\":\"T-1%.*s\"}", (int)(more + over), word);
		buf_clear(&b);
		buf_str(&b, "before");

		enum rc rc = entry_print(&e, &b, &err);

		if (over == 0) {
			ok(rc == RC_OK && b.n == 65535 + 6, "of 65,535 bytes");
			continue;
		}
		ok(rc == RC_LIMIT && b.n == 6, "of 65,536 is refused and leaves nothing");
		is_text(text_of(err.message), "entry is 65536 bytes; the limit is 65535",
			"told so");
	}
	for (size_t n = SLOTS_MAX; n <= SLOTS_MAX + 1; n++) {
		struct entry many;

		buf_clear(&b);
		buf_str(&b, "\"priv\":{");
		for (size_t i = 0; i < n; i++)
			buf_printf(&b,
				   "%s\"s%02zu\":{\"commit\":\"" VERSION
				   "\",\"subject\":\"s_7h3d0w5n2b9j4f1y\"}",
				   i > 0 ? "," : "", i);
		buf_str(&b, "},\"recorded_at\"");
		buf_char(&b, '\0');
		err_clear(&err);

		enum rc rc = parse(replaced(first, "\"recorded_at\"", b.p), &many, &err);

		ok(n == SLOTS_MAX ? rc == RC_OK && many.n_slots == n : rc == RC_LIMIT,
		   "%zu slots: %s", n, err.message);
	}
	buf_free(&b);
}

static void opaque_ids(void)
{
	static const unsigned char zero[10] = {0},
				   ones[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
				   steps[10] = {0x00, 0x44, 0x32, 0x14, 0xc7,
						0x42, 0x54, 0xb6, 0x35, 0xcf};
	char out[ACTOR_CHARS + 1];

	opaque_id_make('u', zero, out);
	is_text(text_of(out), "u_0000000000000000", "no bit set");
	opaque_id_make('s', ones, out);
	is_text(text_of(out), "s_zzzzzzzzzzzzzzzz", "all bits set");
	opaque_id_make('x', steps, out);
	is_text(text_of(out), "x_0123456789abcdef", "five bits a character, the first ones first");
	ok(opaque_id_ok(text_of(out), 'x') && !opaque_id_ok(text_of(out), 'u'), "by its prefix");
	ok(!opaque_id_ok(text_of("x-0123456789abcdef"), 'x') &&
		   !opaque_id_ok(text_of("x_0123456789abcdeu"), 'x') &&
		   !opaque_id_ok(text_of("x_0123456789abcdeF"), 'x') &&
		   !opaque_id_ok(text_of("x_0123456789abcdefg"), 'x') &&
		   !opaque_id_ok(text_of(""), 'x'),
	   "other texts are none");
}

static void same_report(void)
{
	static const struct {
		const char *name, *old, *new;
		bool same;
	} cases[] = {
		{"the same", "", "", true},
		{"recorded later", "30.950Z", "31.950Z", true},
		{"by another person of the side", "u_4m", "u_5m", true},
		{"under another version", "\"contract\":\"7", "\"contract\":\"8", true},
		{"another id", "000000000003", "000000000004", false},
		{"another kind", "ticket.reopened", "ticket.resolved", false},
		{"another body", "T-1", "T-2", false},
		{"another time", "30.000Z", "30.001Z", false},
		{"correcting another", "000000000002", "000000000001", false},
		{"correcting none", "\"corrects\":\"019cadb5-aa90-7003-8000-000000000002\",", "",
		 false},
		{"of the other party", "\"party\":\"provider\"", "\"party\":\"client\"", false},
	};
	struct entry first, other;
	struct err err = {.line = 0};

	ok(parse(text_of(FULL), &first, &err) == RC_OK, "a report");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text bytes = replaced(text_of(FULL), cases[i].old, cases[i].new);

		ok(parse(bytes, &other, &err) == RC_OK &&
			   entry_same_report(&first, &other) == cases[i].same &&
			   entry_same_report(&other, &first) == cases[i].same,
		   "%s: %s", cases[i].name, err.message);
	}
}

/* Every flip of one bit is refused or prints back as it stands: nothing is read that would not have been written. */
static void flips(void)
{
	struct text full = text_of(FULL);
	char *copy = arena_copy(arena, full.p, full.n);
	size_t wrong = 0, taken = 0;
	struct buf b;

	buf_init(&b, 70000);
	for (size_t i = 0; i < full.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct text bytes = {copy, full.n};
			struct entry e;
			struct err err = {.line = 0};

			copy[i] = (char)(full.p[i] ^ (1 << bit));
			if (parse(bytes, &e, &err) == RC_OK) {
				taken++;
				buf_clear(&b);
				wrong += entry_print(&e, &b, &err) != RC_OK ||
					 !text_eq(buf_view(&b), bytes);
			} else {
				wrong += err.message[0] == '\0';
			}
			copy[i] = full.p[i];
		}
	note("%zu flips made another entry", taken);
	ok(taken > 0 && wrong == 0, "what is read is what would be written");
	buf_free(&b);
}

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Told, not judged: machines differ. */
static void speed(void)
{
	enum { TURNS = 50000 };
	struct canon_scratch *scratch = canon_scratch_new(arena);
	struct text bytes = text_of(example[1].bytes);
	struct err err = {.line = 0};
	struct entry e;
	struct canon_doc doc;
	size_t used = 0, good = 0;
	int64_t start = now_ns();

	for (int i = 0; i < TURNS; i++) {
		good += entry_parse(arena, scratch, bytes, &e, &doc, &err) == RC_OK;
		if (i == 0)
			used = arena_used_bytes(arena);
	}
	note("%.1f ns to read an entry of %zu bytes", (double)(now_ns() - start) / TURNS, bytes.n);
	ok(good == TURNS && arena_used_bytes(arena) == used,
	   "reading many takes no more memory than reading one");
}

int main(void)
{
	arena = arena_new((size_t)1 << 28);
	the_example();
	the_mistakes();
	the_limits();
	opaque_ids();
	same_report();
	flips();
	speed();
	arena_free(arena);
	return tap_done();
}
