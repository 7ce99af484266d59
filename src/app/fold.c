/* SPDX-License-Identifier: Apache-2.0 */
#include "app/fold.h"

#include <assert.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* NFKC makes no character more than 18 times as long, folding no more than three times. */
enum { GROWS = 54, WORD_BYTES = FOLD_LETTERS_MAX * 4, FOLDED_BYTES = WORD_BYTES * GROWS };

/* Letters and digits, and the marks that are put over them. */
static bool of_word(ucs4_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
							   UC_CATEGORY_MASK_N);
}

/* What stands inside numbers and names. */
static bool joins(ucs4_t c)
{
	return c == '-' || c == '.' || c == '_' || c == '/' || c == '@' || c == ':' || c == '\'' ||
	       c == 0x2019;
}

static struct text folded_into(struct text t, uint8_t *room, size_t size)
{
	size_t n = size;
	bool ascii = true;
	uint8_t *out;

	for (size_t i = 0; i < t.n && ascii; i++)
		ascii = (unsigned char)t.p[i] < 0x80;
	if (ascii) {
		for (size_t i = 0; i < t.n; i++) {
			char c = t.p[i];

			room[i] = (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		}
		return (struct text){(const char *)room, t.n};
	}
	out = u8_casefold((const uint8_t *)t.p, t.n, NULL, UNINORM_NFKC, room, &n);
	if (out == NULL)
		memory_none();
	assert(out == room);
	return (struct text){(const char *)out, n};
}

static void tell(struct text t, size_t from, size_t to,
		 void (*each)(void *context, const struct folded *f), void *context)
{
	uint8_t room[FOLDED_BYTES];
	size_t n = 0, end = from;
	struct folded f = {.at = from, .n = to - from};

	while (end < to && n < FOLD_LETTERS_MAX) {
		end++;
		while (end < to && ((unsigned char)t.p[end] & 0xc0) == 0x80)
			end++;
		n++;
	}
	f.word = folded_into(text_sub(t, from, end), room, sizeof(room));
	if (f.word.n > 0)
		each(context, &f);
}

/* The parts of what is joined, each a word too. */
static void tell_parts(struct text t, size_t from, size_t to,
		       void (*each)(void *context, const struct folded *f), void *context)
{
	size_t begin = from, at = from;

	while (at < to) {
		ucs4_t c = 0;
		int n = u8_mbtouc(&c, (const uint8_t *)t.p + at, to - at);

		if (!of_word(c)) {
			if (at > begin)
				tell(t, begin, at, each, context);
			begin = at + (size_t)n;
		}
		at += (size_t)n;
	}
	if (at > begin)
		tell(t, begin, at, each, context);
}

void fold_each(struct text t, void (*each)(void *context, const struct folded *f), void *context)
{
	size_t at = 0, from = 0,
	       end = 0; /* [from, end): the word so far, without what hangs on it */
	bool joined = false, open = false, hangs = false;

	if (!text_utf8(t, NULL))
		return;
	while (at <= t.n) {
		ucs4_t c = ' ';
		int n = at < t.n ? u8_mbtouc(&c, (const uint8_t *)t.p + at, t.n - at) : 1;

		if (of_word(c)) {
			joined = open && (joined || hangs);
			from = open ? from : at;
			end = at + (size_t)n;
			open = true;
			hangs = false;
		} else if (open && !hangs && joins(c)) {
			hangs = true;
		} else if (open) {
			tell(t, from, end, each, context);
			if (joined)
				tell_parts(t, from, end, each, context);
			open = joined = hangs = false;
		}
		at += (size_t)n;
	}
}

struct text fold_whole(struct arena *a, struct text t)
{
	size_t size;

	t = text_trim(t);
	if (!text_utf8(t, NULL))
		return text_of("");
	size = t.n * GROWS + 16;
	return folded_into(t, arena_alloc(a, size), size);
}

size_t fold_letters(struct text word)
{
	size_t n = 0;

	for (size_t i = 0; i < word.n; i++)
		n += ((unsigned char)word.p[i] & 0xc0) != 0x80;
	return n;
}
