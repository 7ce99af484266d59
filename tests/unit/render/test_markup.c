/* SPDX-License-Identifier: Apache-2.0 */
#include "render/markup.h"

#include "tap.h"

#include <string.h>

static const struct {
	const char *name, *in, *want;
} escapes[] = {
	{"plain", "Harbor IT", "Harbor IT"},
	{"a tag", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	{"an entity", "AT&amp;T", "AT&amp;amp;T"},
	{"quotes", "\"'", "&quot;&#39;"},
	{"beyond ASCII", "Zürich \xf0\x9f\x98\x80", "Zürich \xf0\x9f\x98\x80"},
	{"a control", "a\x1b[31mb", "a\xef\xbf\xbd[31mb"},
	{"broken UTF-8", "a\xc3(", "a\xef\xbf\xbd("},
	{"an overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"writing turned round",
	 "a\xe2\x80\xae"
	 "b",
	 "a\xef\xbf\xbd"
	 "b"},
	{"a C1 control",
	 "a\xc2\x9b"
	 "b",
	 "a\xef\xbf\xbd"
	 "b"},
};

static const struct {
	const char *in, *want;
} urls[] = {
	{"#why-3", " href=\"#why-3\""},
	{"https://a.example/?x=1&y=2", " href=\"https://a.example/?x=1&amp;y=2\""},
	{"HTTP://a.example", " href=\"HTTP://a.example\""},
	{"mailto:a@b.example", " href=\"mailto:a@b.example\""},
	{"javascript:alert(1)", " href=\"#\""},
	{" javascript:alert(1)", " href=\"#\""},
	{"data:text/html,x", " href=\"#\""},
	{"//a.example", " href=\"#\""},
	{"relative", " href=\"#\""},
	{"https:", " href=\"#\""},
	{"", " href=\"#\""},
	{"#\"onclick=\"x", " href=\"#&quot;onclick=&quot;x\""},
};

int main(void)
{
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
		buf_clear(&b);
		html_text(&b, text_of(escapes[i].in));
		is_text(buf_view(&b), escapes[i].want, "text: %s", escapes[i].name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		buf_clear(&b);
		html_url(&b, "href", text_of(urls[i].in));
		is_text(buf_view(&b), urls[i].want, "address: \"%s\"", urls[i].in);
	}
	buf_clear(&b);
	html_attr(&b, "title", text_of("a \"b\" <c>"));
	is_text(buf_view(&b), " title=\"a &quot;b&quot; &lt;c&gt;\"",
		"an attribute is quoted and escaped");
	buf_clear(&b);
	html_text(&b, (struct text){"a\0b", 3});
	is_text(buf_view(&b),
		"a\xef\xbf\xbd"
		"b",
		"a zero byte is shown as what it is not");
	buf_clear(&b);
	html_raw(&b, "<p>");
	is_text(buf_view(&b), "<p>", "a literal goes as it is");
	buf_free(&b);
	return tap_done();
}
