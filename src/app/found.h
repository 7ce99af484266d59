/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of words (docs/decisions/0016): made from a log's entries in whole runs of PACK_FACTS after they are recorded, never by who
 * reads; what is not in it yet is read from the entries themselves. So it may lag behind and is never wrong.
 *
 * Words of ids, names, clauses are in it folded. Of personal words (slots) there are keyed hashes of beginnings of three letters and more,
 * under a key of the subject's, which an erasure destroys; the rows are deleted too (trust.md J24).
 */
#ifndef APP_FOUND_H
#define APP_FOUND_H

#include "app/checks.h"
#include "app/workspace.h"
#include "journal/entry.h"

/* Beginnings of a word that it is found by: from three letters on; longer words by the whole alone. */
enum { FOUND_LETTERS_MIN = 3, FOUND_LETTERS_MAX = 12, FOUND_HASH_BYTES = 6 };

/* Brings the index on to the last whole run of entries, in transactions of its own. Not inside a transaction. */
enum rc found_fill(struct workspace *ws, const struct log_head *log, struct err *err) MUST_USE;

/* Is what the file has of these logs what their entries make? Said only where it is not. In a read transaction. */
enum rc found_compare(struct workspace *ws, const struct log_head *logs, size_t n,
		      struct checks *checks, struct err *err) MUST_USE;

/*
 * The words of one entry that are nobody's, as the index has them. versions: made by the first call, for one log, kept for the next; the
 * arena given holds it.
 */
struct found_words {
	struct workspace *ws;
	const struct log_head *log;
	const struct recalled *versions;
};
enum rc found_words_of(struct found_words *w, int64_t index, const struct entry *e,
		       const struct canon_doc *doc, void (*each)(void *context, struct text word),
		       void *context, struct err *err) MUST_USE;
/* Is an entry of this kind something that people look for by what it says itself? */
bool found_kind(enum fact_kind kind);

/* The words of one slot; empty: erased, or it holds no words. */
enum rc found_slot(struct workspace *ws, const struct log_head *log, const struct entry *e,
		   const struct slot *slot, struct arena *a, struct text *out,
		   struct err *err) MUST_USE;

/* What a word of a search is compared with; false: too short to be found by. */
bool found_hash(const unsigned char key[16], struct text word, unsigned char out[FOUND_HASH_BYTES]);

#endif
