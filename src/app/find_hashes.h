/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a question as each subject's personal words are compared with them (app/found.h): hashed under the subject's own key. Keys
 * are read in bulk where many are needed, else one by one; both give the same. None outlives the question.
 */
#ifndef APP_FIND_HASHES_H
#define APP_FIND_HASHES_H

#include "app/found.h"
#include "store/record_found.h"

/* Words of one question; each has a bit. */
enum { FIND_WORDS_MAX = 8 };

struct find_hashes;

/* For words as they are folded; at most FIND_WORDS_MAX. ws->keys is there. The views live as long as the workspace's arena. */
struct find_hashes *find_hashes_new(struct workspace *ws, const struct text *words, size_t n_words);

/*
 * Reads keys in bulk, before any is asked for: in one transaction of their file, as many as there may be subjects in so many entries.
 * Only for time's sake: what it did not read is read when it is asked for.
 */
enum rc find_hashes_read(struct find_hashes *h, int64_t entries, struct err *err) MUST_USE;

/* Which words are among the hashes of a row, a bit a word; 0 where the subject's key is gone (trust.md J24). */
enum rc find_hashes_match(struct find_hashes *h, const struct stored_hashes *row, unsigned *found,
			  struct err *err) MUST_USE;

/* Ends what it has under way on the file of keys; after the last row, also after a failure. */
void find_hashes_rest(struct find_hashes *h);

#endif
