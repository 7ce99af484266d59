/* SPDX-License-Identifier: Apache-2.0 */
/* The table of terms.def, beyond what tree.h shows: shared rows, children, names of types, lists of words. */
#ifndef TERMS_TABLE_H
#define TERMS_TABLE_H

#include "terms/tree.h"

/* The rows of `clause`, which every map may have, and of `id`, which every item has. */
const struct term *term_clause(void);
const struct term *term_id(void);
bool term_is_shared(const struct term *t);
/* The row of a key of a map or of an item, the shared ones included; NULL if the table has none. */
const struct term *term_child(const struct term *parent, struct text key);
const struct term *term_own_child(const struct term *parent, struct text key);

const char *type_name(enum term_type type); /* "dur" */
const char *type_code(enum term_type type); /* "type.dur" */
const char *type_noun(enum term_type type); /* "a duration" */

/* Lists of words, "a/b/c": the first is cut off; the place of a word or -1; the word at a place. */
struct text words_cut(struct text *words);
int word_index(const char *words, struct text word);
struct text word_at(const char *words, int index);

#endif
