/* SPDX-License-Identifier: Apache-2.0 */
/* Facts in our own form, whatever carries them: typed values by the row of facts.def. Seen by importers only. */
#ifndef FACTS_OWN_H
#define FACTS_OWN_H

#include "facts/intake.h"

/* A fact of any kind being put together; a list of words takes one value for each. */
struct own {
	struct fact fact;
	struct fact_value values[FACT_VALUES_MAX];
	size_t n;
};

void own_begin(struct own *o, enum fact_kind kind, uint32_t line);
/*
 * The value of one field, read by its type from text: words and ids as they are, lists with `;` between members, instants as
 * the mapping's dates say. false, and a note: it cannot be read. Call in the order of the kind's row.
 */
bool own_text(struct own *o, struct intake *in, enum fact_field field, struct text t);
/* A word, or a member of a list. */
bool own_word(struct own *o, struct intake *in, enum fact_field field, struct text t);
bool own_number(struct own *o, struct intake *in, enum fact_field field, int64_t number,
		uint32_t scale);

/* Kind and party by their words; false and a note with the nearest if unknown. */
bool own_kind(struct intake *in, struct text word, uint32_t line, enum fact_kind *out);
bool own_party(struct intake *in, struct text word, uint32_t line, enum party *out);
/* A note that a kind has no such field, with the nearest. */
void own_unknown_field(struct intake *in, enum fact_kind kind, struct text key, uint32_t line);

/*
 * Checks required fields and spans and takes the fact. Without an id one is made from the content, so that the same fact read
 * again is the same. false: skipped, noted.
 */
bool own_take(struct own *o, struct intake *in, struct text id);

#endif
