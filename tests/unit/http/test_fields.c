/* SPDX-License-Identifier: Apache-2.0 */
/* Query, form, multipart body, cookies (trust.md S13, S23): tables of cases. */
#include "http/fields.h"

#include "http/limits.h"

#include "tap.h"

#include <string.h>

static struct arena *arena;

static const char *printed(const struct fields *f)
{
	struct buf b;
	const char *out;

	buf_init(&b, 10000);
	for (size_t i = 0; i < f->n; i++)
		buf_printf(&b, "%s%.*s=%.*s", i > 0 ? "|" : "", TEXT_ARG(f->v[i].name),
			   TEXT_ARG(f->v[i].value));
	out = arena_copy(arena, b.p == NULL ? "" : b.p, b.n);
	buf_free(&b);
	return out;
}

static void check_pairs(void)
{
	static const struct {
		const char *query, *fields, *key; /* fields NULL: refused, naming key */
	} v[] = {
		{"", "", ""},
		{"a=1", "a=1", ""},
		{"a=1&b=", "a=1|b=", ""},
		{"a", "a=", ""},
		{"a=b=c", "a=b=c", ""},
		{"a+b=c+d%2B", "a b=c d+", ""},
		{"x=%C3%A9", "x=\xc3\xa9", ""},
		{"x=1%0d%0a2%09", "x=1\r\n2\t", ""},
		{"A=1&a=2", "A=1|a=2", ""},
		{"a=1&a=2", NULL, "a"},
		{"a=1&%61=1", NULL, "a"},
		{"a=%ff", NULL, "a"},
		{"a=%", NULL, "a"},
		{"a=%0", NULL, "a"},
		{"a=%zz", NULL, "a"},
		{"a=%00", NULL, "a"},
		{"a=%1b", NULL, "a"},
		{"%ff=1", NULL, ""},
		{"=1", NULL, ""},
		{"&", NULL, ""},
		{"a=1&", NULL, ""},
		{"&a=1", NULL, ""},
		{"a=1&&b=2", NULL, ""},
		{"a=%ed%a0%80", NULL, "a"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		struct fields f = {NULL, 0};
		struct err err = {.line = 0};
		enum rc rc = pairs_parse(arena, text_of(v[i].query), &f, &err);

		ok(v[i].fields == NULL ? rc == RC_INVALID && strcmp(err.key, v[i].key) == 0 &&
						 err.message[0] != '\0'
				       : rc == RC_OK && strcmp(printed(&f), v[i].fields) == 0,
		   "query '%s'", v[i].query);
	}
	for (int more = 0; more <= 1; more++) {
		struct fields f = {NULL, 0};
		struct err err = {.line = 0};
		struct buf b;

		buf_init(&b, 10000);
		for (int i = 0; i < LIMIT_PARAMETERS + more; i++)
			buf_printf(&b, "%sp%d", i > 0 ? "&" : "", i);
		ok((pairs_parse(arena, buf_view(&b), &f, &err) == RC_OK) == (more == 0),
		   "%d parameters", LIMIT_PARAMETERS + more);
		buf_free(&b);
	}
}

#define PART(name, rest, body)                                                                     \
	"--B\r\nContent-Disposition: form-data; name=\"" name "\"" rest "\r\n\r\n" body "\r\n"

static void check_multipart(void)
{
	static const struct {
		const char *type, *body, *fields, *files; /* fields NULL: refused */
	} v[] = {
		{"multipart/form-data; boundary=B",
		 PART("a", "", "1") PART("b", "", "") "--B--\r\n", "a=1|b=", ""},
		{"multipart/form-data; boundary=\"B\"", PART("a", "", "x\r\n--y") "--B--",
		 "a=x\r\n--y", ""},
		{"multipart/form-data; charset=utf-8; BOUNDARY=B",
		 PART("f", "; filename=\"a b/../c.PDF\"\r\nContent-Type: application/pdf",
		      "%PDF") "--B--\r\n",
		 "", "f c.PDF application/pdf 4"},
		{"multipart/form-data; boundary=B", PART("f", "; filename=\"\"", "") "--B--\r\n",
		 "", "f file  0"},
		{"multipart/form-data; boundary=B",
		 PART("f", "; filename=\"..\\\\.x.svg\"", "z")
			 PART("f", "; filename=b", "yy") "--B--\r\n",
		 "", "f x.svg  1|f b  2"},
		{"multipart/form-data; boundary=B", "--B--\r\n", "", ""},
		{"multipart/form-data", PART("a", "", "1") "--B--\r\n", NULL, ""},
		{"multipart/form-data; boundary=", PART("a", "", "1") "--B--\r\n", NULL, ""},
		{"multipart/form-data; boundary=C", PART("a", "", "1") "--B--\r\n", NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "1"), NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "1") "--B", NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "1") "--B--x", NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "1") "--Bx\r\n", NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "1") PART("a", "", "2") "--B--",
		 NULL, ""},
		{"multipart/form-data; boundary=B", PART("", "", "1") "--B--", NULL, ""},
		{"multipart/form-data; boundary=B", PART("a", "", "\xff") "--B--", NULL, ""},
		{"multipart/form-data; boundary=B", "--B\r\nX: y\r\n\r\n1\r\n--B--", NULL, ""},
		{"multipart/form-data; boundary=B",
		 "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--B--", NULL, ""},
		{"multipart/form-data; boundary=B", "x\r\n" PART("a", "", "1") "--B--", NULL, ""},
		{"multipart/form-data; boundary=B", "", NULL, ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		struct fields f = {NULL, 0};
		const struct part *files = NULL;
		struct err err = {.line = 0};
		size_t n = 0;
		enum rc rc = multipart_parse(arena, text_of(v[i].type), text_of(v[i].body), &f,
					     &files, &n, &err);
		struct buf b;

		buf_init(&b, 1000);
		for (size_t k = 0; rc == RC_OK && k < n; k++)
			buf_printf(&b, "%s%.*s %.*s %.*s %zu", k > 0 ? "|" : "",
				   TEXT_ARG(files[k].name), TEXT_ARG(files[k].file),
				   TEXT_ARG(files[k].type), files[k].body.n);
		ok(v[i].fields == NULL ? rc == RC_INVALID && err.message[0] != '\0'
				       : rc == RC_OK && strcmp(printed(&f), v[i].fields) == 0 &&
						 text_is(buf_view(&b), v[i].files),
		   "multipart body %zu", i);
		if (rc != RC_OK && v[i].fields != NULL)
			note("%s", err.message);
		buf_free(&b);
	}
	for (int more = 0; more <= 1; more++) {
		struct fields f = {NULL, 0};
		const struct part *files = NULL;
		struct err err = {.line = 0};
		size_t n = 0;
		struct buf b;

		buf_init(&b, 100000);
		for (int i = 0; i < LIMIT_PARTS + more; i++)
			buf_printf(&b,
				   "--B\r\nContent-Disposition: form-data; name=p%d\r\n\r\n\r\n",
				   i);
		buf_str(&b, "--B--");
		ok((multipart_parse(arena, text_of("multipart/form-data;boundary=B"), buf_view(&b),
				    &f, &files, &n, &err) == RC_OK) == (more == 0),
		   "%d parts", LIMIT_PARTS + more);
		buf_free(&b);
	}
}

