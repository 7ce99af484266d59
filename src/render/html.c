/* SPDX-License-Identifier: Apache-2.0 */
/* A document as one HTML file: no script, nothing from outside, its style allowed by hash alone. */
#include "base/sha256.h"
#include "render/doc.h"
#include "render/markup.h"
#include "render/style.h"

#include <assert.h>
#include <string.h>

/*
 * PAGE_ROWS: of one table or list in a page of the server (trust.md X5); PAGE_REASONS: of its reasons for single cases; PAGE_BYTES: of what
 * is inside a light one, so that the whole page stays below 100 kB. A file has all of them.
 */
enum { STYLE_MAX = 1 << 16, PAGE_ROWS = 1000, PAGE_REASONS = 200, PAGE_BYTES = 90000 };

struct html {
	const struct doc *d;
	struct buf *b;
	bool *referred;              /* by reason: its first reference has an id to come back to */
	bool section, article, card; /* open elements */
	size_t tables;
	size_t rows;    /* of a table or list at most */
	size_t reasons; /* for single cases at most */
	bool *left_out; /* by reason: it is not on this page; NULL: all are */
	bool *numbers;  /* by column of the table at hand */
};

/* --- phrases --- */

static const char *state_class(enum doc_state s)
{
	switch (s) {
	case STATE_KEPT:
		return "state kept";
	case STATE_RISK:
		return "state risk";
	case STATE_MISSED:
		return "state missed";
	case STATE_NONE:
	case STATE_OPEN:
		break;
	}
	return "state";
}

static size_t number_of(struct text digits)
{
	int64_t n = 0;
	bool good = text_digits(digits, &n);

	assert(good && n > 0);
	return (size_t)n;
}

/* A word with {1} in it, for attributes. */
static void put_word_n(struct buf *b, const struct doc *d, enum wording w, struct text n)
{
	struct text pattern = word_pattern(d->language, w);
	size_t at = text_find(pattern, '{', 0);

	html_text(b, text_sub(pattern, 0, at));
	html_text(b, n);
	html_text(b, text_sub(pattern, at + 3, pattern.n));
}

static bool is_left_out(const struct html *h, size_t reason)
{
	return h->left_out != NULL && reason <= h->d->n_reasons && h->left_out[reason];
}

/* Reasons of single cases beyond the first so many: verdicts and credits keep theirs. */
static void leave_out(struct html *h)
{
	size_t n = 0;

	h->left_out = arena_array(h->d->arena, bool, h->d->n_reasons + 1);
	for (const struct block *b = h->d->first; b != NULL; b = b->next)
		if (b->kind == BLOCK_REASON && b->one_of_many && b->medium != ON_TEXT)
			h->left_out[b->reason] = n++ >= h->reasons;
	h->left_out[0] = false;
}

/* To a reason that is left out. */
static bool leads_nowhere(const struct html *h, struct text target)
{
	int64_t n = 0;

	return text_starts(target, "#why-") && text_digits(text_sub(target, 5, target.n), &n) &&
	       is_left_out(h, (size_t)n);
}

static void put_ref(struct html *h, const struct run *r)
{
	size_t n = number_of(r->target);

	assert(n <= h->d->n_reasons);
	if (is_left_out(h, n)) {
		html_raw(h->b, "[");
		html_text(h->b, r->text);
		html_raw(h->b, "]");
		return;
	}
	html_raw(h->b, "<a class=\"ref\" href=\"#why-");
	html_text(h->b, r->target);
	html_raw(h->b, "\"");
	if (!h->referred[n]) {
		h->referred[n] = true;
		html_raw(h->b, " id=\"from-");
		html_text(h->b, r->target);
		html_raw(h->b, "\"");
	}
	html_raw(h->b, " aria-label=\"");
	put_word_n(h->b, h->d, W_REASON_N, r->target);
	html_raw(h->b, "\">[");
	html_text(h->b, r->text);
	html_raw(h->b, "]</a>");
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* An id such as o-202610-0 or INV-2026-00028: browsers break lines at its hyphens. Short ones hardly meet an edge, long ones must break on a phone. */
static bool is_id(struct text word)
{
	enum { ID_MIN = 8, ID_MAX = 24 };
	bool hyphen = false, digit = false;

	if (word.n < ID_MIN || word.n > ID_MAX)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];

		if (!is_letter_or_digit(c) && (i == 0 || (c != '-' && c != '.' && c != '_')))
			return false;
		hyphen = hyphen || (c == '-' && i + 1 < word.n);
		digit = digit || (c >= '0' && c <= '9');
	}
	return hyphen && digit;
}

