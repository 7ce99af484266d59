/* SPDX-License-Identifier: Apache-2.0 */
/* A letter on its way to the process that sends it (trust.md S22): what it was comes out again, and nothing ends a line that should not. */
#include "link/mail.h"
#include "tap.h"

#include <string.h>

static struct text packet_of(struct buf *b, const struct link_letter *l, bool *good)
{
	buf_clear(b);
	*good = link_ask_mail(b, l);
	return buf_view(b);
}

static struct link_letter plain(void)
{
	return (struct link_letter){.from = text_of("tenor@acme.example"),
				    .to = text_of("ana@northwind.example"),
				    .head = {text_of("Subject: a"), text_of("X: b\r\n c")},
				    .n_head = 2,
				    .body = text_of("one\n\n.\ntwo\n")};
}

static void comes_out_again(void)
{
	struct link_letter l = plain(), got;
	struct buf b;
	bool good;

	buf_init(&b, (size_t)1 << 20);
	ok(link_letter_read(packet_of(&b, &l, &good), &got) && good, "a letter is read");
	ok(text_eq(got.from, l.from) && text_eq(got.to, l.to) && text_eq(got.body, l.body),
	   "with its addresses and its text");
	ok(got.n_head == 2 && text_eq(got.head[0], l.head[0]) && text_eq(got.head[1], l.head[1]),
	   "and its head");
	l.n_head = 0;
	ok(link_letter_read(packet_of(&b, &l, &good), &got) && good && got.n_head == 0,
	   "also without one");
	ok(!link_letter_read(text_of("m"), &got) && !link_letter_read(text_of("mx"), &got),
	   "half a letter is none");
	buf_free(&b);
}

static void refused(void)
{
	static const char *const heads[] = {"Subject: a\r\nBcc: x@y.example",
					    "Subject: a\nBcc: x@y.example",
					    "Subject: a\rBcc: x@y.example",
					    "Subject: a\r\n\tb",
					    "Subject: a\r\n",
					    "Subject: \x01",
					    ""};
	static const char *const addresses[] = {"",      "a@b.example\r\nRCPT TO:<x@y.example>",
						"a b@c", "a@b.example>",
						"<a@b",  "\xc3\xa4@b.example"};
	struct buf b;
	bool good;

	buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct link_letter l = plain();

		l.head[1] = text_of(heads[i]);
		(void)packet_of(&b, &l, &good);
		ok(!good, "head line %zu is refused", i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct link_letter l = plain();

		l.to = text_of(addresses[i]);
		(void)packet_of(&b, &l, &good);
		ok(!good, "address %zu is refused", i);
	}
	for (size_t n = LINK_MAIL_BYTES - 80; n <= LINK_MAIL_BYTES; n += 80) {
		static char body[LINK_MAIL_BYTES];
		struct link_letter l = plain();

		memset(body, 'x', n);
		l.body = (struct text){body, n};
		l.n_head = 0;
		(void)packet_of(&b, &l, &good);
		ok(good == (n + 42 < LINK_MAIL_BYTES), "%zu bytes of text", n);
		body[7] = '\0';
		l.body.n = 20;
		(void)packet_of(&b, &l, &good);
		ok(!good, "a NUL in the text is refused");
	}
	buf_free(&b);
}

int main(void)
{
	comes_out_again();
	refused();
	return tap_done();
}
