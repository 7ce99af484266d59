/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for values that need no contract, asked in one way whether the values are those of a fact or the members of an entry's body.
 * Private to src/facts; others ask facts_admit (check.h).
 */
#ifndef FACTS_ADMIT_H
#define FACTS_ADMIT_H

#include "facts/fact.h"

/* A value as it was told; members of a list follow one another. */
struct told {
	enum fact_field field;
	struct text word;
	int64_t number;
	unsigned scale;
};

/* One word or member of a list, by its field: dates, months, currencies, rates, exact amounts, words of a closed list. */
enum rc admit_word(enum fact_kind kind, enum fact_field field, struct text word,
		   struct err *err) MUST_USE;
/* All values of one fact together: signs, decimals, spans, units twice. on: the day of a list for messages, or DAY_NONE. */
enum rc admit_values(enum fact_kind kind, const struct told *v, size_t n, day on,
		     struct err *err) MUST_USE;

#endif