/* Words as they come, each id kept whole. */
static void put_keeping_ids(struct buf *b, struct text t)
{
	static const char around[] = " ,;()";
	size_t from = 0, at = 0;

	while (at < t.n) {
		size_t end = at;

		while (end < t.n && strchr(around, t.p[end]) == NULL)
			end++;
		if (is_id(text_sub(t, at, end))) {
			html_text(b, text_sub(t, from, at));
			html_raw(b, "<span class=\"keep\">");
			html_text(b, text_sub(t, at, end));
			html_raw(b, "</span>");
			from = end;
		}
		at = end + 1;
	}
	html_text(b, text_sub(t, from, t.n));
}

/* The same moment in the other zone. */
static void put_also(struct html *h, struct text moment)
{
	struct err none = {.line = 0};
	struct buf words;
	instant t;

	if (h->d->also == NULL || h->d->also == h->d->zone ||
	    instant_parse(moment, &t, NULL, &none) != RC_OK)
		return;
	buf_init(&words, 128);
	format_time(&words, h->d->language, h->d->also, t, TIME_FULL);
	html_attr(h->b, "title", buf_view(&words));
	html_attr(h->b, "class", text_of("also"));
	buf_free(&words);
}

static void put_run(struct html *h, const struct run *r)
{
	struct buf *b = h->b;

	switch (r->kind) {
	case RUN_TEXT:
		put_keeping_ids(b, r->text);
		return;
	case RUN_STRONG:
		html_raw(b, "<strong>");
		put_keeping_ids(b, r->text);
		html_raw(b, "</strong>");
		return;
	case RUN_SOFT:
		html_raw(b, "<span class=\"soft\">");
		put_keeping_ids(b, r->text);
		html_raw(b, "</span>");
		return;
	case RUN_CODE:
		html_raw(b, "<code>");
		html_text(b, r->text);
		html_raw(b, "</code>");
		return;
	case RUN_TIME:
		html_raw(b, "<time");
		html_attr(b, "datetime", r->target);
		put_also(h, r->target);
		html_raw(b, ">");
		html_text(b, r->text);
		html_raw(b, "</time>");
		return;
	case RUN_ABBR:
		html_raw(b, "<abbr");
		html_attr(b, "title", r->target);
		html_raw(b, ">");
		html_text(b, r->text);
		html_raw(b, "</abbr>");
		return;
	case RUN_LINK:
		if (leads_nowhere(h, r->target)) {
			html_text(b, r->text);
			return;
		}
		html_raw(b, "<a");
		html_url(b, "href", r->target);
		html_raw(b, ">");
		put_keeping_ids(b, r->text);
		html_raw(b, "</a>");
		return;
	case RUN_STATE:
		html_raw(b, "<span");
		html_attr(b, "class", text_of(state_class(r->state)));
		html_raw(b, ">");
		html_text(b, r->text);
		html_raw(b, "</span>");
		return;
	case RUN_REF:
		put_ref(h, r);
		return;
	case RUN_SAME:
		return;
	}
}

static void put_phrase(struct html *h, struct phrase p)
{
	const struct run *r = p.first;

	for (size_t i = 0; i < p.n; i++, r = r->next)
		put_run(h, r);
}

static bool is_same(struct phrase p)
{
	return p.n == 1 && p.first->kind == RUN_SAME;
}

/* --- blocks --- */

/* A table of more columns is set in finer letters. */
enum { TEXT_COLUMNS_MAX = 7, STACK_COLUMNS_MAX = 10 };

/* On a phone a small table becomes a list of its rows, each cell with its heading; a wide one scrolls. */
static bool stacks(const struct table *t)
{
	return t->n_columns <= STACK_COLUMNS_MAX && !t->headless;
}

