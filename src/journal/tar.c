/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers of a ustar file as a bundle has them (trust.md J19): name and size are free, every other byte is fixed. A reader makes the
 * header again from the two and compares, so nothing can hide in one. Not a reader of anybody's tar files.
 */
#include "journal/bundle_parts.h"

#include <assert.h>
#include <string.h>

enum { SIZE_DIGITS = 11, SUM_AT = 148, SUM_BYTES = 8, SIZE_AT = 124 };

struct tar_field {
	const char *name;
	size_t at, n;
	const char *value; /* NULL: filled in, or zero */
};

static const struct tar_field fields[] = {
	{"name", 0, 100, NULL},
	{"mode", 100, 8, "0000644"},
	{"uid", 108, 8, "0000000"},
	{"gid", 116, 8, "0000000"},
	{"size", SIZE_AT, 12, NULL},
	{"mtime", 136, 12, "00000000000"},
	{"type", 156, 1, "0"},
	{"link", 157, 100, NULL},
	{"magic", 257, 6, "ustar"},
	{"version", 263, 2, "00"},
	{"user", 265, 32, NULL},
	{"group", 297, 32, NULL},
	{"device", 329, 8, "0000000"},
	{"device", 337, 8, "0000000"},
	{"prefix", 345, 155, NULL},
	{"end", 500, 12, NULL},
	/* last, since it follows from the others */
	{"checksum", SUM_AT, SUM_BYTES, NULL},
};

static bool segment_ok(struct text s)
{
	if (s.n == 0 || text_is(s, ".") || text_is(s, ".."))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

bool bundle_path_ok(struct text name)
{
	if (name.n == 0 || name.n > BUNDLE_PATH_MAX)
		return false;
	for (size_t from = 0; from <= name.n;) {
		size_t end = text_find(name, '/', from);

		if (!segment_ok(text_sub(name, from, end)))
			return false;
		from = end + 1;
	}
	return true;
}

static void put_octal(unsigned char *at, unsigned digits, uint64_t v)
{
	for (unsigned i = digits; i > 0; i--) {
		at[i - 1] = (unsigned char)('0' + (v & 7));
		v >>= 3;
	}
	assert(v == 0);
}

/* The sum of all bytes, the field of the sum counted as blanks. */
static void put_sum(unsigned char out[TAR_BLOCK])
{
	uint64_t sum = 0;

	memset(out + SUM_AT, ' ', SUM_BYTES);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += out[i];
	put_octal(out + SUM_AT, 6, sum);
	out[SUM_AT + 6] = '\0';
}

static void make(struct text name, int64_t n, unsigned char out[TAR_BLOCK])
{
	memset(out, 0, TAR_BLOCK);
	memcpy(out, name.p, name.n);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].value != NULL)
			memcpy(out + fields[i].at, fields[i].value, strlen(fields[i].value));
	put_octal(out + SIZE_AT, SIZE_DIGITS, (uint64_t)n);
	put_sum(out);
}

enum rc tar_header(struct text name, int64_t n, unsigned char out[TAR_BLOCK], struct err *err)
{
	assert(n >= 0);
	if (!bundle_path_ok(name)) {
		err_set(err, RC_INVALID, "'%.*s' cannot be the name of a file in a bundle",
			TEXT_ARG(text_sub(name, 0, 200)));
		err_hint(err, "at most %d letters, digits, '-', '_', '.' in folders apart by '/'",
			 BUNDLE_PATH_MAX);
		return RC_INVALID;
	}
	if (n > BUNDLE_MAX_BYTES)
		return err_set(err, RC_LIMIT,
			       "'%.*s' is too large for a bundle; the limit is 4 GiB",
			       TEXT_ARG(name));
	make(name, n, out);
	return RC_OK;
}

size_t tar_pad(int64_t n)
{
	assert(n >= 0);
	return (size_t)((TAR_BLOCK - n % TAR_BLOCK) % TAR_BLOCK);
}

static bool read_octal(const unsigned char *at, unsigned digits, int64_t *out)
{
	int64_t v = 0;

	for (unsigned i = 0; i < digits; i++) {
		if (at[i] < '0' || at[i] > '7')
			return false;
		v = v * 8 + (at[i] - '0');
	}
	*out = v;
	return true;
}

enum rc tar_header_read(const unsigned char block[TAR_BLOCK], size_t offset, struct text *name,
			int64_t *n, struct err *err)
{
	unsigned char want[TAR_BLOCK];
	const unsigned char *end = memchr(block, '\0', BUNDLE_PATH_MAX);
	struct text t = {(const char *)block,
			 end == NULL ? (size_t)BUNDLE_PATH_MAX : (size_t)(end - block)};
	int64_t size;

	if (!bundle_path_ok(t)) {
		err_set(err, RC_INVALID, "header at byte %zu has no name that a bundle allows",
			offset);
		err_hint(err, "relative, of letters, digits, '-', '_', '.' and '/'");
		return RC_INVALID;
	}
	if (!read_octal(block + SIZE_AT, SIZE_DIGITS, &size) || size > BUNDLE_MAX_BYTES)
		return err_set(err, RC_INVALID,
			       "size in the header of '%.*s' is not one of a bundle", TEXT_ARG(t));
	make(t, size, want);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (memcmp(block + fields[i].at, want + fields[i].at, fields[i].n) != 0) {
			err_set(err, RC_INVALID, "%s in the header of '%.*s' is not as in a bundle",
				fields[i].name, TEXT_ARG(t));
			err_hint(err, "a plain file, mode 0644, owner and time 0, ustar");
			return RC_INVALID;
		}
	*name = t;
	*n = size;
	return RC_OK;
}
