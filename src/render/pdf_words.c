/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases in type: what each run looks like, where lines may break, how wide they are. */
#include "render/pdf_calls.h"
#include "render/pdf_parts.h"

#include <assert.h>
#include <unicase.h>
#include <unistr.h>

enum { SHAPE_WIDTH = PT(11), REPLACEMENT = 0xfffd };

/* The place of a state's shape; never drawn itself. */
#define OBJECT "\xef\xbf\xbc"

/* --- text --- */

static bool printable(const struct printing *p, ucs4_t c)
{
	return c == ' ' || FcCharSetHasChar(p->press->letters, c);
}

/* What no font of ours has would be a hole or an empty box, which PDF/A forbids: U+FFFD shows that something is missing. */
static void add_text(struct printing *p, struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.n;) {
		ucs4_t c = 0;
		int n = u8_mbtoucr(&c, (const uint8_t *)t.p + i, t.n - i);
		size_t used = n > 0 ? (size_t)n : 1;

		if (n > 0 && printable(p, c))
			buf_add(b, t.p + i, used);
		else
			buf_str(b, "\xef\xbf\xbd");
		i += used;
	}
}

static bool simple(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < 0x20 || (unsigned char)t.p[i] > 0x7e)
			return false;
	return true;
}

/* Capitals by the words' language, not the machine's. */
static struct text capital(struct printing *p, struct text t)
{
	ucs4_t c = 0;
	int first = u8_mbtoucr(&c, (const uint8_t *)t.p, t.n);
	uint8_t up[16];
	size_t n = sizeof(up);
	struct buf b;

	if (first <= 0 || (size_t)first > t.n ||
	    u8_totitle((const uint8_t *)t.p, (size_t)first, language_words(p->d->language), NULL,
		       up, &n) != up)
		return t;
	buf_init(&b, t.n + n);
	buf_add(&b, (const char *)up, n);
	buf_text(&b, text_sub(t, (size_t)first, t.n));
	struct text out = text_copy(p->arena, buf_view(&b));

	buf_free(&b);
	return out;
}

/* --- attributes --- */

static void attribute(PangoAttrList *list, PangoAttribute *a, size_t from, size_t to)
{
	a->start_index = (guint)from;
	a->end_index = (guint)to;
	pango_attr_list_insert(list, a);
}

static void attributes_of(PangoAttrList *list, const struct stretch *s, enum letter letter)
{
	PangoRectangle shape = {0, -PT(6), SHAPE_WIDTH, PT(7)};

	switch (s->run->kind) {
	case RUN_STRONG:
		attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), s->from, s->to);
		return;
	case RUN_CODE:
		attribute(list, pango_attr_family_new("Liberation Mono,DejaVu Sans"), s->from,
			  s->to);
		attribute(list, pango_attr_scale_new(0.9), s->from, s->to);
		return;
	case RUN_TIME:
		attribute(list, pango_attr_allow_breaks_new(FALSE), s->from, s->to);
		return;
	case RUN_STATE:
		attribute(list, pango_attr_shape_new(&shape, &shape), s->from, s->from + 3);
		attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), s->from + 3, s->to);
		attribute(list, pango_attr_allow_breaks_new(FALSE), s->from, s->to);
		return;
	case RUN_REF:
		if (letter != LETTER_FIGURE)
			attribute(list, pango_attr_scale_new(0.9), s->from, s->to);
		attribute(list, pango_attr_allow_breaks_new(FALSE), s->from, s->to);
		return;
	case RUN_TEXT:
	case RUN_SOFT:
	case RUN_ABBR:
	case RUN_LINK:
	case RUN_SAME:
		return;
	}
}

static PangoLayout *layout_of(struct printing *p, struct text t, enum letter letter)
{
	PangoLayout *l = pango_layout_new(p->press->context);

	assert(t.n < INT32_MAX);
	pango_layout_set_font_description(l, p->press->fonts[letter]);
	pango_layout_set_text(l, t.p, (int)t.n);
	p->layouts = arena_grow(p->arena, p->layouts, p->n_layouts, &p->cap_layouts,
				sizeof(struct _PangoLayout *));
	p->layouts[p->n_layouts++] = l;
	return l;
}

static void measure(struct words *w)
{
	int height;

	pango_layout_get_size(w->layout, &w->natural, &height);
	w->lines = pango_layout_get_line_count(w->layout);
	w->width = -1;
}

