/* SPDX-License-Identifier: Apache-2.0 */
#include "render/markup.h"

#include <unistr.h>

bool character_unsafe(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x061c ||
	       (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0xfffd;
}

void html_text(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.n;) {
		ucs4_t c = 0xfffd;
		int n = u8_mbtoucr(&c, (const uint8_t *)t.p + i, t.n - i);
		size_t used = n > 0 ? (size_t)n : 1;

		if (n <= 0 || character_unsafe(c))
			buf_str(b, "\xef\xbf\xbd");
		else if (c == '&')
			buf_str(b, "&amp;");
		else if (c == '<')
			buf_str(b, "&lt;");
		else if (c == '>')
			buf_str(b, "&gt;");
		else if (c == '"')
			buf_str(b, "&quot;");
		else if (c == '\'')
			buf_str(b, "&#39;");
		else
			buf_add(b, t.p + i, used);
		i += used;
	}
}

void html_quoted(struct buf *b, const char *opening, struct text value)
{
	buf_str(b, opening);
	html_text(b, value);
	buf_char(b, '"');
}

static bool scheme_allowed(struct text url)
{
	static const char *const schemes[] = {"https:", "http:", "mailto:"};

	if (url.n > 0 && url.p[0] == '#')
		return true;
	/* a path of the same host; "//" would name another */
	if (url.n > 0 && url.p[0] == '/')
		return url.n == 1 || (url.p[1] != '/' && url.p[1] != '\\');
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		struct text s = text_of(schemes[i]);

		if (url.n > s.n && text_eq_nocase(text_sub(url, 0, s.n), s))
			return true;
	}
	return false;
}

void html_quoted_url(struct buf *b, const char *opening, struct text value)
{
	html_quoted(b, opening, scheme_allowed(value) ? value : text_of("#"));
}
