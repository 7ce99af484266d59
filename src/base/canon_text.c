/* SPDX-License-Identifier: Apache-2.0 */
#include "base/canon_text.h"

#include "base/canon.h"

#include <stdio.h>

static bool continues(unsigned char c)
{
	return c >> 6 == 2;
}

size_t canon_rune(const char *p, const char *end, uint32_t *rune)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t n = (size_t)(end - p);

	if (u[0] < 0x80) {
		*rune = u[0];
		return 1;
	}
	if (u[0] >= 0xc2 && u[0] <= 0xdf && n >= 2 && continues(u[1])) {
		*rune = (uint32_t)(u[0] & 0x1f) << 6 | (u[1] & 0x3f);
		return 2;
	}
	if (u[0] >> 4 == 0xe && n >= 3 && continues(u[1]) && continues(u[2])) {
		*rune = (uint32_t)(u[0] & 0x0f) << 12 | (uint32_t)(u[1] & 0x3f) << 6 |
			(u[2] & 0x3f);
		/* neither a longer form of a shorter one nor half of a pair */
		return *rune < 0x800 || (*rune >= 0xd800 && *rune <= 0xdfff) ? 0 : 3;
	}
	if (u[0] >> 3 == 0x1e && n >= 4 && continues(u[1]) && continues(u[2]) && continues(u[3])) {
		*rune = (uint32_t)(u[0] & 0x07) << 18 | (uint32_t)(u[1] & 0x3f) << 12 |
			(uint32_t)(u[2] & 0x3f) << 6 | (u[3] & 0x3f);
		return *rune < 0x10000 || *rune > 0x10ffff ? 0 : 4;
	}
	return 0;
}

const char *canon_rune_bad(uint32_t rune)
{
	if ((rune < 0x20 && rune != '\t' && rune != '\n') || (rune >= 0x7f && rune <= 0x9f))
		return "control character";
	if ((rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069))
		return "direction mark";
	if (rune == 0xfeff)
		return "byte order mark";
	return rune >= 0xd800 && rune <= 0xdfff ? "lone surrogate" : NULL;
}

size_t canon_rune_put(uint32_t rune, char out[4])
{
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	size_t n = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(unsigned char)(0x80 | (rune & 0x3f));
		rune >>= 6;
	}
	out[0] = (char)(unsigned char)(lead[n] | rune);
	return n;
}

bool canon_text_ok(struct text t, char why[64])
{
	if (t.n == 0)
		return true;

	const char *end = t.p + t.n, *p = canon_plain(t.p, end);

	while (p < end) {
		uint32_t rune = 0;
		size_t n = canon_rune(p, end, &rune);

		if (n == 0) {
			(void)snprintf(why, 64, "byte 0x%02x is not UTF-8",
				       (unsigned)(unsigned char)*p);
			return false;
		}
		if (canon_rune_bad(rune) != NULL) {
			(void)snprintf(why, 64, "%s U+%04X", canon_rune_bad(rune), (unsigned)rune);
			return false;
		}
		p = canon_plain(p + n, end);
	}
	return true;
}

/* The bytes from p on, n of 1 to 7, in some order, some of them twice. */
static uint64_t few_bytes(const char *p, size_t n)
{
	uint32_t first, last;
	uint16_t two, rest;

	if (n >= sizeof(first)) {
		memcpy(&first, p, sizeof(first));
		memcpy(&last, p + n - sizeof(last), sizeof(last));
		return (uint64_t)last << 32 | first;
	}
	if (n == 1)
		return CANON_BYTES((uint64_t)(unsigned char)*p);
	memcpy(&two, p, sizeof(two));
	memcpy(&rest, p + n - sizeof(rest), sizeof(rest));
	return (uint64_t)rest << 48 | (uint64_t)two << 32 | (uint64_t)rest << 16 | two;
}

static bool word_plain(uint64_t w)
{
	return (w & CANON_BYTES(0x80)) == 0 && canon_not_plain(w) == 0;
}

bool canon_text_plain(struct text t)
{
	uint64_t w;

	if (t.n < sizeof(w))
		return t.n == 0 || word_plain(few_bytes(t.p, t.n));
	for (size_t i = 0; i + sizeof(w) <= t.n; i += sizeof(w)) {
		memcpy(&w, t.p + i, sizeof(w));
		if (!word_plain(w))
			return false;
	}
	/* the last eight again, whatever of them was seen */
	memcpy(&w, t.p + t.n - sizeof(w), sizeof(w));
	return word_plain(w);
}

void canon_quote(struct buf *out, struct text t)
{
	size_t done = 0;

	if (canon_text_plain(t)) {
		char *p = buf_room(out, t.n + 2);

		if (p == NULL)
			return;
		p[0] = '"';
		if (t.n > 0)
			memcpy(p + 1, t.p, t.n);
		p[t.n + 1] = '"';
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		char escape[2] = {'\\', c == '\n' ? 'n' : c == '\t' ? 't' : c};

		if (c != '"' && c != '\\' && c != '\n' && c != '\t')
			continue;
		buf_add(out, t.p + done, i - done);
		buf_add(out, escape, sizeof(escape));
		done = i + 1;
	}
	if (t.n > done)
		buf_add(out, t.p + done, t.n - done);
	buf_char(out, '"');
}
