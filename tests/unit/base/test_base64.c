/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include "tap.h"

#include <string.h>

static const struct {
	const char *bytes, *text;
} good[] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
	{"\xfb\xff\xbf", "+/+/"},
	{"\xff\xff\xff", "////"},
};

/* trust.md J16: what does not re-encode to itself is refused. */
static const struct {
	const char *name, *text;
} bad[] = {
	{"three characters", "Zm9"},
	{"no padding", "Zg"},
	{"one padding of two", "Zg="},
	{"bits left over, one byte", "Zh=="},
	{"bits left over, two bytes", "Zm9="},
	{"only padding", "===="},
	{"three paddings", "Z==="},
	{"padding in the middle", "Zg==Zg=="},
	{"padding, then a character", "Zg=v"},
	{"the alphabet for addresses", "-_-_"},
	{"a space", "Zm9 "},
	{"a newline at the end", "Zm9v\n"},
	{"another byte", "Zm9\x80"},
};

static const char *const bad_hex[] = {"0", "000", "0g", "0A", "AB", "0x", " 0", "00 ", "0\n"};

static void test_tables(struct buf *b)
{
	unsigned char out[16];
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct text bytes = text_of(good[i].bytes);

		buf_clear(b);
		base64_add(b, (const unsigned char *)bytes.p, bytes.n);
		is_text(buf_view(b), good[i].text, "encode %zu bytes", bytes.n);
		n = 99;
		ok(base64_read(text_of(good[i].text), out, sizeof(out), &n) && n == bytes.n &&
			   memcmp(out, bytes.p, n) == 0,
		   "decode '%s'", good[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(out, 7, sizeof(out));
		n = 99;
		ok(!base64_read(text_of(bad[i].text), out, sizeof(out), &n) && n == 99 &&
			   out[0] == 7,
		   "refused, nothing written: %s", bad[i].name);
	}
	ok(!base64_read(text_of("Zm9vYmFy"), out, 5, &n), "longer than the room is refused");
	ok(base64_read(text_of("Zm9vYmFy"), out, 6, &n) && n == 6, "as long as the room is read");
	ok(base64_read((struct text){NULL, 0}, out, 0, &n) && n == 0, "nothing is read as nothing");
}

/* Every text of four characters out of a small alphabet: what is read re-encodes to itself. */
static void test_all_short(struct buf *b)
{
	static const char some[] = "AQghv9+/=-";
	enum { SOME = sizeof(some) - 1 };
	int read = 0, wrong = 0;

	for (int i = 0; i < SOME * SOME * SOME * SOME; i++) {
		char four[4] = {some[i % SOME], some[i / SOME % SOME], some[i / SOME / SOME % SOME],
				some[i / SOME / SOME / SOME]};
		unsigned char out[3];
		size_t n;

		if (!base64_read((struct text){four, 4}, out, sizeof(out), &n))
			continue;
		read++;
		buf_clear(b);
		base64_add(b, out, n);
		wrong += !text_eq(buf_view(b), (struct text){four, 4});
	}
	is_i64(wrong, 0, "what is read re-encodes to itself");
	/* 8 of the 10 are digits. Two paddings need 4 zero bits (A Q g w), one needs 2. */
	is_i64(read, 8 * 8 * 8 * 8 + 8 * 8 * 3 + 8 * 3, "and is read exactly where it may be");
}

static void test_hex(struct buf *b)
{
	static const unsigned char bytes[] = {0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
	unsigned char out[sizeof(bytes)];

	buf_clear(b);
	hex_add(b, bytes, sizeof(bytes));
	is_text(buf_view(b), "00017f80abff", "hex is lower case");
	ok(hex_read(buf_view(b), out, sizeof(out)) && memcmp(out, bytes, sizeof(out)) == 0,
	   "hex is read back");
	ok(!hex_read(text_of("00017f80abff"), out, 5), "hex for more bytes than asked is refused");
	ok(!hex_read(text_of("00017f80ab"), out, 6), "hex for fewer bytes than asked is refused");
	for (size_t i = 0; i < ARRAY_SIZE(bad_hex); i++)
		ok(!hex_read(text_of(bad_hex[i]), out, 1), "no hex byte: '%s'", bad_hex[i]);
}

int main(void)
{
	struct buf b;

	buf_init(&b, 1024);
	test_tables(&b);
	test_all_short(&b);
	test_hex(&b);
	buf_free(&b);
	return tap_done();
}
