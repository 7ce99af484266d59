/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References inside words (contract-language.md CL-22): {{path}} a value, {{table:path}} a list or item, {{table:charges:time}}
 * the items of one type, {{def:id}} a defined term, {{clause:sla.uptime}} a clause's number. How they print is render's matter.
 */
#ifndef TERMS_WORDS_H
#define TERMS_WORDS_H

#include "terms/tree.h"

enum word_kind {
	WORD_LITERAL,    /* text is printed as it is */
	WORD_VALUE,      /* text is a path */
	WORD_TABLE,      /* text is a path, of the type wanted or empty */
	WORD_DEFINITION, /* text is the id of a definition */
	WORD_CLAUSE,     /* text is document.clause */
	WORD_BROKEN,     /* "{{" without "}}", or nothing a reference may be */
};

struct word {
	enum word_kind kind;
	struct text text;
	struct text of;
};

/* Cuts the first word off *rest; false at the end. */
bool words_next(struct text *rest, struct word *out);

/*
 * What a word leads to: the node, or for a value that is not written but has a default the row. Both NULL: it resolves to
 * nothing (ref.unknown), or for a broken or literal word.
 */
struct word_target {
	const struct node *node;
	const struct term *row;
};
struct word_target words_target(const struct contract *c, const struct word *w);
/* The clause node of document.clause, a library clause included; NULL. */
const struct node *clause_find(const struct contract *c, struct text name);
/* The row of a path of keys and ids ("sla.metrics.uptime.target"), whether written or not; NULL: not in the table. */
const struct term *path_row(struct text path);

#endif
