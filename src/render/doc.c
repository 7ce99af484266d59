/* SPDX-License-Identifier: Apache-2.0 */
#include "render/doc.h"

#include "render/markup.h"

#include <assert.h>
#include <string.h>
#include <unistr.h>

enum { PIECE_MAX = 512 };

/* --- phrases --- */

/* What must never reach a terminal or a page from outside: controls, marks that turn the order of text, broken UTF-8. */
static struct text clean(struct arena *a, struct text t)
{
	bool good = text_utf8(t, NULL);

	for (size_t i = 0; good && i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		/* C1 controls are 0xc2 0x80 to 0xc2 0x9f; the marks begin with 0xd8, 0xe2, 0xef: looked at below */
		good = c >= 0x20 && c != 0x7f && c != 0xd8 && c != 0xe2 && c != 0xef &&
		       !(c == 0xc2 && i + 1 < t.n && (unsigned char)t.p[i + 1] < 0xa0);
	}
	if (good)
		return t;

	struct buf b;

	buf_init(&b, 4 * t.n + 4);
	for (size_t i = 0; i < t.n;) {
		ucs4_t c = 0;
		int n = u8_mbtoucr(&c, (const uint8_t *)t.p + i, t.n - i);
		size_t used = n > 0 ? (size_t)n : 1;

		if (n > 0 && (c == '\n' || c == '\t' || c == '\r'))
			buf_char(&b, ' ');
		else if (n <= 0 || character_unsafe(c))
			buf_str(&b, "\xef\xbf\xbd");
		else
			buf_add(&b, t.p + i, used);
		i += used;
	}
	struct text out = text_copy(a, buf_view(&b));

	buf_free(&b);
	return out;
}

struct phrase doc_run(struct doc *d, enum run_kind kind, struct text t, struct text target)
{
	struct run *r = arena_one(d->arena, struct run);

	*r = (struct run){
		.kind = kind, .text = clean(d->arena, t), .target = clean(d->arena, target)};
	return (struct phrase){r, 1};
}

struct phrase doc_plain(struct doc *d, struct text t)
{
	return t.n == 0 ? NO_WORDS : doc_run(d, RUN_TEXT, t, text_of(""));
}

struct phrase doc_same(struct doc *d)
{
	return doc_run(d, RUN_SAME, text_of(""), text_of(""));
}

struct phrase doc_ref(struct doc *d, size_t reason)
{
	struct text n = text_format(d->arena, "%zu", reason);

	return doc_run(d, RUN_REF, n, n);
}

/* The runs of p, copied, so that chains never share a tail. *tail is the place for the next. */
static const struct run **append(struct doc *d, const struct run **tail, struct phrase p)
{
	const struct run *from = p.first;

	for (size_t i = 0; i < p.n; i++, from = from->next) {
		struct run *r = arena_one(d->arena, struct run);

		*r = *from;
		r->next = NULL;
		*tail = r;
		tail = &r->next;
	}
	return tail;
}

struct phrase doc_join(struct doc *d, struct phrase a, struct phrase b)
{
	struct phrase out = {NULL, a.n + b.n};
	const struct run **tail = append(d, &out.first, a);

	(void)append(d, tail, b);
	return out;
}

struct phrase doc_join_all(struct doc *d, const char *separator, const struct phrase *v, size_t n)
{
	struct phrase out = NO_WORDS;
	const struct run **tail = &out.first;

	for (size_t i = 0; i < n; i++) {
		if (v[i].n == 0)
			continue;
		if (out.n > 0 && *separator != '\0') {
			tail = append(d, tail, doc_plain(d, text_of(separator)));
			out.n++;
		}
		tail = append(d, tail, v[i]);
		out.n += v[i].n;
	}
	return out;
}

struct phrase doc_state_run(struct doc *d, enum doc_state state, struct phrase words)
{
	struct phrase p = doc_run(d, RUN_STATE, doc_words(d, words), text_of(""));
	struct run *r = arena_one(d->arena, struct run);

	*r = *p.first;
	r->state = state;
	return (struct phrase){r, 1};
}

struct phrase doc_link(struct doc *d, struct text target, struct phrase words)
{
	return doc_run(d, RUN_LINK, doc_words(d, words), target);
}

struct text doc_words(struct doc *d, struct phrase p)
{
	struct buf b;
	const struct run *r = p.first;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < p.n; i++, r = r->next) {
		if (r->kind == RUN_REF)
			buf_char(&b, '[');
		buf_text(&b, r->text);
		if (r->kind == RUN_REF)
			buf_char(&b, ']');
	}
	struct text out = text_copy(d->arena, buf_view(&b));

	buf_free(&b);
	return out;
}

