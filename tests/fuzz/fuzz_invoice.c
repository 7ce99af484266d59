/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: what is read prints back to the same bytes, and what lies in it may be added up. */
#include "engine/invoice_json.h"

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
	struct invoice *i = NULL;
	struct err err = {.line = 0};
	struct buf b;

	buf_init(&b, 1 << 24);
	if (invoice_read(a, bytes, &i, &err) == RC_OK) {
		invoice_json(i, INVOICE_WHOLE, &b);
		MUST(text_eq(buf_view(&b), bytes));
		buf_clear(&b);
		invoice_json(i, INVOICE_SUBSTANCE, &b);
		MUST(b.n <= n);
		/* sums of any document either hold or are too large */
		MUST(invoice_total(i, NULL, a, &err) == RC_OK || err.message[0] != '\0');
	} else {
		MUST(err.message[0] != '\0');
	}
	buf_free(&b);
	arena_free(a);
	return 0;
}
