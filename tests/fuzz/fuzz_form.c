/* SPDX-License-Identifier: Apache-2.0 */
/* A first line as content type, the rest as a form's body: it is read as what it says to be, or refused with words. */
#include "http/fields.h"

#include "fuzz_keys.h"
#include "http/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256 << 20);
	struct field type = {text_of("content-type"), {NULL, 0}};
	struct request q = {.arena = a, .headers = {&type, 1}};
	struct fields f = {NULL, 0};
	const struct part *files = NULL;
	struct err err = {.line = 0};
	size_t n = 0;

	q.body = text_cut((struct text){(const char *)data, size}, '\n', &type.value);
	if (size <= 65536 && form_parse(&q, &f, &files, &n, &err) == RC_OK) {
		MUST(f.n <= LIMIT_PARAMETERS && n <= LIMIT_PARTS);
		for (size_t i = 0; i < f.n; i++)
			for (size_t k = 0; k < i; k++)
				MUST(!text_eq(f.v[i].name, f.v[k].name));
	} else if (size <= 65536) {
		MUST(err.message[0] != '\0');
	}
	arena_free(a);
	return 0;
}
