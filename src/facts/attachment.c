/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/attachment.h"

#include <assert.h>
#include <string.h>

/* How the bytes of a kind begin. */
enum looks { LOOKS_BY_START, LOOKS_TEXT, LOOKS_CALENDAR, LOOKS_MAIL };

/* START: bytes with their number. A kind has up to two of them. */
#define START(s)                                                                                   \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}

static const struct {
	const char *word, *suffixes[2];
	enum looks looks;
	struct text starts[2];
} types[ATTACHMENT_TYPES] = {
	[ATTACHMENT_PDF] = {"pdf", {".pdf", NULL}, LOOKS_BY_START, {START("%PDF-")}},
	[ATTACHMENT_PNG] = {"png", {".png", NULL}, LOOKS_BY_START, {START("\x89PNG\r\n\x1a\n")}},
	[ATTACHMENT_JPEG] = {"jpeg", {".jpg", ".jpeg"}, LOOKS_BY_START, {START("\xff\xd8\xff")}},
	[ATTACHMENT_CSV] = {"csv", {".csv", NULL}, LOOKS_TEXT, {{NULL, 0}}},
	[ATTACHMENT_TXT] = {"txt", {".txt", NULL}, LOOKS_TEXT, {{NULL, 0}}},
	[ATTACHMENT_ICS] = {"ics", {".ics", NULL}, LOOKS_CALENDAR, {{NULL, 0}}},
	[ATTACHMENT_EML] = {"eml", {".eml", NULL}, LOOKS_MAIL, {{NULL, 0}}},
	[ATTACHMENT_ZIP] = {"zip",
			    {".zip", NULL},
			    LOOKS_BY_START,
			    {START("PK\x03\x04"), START("PK\x05\x06")}},
};

/* What a browser or an office program would run, and programs: none of it goes as a text, whatever its name says. */
static const struct text never_text[] = {
	START("%PDF-"),        START("\xd0\xcf\x11\xe0"), START("PK\x03\x04"), START("GIF8"),
	START("\xff\xd8\xff"), START("{\\rtf"),           START("#!"),         START("MZ")};

const char *attachment_word(enum attachment_type t)
{
	assert(t < ATTACHMENT_TYPES);
	return types[t].word;
}

bool attachment_slot(enum fact_kind kind, struct text slot)
{
	return kind == FACT_TICKET_ATTACHED &&
	       (text_is(slot, ATTACHMENT_SLOT) || text_is(slot, ATTACHMENT_HEALTH_SLOT));
}

/* --- names --- */

static bool kept(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '_' || c == '.';
}

struct text attachment_name(struct arena *a, struct text name)
{
	enum { SUFFIX_MAX = 16 };
	static const char nameless[] = "file";
	size_t from = name.n, n = 0, dot, suffix;
	char *p;

	/* Some browsers sent a whole path once: only what stands after the last slash counts. */
	while (from > 0 && name.p[from - 1] != '/' && name.p[from - 1] != '\\')
		from--;
	p = (char *)arena_alloc(a, name.n - from + sizeof(nameless));
	for (size_t i = from; i < name.n; i++) {
		if (name.p[i] == '.' && n == 0 && i > from && name.p[i - 1] != '.') {
			memcpy(p, nameless, sizeof(nameless) - 1);
			n = sizeof(nameless) - 1;
		}
		if (kept(name.p[i]) && (name.p[i] != '.' || n > 0))
			p[n++] = name.p[i];
	}
	if (n == 0)
		return text_of(nameless);
	if (n <= ATTACHMENT_NAME_MAX)
		return (struct text){p, n};
	for (dot = n; dot > 0 && p[dot - 1] != '.';)
		dot--;
	suffix = dot == 0 || n - dot + 1 > SUFFIX_MAX ? 0 : n - dot + 1;
	memmove(p + ATTACHMENT_NAME_MAX - suffix, p + n - suffix, suffix);
	return (struct text){p, ATTACHMENT_NAME_MAX};
}

/* --- kinds --- */

static bool ends_nocase(struct text name, const char *suffix)
{
	struct text s = text_of(suffix);

	return name.n > s.n && text_eq_nocase(text_sub(name, name.n - s.n, name.n), s);
}