static void put_cell(struct html *h, const struct table *t, const struct row *r, size_t c)
{
	size_t span = 1;
	bool number = h->numbers[c];
	bool head = c == 0 && !t->headless;

	if (is_same(r->cells[c]))
		return;
	for (const struct row *next = r->next; next != NULL && is_same(next->cells[c]);
	     next = next->next)
		span++;
	if (head)
		html_raw(h->b, "<th scope=\"row\"");
	else
		html_raw(h->b, "<td");
	if (number)
		html_raw(h->b, " class=\"num\"");
	if (!head && stacks(t) && t->columns[c].heading.n > 0) {
		struct doc scratch = *h->d;

		html_attr(h->b, "data-label", doc_words(&scratch, t->columns[c].heading));
	}
	if (span > 1) {
		html_raw(h->b, " rowspan=\"");
		buf_i64(h->b, (int64_t)span);
		html_raw(h->b, "\"");
	}
	html_raw(h->b, ">");
	put_phrase(h, r->cells[c]);
	if (head)
		html_raw(h->b, "</th>");
	else
		html_raw(h->b, "</td>");
}

static void put_headings(struct html *h, const struct table *t)
{
	if (t->headless)
		html_raw(h->b, "<thead class=\"unseen\"><tr>");
	else
		html_raw(h->b, "<thead><tr>");
	for (size_t c = 0; c < t->n_columns; c++) {
		if (t->columns[c].heading.n == 0) {
			html_raw(h->b, "<td></td>"); /* a heading without words is none */
			continue;
		}
		if (h->numbers[c])
			html_raw(h->b, "<th scope=\"col\" class=\"num\">");
		else
			html_raw(h->b, "<th scope=\"col\">");
		put_phrase(h, t->columns[c].heading);
		html_raw(h->b, "</th>");
	}
	html_raw(h->b, "</tr></thead>\n");
}

/* What scrolls sideways can be reached by the keyboard and has a name. */
static void open_scroll(struct html *h, struct text name, const struct table *t)
{
	html_raw(h->b, "<div class=\"scroll");
	if (stacks(t))
		html_raw(h->b, " stack");
	if (t->n_columns > TEXT_COLUMNS_MAX)
		html_raw(h->b, " wide");
	html_raw(h->b, "\" tabindex=\"0\" role=\"group\"");
	html_attr(h->b, "aria-label", name);
	html_raw(h->b, ">");
}

static void put_more(struct html *h, size_t n)
{
	struct doc scratch = *h->d;

	if (n <= h->rows)
		return;
	html_raw(h->b, "<p class=\"soft\">");
	put_phrase(h, SAY(&scratch, W_MORE_IN_FORMS,
			  COUNTED(&scratch, (int64_t)(n - h->rows), W_MORE_ROWS)));
	html_raw(h->b, "</p>\n");
}

static void put_table(struct html *h, const struct table *t)
{
	struct doc scratch = *h->d;
	struct text name = t->caption.n > 0 ? doc_words(&scratch, t->caption)
					    : word_pattern(h->d->language, W_TABLE);
	size_t n = 0;

	h->numbers = arena_array(h->d->arena, bool, t->n_columns);
	for (size_t c = 0; c < t->n_columns; c++)
		h->numbers[c] = table_has_numbers(t, c);
	open_scroll(h, name, t);
	html_raw(h->b, "<table>");
	if (t->caption.n > 0) {
		if (t->caption.first->kind == RUN_CODE)
			html_raw(h->b, "<caption class=\"raw\">");
		else
			html_raw(h->b, "<caption>");
		put_phrase(h, t->caption);
		html_raw(h->b, "</caption>");
	}
	put_headings(h, t);
	html_raw(h->b, "<tbody>");
	for (const struct row *r = t->first; r != NULL && n < h->rows; r = r->next, n++) {
		html_raw(h->b, "<tr");
		if (r->anchor.n > 0)
			html_attr(h->b, "id", r->anchor);
		html_raw(h->b, ">");
		for (size_t c = 0; c < t->n_columns; c++)
			put_cell(h, t, r, c);
		html_raw(h->b, "</tr>\n");
	}
	html_raw(h->b, "</tbody></table></div>\n");
	put_more(h, t->n_rows);
}

static void put_pairs(struct html *h, const struct pairs *pairs)
{
	if (pairs->first == NULL)
		return;
	html_raw(h->b, "<dl>");
	for (const struct pair *k = pairs->first; k != NULL; k = k->next) {
		if (k->key.n > 0) {
			if (k->key.first->kind == RUN_CODE)
				html_raw(h->b, "<dt class=\"raw\">");
			else
				html_raw(h->b, "<dt>");
			put_phrase(h, k->key);
			html_raw(h->b, "</dt>");
		}
		if (k->amount.n == 0) {
			html_raw(h->b, "<dd>");
			put_phrase(h, k->value);
		} else {
			html_raw(h->b, "<dd class=\"sum\"><span>");
			put_phrase(h, k->value);
			html_raw(h->b, "</span><span class=\"keep\">");
			put_phrase(h, k->amount);
			html_raw(h->b, "</span>");
		}
		html_raw(h->b, "</dd>\n");
	}
	html_raw(h->b, "</dl>\n");
}

