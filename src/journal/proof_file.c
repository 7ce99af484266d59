/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog-proof files: one leaf's inclusion and the note of the tree it lies in (trust.md J15). Nothing is verified here. */
#include "journal/note_parts.h"

#include <assert.h>

static const char first_line[] = "c2sp.org/tlog-proof@v1";

void proof_file_print(int64_t index, const struct proof *p, struct text note, struct buf *out)
{
	assert(index >= 0 && index < MERKLE_SIZE_MAX && p->n <= PROOF_HASHES_MAX);
	buf_str(out, first_line);
	buf_str(out, "\nindex ");
	buf_i64(out, index);
	buf_char(out, '\n');
	for (size_t i = 0; i < p->n; i++) {
		base64_add(out, p->v[i].b, sizeof(p->v[i].b));
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
	buf_text(out, note);
}

/* Cuts a line with its newline off *rest. */
static bool next_line(struct text *rest, struct text *line)
{
	size_t end = text_find(*rest, '\n', 0);

	if (end == rest->n)
		return false;
	*line = text_sub(*rest, 0, end);
	*rest = text_sub(*rest, end + 1, rest->n);
	return true;
}

/* The format allows one line of another program's data, in base64; we write none and make nothing of it. */
static enum rc skip_extra(struct text *rest, struct text *line, struct err *err)
{
	unsigned char raw[NOTE_MAX_BYTES];
	size_t n;

	if (!text_starts(*line, "extra "))
		return RC_OK;
	if (!base64_read(text_sub(*line, 6, line->n), raw, sizeof(raw), &n) || n == 0)
		return err_set(err, RC_INVALID, "'extra' of a proof file is not base64");
	if (!next_line(rest, line))
		return err_set(err, RC_INVALID, "proof file ends after 'extra'");
	return RC_OK;
}

static enum rc read_hashes(struct text *rest, struct proof *out, struct err *err)
{
	struct text line;

	out->n = 0;
	while (next_line(rest, &line)) {
		if (line.n == 0)
			return RC_OK;
		if (out->n == PROOF_HASHES_MAX)
			return err_set(err, RC_INVALID, "proof has more than %d hashes",
				       PROOF_HASHES_MAX);
		if (!hash_read_base64(line, &out->v[out->n]))
			return err_set(err, RC_INVALID,
				       "hash %zu of a proof is not base64 of 32 bytes", out->n + 1);
		out->n++;
	}
	return err_set(err, RC_INVALID, "proof file has no blank line before its checkpoint");
}

enum rc proof_file_parse(struct text bytes, struct proof_file *out, struct err *err)
{
	struct proof_file f = {.index = 0};
	struct text rest = bytes, line;
	enum rc rc;

	/* the lines before the note are few; so is what a note may have */
	if (bytes.n > (size_t)2 * NOTE_MAX_BYTES)
		return err_set(err, RC_LIMIT, "proof file is %zu bytes; the limit is %d", bytes.n,
			       2 * NOTE_MAX_BYTES);
	if (!next_line(&rest, &line) || !text_is(line, first_line)) {
		err_set(err, RC_INVALID, "not a proof file");
		err_hint(err, "its first line is '%s'", first_line);
		return RC_INVALID;
	}
	if (!next_line(&rest, &line))
		return err_set(err, RC_INVALID, "proof file ends after its first line");
	rc = skip_extra(&rest, &line, err);
	if (rc != RC_OK)
		return rc;
	if (!text_starts(line, "index ") || !decimal_read(text_sub(line, 6, line.n), &f.index) ||
	    f.index == MERKLE_SIZE_MAX) {
		err_set(err, RC_INVALID, "line '%.*s' of a proof file is no index",
			TEXT_ARG(text_sub(line, 0, 60)));
		err_hint(err, "'index ' and a decimal number without leading zeros");
		return RC_INVALID;
	}
	rc = read_hashes(&rest, &f.proof, err);
	if (rc != RC_OK)
		return rc;
	if (rest.n == 0)
		return err_set(err, RC_INVALID, "proof file has no checkpoint");
	f.note = rest;
	*out = f;
	return RC_OK;
}