static bool starts_nocase(struct text t, const char *with)
{
	struct text s = text_of(with);

	return t.n >= s.n && text_eq_nocase(text_sub(t, 0, s.n), s);
}

/* Without a mark of the byte order and blanks before the first word. */
static struct text text_from_first(struct text t)
{
	size_t i = text_starts(t, "\xef\xbb\xbf") ? 3 : 0;

	while (i < t.n && (t.p[i] == ' ' || t.p[i] == '\t' || t.p[i] == '\r' || t.p[i] == '\n'))
		i++;
	return text_sub(t, i, t.n);
}

/* A text of any one-byte writing: no NUL, no other control characters than those of lines and pages; no markup. */
static bool is_text(struct text bytes)
{
	struct text first = text_from_first(bytes);

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c < ' ' && (c < '\t' || c > '\r') && c != 0x1b)
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(never_text); i++)
		if (first.n >= never_text[i].n &&
		    memcmp(first.p, never_text[i].p, never_text[i].n) == 0)
			return false;
	return first.n == 0 || first.p[0] != '<';
}

/* RFC 5322: the name of a field and a colon; an mbox's "From " before it. */
static bool is_mail(struct text bytes)
{
	struct text line = text_from_first(bytes), rest = line;
	size_t i = 0;

	if (text_starts(line, "From ")) {
		rest = text_cut(line, '\n', &line);
		line = rest;
	}
	while (i < line.n &&
	       ((line.p[i] >= '0' && line.p[i] <= '9') || line.p[i] == '-' ||
		(line.p[i] >= 'A' && line.p[i] <= 'Z') || (line.p[i] >= 'a' && line.p[i] <= 'z')))
		i++;
	return i > 0 && i < line.n && line.p[i] == ':' && memchr(bytes.p, 0, bytes.n) == NULL;
}

static bool looks_so(enum attachment_type t, struct text bytes)
{
	switch (types[t].looks) {
	case LOOKS_BY_START:
		for (size_t i = 0; i < ARRAY_SIZE(types[t].starts); i++)
			if (types[t].starts[i].n > 0 && bytes.n >= types[t].starts[i].n &&
			    memcmp(bytes.p, types[t].starts[i].p, types[t].starts[i].n) == 0)
				return true;
		return false;
	case LOOKS_TEXT:
		return is_text(bytes);
	case LOOKS_CALENDAR:
		return is_text(bytes) && starts_nocase(text_from_first(bytes), "BEGIN:VCALENDAR");
	case LOOKS_MAIL:
		return is_mail(bytes);
	}
	return false;
}

static enum rc refuse(struct text name, const char *why, struct err *err)
{
	err_key(err, name);
	err_code(err, "content_type");
	err_hint(err, "taken are pdf, png, jpg, csv, txt, ics, eml and zip");
	return err_set(err, RC_INVALID, "'%.*s' %s", TEXT_ARG(name), why);
}

enum rc attachment_check(struct text name, struct text bytes, enum attachment_type *out,
			 struct err *err)
{
	if (bytes.n == 0) {
		err_key(err, name);
		err_hint(err, "attach a file that has something in it");
		return err_set(err, RC_INVALID, "'%.*s' is empty", TEXT_ARG(name));
	}
	if (bytes.n > ATTACHMENT_MAX_BYTES) {
		err_key(err, name);
		err_hint(err, "a file has at most %d MiB", ATTACHMENT_MAX_BYTES >> 20);
		return err_set(err, RC_LIMIT, "'%.*s' has %zu bytes; the limit is %d",
			       TEXT_ARG(name), bytes.n, ATTACHMENT_MAX_BYTES);
	}
	for (size_t t = 0; t < ATTACHMENT_TYPES; t++)
		for (size_t k = 0; k < ARRAY_SIZE(types[t].suffixes); k++) {
			if (types[t].suffixes[k] == NULL ||
			    !ends_nocase(name, types[t].suffixes[k]))
				continue;
			if (!looks_so((enum attachment_type)t, bytes))
				return refuse(name, "is not what its suffix says", err);
			*out = (enum attachment_type)t;
			return RC_OK;
		}
	return refuse(name, "is of no kind that can be attached", err);
}
