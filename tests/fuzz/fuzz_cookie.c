/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a Cookie header: each name once, and reading what was read again changes nothing. */
#include "http/fields.h"

#include "fuzz_keys.h"
#include "http/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256 << 20);
	struct fields f = {NULL, 0}, again;
	struct buf out;

	buf_init(&out, 1 << 20);
	if (size <= 65536)
		f = cookies_parse(a, (struct text){(const char *)data, size});
	MUST(f.n <= LIMIT_PARAMETERS);
	for (size_t i = 0; i < f.n; i++) {
		MUST(f.v[i].name.n > 0);
		for (size_t k = 0; k < i; k++)
			MUST(!text_eq(f.v[i].name, f.v[k].name));
		buf_printf(&out, "%s", i > 0 ? "; " : "");
		buf_text(&out, f.v[i].name);
		buf_char(&out, '=');
		buf_text(&out, f.v[i].value);
	}
	again = cookies_parse(a, buf_view(&out));
	MUST(again.n == f.n);
	for (size_t i = 0; i < f.n; i++)
		MUST(text_eq(f.v[i].name, again.v[i].name) &&
		     text_eq(f.v[i].value, again.v[i].value));
	buf_free(&out);
	arena_free(a);
	return 0;
}
