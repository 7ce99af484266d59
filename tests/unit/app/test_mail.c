/* SPDX-License-Identifier: Apache-2.0 */
/* What mail says (docs/decisions/0023, trust.md S22): texts with names in them, heads, and how long it waits after it failed. */
#include "app/outbox.h"
#include "tap.h"

#include <string.h>

static void texts(void)
{
	static const struct {
		const char *subject, *body, *wrong;
	} cases[] = {
		{"Come in", "{link}", NULL},
		{"{provider} for {name}", "Hello {name},\n{link} until {until}\n", NULL},
		{"Come in", "Hello", "{link} is missing"},
		{"Come in", "{link} {amount}", "there is no {amount}"},
		{"{ticket}", "{link}", "there is no {ticket}"},
		{"{link}", "{link}", "stands in the body"},
		{"Come in", "{link} {", "a brace stands alone"},
		{"Come in", "{link} }", "a brace stands alone"},
		{"Come in", "{link} {Name}", "a brace stands alone"},
		{"", "{link}", "the subject cannot stand"},
		{"Come in\r\nBcc: x@y.example", "{link}", "the subject cannot stand"},
		{"Come in", "{link}\r\n", "the body cannot stand"},
		{"Come in", "{link}\x01", "the body cannot stand"},
		{"Come in", "{link}\xff", "the body cannot stand"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mail_words w = {text_of(cases[i].subject), text_of(cases[i].body)};
		struct err err = {.line = 0};
		enum rc rc = mail_words_ok(MAIL_INVITATION, &w, &err);

		ok(cases[i].wrong == NULL
			   ? rc == RC_OK
			   : rc == RC_USAGE && strstr(err.message, cases[i].wrong) != NULL,
		   "text %zu: %s", i, cases[i].wrong == NULL ? "fine" : cases[i].wrong);
	}
}

/* The usual texts of every kind and language are such as the provider could set, and are filled to the last brace. */
static void usual(void)
{
	struct arena *a = arena_new(1 << 20);
	const struct mail_values v = {{text_of("{until}"), text_of("https://t.example/{name}"),
				       text_of("x"), text_of("y"), text_of("z"), text_of("w")}};

	for (int k = 0; k < MAIL_KINDS; k++)
		for (size_t i = 0; i < language_count(); i++) {
			struct mail_words w = mail_usual(a, (enum mail_kind)k, language_at(i));
			struct err err = {.line = 0};
			struct text body = mail_fill(a, (enum mail_kind)k, w.body, &v);

			ok(mail_words_ok((enum mail_kind)k, &w, &err) == RC_OK, "%s in %s: %s",
			   mail_row((enum mail_kind)k)->kind, language_tag(language_at(i)),
			   err.message);
			ok(text_has(body, v.v[1]) && !text_has(body, text_of("{link}")),
			   "is filled, and what fills it is not filled again");
		}
	arena_free(a);
}

static void heads(void)
{
	struct arena *a = arena_new(1 << 16);
	struct mail_parts p = {.from = text_of("t@acme.example"),
			       .provider = text_of("Acme \"IT\""),
			       .to = text_of("a@b.example"),
			       .message = text_of("m_1@acme.example"),
			       .made_at = 0,
			       .words = {text_of("K\xc3\xa4se"), text_of("x")}};
	struct mail_letter l;
	struct err err = {.line = 0};

	ok(mail_letter_of(a, &p, &l, &err) == RC_OK && l.n_head == 6, "six lines of head");
	is_text(l.head[0], "Date: Thu, 1 Jan 1970 00:00:00 +0000", "the date");
	is_text(l.head[1], "From: \"Acme \\\"IT\\\"\" <t@acme.example>", "quotes in a name");
	is_text(l.head[4], "Subject: =?UTF-8?B?S8Okc2U=?=", "what is not ASCII");
	p.words.subject = text_of("a\nBcc: x@y.example");
	ok(mail_letter_of(a, &p, &l, &err) == RC_INVALID, "a subject of two lines is refused");
	p.words.subject = text_of("a");
	p.provider = text_of("Acme\r\nBcc: x@y.example");
	ok(mail_letter_of(a, &p, &l, &err) == RC_INVALID, "and such a name");
	p.provider = text_of("Acme");
	p.to = text_of("a@b.example, c@d.example");
	ok(mail_letter_of(a, &p, &l, &err) == RC_USAGE, "and two addresses");
	arena_free(a);
}

static void waits(void)
{
	static const int64_t minutes[] = {1, 4, 16, 64, 240, 240};

	for (size_t i = 0; i < ARRAY_SIZE(minutes); i++)
		is_i64(outbox_wait_ms((int64_t)i + 1), minutes[i] * MINUTE_MS, "after try %zu",
		       i + 1);
	is_i64(outbox_wait_ms(INT64_MAX), OUTBOX_LONGEST_WAIT_MS, "and never longer");
}

int main(void)
{
	texts();
	usual();
	heads();
	waits();
	return tap_done();
}