static void put_list(struct html *h, const struct list *l)
{
	size_t n = 0;

	if (l->first == NULL)
		return;
	html_raw(h->b, "<ul>");
	for (const struct list_item *i = l->first; i != NULL && n < h->rows; i = i->next, n++) {
		html_raw(h->b, "<li>");
		put_phrase(h, i->words);
		html_raw(h->b, "</li>\n");
	}
	html_raw(h->b, "</ul>\n");
	put_more(h, l->n);
}

static void put_tile(struct html *h, const struct tile *t)
{
	html_raw(h->b, "<div class=\"tile\">");
	/* No level is left out: without a section around them tiles stand right under the title. */
	if (h->section)
		html_raw(h->b, "<h3>");
	else
		html_raw(h->b, "<h2>");
	put_phrase(h, t->heading);
	if (h->section)
		html_raw(h->b, "</h3>");
	else
		html_raw(h->b, "</h2>");
	html_raw(h->b, "<p class=\"figure\">");
	put_phrase(h, t->figure);
	if (t->unit.n > 0) {
		html_raw(h->b, "<small> ");
		put_phrase(h, t->unit);
		html_raw(h->b, "</small>");
	}
	html_raw(h->b, "</p>");
	put_phrase(h, t->state);
	if (t->note.n > 0) {
		html_raw(h->b, "<p class=\"soft fine\">");
		put_phrase(h, t->note);
		html_raw(h->b, "</p>");
	}
	if (t->chart != NULL)
		chart_svg(h->b, t->chart);
	html_raw(h->b, "</div>\n");
}

static void put_tiles(struct html *h, const struct tiles *tiles)
{
	html_raw(h->b, "<div class=\"tiles\">\n");
	for (const struct tile *t = tiles->first; t != NULL; t = t->next)
		put_tile(h, t);
	html_raw(h->b, "</div>\n");
}

static void close_card(struct html *h)
{
	if (h->card)
		html_raw(h->b, "</div>\n");
	h->card = false;
}

static void close_article(struct html *h)
{
	close_card(h);
	if (h->article)
		html_raw(h->b, "</article>\n");
	h->article = false;
}

static void close_section(struct html *h)
{
	close_article(h);
	if (h->section)
		html_raw(h->b, "</section>\n");
	h->section = false;
}

static void open_section(struct html *h, const struct block *b)
{
	close_section(h);
	html_raw(h->b, "<section");
	html_attr(h->b, "class", b->anchor);
	html_raw(h->b, " aria-labelledby=\"");
	html_text(h->b, b->anchor);
	html_raw(h->b, "\"><h2 id=\"");
	html_text(h->b, b->anchor);
	html_raw(h->b, "\">");
	put_phrase(h, b->words);
	html_raw(h->b, "</h2>\n");
	h->section = true;
}

static void put_reason_head(struct html *h, const struct block *b)
{
	/* Outside a section it is the next level below the title. */
	if (h->section)
		html_raw(h->b, "<header><h3>");
	else
		html_raw(h->b, "<header><h2>");
	if (b->reason > 0) {
		html_raw(h->b, "<span class=\"number\">[");
		buf_i64(h->b, (int64_t)b->reason);
		html_raw(h->b, "]</span> ");
	}
	put_phrase(h, b->words);
	if (h->section)
		html_raw(h->b, "</h3>");
	else
		html_raw(h->b, "</h2>");
	if (b->reason > 0 && h->referred[b->reason]) {
		struct text n = text_format(h->d->arena, "%zu", b->reason);

		html_raw(h->b, "<a class=\"back\" href=\"#from-");
		html_text(h->b, n);
		html_raw(h->b, "\"");
		html_attr(h->b, "aria-label", word_pattern(h->d->language, W_BACK));
		html_raw(h->b, ">\xe2\x86\x91</a>");
	}
	if (b->aside.n > 0) {
		html_raw(h->b, "<span class=\"soft fine\">");
		put_phrase(h, b->aside);
		html_raw(h->b, "</span>");
	}
	html_raw(h->b, "</header>\n");
}

