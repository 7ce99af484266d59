/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a query: names are unique, all is UTF-8, and what is read prints and reads as the same again. */
#include "http/fields.h"

#include "fuzz_keys.h"
#include "http/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct buf *out, struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		buf_printf(out, "%%%02x", (unsigned)(unsigned char)t.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256 << 20);
	struct fields f = {NULL, 0}, again = {NULL, 0};
	struct err err = {.line = 0};
	struct buf out;

	buf_init(&out, 16 << 20);
	if (size <= 65536 &&
	    pairs_parse(a, (struct text){(const char *)data, size}, &f, &err) == RC_OK) {
		MUST(f.n <= LIMIT_PARAMETERS);
		for (size_t i = 0; i < f.n; i++) {
			MUST(f.v[i].name.n > 0 && text_utf8(f.v[i].name, NULL) &&
			     text_utf8(f.v[i].value, NULL));
			buf_str(&out, i > 0 ? "&" : "");
			print(&out, f.v[i].name);
			buf_char(&out, '=');
			print(&out, f.v[i].value);
		}
		MUST(pairs_parse(a, buf_view(&out), &again, &err) == RC_OK && again.n == f.n);
		for (size_t i = 0; i < f.n; i++)
			MUST(text_eq(f.v[i].name, again.v[i].name) &&
			     text_eq(f.v[i].value, again.v[i].value));
	} else if (size <= 65536) {
		MUST(err.message[0] != '\0');
	}
	buf_free(&out);
	arena_free(a);
	return 0;
}
