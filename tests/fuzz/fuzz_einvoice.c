/* SPDX-License-Identifier: Apache-2.0 */
/* E-invoices of anybody: what is read is written, in both syntaxes, and reads back equal; checking it never breaks. */
#include "render/einvoice.h"

#include <stdlib.h>

#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The syntaxes hold a term of a foreign document in their own places, so only what was written by this house is compared. */
static void again(struct arena *a, const struct einvoice *e, bool ubl)
{
	struct einvoice *first = NULL, *second = NULL;
	enum einvoice_syntax syntax;
	struct err err = {.line = 0};
	struct buf b;

	buf_init(&b, 1 << 24);
	(ubl ? einvoice_ubl : einvoice_cii)(e, &b);
	if (!b.full && einvoice_read(a, buf_view(&b), &first, &syntax, &err) == RC_OK) {
		MUST(first->unread == 0);
		buf_clear(&b);
		(ubl ? einvoice_ubl : einvoice_cii)(first, &b);
		MUST(einvoice_read(a, buf_view(&b), &second, &syntax, &err) == RC_OK);
		MUST(einvoice_eq(first, second));
	}
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new((size_t)1 << 28);
	struct text bytes = {(const char *)data, n};
	enum einvoice_syntax syntax = EINVOICE_UBL;
	struct einvoice *e = NULL;
	struct err err = {.line = 0};

	if (einvoice_read(a, bytes, &e, &syntax, &err) == RC_OK) {
		(void)einvoice_check(
			a, e, (struct einvoice_basis){ROUND_HALF_UP, n % 2 == 0, n % 3 == 0});
		MUST(einvoice_eq(e, e));
		again(a, e, true);
		again(a, e, false);
	} else {
		MUST(err.message[0] != '\0' && e == NULL);
	}
	arena_free(a);
	return 0;
}