static void check_forms(void)
{
	static const struct {
		const char *type, *body, *fields, *code;
	} v[] = {
		{"application/x-www-form-urlencoded", "a=1", "a=1", ""},
		{"application/x-www-form-urlencoded; charset=UTF-8", "a=1", "a=1", ""},
		{"application/x-www-form-urlencoded; charset=latin1", "a=1", NULL, "content_type"},
		{"multipart/form-data; boundary=B", PART("a", "", "1") "--B--", "a=1", ""},
		{"multipart/form-data; boundary=B", PART("a", "; filename=x", "1") "--B--", NULL,
		 "multipart"},
		{"text/plain", "a=1", NULL, "content_type"},
		{"", "a=1", NULL, "content_type"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		const struct field type = {text_of("content-type"), text_of(v[i].type)};
		const struct request q = {
			.arena = arena, .headers = {&type, 1}, .body = text_of(v[i].body)};
		struct fields f = {NULL, 0};
		struct err err = {.line = 0};
		enum rc rc = form_parse(&q, &f, NULL, NULL, &err);

		ok(v[i].fields == NULL ? rc == RC_INVALID && strcmp(err.code, v[i].code) == 0
				       : rc == RC_OK && strcmp(printed(&f), v[i].fields) == 0,
		   "form of '%s'", v[i].type);
	}
}

static void check_cookies(void)
{
	static const struct {
		const char *header, *fields;
	} v[] = {
		{"", ""},
		{"a=1", "a=1"},
		{"a=1; b=2", "a=1|b=2"},
		{"a=1;b=2;", "a=1|b=2"},
		{"a=b=c", "a=b=c"},
		{" a = 1 ", "a=1"},
		{"junk; a=1", "a=1"},
		{"=x; a=1", "a=1"},
		{"a=1; a=1", "a=1"},
		{"a=1; a=2", ""},
		{"a=1; a=2; a=1", ""},
		{"a=1; b=2; a=3", "b=2"},
		{"a={\"x\":1}", "a={\"x\":1}"},
		{"a=", "a="},
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		struct fields f = cookies_parse(arena, text_of(v[i].header));

		ok(strcmp(printed(&f), v[i].fields) == 0, "cookie '%s'", v[i].header);
	}
}

int main(void)
{
	arena = arena_new(64 << 20);
	check_pairs();
	check_multipart();
	check_forms();
	check_cookies();
	arena_free(arena);
	return tap_done();
}
