/* SPDX-License-Identifier: Apache-2.0 */
/* A document as plain text: blocks. Wrapping and tables are in layout.c. */
#include "render/layout.h"

#include <unicase.h>

enum { SECTION_INDENT = 2, COMMAND_INDENT = 4, REASON_INDENT = 6, KEY_MAX = 28 };

/* left and right on one line if both fit, else the right one below. */
static void put_sides(struct page *p, size_t indent, size_t below, struct flat left,
		      struct flat right)
{
	size_t l = flat_columns(left), r = flat_columns(right);

	if (right.n == 0) {
		put_wrapped(p, indent, indent, left);
		return;
	}
	if (indent + l + 2 + r <= p->width) {
		put_blanks(p, indent);
		put_flat(p, left, 0, left.n);
		put_blanks(p, p->width - indent - l - r);
		put_flat(p, right, 0, right.n);
		put_end(p);
		return;
	}
	put_wrapped(p, indent, below, left);
	put_wrapped(p, below, below, right);
}

static void put_head(struct page *p, const struct doc *d)
{
	put_sides(p, 0, 0, flatten(p, d->title, STYLE_STRONG), flatten(p, d->aside, STYLE_SOFT));
	if (d->parties.n > 0 || d->subject.n > 0)
		put_sides(p, 0, 0, flatten(p, d->parties, STYLE_PLAIN),
			  flatten(p, d->subject, STYLE_SOFT));
	if (d->under.n > 0)
		put_wrapped(p, 0, 0, flatten(p, d->under, STYLE_SOFT));
}

/* Capitals by the rules of the words' language, not of the machine's (German: ß becomes SS). */
static struct flat capitals(struct page *p, const struct doc *d, struct phrase words)
{
	struct flat f = flatten(p, words, STYLE_STRONG);
	size_t n = 3 * f.n + 16;
	uint8_t *up = arena_alloc(p->arena, n);
	unsigned char *style = arena_alloc(p->arena, n);

	if (f.n == 0 ||
	    u8_toupper((const uint8_t *)f.p, f.n, language_words(d->language), NULL, up, &n) != up)
		return f;
	for (size_t i = 0; i < n; i++)
		style[i] = STYLE_STRONG;
	return (struct flat){(const char *)up, style, n};
}

static void put_section(struct page *p, const struct doc *d, const struct block *b)
{
	put_end(p);
	put_wrapped(p, SECTION_INDENT, SECTION_INDENT, capitals(p, d, b->words));
	p->after_heading = true;
}

static void put_reason(struct page *p, const struct block *b)
{
	struct flat heading = flatten(p, b->words, STYLE_STRONG),
		    aside = flatten(p, b->aside, STYLE_SOFT);
	if (p->after_heading)
		p->after_heading = false;
	else
		put_end(p);
	if (b->reason > 0) {
		struct text n = text_format(p->arena, "[%zu] ", b->reason);
		struct flat number = flat_text(p, n, STYLE_REF);

		heading = flat_join(p, number, heading);
	}
	put_sides(p, SECTION_INDENT, REASON_INDENT, heading, aside);
}

static size_t key_columns(struct page *p, const struct pairs *pairs)
{
	size_t most = 0;

	for (const struct pair *k = pairs->first; k != NULL; k = k->next) {
		size_t n = flat_columns(flatten(p, k->key, STYLE_PLAIN));

		most = n > most ? n : most;
	}
	return most < KEY_MAX ? most : KEY_MAX;
}

/* One key with its value, wrapped beside it; the amount at the right edge of its first line, or below. */
static void put_pair(struct page *p, const struct pair *k, size_t indent, size_t key)
{
	struct flat name = flatten(p, k->key, STYLE_SOFT),
		    value = flatten(p, k->value, STYLE_PLAIN);
	struct flat amount = flatten(p, k->amount, STYLE_PLAIN);
	size_t a = flat_columns(amount), at = indent + key + 2,
	       room = p->width > at + 10 ? p->width - at : 10;
	size_t first = amount.n > 0 && room > a + 22 ? room - a - 2 : room;
	struct lines names = wrap(p, name, key), values = wrap(p, value, first);
	bool beside = amount.n > 0 && first < room;
	size_t rows = names.n > values.n ? names.n : values.n;

	if (beside && rows == 0)
		rows = 1;
	for (size_t i = 0; i < rows; i++) {
		size_t used = indent;

		put_blanks(p, indent);
		if (i < names.n) {
			put_flat(p, name, names.v[i].from, names.v[i].to);
			used += names.v[i].columns;
		}
		if (i < values.n) {
			put_blanks(p, at - used);
			put_flat(p, value, values.v[i].from, values.v[i].to);
			used = at + values.v[i].columns;
		}
		if (i == 0 && beside) {
			put_blanks(p, p->width - a - used);
			put_flat(p, amount, 0, amount.n);
		}
		put_end(p);
	}
	if (amount.n > 0 && !beside)
		put_wrapped(p, at, at, amount);
}

static void put_pairs(struct page *p, const struct pairs *pairs, size_t indent)
{
	size_t key = key_columns(p, pairs);

	for (const struct pair *k = pairs->first; k != NULL; k = k->next)
		put_pair(p, k, indent, key);
}

