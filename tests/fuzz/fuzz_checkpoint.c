/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a checkpoint under the keys of trust.md 2.4. What opens was signed: only the texts that make_bundles.py signed are known
 * (the logs of 0 and of 3 entries), so any other that opens is a forgery.
 */
#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	struct err err = {.line = 0};
	struct checkpoint cp, again;
	size_t signers = 0;
	struct buf out;

	if (checkpoint_parse(bytes, &cp, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
	} else {
		buf_init(&out, NOTE_MAX_BYTES);
		checkpoint_print(&cp, &out);
		MUST(text_eq(buf_view(&out), bytes));
		buf_free(&out);
	}
	if (checkpoint_open(bytes, fuzz_keys(), 2, &cp, &signers, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
		return 0;
	}
	MUST(signers >= 1 && signers <= 2);
	MUST(text_is(cp.origin, FUZZ_ORIGIN) && (cp.size == 0 || cp.size == 3));
	buf_init(&out, NOTE_MAX_BYTES);
	checkpoint_print(&cp, &out);
	MUST(text_eq(text_sub(bytes, 0, out.n), buf_view(&out)));
	MUST(checkpoint_parse(buf_view(&out), &again, &err) == RC_OK && again.size == cp.size);
	buf_free(&out);
	return 0;
}
