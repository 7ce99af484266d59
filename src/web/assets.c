/* SPDX-License-Identifier: Apache-2.0 */
/* Style, script and icon: compiled in, the same bytes for everybody, kept by the browser. The style begins with that of documents. */
#include "base/sha256.h"
#include "render/style.h"
#include "web/parts.h"

#include <string.h>

struct asset {
	const char *name, *title;
	const char *bytes;
	size_t size;
};

#include "assets.inc"

static void give(const struct request *q, struct response *r, const char *type,
		 const struct text *parts, size_t n)
{
	char hex[SHA256_HEX + 1];

	r->type = text_of(type);
	for (size_t i = 0; i < n; i++)
		buf_text(&r->body, parts[i]);
	sha256_hex(buf_view(&r->body), hex);
	r->etag = text_format(q->arena, "\"%.16s\"", hex);
	r->keep = true;
	r->action = "asset";
}

static struct text asset(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(assets); i++)
		if (strcmp(assets[i].name, name) == 0)
			return (struct text){assets[i].bytes, assets[i].size};
	return (struct text){NULL, 0};
}

bool assets_file(const struct request *q, struct response *r)
{
	if (!method_safe(q->method))
		return false;
	const struct text style[] = {text_of(STYLE_TOKENS), text_of(STYLE_TEXT), text_of(STYLE_BLOCKS),
				     text_of(STYLE_CHARTS), asset("site")};
	const struct text script = asset("tenor"), icon = asset("icon");

	if (text_is(q->path, "/assets/tenor.css"))
		give(q, r, "text/css; charset=utf-8", style, ARRAY_SIZE(style));
	else if (text_is(q->path, "/assets/tenor.js"))
		give(q, r, "text/javascript; charset=utf-8", &script, 1);
	else if (text_is(q->path, "/assets/icon.svg"))
		give(q, r, "image/svg+xml", &icon, 1);
	else
		return false;
	return true;
}
