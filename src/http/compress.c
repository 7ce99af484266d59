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

bool compress_may(const struct response *r)
{
	struct text type = media_type(r->type);

	if (r->status != 200 || r->body.n <= COMPRESS_FROM_BYTES || !is_words(type))
		return false;
	return r->keep || !text_eq_nocase(type, text_of("text/html")) ||
	       !has_form(buf_view(&r->body));
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

bool compress_gzip(struct arena *a, struct buf *body)
{
	enum { LEVEL = 5, GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream z = {.zalloc = take, .zfree = leave, .opaque = a};
	struct buf out;
	int said;

	if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	buf_init(&out, body->max);
	z.next_in = (Bytef *)body->p;
	z.avail_in = (uInt)body->n;
	do {
		unsigned char piece[16384];

		z.next_out = piece;
		z.avail_out = sizeof(piece);
		said = deflate(&z, Z_FINISH);
		buf_add(&out, (const char *)piece, sizeof(piece) - z.avail_out);
	} while (said == Z_OK && out.n < body->n);
	(void)deflateEnd(&z);
	if (said != Z_STREAM_END || out.n >= body->n) {
		buf_free(&out);
		return false;
	}
	buf_free(body);
	*body = out;
	return true;
}
