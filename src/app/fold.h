/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a text as they are looked for: NFKC and full case folding, letters and digits with what joins them. "INV-2026-00012" is one
 * word and three; "Druckers" is found by "druck", not by what grammar makes of it: no language is known here.
 */
#ifndef APP_FOLD_H
#define APP_FOLD_H

#include "base/text.h"

/* A word is cut after so many characters, and found by what is left of it. */
enum { FOLD_LETTERS_MAX = 64 };

/* Each word folded, and where it stands in the text; the view is good during the call only. Nothing for a text that is not UTF-8. */
struct folded {
	struct text word;
	size_t at, n; /* bytes of the text */
};
void fold_each(struct text t, void (*each)(void *context, const struct folded *f), void *context);
/* A whole text as one word: outer blanks off, inner ones kept. */
struct text fold_whole(struct arena *a, struct text t);

/* Characters of a folded word. */
size_t fold_letters(struct text word);

#endif
