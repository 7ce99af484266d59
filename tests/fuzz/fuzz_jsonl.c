/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines and documents: the first byte is the size of chunks. */
#include "fuzz_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1)
		return 0;

	struct text bytes = {(const char *)data + 1, n - 1};

	fuzz_import("", text_of(""), bytes, (size_t)data[0] + 1, true);
	fuzz_import("tenor_jsonl", text_of(""), bytes, (size_t)data[0] + 1, true);
	return 0;
}
