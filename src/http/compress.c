/* SPDX-License-Identifier: Apache-2.0 */
#include "http/compress.h"

#include "http/fields.h"
#include "http/limits.h"

#include <zlib.h>

static bool is_words(struct text type)
{
	static const char *const list[] = {"application/json",         "application/problem+json",
					   "application/x-ndjson",     "application/xml",
					   "application/javascript",   "image/svg+xml",
					   "application/manifest+json"};

	if (text_starts(type, "text/"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (text_eq_nocase(type, text_of(list[i])))
			return true;
	return false;
}

/* From one '<' to the next: a page is long, and this is asked of every one. */
static bool has_form(struct text page)
{
	static const char mark[] = {'<', 'f', 'o', 'r', 'm'};
	size_t at = 0;

	for (at = text_find(page, '<', 0); page.n - at >= sizeof(mark);
	     at = text_find(page, '<', at + 1))
		if (memcmp(page.p + at, mark, sizeof(mark)) == 0)
			return true;
	return false;
}

static bool may(const struct response *r)
{
	struct text type = media_type(r->type);

	if (r->status != 200 || response_bytes(r).n <= COMPRESS_FROM_BYTES || !is_words(type))
		return false;
	return r->keep || !text_eq_nocase(type, text_of("text/html")) ||
	       !has_form(response_bytes(r));
}

bool compress_may(struct response *r)
{
	if (r->zip == ZIP_UNASKED)
		r->zip = may(r) ? ZIP_MAY : ZIP_NEVER;
	return r->zip != ZIP_NEVER;
}

/* Memory of the request; it goes with it. */
static voidpf take(voidpf arena, uInt count, uInt size)
{
	return arena_alloc_array((struct arena *)arena, count, size);
}

static void leave(voidpf arena, voidpf p)
{
	(void)arena;
	(void)p;
}

static bool smaller(struct arena *a, struct text bytes, struct buf *out)
{
	enum { LEVEL = 5, GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream z = {.zalloc = take, .zfree = leave, .opaque = a};
	int said;

	if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)bytes.p; /* zlib's type: it only reads */
	z.avail_in = (uInt)bytes.n;
	do {
		unsigned char piece[16384];

		z.next_out = piece;
		z.avail_out = sizeof(piece);
		said = deflate(&z, Z_FINISH);
		buf_add(out, (const char *)piece, sizeof(piece) - z.avail_out);
	} while (said == Z_OK && out->n < bytes.n);
	(void)deflateEnd(&z);
	return said == Z_STREAM_END && out->n < bytes.n;
}

bool compress_gzip(struct response *r)
{
	struct buf out;

	if (r->zip == ZIP_IS || !compress_may(r))
		return r->zip == ZIP_IS;
	buf_init(&out, r->body.max);
	r->zip = smaller(r->arena, response_bytes(r), &out) ? ZIP_IS : ZIP_NEVER;
	if (r->zip == ZIP_NEVER) {
		buf_free(&out);
		return false;
	}
	response_clear(r);
	buf_free(&r->body);
	r->body = out;
	return true;
}
