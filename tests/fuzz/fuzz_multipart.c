/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a multipart body of the boundary B: parts lie within it, in order, and names of files are plain. */
#include "http/fields.h"

#include "fuzz_keys.h"
#include "http/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256 << 20);
	struct text body = {(const char *)data, size};
	struct fields f = {NULL, 0};
	const struct part *files = NULL;
	struct err err = {.line = 0};
	size_t n = 0, at = 0;

	if (size <= 65536 && multipart_parse(a, text_of("multipart/form-data; boundary=B"), body,
					     &f, &files, &n, &err) == RC_OK) {
		MUST(f.n + n <= LIMIT_PARTS);
		for (size_t i = 0; i < n; i++) {
			size_t from = (size_t)(files[i].body.p - body.p);

			MUST(from >= at && from + files[i].body.n <= body.n);
			at = from + files[i].body.n;
			MUST(files[i].file.n > 0 && files[i].file.n <= 100 &&
			     files[i].file.p[0] != '.' &&
			     text_find(files[i].file, '/', 0) == files[i].file.n);
		}
	} else if (size <= 65536) {
		MUST(err.message[0] != '\0');
	}
	arena_free(a);
	return 0;
}
