/* SPDX-License-Identifier: Apache-2.0 */
#include "app/find_hashes.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Keys read in one transaction of their file, where they are asked for one by one: each of its own would lock it anew. */
	KEYS_AT_ONCE = 4096,
	/* So many in bulk take two to three seconds, and an erasure that scrubs the file waits for five. */
	KEYS_IN_BULK_MAX = 1 << 21,
	/* Where there may be fewer than this, each is asked for. */
	KEYS_IN_BULK_MIN = 2048,
	NAME_BYTES = 16 /* of a subject, after "s_" */
};

struct subject_hashes {
	unsigned char name[NAME_BYTES];
	unsigned char v[][FOUND_HASH_BYTES]; /* by word */
};

struct find_hashes {
	struct workspace *ws;
	const struct text *words;
	size_t n_words;
	size_t keys;       /* asked for one by one */
	bool in_bulk;      /* they were read */
	unsigned char *of; /* of all subjects read in bulk, `bytes` each */
	size_t n, cap, bytes;
	uint32_t *at; /* by name: the place in `of` and one more; 0: none */
	size_t mask;
	/* the subject asked for last */
	char subject[SUBJECT_CHARS + 1];
	struct subject_hashes *last; /* NULL: its key is gone */
	struct subject_hashes *own;  /* room for one */
	unsigned usable;             /* words long enough to be found by */
};

struct find_hashes *find_hashes_new(struct workspace *ws, const struct text *words, size_t n_words)
{
	struct find_hashes *h = arena_one(ws->arena, struct find_hashes);

	*h = (struct find_hashes){.ws = ws, .words = words, .n_words = n_words};
	h->bytes = sizeof(struct subject_hashes) + n_words * FOUND_HASH_BYTES;
	h->own = arena_alloc(ws->arena, h->bytes);
	return h;
}

static void hash_words(struct find_hashes *h, struct text subject,
		       const unsigned char key[FINDING_KEY_BYTES], struct subject_hashes *out)
{
	memcpy(out->name, subject.p + 2, NAME_BYTES);
	for (size_t i = 0; i < h->n_words; i++)
		if (found_hash(key, h->words[i], out->v[i]))
			h->usable |= 1u << i;
}

/* --- in bulk --- */

static struct subject_hashes *nth(const struct find_hashes *h, size_t i)
{
	return (struct subject_hashes *)(void *)(h->of + i * h->bytes);
}

/* Names are random letters: some of them are as good as a hash. */
static size_t place_of_name(const struct find_hashes *h, const unsigned char *name)
{
	uint64_t x;

	memcpy(&x, name, sizeof(x));
	return (size_t)((x ^ (x >> 29) ^ (x >> 15)) & h->mask);
}

static void take_key(void *context, struct text subject, const unsigned char key[FINDING_KEY_BYTES])
{
	struct find_hashes *h = context;

	h->of = arena_grow(h->ws->arena, h->of, h->n, &h->cap, h->bytes);
	hash_words(h, subject, key, nth(h, h->n++));
}

static void index_names(struct find_hashes *h)
{
	size_t room = 1024;

	while (room < 2 * h->n)
		room *= 2;
	h->mask = room - 1;
	h->at = arena_array(h->ws->arena, uint32_t, room);
	for (size_t i = 0; i < h->n; i++) {
		size_t k = place_of_name(h, nth(h, i)->name);

		while (h->at[k] != 0)
			k = (k + 1) & h->mask;
		h->at[k] = (uint32_t)i + 1;
	}
}

enum rc find_hashes_read(struct find_hashes *h, int64_t entries, struct err *err)
{
	struct store *keys = keys_store(h->ws->keys);
	int64_t most = entries < KEYS_IN_BULK_MAX ? entries : KEYS_IN_BULK_MAX;
	enum rc rc;

	if (entries < KEYS_IN_BULK_MIN)
		return RC_OK;
	rc = store_begin_read(keys, err);
	if (rc == RC_OK)
		rc = keys_finding_each(h->ws->keys, most, take_key, h, err);
	store_rollback(keys);
	if (rc != RC_OK)
		return rc;
	index_names(h);
	h->in_bulk = true;
	return RC_OK;
}

static struct subject_hashes *read_in_bulk(const struct find_hashes *h, struct text subject)
{
	if (!h->in_bulk || subject.n != SUBJECT_CHARS)
		return NULL;

	const unsigned char *name = (const unsigned char *)subject.p + 2;

	for (size_t k = place_of_name(h, name); h->at[k] != 0; k = (k + 1) & h->mask)
		if (memcmp(nth(h, h->at[k] - 1)->name, name, NAME_BYTES) == 0)
			return nth(h, h->at[k] - 1);
	return NULL;
}

/* --- one by one --- */

static enum rc ask_key(struct find_hashes *h, struct text subject, struct err *err)
{
	struct store *keys = keys_store(h->ws->keys);
	unsigned char key[FINDING_KEY_BYTES] = {0};
	enum rc rc = RC_OK;

	if (h->keys++ % KEYS_AT_ONCE == 0) {
		store_rollback(keys);
		rc = store_begin_read(keys, err);
	}
	if (rc == RC_OK)
		rc = keys_finding(h->ws->keys, subject, key, err);
	h->last = NULL;
	if (rc == RC_OK) {
		hash_words(h, subject, key, h->own);
		h->last = h->own;
	}
	if (rc == RC_MISSING) {
		err_clear(err);
		rc = RC_OK;
	}
	sodium_memzero(key, sizeof(key));
	return rc;
}

static int by_bytes(const void *x, const void *y)
{
	return memcmp(x, y, FOUND_HASH_BYTES);
}

enum rc find_hashes_match(struct find_hashes *h, const struct stored_hashes *row, unsigned *found,
			  struct err *err)
{
	enum rc rc = RC_OK;

	*found = 0;
	if (!text_is(row->subject, h->subject)) {
		h->last = read_in_bulk(h, row->subject);
		if (h->last == NULL)
			rc = ask_key(h, row->subject, err);
		(void)snprintf(h->subject, sizeof(h->subject), "%.*s", TEXT_ARG(row->subject));
	}
	for (size_t i = 0; rc == RC_OK && h->last != NULL && i < h->n_words; i++)
		if ((h->usable >> i & 1u) != 0 &&
		    bsearch(h->last->v[i], row->hashes.p, row->hashes.n / FOUND_HASH_BYTES,
			    FOUND_HASH_BYTES, by_bytes) != NULL)
			*found |= 1u << i;
	return rc;
}

void find_hashes_rest(struct find_hashes *h)
{
	store_rollback(keys_store(h->ws->keys));
	h->keys = 0;
}
