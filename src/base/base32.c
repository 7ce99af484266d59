/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base32.h"

#include <string.h>

static const char letters32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char letters64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* bits: of one character. */
static void add(struct buf *out, const unsigned char *p, size_t n, unsigned bits,
		const char *letters)
{
	unsigned held = 0, kept = 0, mask = (1U << bits) - 1U;

	for (size_t i = 0; i < n; i++) {
		kept = (kept << 8 | p[i]) & 0xffffU;
		for (held += 8; held >= bits; held -= bits)
			buf_char(out, letters[kept >> (held - bits) & mask]);
	}
	if (held > 0)
		buf_char(out, letters[kept << (bits - held) & mask]);
}

static bool read(struct text t, unsigned char *out, size_t n, unsigned bits, const char *letters)
{
	unsigned held = 0, kept = 0;
	size_t made = 0;

	if (t.n != (n * 8 + bits - 1) / bits)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		const char *at = t.p[i] == '\0' ? NULL : strchr(letters, t.p[i]);

		if (at == NULL)
			return false;
		kept = (kept << bits | (unsigned)(at - letters)) & 0xffffU;
		held += bits;
		if (held >= 8) {
			held -= 8;
			out[made++] = (unsigned char)(kept >> held & 0xffU);
		}
	}
	/* What is left over of the last character is zero, or another text would mean the same bytes. */
	return made == n && (kept & ((1U << held) - 1U)) == 0;
}

void base32_add(struct buf *out, const unsigned char *p, size_t n)
{
	add(out, p, n, 5, letters32);
}

bool base32_read(struct text t, unsigned char *out, size_t n)
{
	return read(t, out, n, 5, letters32);
}

void base64url_add(struct buf *out, const unsigned char *p, size_t n)
{
	add(out, p, n, 6, letters64);
}

bool base64url_read(struct text t, unsigned char *out, size_t n)
{
	return read(t, out, n, 6, letters64);
}
