/* SPDX-License-Identifier: Apache-2.0 */
/* The contract language as JSON Schema and as a manual, both made from terms.def alone. */
#ifndef TERMS_SCHEMA_H
#define TERMS_SCHEMA_H

#include "terms/tree.h"

/*
 * JSON Schema, draft 2020-12, for editors: keys, types by pattern, words, required keys, which keys a kind may not have.
 * References, sums and rules across keys are checked by the reader only. Files with holes are not described.
 */
void terms_schema(struct buf *out);

/* Markdown: every block with every key, its type, default and meaning, then the forks (FK) that the parties choose at. */
void terms_manual(struct buf *out);

/* A row of forks.def: where products disagree and the parties choose (contract-language.md section 5). */
struct fork {
	int number;
	const char *path;
	const char *example;
};

size_t fork_count(void);
const struct fork *fork_at(size_t i);

#endif