static void open_article(struct html *h, const struct block *b)
{
	close_article(h);
	html_raw(h->b, "<article");
	if (b->reason > 0) {
		html_raw(h->b, " id=\"why-");
		buf_i64(h->b, (int64_t)b->reason);
		html_raw(h->b, "\"");
	} else if (b->anchor.n > 0) {
		html_attr(h->b, "id", b->anchor);
	}
	html_raw(h->b, ">");
	put_reason_head(h, b);
	h->article = true;
}

static void put_words(struct html *h, const struct block *b)
{
	if (b->kind == BLOCK_QUOTE) {
		html_raw(h->b, "<blockquote><p>");
		put_phrase(h, b->words);
		html_raw(h->b, "</p>");
		if (b->aside.n > 0) {
			html_raw(h->b, "<p class=\"soft fine\">");
			put_phrase(h, b->aside);
			html_raw(h->b, "</p>");
		}
		html_raw(h->b, "</blockquote>\n");
		return;
	}
	html_raw(h->b, "<p");
	if (b->kind == BLOCK_NOTE) {
		html_raw(h->b, " class=\"note");
		/* "state kept": the second word is the note's */
		html_text(h->b, text_sub(text_of(state_class(b->state)), 5, SIZE_MAX));
		html_raw(h->b, "\"");
	}
	html_raw(h->b, ">");
	put_phrase(h, b->words);
	html_raw(h->b, "</p>\n");
}

/* Outside a reason, blocks share one sheet of paper. */
static void need_card(struct html *h)
{
	if (h->article || h->card)
		return;
	html_raw(h->b, "<div class=\"card\">\n");
	h->card = true;
}

static void put_block(struct html *h, const struct block *b)
{
	switch (b->kind) {
	case BLOCK_SECTION:
		open_section(h, b);
		return;
	case BLOCK_REASON:
		open_article(h, b);
		return;
	case BLOCK_TILES:
		close_card(h);
		put_tiles(h, b->of.tiles);
		return;
	case BLOCK_TABLE:
		need_card(h);
		put_table(h, b->of.table);
		return;
	case BLOCK_PAIRS:
		need_card(h);
		put_pairs(h, b->of.pairs);
		return;
	case BLOCK_LIST:
		need_card(h);
		put_list(h, b->of.list);
		return;
	case BLOCK_CHART:
		need_card(h);
		html_raw(h->b, "<div class=\"chart\">");
		chart_svg(h->b, b->of.chart);
		html_raw(h->b, "</div>\n");
		return;
	case BLOCK_PARAGRAPH:
	case BLOCK_NOTE:
	case BLOCK_QUOTE:
		need_card(h);
		put_words(h, b);
		return;
	}
}

/* --- the page --- */

static void put_base64(struct buf *b, const unsigned char *p, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
			     (left > 2 ? (uint32_t)p[i + 2] : 0);

		buf_char(b, digits[v >> 18 & 63]);
		buf_char(b, digits[v >> 12 & 63]);
		buf_add(b, left > 1 ? &digits[v >> 6 & 63] : "=", 1);
		buf_add(b, left > 2 ? &digits[v & 63] : "=", 1);
	}
}

static void put_style(struct buf *b)
{
	html_raw(b, STYLE_TOKENS);
	html_raw(b, STYLE_TEXT);
	html_raw(b, STYLE_BLOCKS);
	html_raw(b, STYLE_CHARTS);
}