struct phrase doc_say(struct doc *d, enum wording w, const struct phrase *args, size_t n)
{
	struct text pattern = word_pattern(d->language, w);
	struct phrase out = NO_WORDS;
	const struct run **tail = &out.first;
	size_t from = 0;

	assert(word_arguments(pattern) == n);
	for (size_t i = 0; i <= pattern.n; i++) {
		bool hole = i + 2 < pattern.n && pattern.p[i] == '{' && pattern.p[i + 2] == '}';

		if (!hole && i < pattern.n)
			continue;
		struct phrase literal = doc_plain(d, text_sub(pattern, from, i));

		tail = append(d, tail, literal);
		out.n += literal.n;
		if (!hole)
			break;
		struct phrase arg = args[pattern.p[i + 1] - '1'];

		tail = append(d, tail, arg);
		out.n += arg.n;
		i += 2;
		from = i + 1;
	}
	return out;
}

struct phrase doc_counted(struct doc *d, int64_t n, enum wording one, enum wording many)
{
	struct phrase number = doc_int(d, n);

	return doc_say(d, n == 1 ? one : many, &number, 1);
}

/* --- values --- */

static struct phrase finish(struct doc *d, struct buf *b)
{
	struct phrase p = doc_plain(d, text_copy(d->arena, buf_view(b)));

	buf_free(b);
	return p;
}

struct phrase doc_int(struct doc *d, int64_t v)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_int(&b, d->language, v);
	return finish(d, &b);
}

struct phrase doc_decimal(struct doc *d, struct decimal v)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_decimal(&b, d->language, v);
	return finish(d, &b);
}

struct phrase doc_percent(struct doc *d, struct decimal v)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_percent(&b, d->language, v);
	return finish(d, &b);
}

struct phrase doc_money(struct doc *d, struct money m)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_money(&b, d->language, m);
	return finish(d, &b);
}

struct phrase doc_exact(struct doc *d, struct fraction f, unsigned min_places)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_exact(&b, d->language, f, min_places);
	return finish(d, &b);
}

struct phrase doc_span(struct doc *d, int64_t ms)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_span(&b, d->language, ms);
	return finish(d, &b);
}

struct phrase doc_duration(struct doc *d, struct duration v)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_duration(&b, d->language, v);
	return finish(d, &b);
}

struct phrase doc_time(struct doc *d, instant t, enum time_form form)
{
	const struct zone *z = d->zone != NULL ? d->zone : zone_utc();
	struct buf shown, machine;

	if (t == INSTANT_NONE)
		return NO_WORDS;
	buf_init(&shown, PIECE_MAX);
	buf_init(&machine, PIECE_MAX);
	format_time(&shown, d->language, z, t, form);
	instant_print(&machine, t);
	struct phrase p = doc_run(d, RUN_TIME, text_copy(d->arena, buf_view(&shown)),
				  text_copy(d->arena, buf_view(&machine)));

	buf_free(&shown);
	buf_free(&machine);
	return p;
}

struct phrase doc_day(struct doc *d, day v)
{
	struct buf b;

	buf_init(&b, PIECE_MAX);
	format_day(&b, d->language, v);
	return finish(d, &b);
}

/* --- blocks --- */

struct doc *doc_new(struct arena *a, const struct language *l, const struct zone *zone)
{
	struct doc *d = arena_one(a, struct doc);

	d->arena = a;
	d->language = l;
	d->zone = zone;
	return d;
}

static struct block *add(struct doc *d, enum block_kind kind)
{
	struct block *b = arena_one(d->arena, struct block);

	b->kind = kind;
	b->medium = d->medium;
	if (d->last == NULL)
		d->first = b;
	else
		d->last->next = b;
	d->last = b;
	return b;
}

void doc_section(struct doc *d, const char *anchor, struct phrase heading)
{
	struct block *b = add(d, BLOCK_SECTION);

	b->anchor = text_of(anchor);
	b->words = heading;
}

size_t doc_reserve(struct doc *d)
{
	return ++d->n_reasons;
}

struct block *doc_reason(struct doc *d, size_t n, enum doc_state state, struct phrase heading,
			 struct phrase aside)
{
	struct block *b = add(d, BLOCK_REASON);

	b->reason = n;
	b->state = state;
	b->words = heading;
	b->aside = aside;
	return b;
}

struct tiles *doc_tiles(struct doc *d)
{
	struct block *b = add(d, BLOCK_TILES);

	b->of.tiles = arena_one(d->arena, struct tiles);
	return b->of.tiles;
}

struct tile *tile_add(struct doc *d, struct tiles *t, struct phrase heading)
{
	struct tile *tile = arena_one(d->arena, struct tile);

