/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clause library: standard documents in our own words, compiled in, by name and version (contract-language.md CL-25).
 * An entry never changes once released; better words get the next version. The texts lie in contracts/library.
 */
#ifndef TERMS_LIBRARY_H
#define TERMS_LIBRARY_H

#include "terms/tree.h"

struct library_words {
	const char *id, *heading;
	const char *when; /* printed only if that path is written; "" for always */
	const char *text; /* Markdown with {{...}} */
};

struct library_document {
	const char *name;  /* "tenor_msa@1" */
	const struct library_words *clauses;
	size_t n;
};

size_t library_count(void);
const struct library_document *library_at(size_t i);
/* NULL: no such entry. */
const struct library_document *library_find(struct text name);
/* NULL: no clause of that id. */
const struct library_words *library_clause(const struct library_document *d, struct text id);
bool library_clause_printed(const struct library_words *w, const struct node *root);
/* The bytes an entry is known by: for each clause "# id: heading", "when: path" if there is one, and the text. */
void library_bytes(const struct library_document *d, struct buf *out);

#endif
