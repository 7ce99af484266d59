/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed facts. The input is what follows the head; the head with its check sum is put before it, or nothing would get past it.
 * What is taken packs to bytes that are taken again and stay what they are.
 */
#include "facts/pack.h"
#include "facts/pack_columns.h"

#include <stdlib.h>
#include <string.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Unpacks into a new set and packs that; NULL if refused, which leaves the set empty. */
static struct facts *there_and_back(struct arena *a, struct text bytes, struct buf *again)
{
	struct facts *set = facts_new(a);
	struct unpacker *u = unpacker_new(a, set, PACK_IDS_FEW);
	struct err err = {.line = 0};

	if (facts_unpack(u, bytes, PACK_FACTS, &err) != RC_OK) {
		MUST(set->n == 0 && err.message[0] != '\0');
		return NULL;
	}
	unpacker_finish(u);

	struct uuid *ids = arena_array(a, struct uuid, set->n);

	for (uint32_t i = 0; i < set->n; i++)
		ids[i] = *unpacker_id(u, i);
	facts_pack(set, 0, set->n, ids, again);
	MUST(!again->full);
	return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 30);
	struct text body = {(const char *)data, n};
	uint64_t sum = pack_sum(body);
	struct buf bytes, once, twice;

	buf_init(&bytes, (size_t)1 << 26);
	buf_init(&once, (size_t)1 << 26);
	buf_init(&twice, (size_t)1 << 26);
	buf_str(&bytes, "TFP1");
	for (unsigned i = 0; i < PACK_SUM; i++)
		buf_char(&bytes, (char)(unsigned char)((sum >> (8 * i)) & 0xff));
	buf_text(&bytes, body);
	if (there_and_back(a, buf_view(&bytes), &once) != NULL) {
		MUST(there_and_back(a, buf_view(&once), &twice) != NULL);
		MUST(text_eq(buf_view(&once), buf_view(&twice)));
	}
	buf_free(&bytes);
	buf_free(&once);
	buf_free(&twice);
	arena_free(a);
	return 0;
}
