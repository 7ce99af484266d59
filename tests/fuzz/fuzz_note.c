/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a signed note, and as a verifier key: what reads is made of its parts and nothing else, and reads as the same again. */
#include "fuzz_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_note(struct text bytes)
{
	struct err err = {.line = 0};
	struct note n;
	struct buf out;

	if (note_parse(bytes, &n, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
		return;
	}
	MUST(n.n >= 1 && n.n <= NOTE_SIGNATURES_MAX && bytes.n <= NOTE_MAX_BYTES);
	buf_init(&out, NOTE_MAX_BYTES);
	buf_text(&out, n.text);
	buf_char(&out, '\n');
	for (size_t i = 0; i < n.n; i++)
		buf_text(&out, n.signatures[i].line);
	MUST(text_eq(buf_view(&out), bytes));
	buf_free(&out);
}

static void as_key(struct text bytes)
{
	struct err err = {.line = 0};
	struct vkey k;
	struct buf out;

	if (vkey_parse(bytes, &k, &err) != RC_OK) {
		MUST(err.message[0] != '\0');
		return;
	}
	buf_init(&out, 1000);
	vkey_print(&k, &out);
	MUST(text_eq(buf_view(&out), bytes));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};

	as_note(bytes);
	as_key(bytes);
	return 0;
}
