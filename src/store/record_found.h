/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of words, at rest (derived): which entry a word leads to. Words that are nobody's are there as they are, folded; of personal
 * words there are keyed hashes alone, by subject, which say nothing once the subject's key is destroyed (trust.md J24). What a word is and
 * who may find by it is decided in app/.
 */
#ifndef STORE_RECORD_FOUND_H
#define STORE_RECORD_FOUND_H

#include "store/record.h"

/* How many entries of a log are in the index, from the first; 0: none is. */
enum rc record_found_size(struct store *s, int64_t log, int64_t *size, struct err *err) MUST_USE;
enum rc record_found_size_put(struct store *s, int64_t log, int64_t size, struct err *err) MUST_USE;

/* In a transaction; the same word again for an entry changes nothing. */
enum rc record_word_put(struct store *s, struct text word, int64_t log, int64_t index,
			struct err *err) MUST_USE;
/* Entries of a log with a word from `from` on and before `to`, by bytes: the newest, at most `most`; one entry may come more than once. */
enum rc record_words(struct store *s, struct arena *a, int64_t log, struct text from,
		     struct text to, int64_t most, int64_t **out, size_t *n,
		     struct err *err) MUST_USE;
/* All of the file, in the order of the words; the view is good during the call only. */
enum rc record_words_each(struct store *s,
			  enum rc (*each)(void *context, struct text word, int64_t log,
					  int64_t index, struct err *err),
			  void *context, struct err *err) MUST_USE;

/* The hashes of one subject's words in an entry, in a transaction. */
struct stored_hashes {
	struct text subject;
	int64_t index;
	struct text hashes;
};
enum rc record_hashes_put(struct store *s, int64_t log, const struct stored_hashes *h,
			  struct err *err) MUST_USE;
/* Those of a log, by subject and entry; the views are good during the call only. */
enum rc record_hashes_each(struct store *s, int64_t log,
			   enum rc (*each)(void *context, const struct stored_hashes *h,
					   struct err *err),
			   void *context, struct err *err) MUST_USE;
/* Deletes all of a subject's (J24). */
enum rc record_hashes_erase(struct store *s, struct text subject, int64_t *n,
			    struct err *err) MUST_USE;

#endif