/* --- setting --- */

static void add_run(struct printing *p, struct buf *b, const struct run *r)
{
	if (r->kind == RUN_STATE)
		buf_str(b, OBJECT);
	if (r->kind == RUN_REF)
		buf_char(b, '[');
	add_text(p, b, r->text);
	if (r->kind == RUN_REF)
		buf_char(b, ']');
}

struct words words_set(struct printing *p, struct phrase phrase, enum letter letter, int how)
{
	struct words w = {.letter = letter};
	struct stretch *v = arena_array(p->arena, struct stretch, phrase.n + 1);
	const struct run *r = phrase.first;
	bool plain = true;
	struct buf b;

	buf_init(&b, 1 << 24);
	for (size_t i = 0; i < phrase.n; i++, r = r->next) {
		size_t from = b.n;

		if (r->kind == RUN_SAME)
			continue;
		add_run(p, &b, r);
		if (b.n == from)
			continue;
		v[w.n++] = (struct stretch){from, b.n, r};
		plain = plain && (r->kind == RUN_TEXT || r->kind == RUN_ABBR);
	}
	struct text t = text_copy(p->arena, buf_view(&b));

	buf_free(&b);
	if (t.n == 0)
		return w;
	if ((how & WORDS_CAPITAL) != 0 && v[0].run->kind == RUN_TEXT) {
		struct text up = capital(p, t);

		/* Only where places stay what they are: "ß" has a capital of two letters. */
		t = up.n == t.n ? up : t;
	}
	w.p = t.p;
	w.v = v;
	w.flat = plain;
	w.layout = layout_of(p, t, letter);
	if (!plain) {
		PangoAttrList *list = pango_attr_list_new();

		for (size_t i = 0; i < w.n; i++) {
			/* Inks are chosen when it is drawn; a colour each keeps pango from making one run of two stretches. */
			attribute(list, pango_attr_foreground_new((guint16)i, 0, 0), v[i].from,
				  v[i].to);
			attributes_of(list, &v[i], letter);
		}
		pango_layout_set_attributes(w.layout, list);
		pango_attr_list_unref(list);
	}
	measure(&w);
	return w;
}

struct words words_of(struct printing *p, struct text t, enum letter letter)
{
	struct words w = {.letter = letter, .flat = true};

	if (t.n == 0)
		return w;
	if (!simple(t)) {
		struct buf b;

		buf_init(&b, 3 * t.n + 4);
		add_text(p, &b, t);
		t = text_copy(p->arena, buf_view(&b));
		buf_free(&b);
	}
	w.p = t.p;
	w.layout = layout_of(p, t, letter);
	measure(&w);
	return w;
}

/* --- measuring --- */

int words_least(const struct words *w)
{
	const PangoLogAttr *at;
	PangoLayoutLine *line;
	const char *text, *c;
	int n = 0, from = 0, to = 0, most = 0;

	if (w->layout == NULL)
		return 0;
	assert(w->width < 0);
	text = c = pango_layout_get_text(w->layout);
	at = pango_layout_get_log_attrs_readonly(w->layout, &n);
	line = pango_layout_get_line_readonly(w->layout, 0);
	for (int i = 0; i + 1 < n; i++) {
		if (i > 0 && at[i].is_line_break) {
			most = to - from > most ? to - from : most;
			pango_layout_line_index_to_x(line, (int)(c - text), FALSE, &from);
		}
		c += g_utf8_skip[*(const unsigned char *)c];
		if (!at[i].is_white)
			pango_layout_line_index_to_x(line, (int)(c - text), FALSE, &to);
	}
	return to - from > most ? to - from : most;
}

void words_fit(struct words *w, int width)
{
	if (w->layout == NULL)
		return;
	if (w->natural <= width && w->width < 0)
		return;
	pango_layout_set_width(w->layout, width > PT(4) ? width : PT(4));
	pango_layout_set_wrap(w->layout, PANGO_WRAP_WORD_CHAR);
	w->width = width;
	w->lines = pango_layout_get_line_count(w->layout);
}

int words_line_width(const struct words *w, int line)
{
	PangoRectangle logical;

	pango_layout_line_get_extents(pango_layout_get_line_readonly(w->layout, line), NULL,
				      &logical);
	return logical.width;
}
