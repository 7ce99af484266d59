/* SPDX-License-Identifier: Apache-2.0 */
#include "app/fold.h"
#include "base/buf.h"

#include "tap.h"

static void put(void *context, const struct folded *f)
{
	struct buf *b = context;

	if (b->n > 0)
		buf_char(b, '|');
	buf_text(b, f->word);
}

static const struct {
	const char *text, *words, *name;
} cases[] = {
	{"", "", "nothing"},
	{" \t\n", "", "blanks"},
	{"Printer on fire.", "printer|on|fire", "a sentence"},
	{"INV-2026-00012", "inv-2026-00012|inv|2026|00012", "a number, whole and in parts"},
	{"It's ana@north.example, really", "it's|it|s|ana@north.example|ana|north|example|really",
	 "what joins, and what hangs"},
	{"a--b -c- d.", "a|b|c|d", "two joiners join nothing"},
	{"Stra\xc3\x9f"
	 "e GRO\xe1\xba\x9e",
	 "strasse|gross", "sharp s, small and large"},
	{"\xef\xac\x81ne \xef\xbc\xa1\xef\xbc\xa2", "fine|ab", "ligatures and wide letters"},
	{"E\xcc\x81t\xc3\xa9", "\xc3\xa9t\xc3\xa9", "composed"},
	{"\xe6\x97\xa5\xe6\x9c\xac 42", "\xe6\x97\xa5\xe6\x9c\xac|42", "letters without case"},
	{"bad \xff byte", "", "no UTF-8: no words"},
};

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct buf b;
	char many[FOLD_LETTERS_MAX + 40];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&b, 4096);
		fold_each(text_of(cases[i].text), put, &b);
		is_text(buf_view(&b), cases[i].words, "%s", cases[i].name);
		buf_free(&b);
	}
	memset(many, 'x', sizeof(many));
	buf_init(&b, 4096);
	fold_each((struct text){many, sizeof(many)}, put, &b);
	is_i64((int64_t)b.n, FOLD_LETTERS_MAX, "a word is cut at its most letters");
	buf_free(&b);
	is_text(fold_whole(a, text_of("  T-118 B ")), "t-118 b", "a whole text as one");
	is_i64((int64_t)fold_letters(text_of("\xc3\xa9t\xc3\xa9")), 3, "letters, not bytes");
	arena_free(a);
	return tap_done();
}
