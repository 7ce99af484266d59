/* SPDX-License-Identifier: Apache-2.0 */
/* Strings of restricted JSON, one character at a time: for canon.c and canon_print.c only; others include base/canon.h. */
#ifndef BASE_CANON_TEXT_H
#define BASE_CANON_TEXT_H

#include "base/text.h"

#include <string.h>

#define CANON_BYTES(x) (UINT64_C(0x0101010101010101) * (x))

/*
 * The top bit of each byte of w that is not plain. Only for 8 ASCII bytes: below 0x80 no addition carries into the next byte, so
 * each byte is compared by itself.
 */
static inline uint64_t canon_not_plain(uint64_t w)
{
	uint64_t from_blank = w + CANON_BYTES(0x60);
	uint64_t not_quote = (w ^ CANON_BYTES('"')) + CANON_BYTES(0x7f);
	uint64_t not_backslash = (w ^ CANON_BYTES('\\')) + CANON_BYTES(0x7f);
	uint64_t is_delete = w + CANON_BYTES(0x01);

	return (~(from_blank & not_quote & not_backslash) | is_delete) & CANON_BYTES(0x80);
}

/*
 * The first byte from p on that is not plain, or end. Plain: ASCII that stands for itself in a JSON string. Here and not in a .c file,
 * since this is where the time of parsing goes.
 */
static inline const char *canon_plain(const char *p, const char *end)
{
	while (end - p >= 8) {
		uint64_t w, found;

		memcpy(&w, p, sizeof(w));
		if ((w & CANON_BYTES(0x80)) != 0)
			break;
		found = canon_not_plain(w);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		if (found != 0)
			return p + (__builtin_ctzll(found) >> 3);
#else
		if (found != 0)
			break;
#endif
		p += 8;
	}
	while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7f && *p != '"' &&
	       *p != '\\')
		p++;
	return p;
}

/* The character at p < end and its bytes; 0 bytes: it is not UTF-8. */
size_t canon_rune(const char *p, const char *end, uint32_t *rune);
/* What kind of character may not stand in a string (J4), or NULL for one that may. */
const char *canon_rune_bad(uint32_t rune);
/* UTF-8 of a character that is no surrogate: 1 to 4 bytes. */
size_t canon_rune_put(uint32_t rune, char out[4]);

#endif