static void put_list(struct page *p, const struct list *l, size_t indent)
{
	size_t limit = l->limit == 0 || p->unlimited ? l->n : l->limit, i = 0;

	for (const struct list_item *item = l->first; item != NULL && i < limit;
	     item = item->next, i++) {
		put_blanks(p, indent);
		put_flat(p, flat_text(p, text_of("\xc2\xb7 "), STYLE_SOFT), 0, 3);
		put_hanging(p, indent + 2, indent + 2, flatten(p, item->words, STYLE_PLAIN));
	}
	if (l->n > limit)
		put_wrapped(p, indent, indent + 2, flatten(p, l->more, STYLE_SOFT));
}

static enum style state_style(enum doc_state s)
{
	switch (s) {
	case STATE_KEPT:
		return STYLE_KEPT;
	case STATE_RISK:
		return STYLE_RISK;
	case STATE_MISSED:
		return STYLE_MISSED;
	case STATE_NONE:
	case STATE_OPEN:
		break;
	}
	return STYLE_PLAIN;
}

static void put_block(struct page *p, const struct doc *d, const struct block *b, size_t indent)
{
	switch (b->kind) {
	case BLOCK_SECTION:
		put_section(p, d, b);
		return;
	case BLOCK_REASON:
		put_reason(p, b);
		return;
	case BLOCK_TABLE:
		put_table(p, b->of.table, indent);
		return;
	case BLOCK_PAIRS:
		put_pairs(p, b->of.pairs, indent);
		return;
	case BLOCK_PARAGRAPH:
		put_wrapped(p, indent, indent, flatten(p, b->words, STYLE_PLAIN));
		return;
	case BLOCK_NOTE:
		put_wrapped(p, indent, indent, flatten(p, b->words, state_style(b->state)));
		return;
	case BLOCK_LIST:
		put_list(p, b->of.list, indent);
		return;
	case BLOCK_QUOTE:
		put_wrapped(p, indent + 2, indent + 2, flatten(p, b->words, STYLE_PLAIN));
		if (b->aside.n > 0)
			put_wrapped(p, indent + 2, indent + 2, flatten(p, b->aside, STYLE_SOFT));
		return;
	case BLOCK_TILES:
	case BLOCK_CHART:
		return; /* pictures; their figures stand in the tables */
	}
}

/* Beside each other where there is room, else what it is for and below it the command, to be copied whole. */
static void put_hints(struct page *p, const struct doc *d)
{
	size_t most = 0, widest = 0;

	for (const struct hint *h = d->hints; h != NULL; h = h->next) {
		size_t n = text_columns(h->command),
		       w = flat_columns(flatten(p, h->words, STYLE_SOFT));

		most = n > most ? n : most;
		widest = w > widest ? w : widest;
	}
	for (const struct hint *h = d->hints; h != NULL; h = h->next) {
		struct flat command = flat_text(p, h->command, STYLE_PLAIN),
			    words = flatten(p, h->words, STYLE_SOFT);
		size_t at = SECTION_INDENT + most + 3;

		if (at + widest > p->width) {
			put_wrapped(p, SECTION_INDENT, SECTION_INDENT,
				    flat_join(p, words, flat_text(p, text_of(":"), STYLE_SOFT)));
			put_wrapped(p, COMMAND_INDENT, COMMAND_INDENT + SECTION_INDENT, command);
			continue;
		}
		put_blanks(p, SECTION_INDENT);
		put_flat(p, command, 0, command.n);
		put_blanks(p, at - SECTION_INDENT - flat_columns(command));
		put_hanging(p, at, at, words);
	}
}

static void put_foot(struct page *p, const struct doc *d)
{
	if (d->footer != NULL) {
		struct flat all = {NULL, NULL, 0};
		for (const struct list_item *i = d->footer; i != NULL; i = i->next) {
			if (i->medium == ON_PAGE)
				continue;
			if (all.n > 0)
				all = flat_join(p, all,
						flat_text(p, text_of(" \xc2\xb7 "), STYLE_SOFT));
			all = flat_join(p, all, flatten(p, i->words, STYLE_SOFT));
		}
		if (all.n > 0)
			put_end(p);
		put_wrapped(p, SECTION_INDENT, SECTION_INDENT, all);
	}
	if (d->hints != NULL) {
		put_end(p);
		put_hints(p, d);
	}
}

void doc_text(const struct doc *d, const struct text_style *style, struct buf *out)
{
	unsigned width = style->width == 0 ? TEXT_WIDTH_DEFAULT : style->width;
	struct page p = {.arena = d->arena,
			 .out = out,
			 .colour = style->colour,
			 .unlimited = style->unlimited};
	size_t indent = SECTION_INDENT;
	bool first = true, fresh = true;

	if (width < TEXT_WIDTH_MIN)
		width = TEXT_WIDTH_MIN;
	p.width = width > TEXT_WIDTH_MAX ? TEXT_WIDTH_MAX : width;
	put_head(&p, d);
	for (const struct block *b = d->first; b != NULL; b = b->next) {
		if (b->medium == ON_PAGE)
			continue;
		if (b->kind == BLOCK_SECTION)
			indent = SECTION_INDENT;
		if (b->kind == BLOCK_REASON)
			indent = REASON_INDENT;
		if (first && b->kind != BLOCK_SECTION && b->kind != BLOCK_REASON && d->title.n > 0)
			put_end(&p);
		first = false;
		if (b->kind == BLOCK_TABLE && b->of.table->caption.n > 0 && !fresh)
			put_end(&p);
		fresh = b->kind == BLOCK_SECTION || b->kind == BLOCK_REASON;
		if (!fresh)
			p.after_heading = false;
		put_block(&p, d, b, indent);
	}
	put_foot(&p, d);
}
