/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uuid.h"

#include "tap.h"

#include <string.h>

static const struct {
	const char *name, *text;
} bad[] = {
	{"empty", ""},
	{"upper case", "019CADAB-2340-72C1-9DC4-51D1445C5982"},
	{"no dashes", "019cadab234072c19dc451d1445c5982"},
	{"braces", "{019cadab-2340-72c1-9dc4-51d1445c598}"},
	{"one short", "019cadab-2340-72c1-9dc4-51d1445c598"},
	{"one long", "019cadab-2340-72c1-9dc4-51d1445c59820"},
	{"a dash elsewhere", "019cada-b2340-72c1-9dc4-51d1445c5982"},
	{"no hex", "019cadab-2340-72c1-9dc4-51d1445c598g"},
	{"a space for a dash", "019cadab 2340-72c1-9dc4-51d1445c5982"},
};

static const struct {
	const char *text;
	bool v7;
} versions[] = {
	{"019cadab-2340-72c1-9dc4-51d1445c5982", true},
	{"ffffffff-ffff-7fff-bfff-ffffffffffff", true},
	{"00000000-0000-7000-8000-000000000000", true},
	{"019cadab-2340-42c1-9dc4-51d1445c5982", false},
	{"019cadab-2340-82c1-9dc4-51d1445c5982", false},
	{"019cadab-2340-72c1-7dc4-51d1445c5982", false},
	{"019cadab-2340-72c1-cdc4-51d1445c5982", false},
	{"00000000-0000-0000-0000-000000000000", false},
};

static struct text text_in(const struct uuid *u, char out[UUID_TEXT + 1])
{
	uuid_text(u, out);
	return text_of(out);
}

static void test_text(void)
{
	char out[UUID_TEXT + 1];
	struct uuid u;
	struct buf b;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!uuid_parse(text_of(bad[i].text), &u), "refused: %s", bad[i].name);
	buf_init(&b, 1024);
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		ok(uuid_parse(text_of(versions[i].text), &u), "read %s", versions[i].text);
		is_text(text_in(&u, out), versions[i].text, "and written the same");
		ok(uuid_is_v7(&u) == versions[i].v7, "is it version 7");
		buf_clear(&b);
		uuid_print(&b, &u);
		is_text(buf_view(&b), versions[i].text, "and printed the same");
	}
	buf_free(&b);
}

static void test_v7(void)
{
	static const unsigned char ones[10] = {0xff, 0xff, 0xff, 0xff, 0xff,
					       0xff, 0xff, 0xff, 0xff, 0xff};
	static const unsigned char zeros[10] = {0};
	static const int64_t times[] = {0, 1, 1772440200000, (INT64_C(1) << 48) - 1};
	char out[UUID_TEXT + 1];

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct uuid x = uuid_v7(times[i], ones), y = uuid_v7(times[i], zeros);

		is_i64(uuid_v7_ms(&x), times[i], "the time comes back");
		ok(uuid_is_v7(&x) && uuid_is_v7(&y), "both are version 7");
		ok(uuid_cmp(&x, &y) > 0 && uuid_cmp(&y, &x) < 0 && uuid_cmp(&x, &x) == 0, "order");
	}
	struct uuid u = uuid_v7(0x0123456789ab, ones);

	is_text(text_in(&u, out), "01234567-89ab-7fff-bfff-ffffffffffff", "74 bits are taken");
}

static void test_derived(void)
{
	/* trust.md S19, computed there */
	const int64_t at = 1772440200000; /* 2026-03-02T08:30:00.000Z */
	struct text source = text_of("t_0k5w8n2v6c1x9r4m");
	struct text key = text_of("a1b2c3|2026-03-02T08:30:00Z");
	char out[UUID_TEXT + 1];
	struct uuid u = uuid_derived(at, source, key), v;

	is_text(text_in(&u, out), "019cadab-2340-72c1-9dc4-51d1445c5982", "the example of S19");
	v = uuid_derived(at, source, key);
	ok(uuid_cmp(&u, &v) == 0, "the same record, the same id");
	v = uuid_derived(at, source, text_of("a1b2c4|2026-03-02T08:30:00Z"));
	ok(uuid_cmp(&u, &v) != 0, "another key, another id");
	v = uuid_derived(at, text_of("t_0k5w8n2v6c1x9r4n"), key);
	ok(uuid_cmp(&u, &v) != 0, "another source, another id");
	v = uuid_derived(at + 1, source, key);
	ok(memcmp(u.b + 6, v.b + 6, 10) == 0 && uuid_v7_ms(&v) == at + 1,
	   "another time changes the time only");
	u = uuid_derived(-1, source, key);
	is_i64(uuid_v7_ms(&u), 0, "a time before 1970 counts as the first");
	ok(uuid_is_v7(&u), "and is version 7 still");
	u = uuid_derived(INT64_C(1) << 48, source, key);
	is_i64(uuid_v7_ms(&u), (INT64_C(1) << 48) - 1, "a time after the last counts as the last");
	u = uuid_derived(at, (struct text){NULL, 0}, (struct text){NULL, 0});
	ok(uuid_is_v7(&u), "empty source and key");
}

int main(void)
{
	test_text();
	test_v7();
	test_derived();
	return tap_done();
}
