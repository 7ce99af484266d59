/* SPDX-License-Identifier: Apache-2.0 */
/* Files on tickets (trust.md S23): which are taken, by suffix and first bytes; what becomes of names; each limit, and one beyond it. */
#include "facts/attachment.h"

#include "../../tap.h"

#include <string.h>

static struct arena *arena;

#define BYTES(s)                                                                                   \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}

static void check_kinds(void)
{
	static const struct {
		const char *name;
		struct text bytes;
		const char *word; /* NULL: refused */
	} v[] = {
		{"a.pdf", BYTES("%PDF-1.7\n"), "pdf"},
		{"A.PDF", BYTES("%PDF-"), "pdf"},
		{"a.pdf", BYTES("%PDF"), NULL},
		{"a.pdf", BYTES(" %PDF-1.7"), NULL},
		{"a.pdf", BYTES("\x89PNG\r\n\x1a\n"), NULL},
		{"a.png", BYTES("\x89PNG\r\n\x1a\nIHDR"), "png"},
		{"a.png", BYTES("\x89PNG\r\n\x1a"), NULL},
		{"a.png", BYTES("<svg xmlns='http://www.w3.org/2000/svg'/>"), NULL},
		{"a.jpg", BYTES("\xff\xd8\xff\xe0"), "jpeg"},
		{"a.jpeg", BYTES("\xff\xd8\xff"), "jpeg"},
		{"a.jpe", BYTES("\xff\xd8\xff"), NULL},
		{"a.jpg", BYTES("\xff\xd8"), NULL},
		{"a.csv", BYTES("a;b\r\n1;\xfc\r\n"), "csv"},
		{"a.csv", BYTES("\xef\xbb\xbfname\n"), "csv"},
		{"a.csv", BYTES("PK\x03\x04"), NULL},
		{"a.txt", BYTES("no answer from 10.0.0.1\n"), "txt"},
		{"a.txt", BYTES("1 < 2, and \x1b[31mred"), "txt"},
		{"a.txt", BYTES("a\0b"), NULL},
		{"a.txt", BYTES("\x01"), NULL},
		{"a.txt", BYTES("<html><script>"), NULL},
		{"a.txt", BYTES(" \r\n\t<!DOCTYPE html>"), NULL},
		{"a.txt", BYTES("\xef\xbb\xbf<svg/>"), NULL},
		{"a.txt", BYTES("#!/bin/sh\n"), NULL},
		{"a.txt", BYTES("{\\rtf1"), NULL},
		{"a.txt", BYTES("MZ\x90"), NULL},
		{"a.ics", BYTES("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "ics"},
		{"a.ics", BYTES("begin:vcalendar\n"), "ics"},
		{"a.ics", BYTES("BEGIN:VCARD\r\n"), NULL},
		{"a.eml", BYTES("Received: from a\r\n\r\nhello"), "eml"},
		{"a.eml", BYTES("From ana Tue Mar  3 09:00:00 2026\nSubject: x\n"), "eml"},
		{"a.eml", BYTES("From ana Tue Mar  3 09:00:00 2026\n<html>\n"), NULL},
		{"a.eml", BYTES("<html>: x\n"), NULL},
		{"a.eml", BYTES("hello\n"), NULL},
		{"a.eml", BYTES(": x"), NULL},
		{"a.eml", BYTES("Subject: x\n\n\0"), NULL},
		{"a.zip", BYTES("PK\x03\x04"), "zip"},
		{"a.zip", BYTES("PK\x05\x06"), "zip"},
		{"a.zip", BYTES("PK\x07\x08"), NULL},
		{"a.zip", BYTES("7z\xbc\xaf"), NULL},
		/* what runs somewhere, whatever it begins with */
		{"a.docm", BYTES("PK\x03\x04"), NULL},
		{"a.xlsm", BYTES("PK\x03\x04"), NULL},
		{"a.svg", BYTES("<svg/>"), NULL},
		{"a.html", BYTES("hello"), NULL},
		{"a.txt.exe", BYTES("hello"), NULL},
		{"a", BYTES("hello"), NULL},
		{".txt", BYTES("hello"), NULL},
		{"txt", BYTES("hello"), NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		enum attachment_type t = ATTACHMENT_TYPES;
		struct err err = {.line = 0};
		enum rc rc = attachment_check(text_of(v[i].name), v[i].bytes, &t, &err);

		ok(v[i].word == NULL ? rc == RC_INVALID && strcmp(err.code, "content_type") == 0 &&
					       strcmp(err.key, v[i].name) == 0 &&
					       err.hint[0] != '\0' && t == ATTACHMENT_TYPES
				     : rc == RC_OK && strcmp(attachment_word(t), v[i].word) == 0,
		   "'%s' that begins %.*s: %s", v[i].name, v[i].bytes.n > 0 ? 1 : 0, v[i].bytes.p,
		   v[i].word == NULL ? "refused" : v[i].word);
	}
}

static void check_sizes(void)
{
	struct arena *large = arena_new((size_t)64 << 20);
	char *p = arena_alloc(large, ATTACHMENT_MAX_BYTES + 1);
	enum attachment_type t = ATTACHMENT_TYPES;
	struct err err = {.line = 0};

	memset(p, 'x', ATTACHMENT_MAX_BYTES + 1);
	ok(attachment_check(text_of("a.txt"), (struct text){p, ATTACHMENT_MAX_BYTES}, &t, &err) ==
			   RC_OK &&
		   t == ATTACHMENT_TXT,
	   "25 MiB are taken");
	ok(attachment_check(text_of("a.txt"), (struct text){p, ATTACHMENT_MAX_BYTES + 1}, &t,
			    &err) == RC_LIMIT &&
		   strstr(err.message, "26214401") != NULL,
	   "one byte more is not: %s", err.message);
	err_clear(&err);
	ok(attachment_check(text_of("a.txt"), text_of(""), &t, &err) == RC_INVALID &&
		   strcmp(err.code, "content_type") != 0,
	   "nothing is not: %s", err.message);
	/* a byte that is none of a text, at the very end */
	p[ATTACHMENT_MAX_BYTES - 1] = '\0';
	err_clear(&err);
	ok(attachment_check(text_of("a.txt"), (struct text){p, ATTACHMENT_MAX_BYTES}, &t, &err) ==
		   RC_INVALID,
	   "a text is looked at to its end");
	arena_free(large);
}

static void check_names(void)
{
	static const struct {
		const char *name, *kept;
	} v[] = {{"a.pdf", "a.pdf"},
		 {"../../etc/passwd", "passwd"},
		 {"C:\\x\\y z.txt", "yz.txt"},
		 {"...", "file"},
		 {"", "file"},
		 {".htaccess", "htaccess"},
		 {"\xc3\xa9.pdf", "file.pdf"},
		 {"\xe5\x9b\xb3 1.png", "1.png"},
		 {"a\"b\r\nX: y.txt", "abXy.txt"},
		 {"a/", "file"}};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		is_text(attachment_name(arena, text_of(v[i].name)), v[i].kept, "a file named '%s'",
			v[i].kept);
	for (size_t n = ATTACHMENT_NAME_MAX - 1; n <= ATTACHMENT_NAME_MAX + 1; n++) {
		char *name = arena_alloc(arena, n);
		struct text got;

		memset(name, 'x', n);
		memcpy(name + n - 5, ".jpeg", 5);
		got = attachment_name(arena, (struct text){name, n});
		is_i64((int64_t)got.n, (int64_t)(n < ATTACHMENT_NAME_MAX ? n : ATTACHMENT_NAME_MAX),
		       "%zu characters", n);
		ok(text_ends(got, "x.jpeg"), "and its suffix is kept");
		memset(name, 'x', n);
		got = attachment_name(arena, (struct text){name, n});
		is_i64((int64_t)got.n, (int64_t)(n < ATTACHMENT_NAME_MAX ? n : ATTACHMENT_NAME_MAX),
		       "without a suffix");
	}
}

static void check_slots(void)
{
	ok(attachment_slot(FACT_TICKET_ATTACHED, text_of("content")), "the bytes of a file");
	ok(attachment_slot(FACT_TICKET_ATTACHED, text_of("health_content")),
	   "those of health data");
	ok(!attachment_slot(FACT_TICKET_ATTACHED, text_of("health")) &&
		   !attachment_slot(FACT_TICKET_MESSAGE, text_of("health_content")),
	   "whose name is words, and nothing of another kind");
	ok(!attachment_slot(FACT_TICKET_ATTACHED, text_of("name")), "its name is words");
	ok(!attachment_slot(FACT_TICKET_LOGGED, text_of("content")), "no file of another kind");
}

int main(void)
{
	arena = arena_new((size_t)1 << 20);
	check_kinds();
	check_sizes();
	check_names();
	check_slots();
	arena_free(arena);
	return tap_done();
}
