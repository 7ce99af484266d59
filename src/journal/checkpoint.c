/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: what the text of a note says about a log, and under which keys it counts (trust.md J10, J16). */
#include "journal/note_parts.h"

#include <assert.h>

void checkpoint_print(const struct checkpoint *c, struct buf *out)
{
	assert(key_name_ok(c->origin) && c->size >= 0 && c->size <= MERKLE_SIZE_MAX);
	buf_text(out, c->origin);
	buf_char(out, '\n');
	buf_i64(out, c->size);
	buf_char(out, '\n');
	base64_add(out, c->root.b, sizeof(c->root.b));
	buf_char(out, '\n');
}

enum rc checkpoint_parse(struct text text, struct checkpoint *out, struct err *err)
{
	struct text origin, size, root, rest = text_cut(text, '\n', &origin);
	struct checkpoint c = {.origin = origin};

	rest = text_cut(rest, '\n', &size);
	rest = text_cut(rest, '\n', &root);
	if (!key_name_ok(origin))
		return err_set(err, RC_INVALID, "origin of a checkpoint cannot be '%.*s'",
			       TEXT_ARG(text_sub(origin, 0, KEY_NAME_MAX)));
	if (!decimal_read(size, &c.size)) {
		err_set(err, RC_INVALID, "size of a checkpoint cannot be '%.*s'",
			TEXT_ARG(text_sub(size, 0, 40)));
		err_hint(err, "a decimal number without leading zeros up to 2^53");
		return RC_INVALID;
	}
	if (!hash_read_base64(root, &c.root))
		return err_set(err, RC_INVALID,
			       "root of a checkpoint is not base64 of 32 bytes: '%.*s'",
			       TEXT_ARG(text_sub(root, 0, 60)));
	/* the three lines and nothing else, each with its newline: no extension lines (J10) */
	if (rest.n > 0)
		return err_set(
			err, RC_INVALID, "checkpoint has the extension line '%.*s'",
			TEXT_ARG(text_sub(rest, 0, text_find(text_sub(rest, 0, 60), '\n', 0))));
	if (text.n != origin.n + size.n + root.n + 3)
		return err_set(err, RC_INVALID, "checkpoint does not end with a newline");
	if (c.size == 0) {
		struct hash empty = merkle_empty();

		if (!hash_eq(&c.root, &empty))
			return err_set(err, RC_INVALID,
				       "checkpoint of size 0 has another root than SHA-256(\"\")");
	}
	*out = c;
	return RC_OK;
}

enum rc checkpoint_open(struct text bytes, const struct vkey *keys, size_t n_keys,
			struct checkpoint *out, size_t *signers, struct err *err)
{
	struct note n;
	struct checkpoint c;
	bool by_log = false;
	size_t count = 0;
	enum rc rc = note_parse(bytes, &n, err);

	if (rc == RC_OK)
		rc = checkpoint_parse(n.text, &c, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n_keys; i++) {
		int64_t unix_s = 0;
		enum note_verdict v = note_check(&n, &keys[i], &unix_s);

		if (v == NOTE_FORGED)
			return err_set(
				err, RC_INVALID,
				"signature of '%.*s' does not fit the checkpoint of size %lld",
				TEXT_ARG(keys[i].name), (long long)c.size);
		if (v != NOTE_SIGNED)
			continue;
		count++;
		if (keys[i].type == KEY_LOG && text_eq(keys[i].name, c.origin))
			by_log = true;
	}
	if (!by_log)
		return err_set(err, RC_INVALID,
			       "checkpoint of size %lld is signed by no known key of '%.*s'",
			       (long long)c.size, TEXT_ARG(c.origin));
	*out = c;
	if (signers != NULL)
		*signers = count;
	return RC_OK;
}
