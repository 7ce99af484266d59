/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a bundle. What reads is the only bundle of its files: packed again it gives the same bytes. Its check ends, says
 * something of every step, and the same thing twice.
 */
#include "fuzz_keys.h"

#include "journal/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(struct buf *out, struct text name, struct text bytes)
{
	unsigned char header[TAR_BLOCK];
	struct err err = {.line = 0};

	MUST(tar_header(name, (int64_t)bytes.n, header, &err) == RC_OK);
	buf_add(out, (const char *)header, sizeof(header));
	buf_text(out, bytes);
	buf_pad(out, '\0', tar_pad((int64_t)bytes.n));
}

static void same_again(const struct bundle *b, struct text bytes)
{
	struct buf out;

	buf_init(&out, bytes.n + 1000000);
	bundle_list_print(&b->about, b->files, b->n, &out);
	MUST(text_eq(buf_view(&out), b->list));
	buf_clear(&out);
	add(&out, text_of("bundle.json"), b->list);
	for (size_t i = 0; i < b->n; i++) {
		add(&out, b->files[i].name, b->files[i].bytes);
		MUST(bundle_find(b, b->files[i].name) == &b->files[i]);
	}
	buf_pad(&out, '\0', (size_t)2 * TAR_BLOCK);
	MUST(text_eq(buf_view(&out), bytes));
	buf_free(&out);
}

static enum rc count(void *context, int64_t index, const struct entry *e,
		     const struct canon_doc *doc, struct err *err)
{
	int64_t *seen = context;

	(void)e;
	(void)doc;
	(void)err;
	MUST(index == *seen);
	(*seen)++;
	return RC_OK;
}

static void check(struct arena *a, struct hasher *h, const struct bundle *b, bool bundle_keys)
{
	struct bundle_trust trust = {fuzz_keys(), 2, bundle_keys};
	struct bundle_checked c[2];

	for (int i = 0; i < 2; i++) {
		struct err err = {.line = 0};
		int64_t seen = 0;

		MUST(bundle_check(a, h, b, &trust, count, &seen, &c[i], &err) == RC_OK);
		MUST(seen <= (int64_t)c[i].n_entries);
	}
	for (int s = CHECK_LIST; s <= CHECK_STEPS; s++) {
		MUST(c[0].steps[s].result == c[1].steps[s].result);
		MUST(text_eq(c[0].steps[s].words, c[1].steps[s].words));
		MUST(s == CHECK_NUMBERS || c[0].steps[s].words.n > 0);
	}
	MUST(b->about.complete || c[0].steps[CHECK_ENTRIES].result != CHECK_PASSED);
	if (c[0].steps[CHECK_ROOT].result == CHECK_PASSED &&
	    c[0].steps[CHECK_ENTRIES].result == CHECK_PASSED)
		MUST((int64_t)c[0].n_entries == b->about.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	struct arena *a = arena_new((size_t)512 << 20);
	struct hasher *h = hasher_new(a);
	struct err err = {.line = 0};
	struct bundle b;

	if (bundle_read(a, h, bytes, &b, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
	} else {
		same_again(&b, bytes);
		check(a, h, &b, false);
		check(a, h, &b, true);
	}
	hasher_free(h);
	arena_free(a);
	return 0;
}
