/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of programs and the texts of secrets: what is taken is what would be printed, and nothing else (trust.md S14). */
#include "app/tokens.h"
#include "base/base32.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = {(const char *)data, size};
	struct token_bytes token;
	unsigned char raw[64];
	char text[TOKEN_TEXT + 1];
	struct buf b;

	if (token_parse(t, &token)) {
		token_print(&token, text);
		if (!text_is(t, text))
			abort();
	}
	buf_init(&b, 1024);
	for (size_t n = 0; n <= sizeof(raw); n++) {
		buf_clear(&b);
		if (base32_read(t, raw, n)) {
			base32_add(&b, raw, n);
			if (!text_eq(buf_view(&b), t))
				abort();
		}
		buf_clear(&b);
		if (base64url_read(t, raw, n)) {
			base64url_add(&b, raw, n);
			if (!text_eq(buf_view(&b), t))
				abort();
		}
	}
	buf_free(&b);
	return 0;
}