static void put_meta(struct html *h)
{
	struct buf style;
	unsigned char digest[SHA256_BYTES];
	struct doc scratch = *h->d;

	buf_init(&style, STYLE_MAX);
	put_style(&style);
	sha256(buf_view(&style), digest);
	buf_free(&style);
	html_raw(h->b, "<!doctype html>\n<html");
	html_attr(h->b, "lang", text_of(language_words(h->d->language)));
	html_raw(h->b, ">\n<head>\n<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		       "style-src 'sha256-");
	put_base64(h->b, digest, sizeof(digest));
	html_raw(h->b,
		 "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_text(h->b, doc_words(&scratch, h->d->title));
	if (h->d->aside.n > 0) {
		html_raw(h->b, " \xc2\xb7 ");
		html_text(h->b, doc_words(&scratch, h->d->aside));
	}
	html_raw(h->b, "</title>\n<style>");
	put_style(h->b);
	html_raw(h->b, "</style>\n</head>\n");
}

static void put_title(struct html *h)
{
	const struct doc *d = h->d;

	if (d->title.n == 0)
		return; /* a part of a page that has its title */
	html_raw(h->b, "<header class=\"title\">");
	if (d->parties.n > 0 || d->aside.n > 0) {
		html_raw(h->b, "<p class=\"soft fine\">");
		put_phrase(h, d->parties);
		if (d->parties.n > 0 && d->aside.n > 0)
			html_raw(h->b, " \xc2\xb7 ");
		put_phrase(h, d->aside);
		if (d->subject.n > 0) {
			html_raw(h->b, " \xc2\xb7 ");
			put_phrase(h, d->subject);
		}
		html_raw(h->b, "</p>");
	}
	html_raw(h->b, "<div><h1>");
	put_phrase(h, d->title);
	html_raw(h->b, "</h1>");
	put_phrase(h, d->verdict);
	html_raw(h->b, "</div>");
	if (d->under.n > 0) {
		html_raw(h->b, "<p class=\"soft fine\">");
		put_phrase(h, d->under);
		html_raw(h->b, "</p>");
	}
	html_raw(h->b, "</header>\n");
}

static void put_footer(struct html *h)
{
	if (h->d->footer == NULL)
		return;
	html_raw(h->b, "<footer>");
	for (const struct list_item *i = h->d->footer; i != NULL; i = i->next) {
		html_raw(h->b, "<span>");
		put_phrase(h, i->words);
		html_raw(h->b, "</span>\n");
	}
	html_raw(h->b, "</footer>\n");
}

static void put_left_out(struct html *h, size_t *n)
{
	struct doc scratch = *h->d;

	if (*n == 0)
		return;
	close_article(h);
	html_raw(h->b, "<p class=\"soft\">");
	put_phrase(h,
		   SAY(&scratch, W_MORE_IN_FORMS, COUNTED(&scratch, (int64_t)*n, W_MORE_REASONS)));
	html_raw(h->b, "</p>\n");
	*n = 0;
}

static void put_inside(struct html *h)
{
	size_t left_out = 0;

	put_title(h);
	for (const struct block *b = h->d->first; b != NULL; b = b->next) {
		/* Its blocks are those up to the next reason or section. */
		if (b->kind == BLOCK_REASON && is_left_out(h, b->reason)) {
			left_out++;
			continue;
		}
		if (left_out > 0 && b->kind != BLOCK_REASON && b->kind != BLOCK_SECTION)
			continue;
		put_left_out(h, &left_out);
		if (b->medium != ON_TEXT)
			put_block(h, b);
	}
	put_left_out(h, &left_out);
	close_section(h);
}

void doc_html(const struct doc *d, struct buf *out)
{
	struct html h = {.d = d,
			 .b = out,
			 .referred = arena_array(d->arena, bool, d->n_reasons + 1),
			 .rows = SIZE_MAX};

	put_meta(&h);
	html_raw(out, "<body>\n<a class=\"skip\" href=\"#content\">");
	html_text(out, word_pattern(d->language, W_SKIP));
	html_raw(out, "</a>\n<main id=\"content\">\n");
	put_inside(&h);
	html_raw(out, "</main>\n");
	put_footer(&h);
	html_raw(out, "</body>\n</html>\n");
}

static void put_page(const struct doc *d, size_t rows, struct buf *out)
{
	struct html h = {.d = d,
			 .b = out,
			 .referred = arena_array(d->arena, bool, d->n_reasons + 1),
			 .rows = rows,
			 .reasons = rows < PAGE_REASONS ? rows : PAGE_REASONS};

	leave_out(&h);
	put_inside(&h);
	put_footer(&h);
}

void doc_html_inside(const struct doc *d, struct buf *out)
{
	static const size_t fewer[] = {200, 100, 60, 40, 30, 20, 15, 10};
	size_t begin = out->n;

	put_page(d, PAGE_ROWS, out);
	for (size_t i = 0; d->light && i < ARRAY_SIZE(fewer) && out->n - begin > PAGE_BYTES; i++) {
		out->n = begin;
		put_page(d, fewer[i], out);
	}
}
