/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sha256.h"
#include "base/symbols.h"
#include "tap.h"

static const struct {
	const char *name, *bytes;
	size_t n;
	bool valid;
	size_t at;
} utf8[] = {
	{"ascii", "abc", 3, true, 0},
	{"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, true, 0},
	{"a lone continuation", "a\x80", 2, false, 1},
	{"overlong slash", "\xc0\xaf", 2, false, 0},
	{"overlong three bytes", "x\xe0\x80\xaf", 4, false, 1},
	{"a surrogate", "\xed\xa0\x80", 3, false, 0},
	{"above U+10FFFF", "\xf4\x90\x80\x80", 4, false, 0},
	{"cut short", "ab\xe2\x82", 4, false, 2},
};

static void nearest(void)
{
	const struct text words[] = {text_of("response"), text_of("resolution"), text_of("uptime")};

	is_text(text_nearest(text_of("respose"), words, 3), "response", "a missing letter");
	is_text(text_nearest(text_of("UPTIM"), words, 3), "uptime", "case counts for nothing");
	is_text(text_nearest(text_of("banana"), words, 3), "", "another word is not near");
	is_text(text_nearest(text_of("x"), words, 3), "", "one letter is near nothing");
}

static void symbols(struct arena *a)
{
	struct symbols *s = symbols_new(a);
	symbol first = symbol_add(s, text_of("T-1"));
	bool same = true;

	for (int i = 0; i < 20000; i++) {
		struct text t = text_format(a, "word %d", i);
		symbol y = symbol_add(s, t);

		same = same && text_eq(symbol_text(s, y), t) && symbol_find(s, t) == y;
	}
	ok(same, "20,000 words come back");
	ok(symbol_add(s, text_of("T-1")) == first, "a word seen twice is one symbol");
	ok(symbol_find(s, text_of("never")) == 0, "a word never seen is 0");
	is_text(symbol_text(s, 0), "", "0 is the empty text");
}

static void compact(struct buf *b)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"{\n  \"a b\": [ 1,\t2 ],\r\n  \"c\": \" \\\" } \"\n}\n", "{\"a b\":[1,2],\"c\":\" \\\" } \"}\n"},
		{"{ }\n[ ]\n", "{}\n[]\n"},
		{"{\"a\":1}", "{\"a\":1}"},
		{"", ""},
		{"\"open", "\"open"},
		{"{\"\\", "{\"\\"},
		{"} ]", "} ]"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		buf_clear(b);
		json_compact(text_of(cases[i].in), b);
		is_text(buf_view(b), cases[i].out, "JSON without its layout, strings and lines kept");
	}
}

static void buffers(struct arena *a)
{
	struct buf b;
	struct json j;

	buf_init(&b, 64);
	json_init(&j, &b, false);
	json_open_object(&j);
	json_kv_str(&j, "a\n", "\x01\"");
	json_key(&j, "v");
	json_open_array(&j);
	json_int(&j, -7);
	json_bool(&j, true);
	json_end_array(&j);
	json_end_object(&j);
	is_text(buf_view(&b), "{\"a\\n\":\"\\u0001\\\"\",\"v\":[-7,true]}", "JSON is escaped and closed");
	compact(&b);
	buf_clear(&b);
	buf_i64(&b, INT64_MIN);
	is_text(buf_view(&b), "-9223372036854775808", "the smallest number prints");
	buf_clear(&b);
	buf_pad(&b, 'x', 65);
	ok(b.full && b.n == 64, "a buffer stops at its maximum and says so");
	buf_free(&b);
	buf_init(&b, 4096);
	buf_printf(&b, "%0300d|%s", 7, "end");
	ok(b.n == 304 && text_ends(buf_view(&b), "7|end"), "a long line is formatted whole");
	ok(text_format(a, "%0300d", 7).n == 300, "so is a long text");
	buf_free(&b);
}

static void errors(void)
{
	struct err e = {.line = 0};
	struct buf b;

	buf_init(&b, 1024);
	enum rc rc = err_set(&e, RC_INVALID, "unknown key \"%s\"", "respose");

	err_at(&e, text_of("c.yaml"), 3, 5);
	err_code(&e, "key.unknown");
	err_hint(&e, "did you mean \"response\"?");
	err_print(&e, &b);
	ok(rc == RC_INVALID, "err_set returns its result");
	is_text(buf_view(&b), "c.yaml:3:5: key.unknown: unknown key \"respose\"; did you mean \"response\"?",
		"an error names file, line, column, code and what would be right");
	buf_free(&b);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	char hex[SHA256_HEX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(utf8); i++) {
		size_t at = 0;

		ok(text_utf8((struct text){utf8[i].bytes, utf8[i].n}, &at) == utf8[i].valid, "%s", utf8[i].name);
		is_i64((int64_t)at, (int64_t)utf8[i].at, "%s: where", utf8[i].name);
	}
	nearest();
	is_text(text_lower(a, text_of("X-Tenor AZ @[ \xc3\x84")), "x-tenor az @[ \xc3\x84", "letters of ASCII in lower case, and no others");
	symbols(a);
	buffers(a);
	errors();
	sha256_hex(text_of("abc"), hex);
	is_text(text_of(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256 of abc (FIPS 180)");
	arena_free(a);
	return tap_done();
}
