/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a proof file: what reads prints as itself, but for another program's line of data. */
#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	struct err err = {.line = 0};
	struct proof_file f;
	struct buf out;

	if (proof_file_parse(bytes, &f, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
		return 0;
	}
	MUST(f.index >= 0 && f.index < MERKLE_SIZE_MAX && f.proof.n <= PROOF_HASHES_MAX &&
	     f.note.n > 0);
	buf_init(&out, (size_t)4 * NOTE_MAX_BYTES);
	proof_file_print(f.index, &f.proof, f.note, &out);
	MUST(!out.full);
	if (text_has(bytes, text_of("\nextra ")) && !text_eq(buf_view(&out), bytes))
		MUST(out.n < bytes.n && text_ends(bytes, "\n") == text_ends(buf_view(&out), "\n"));
	else
		MUST(text_eq(buf_view(&out), bytes));
	buf_free(&out);
	return 0;
}
