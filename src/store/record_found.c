/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record_found.h"

#include "store/record_parts.h"

enum rc record_found_size(struct store *s, int64_t log, int64_t *size, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_one(s, SQL_FOUND_SIZE, &BIND_I(log), 1, &c, &row, err);

	if (rc != RC_OK)
		return rc;
	*size = row ? cursor_int(&c, 0) : 0;
	cursor_close(&c);
	return RC_OK;
}

enum rc record_found_size_put(struct store *s, int64_t log, int64_t size, struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_I(size)};

	return store_run(s, SQL_FOUND_SIZE_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_word_put(struct store *s, struct text word, int64_t log, int64_t index,
			struct err *err)
{
	const struct bind binds[] = {BIND_B(word), BIND_I(place_of(log, index))};

	return store_run(s, SQL_WORD_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_words(struct store *s, struct arena *a, int64_t log, struct text from,
		     struct text to, int64_t most, int64_t **out, size_t *n, struct err *err)
{
	const struct bind binds[] = {BIND_B(from), BIND_B(to), BIND_I(place_of(log, 0)),
				     BIND_I(place_of(log, LOG_ENTRIES_MAX)), BIND_I(most)};

	return record_indexes(s, a, SQL_WORD_PLACES, binds, ARRAY_SIZE(binds), out, n, err);
}

enum rc record_words_each(struct store *s,
			  enum rc (*each)(void *context, struct text word, int64_t log,
					  int64_t index, struct err *err),
			  void *context, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(s, SQL_WORDS, NULL, 0, &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row)
		rc = each(context, cursor_text(&c, 0), cursor_int(&c, 1) / LOG_ENTRIES_MAX,
			  index_of_place(cursor_int(&c, 1)), err);
	cursor_close(&c);
	return rc;
}

enum rc record_hashes_put(struct store *s, int64_t log, const struct stored_hashes *h,
			  struct err *err)
{
	const struct bind binds[] = {BIND_I(log), BIND_T(h->subject), BIND_I(h->index),
				     BIND_B(h->hashes)};

	return store_run(s, SQL_HASHES_PUT, binds, ARRAY_SIZE(binds), NULL, err);
}

enum rc record_hashes_each(struct store *s, int64_t log,
			   enum rc (*each)(void *context, const struct stored_hashes *h,
					   struct err *err),
			   void *context, struct err *err)
{
	struct cursor c;
	bool row = false;
	enum rc rc = store_query(s, SQL_HASHES, &BIND_I(log), 1, &c, err);

	while (rc == RC_OK && (rc = store_next(&c, &row, err)) == RC_OK && row) {
		const struct stored_hashes h = {cursor_text(&c, 0), cursor_int(&c, 1),
						cursor_text(&c, 2)};

		rc = each(context, &h, err);
	}
	cursor_close(&c);
	return rc;
}

enum rc record_hashes_erase(struct store *s, struct text subject, int64_t *n, struct err *err)
{
	return store_run(s, SQL_HASHES_ERASE, &BIND_T(subject), 1, n, err);
}
