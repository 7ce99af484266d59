/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines as a calendar (RFC 5545). */
#include "render/agenda.h"

enum { LINE_OCTETS_MAX = 75, LINE_MAX_BYTES = 1 << 16 };

/* RFC 5545 3.1: no line is longer than 75 octets; what goes on begins with a blank, and no character is cut. */
static void put_line(struct buf *out, const struct buf *line)
{
	struct text t = buf_view(line);
	size_t room = LINE_OCTETS_MAX;

	while (t.n > room) {
		size_t cut = room;

		while (cut > 1 && ((unsigned char)t.p[cut] & 0xC0U) == 0x80U)
			cut--;
		buf_text(out, text_sub(t, 0, cut));
		buf_str(out, "\r\n ");
		t = text_sub(t, cut, t.n);
		room = LINE_OCTETS_MAX - 1;
	}
	buf_text(out, t);
	buf_str(out, "\r\n");
}

/* RFC 5545 3.3.11 */
static void put_escaped(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c == '\n') {
			buf_str(b, "\\n");
			continue;
		}
		if (c < 0x20 || c == 0x7F)
			continue;
		if (c == '\\' || c == ';' || c == ',')
			buf_char(b, '\\');
		buf_char(b, (char)c);
	}
}

static void property(struct buf *out, const char *name, struct text value)
{
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	buf_str(&line, name);
	buf_char(&line, ':');
	put_escaped(&line, value);
	put_line(out, &line);
	buf_free(&line);
}

/* "20260401T130000Z" */
static struct text stamp(struct arena *a, instant t)
{
	struct civil c = civil_of(zone_day(zone_utc(), t));
	int64_t ms = zone_local(zone_utc(), t).ms;

	return text_format(a, "%04d%02d%02dT%02d%02d%02dZ", (int)c.year, (int)c.month, (int)c.mday,
			   (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
}

static struct text day_stamp(struct arena *a, day v)
{
	struct civil c = civil_of(v);

	return text_format(a, "%04d%02d%02d", (int)c.year, (int)c.month, (int)c.mday);
}

/* What names a thing in a calendar: letters, digits and dashes only, all else as its code, so that two never meet. */
static void put_name(struct buf *b, struct text t)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-') {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '_');
		buf_char(b, hex[c >> 4]);
		buf_char(b, hex[c & 15]);
	}
}

static struct text uid(struct arena *a, const struct agenda_item *x)
{
	struct buf b;
	struct text t;

	buf_init(&b, LINE_MAX_BYTES);
	put_name(&b, text_of(agenda_kind_word(x->kind)));
	buf_char(&b, '.');
	put_name(&b, x->about);
	buf_char(&b, '.');
	put_name(&b, x->contract);
	buf_str(&b, "@tenor");
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

static void event(const struct agenda *a, const struct agenda_item *x, struct buf *out)
{
	struct doc *d = agenda_words(a, x->zone);
	struct phrase who = x->who == PARTY_PROVIDER ? SAY0(d, W_PARTY_PROVIDER)
			    : x->who == PARTY_CLIENT ? SAY0(d, W_PARTY_CLIENT)
						     : SAY0(d, W_BOTH_PARTIES);

	property(out, "BEGIN", text_of("VEVENT"));
	property(out, "UID", uid(a->arena, x));
	property(out, "DTSTAMP", stamp(a->arena, a->now));
	if (x->whole_day) {
		day last = zone_day(x->zone, x->at - 1);

		property(out, "DTSTART;VALUE=DATE", day_stamp(a->arena, last));
		property(out, "DTEND;VALUE=DATE", day_stamp(a->arena, last + 1));
	} else {
		property(out, "DTSTART", stamp(a->arena, x->at));
		property(out, "DTEND", stamp(a->arena, x->at));
	}
	property(out, "SUMMARY",
		 doc_words(d, SAY(d, W_COLON, doc_plain(d, x->contract),
				  SAY(d, W_IN_BRACKETS, doc_plain(d, x->what), who))));
	if (x->why.n > 0)
		property(out, "DESCRIPTION", x->why);
	property(out, "TRANSP", text_of("TRANSPARENT"));
	property(out, "END", text_of("VEVENT"));
}

void deadlines_ics(const struct agenda *a, struct buf *out)
{
	property(out, "BEGIN", text_of("VCALENDAR"));
	property(out, "VERSION", text_of("2.0"));
	property(out, "PRODID", text_of("-//Tenor//deadlines//EN"));
	property(out, "METHOD", text_of("PUBLISH"));
	for (size_t i = 0; i < a->n; i++)
		event(a, &a->v[i], out);
	property(out, "END", text_of("VCALENDAR"));
}
