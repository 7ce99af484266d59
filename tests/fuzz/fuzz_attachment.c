/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any name, then a NUL and any bytes, as a file that somebody attaches (trust.md S23): a reduced name has only what it may have and stays
 * itself; what is taken begins as its kind begins, what is refused says why, and no markup goes as any kind.
 */
#include "facts/attachment.h"

#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void name_holds(struct arena *a, struct text name)
{
	struct text plain = attachment_name(a, name);

	MUST(plain.n > 0 && plain.n <= ATTACHMENT_NAME_MAX && plain.p[0] != '.');
	for (size_t i = 0; i < plain.n; i++)
		MUST(memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
			    plain.p[i], 65) != NULL);
	MUST(text_eq(attachment_name(a, plain), plain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 20);
	struct text bytes = {(const char *)data, size}, name;
	enum attachment_type type = ATTACHMENT_TYPES;
	struct err err = {.line = 0};

	if (size <= 65536) {
		bytes = text_cut(bytes, '\0', &name);
		name_holds(a, name);
		if (attachment_check(name, bytes, &type, &err) == RC_OK) {
			MUST(type < ATTACHMENT_TYPES && bytes.n > 0 && bytes.p[0] != '<');
			MUST(type != ATTACHMENT_PDF || text_starts(bytes, "%PDF-"));
			MUST(type != ATTACHMENT_ZIP || text_starts(bytes, "PK"));
		} else {
			MUST(err.message[0] != '\0');
		}
	}
	arena_free(a);
	return 0;
}