	tile->heading = heading;
	if (t->last == NULL)
		t->first = tile;
	else
		t->last->next = tile;
	t->last = tile;
	return tile;
}

/* "12", "+44.40", "-1 230,5": figures and what stands between them. An empty cell is as good as one. */
static bool figures(struct phrase c)
{
	/* with the bytes of the blanks that do not break and of the minus sign */
	struct text allowed = text_of("0123456789.,+-% \xc2\xa0\xe2\x80\xaf\x88\x92");
	const struct run *r = c.first;

	for (size_t i = 0; i < c.n; i++, r = r->next)
		for (size_t k = 0; k < r->text.n; k++)
			if (text_find(allowed, r->text.p[k], 0) == allowed.n)
				return false;
	return true;
}

bool table_has_numbers(const struct table *t, size_t column)
{
	enum column_kind kind = t->columns[column].kind;
	bool any = false;

	if (kind != COLUMN_PAGE)
		return kind == COLUMN_NUMBER;
	for (const struct row *r = t->first; r != NULL; r = r->next) {
		if (!figures(r->cells[column]))
			return false;
		any = any || r->cells[column].n > 0;
	}
	return any;
}

struct table *doc_table(struct doc *d, struct phrase caption, const struct table_column *columns,
			size_t n)
{
	struct block *b = add(d, BLOCK_TABLE);
	struct table_column *own = arena_array(d->arena, struct table_column, n);
	struct table *t = arena_one(d->arena, struct table);

	assert(n > 0);
	memcpy(own, columns, n * sizeof(*own));
	*t = (struct table){.caption = caption, .columns = own, .n_columns = n};
	b->of.table = t;
	return t;
}

struct row *table_row(struct doc *d, struct table *t, const struct phrase *cells, size_t n)
{
	struct phrase *own = arena_array(d->arena, struct phrase, n);
	struct row *row = arena_one(d->arena, struct row);

	assert(n == t->n_columns);
	memcpy(own, cells, n * sizeof(*own));
	row->cells = own;
	if (t->last == NULL)
		t->first = row;
	else
		t->last->next = row;
	t->last = row;
	t->n_rows++;
	return row;
}

struct pairs *doc_pairs(struct doc *d)
{
	struct block *b = add(d, BLOCK_PAIRS);

	b->of.pairs = arena_one(d->arena, struct pairs);
	return b->of.pairs;
}

struct pair *pair_add(struct doc *d, struct pairs *p, struct phrase key, struct phrase value)
{
	struct pair *pair = arena_one(d->arena, struct pair);

	*pair = (struct pair){.key = key, .value = value};
	if (p->last == NULL)
		p->first = pair;
	else
		p->last->next = pair;
	p->last = pair;
	return pair;
}

struct list *doc_list(struct doc *d)
{
	struct block *b = add(d, BLOCK_LIST);

	b->of.list = arena_one(d->arena, struct list);
	return b->of.list;
}

static struct list_item *item_new(struct doc *d, struct phrase words)
{
	struct list_item *item = arena_one(d->arena, struct list_item);

	item->words = words;
	return item;
}

void list_add(struct doc *d, struct list *l, struct phrase words)
{
	struct list_item *item = item_new(d, words);

	if (l->last == NULL)
		l->first = item;
	else
		l->last->next = item;
	l->last = item;
	l->n++;
}

void doc_paragraph(struct doc *d, struct phrase words)
{
	add(d, BLOCK_PARAGRAPH)->words = words;
}

void doc_note(struct doc *d, enum doc_state state, struct phrase words)
{
	struct block *b = add(d, BLOCK_NOTE);

	b->words = words;
	b->state = state;
}

void doc_quote(struct doc *d, struct phrase words, struct phrase aside)
{
	struct block *b = add(d, BLOCK_QUOTE);

	b->words = words;
	b->aside = aside;
}

void doc_chart(struct doc *d, const struct chart *c)
{
	add(d, BLOCK_CHART)->of.chart = c;
}

void doc_footer(struct doc *d, struct phrase words)
{
	struct list_item *item = item_new(d, words);

	item->medium = d->medium;
	if (d->footer_last == NULL)
		d->footer = item;
	else
		d->footer_last->next = item;
	d->footer_last = item;
}

void doc_hint(struct doc *d, struct text command, struct phrase words)
{
	struct hint *h = arena_one(d->arena, struct hint);

	*h = (struct hint){.command = clean(d->arena, command), .words = words};
	if (d->hints_last == NULL)
		d->hints = h;
	else
		d->hints_last->next = h;
	d->hints_last = h;
}
