/* SPDX-License-Identifier: Apache-2.0 */
/* Bank statements of anybody: read or refused with words, and every entry has an id of its own that may stand in the record. */
#include "app/camt.h"

#include <stdlib.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text bytes = {(const char *)data, n};
	struct camt *c = NULL;
	struct err err = {.line = 0};

	if (camt_read(a, bytes, &c, &err) != RC_OK) {
		MUST(err.message[0] != '\0' && c == NULL);
	} else {
		for (size_t i = 0; i < c->n; i++) {
			MUST(camt_plain_reference(c->entries[i].id));
			for (size_t k = 0; n < 10000 && k < i; k++)
				MUST(!text_eq(c->entries[i].id, c->entries[k].id));
		}
	}
	arena_free(a);
	return 0;
}
