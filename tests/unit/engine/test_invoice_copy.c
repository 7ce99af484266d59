/* SPDX-License-Identifier: Apache-2.0 */
/* A copied document is the same document, and stays so when what it was made from is gone. */
#include "random_invoice.h"

#include "engine/invoice_copy.h"

#include <string.h>
#include <time.h>

enum { JSON_MAX = 1 << 24, ROUNDS = 300 };

static struct text json_of(struct arena *a, const struct invoice *i)
{
	struct buf b;
	struct text t;

	buf_init(&b, JSON_MAX);
	invoice_json(i, INVOICE_WHOLE, &b);
	t = text_copy(a, buf_view(&b));
	buf_free(&b);
	return t;
}

/* Clearing an arena zeroes what it keeps, so a pointer that was not followed leads to nothing. */
static bool stays(uint64_t seed, struct arena *kept)
{
	struct random_source r = {arena_new((size_t)1 << 26), seed, {{0}, 0}};
	const struct invoice *made;
	struct invoice *copy;
	struct text before;
	bool same;

	for (int warm = 0; warm < 8; warm++)
		(void)random_next(&r);
	made = random_invoice(&r);
	before = json_of(kept, made);
	copy = invoice_copy(kept, made);
	arena_clear(r.arena);
	arena_free(r.arena);
	same = text_eq(before, json_of(kept, copy));
	if (!same)
		note("%.*s", TEXT_ARG(before));
	return same;
}

static void random_documents(void)
{
	const char *given = getenv("TENOR_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	int good = 0;

	note("seed %llu", (unsigned long long)seed);
	for (uint64_t k = 0; k < ROUNDS; k++) {
		struct arena *kept = arena_new((size_t)1 << 26);

		good += stays((seed ^ (k << 32)) | 1, kept);
		arena_free(kept);
	}
	is_i64(good, ROUNDS, "copies outlive what they were made from");
}

static void empty_document(struct arena *a)
{
	struct invoice i = {.date = 20000,
			    .due = DAY_NONE,
			    .run = DAY_NONE,
			    .dispute_until = DAY_NONE,
			    .corrected_date = DAY_NONE};
	struct invoice *copy;

	(void)currency_find(text_of("EUR"), &i.currency);
	i.as_of = i.known_as_of = INSTANT_NONE;
	copy = invoice_copy(a, &i);
	ok(copy != &i && copy->n_lines == 0 && text_eq(json_of(a, copy), json_of(a, &i)),
	   "a document without a line");
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 20);

	empty_document(a);
	arena_free(a);
	random_documents();
	return tap_done();
}
